import { tmpdir } from 'node:os';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { expect, test } from 'vitest';
import { DiskWatch } from './disk-watch.js';

function watched(free: Record<string, number | undefined>) {
  const clock = new SimulatedClock(0);
  const told: string[] = [];
  const notes: string[] = [];
  const tell = (text: string): void => void told.push(text);
  const log = { debug: tell, info: tell, warn: tell, error: tell };
  const watch = new DiskWatch({
    folders: Object.keys(free),
    lowBytes: 1000,
    ...{ clock, log },
    note: (code) => void notes.push(code),
    freeBytes: async (folder) => {
      const bytes = free[folder];
      if (bytes === undefined) throw new Error('away');
      return bytes;
    },
  });
  return { watch, clock, told, notes };
}

test('low space is told once, also at the edge, and enough of it once', async () => {
  const free: Record<string, number | undefined> = { data: 5000, copy: 5000 };
  const { watch, clock, told, notes } = watched(free);
  await watch.start();
  expect([watch.state, watch.free, told]).toEqual(['ok', [5000, 5000], []]);
  for (const bytes of [999, 1001, 999, 1099]) {
    free.copy = bytes;
    await clock.tick(60_000);
    expect(watch.state).toBe('low');
  }
  expect(notes).toEqual(['disk.low']);
  free.copy = 1200;
  await clock.tick(60_000);
  expect([watch.state, told.length]).toEqual(['ok', 2]);
  await watch.stop();
  await watch.stop();
  expect(clock.pendingTimers).toBe(0);
});

test('a folder that cannot be seen is told once and is not low', async () => {
  const free: Record<string, number | undefined> = { data: 5000, copy: undefined };
  const { watch, clock, told, notes } = watched(free);
  await watch.start();
  await clock.tick(60_000);
  expect([watch.state, watch.free, told.length, notes]).toEqual(['ok', [5000, -1], 1, []]);
  await watch.stop();
});

test('the real file system tells what is free', async () => {
  const { clock } = watched({});
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const watch = new DiskWatch({ folders: [tmpdir()], lowBytes: 0, clock, log, note: silent });
  await watch.start();
  expect(watch.free[0]).toBeGreaterThan(0);
  await watch.stop();
});
