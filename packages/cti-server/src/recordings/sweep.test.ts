import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, expect, test } from 'vitest';
import type { RecordStore, StoredRecording } from '../store/port.js';
import { RecordingLibrary } from './library.js';

const dirs: string[] = [];
afterEach(async () => {
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true });
});

/** A library over records that live in memory. */
async function swept(
  count: number,
): Promise<{ library: RecordingLibrary; left: Map<string, StoredRecording>; clock: SimulatedClock; told: unknown[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'recordings-'));
  dirs.push(dir);
  const left = new Map<string, StoredRecording>();
  for (let n = 0; n < count; n++) {
    const recordingId = `r${n}`;
    const files = [{ index: 0, path: `${recordingId}.wav`, bytes: 1, mediaType: 'audio/wav' }];
    left.set(recordingId, { record: { recordingId } as never, files });
  }
  // A folder in the place of a file: this one cannot be removed.
  await mkdir(join(dir, 'r7.wav', 'held'), { recursive: true });
  const store: Partial<RecordStore> = {
    unfetched: async () => [],
    outdated: async (_before, limit) => [...left.values()].slice(0, limit),
    removeRecording: async (id) => void left.delete(id),
  };
  const clock = new SimulatedClock(0);
  const told: unknown[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_message: string, fields?: object) => told.push(fields),
    error: () => undefined,
  };
  const library = new RecordingLibrary({ dir, store: store as RecordStore, clock, log, driver: () => undefined });
  return { library, left, clock, told };
}

test('all recordings whose time is over go at once, and one that cannot be removed holds up no other', async () => {
  const { library, left, clock, told } = await swept(350);
  await library.start();
  // At the start, not an hour later: a server that is restarted every night must sweep, too.
  await clock.tick(0);
  await expect.poll(() => [...left.keys()]).toEqual(['r7']);
  expect(told).toContainEqual({ recordingId: 'r7' });
  await library.stop();
});

test('a stop waits for the removal under way and begins no other', async () => {
  const { library, left, clock } = await swept(350);
  await library.start();
  await clock.tick(0);
  await library.stop();
  const kept = left.size;
  await clock.tick(3_600_000);
  expect(left.size).toBe(kept);
  expect(clock.pendingTimers).toBe(0);
});
