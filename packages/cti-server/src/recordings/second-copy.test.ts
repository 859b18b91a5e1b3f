import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredRecording } from '../store/port.js';
import { SecondCopy } from './second-copy.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'second-copy-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A data folder with recordings, and what the database knows of their copies. */
async function site(names: readonly string[]) {
  const from = join(root, 'data');
  const to = join(root, 'archive');
  await mkdir(to, { recursive: true });
  const copied = new Set<string>();
  const recordings: StoredRecording[] = [];
  for (const name of names) {
    const path = join('recordings', '2026-11', `${name}-0.wav`);
    await mkdir(dirname(join(from, path)), { recursive: true });
    await writeFile(join(from, path), `sound of ${name}`);
    const bytes = `sound of ${name}`.length;
    const files = [{ index: 0, path, bytes, mediaType: 'audio/wav' }];
    recordings.push({ record: { recordingId: name } as never, files });
  }
  const store = {
    uncopied: async (limit: number) =>
      recordings.filter(({ record }) => !copied.has(record.recordingId)).slice(0, limit),
    copied: async (id: string) => void copied.add(id),
    anyCopied: async () => copied.size > 0,
  };
  const clock = new SimulatedClock(0);
  const warned: string[] = [];
  const notes: string[] = [];
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, error: silent, warn: (text: string) => void warned.push(text) };
  const open = (): SecondCopy => new SecondCopy({ from, to, store, clock, log, note: (code) => void notes.push(code) });
  return { from, to, recordings, copied, clock, warned, notes, open };
}

const copies = async (to: string): Promise<string[]> =>
  (await readdir(join(to, 'recordings', '2026-11')).catch(() => [])).sort();

test('all files are copied whole, those from before too, and each is noted', async () => {
  const names = Array.from({ length: 250 }, (_, n) => `r${String(n).padStart(3, '0')}`);
  const { to, copied, open, warned } = await site(names);
  const copy = open();
  copy.wake();
  await copy.settled();
  expect(await copies(to)).toEqual(names.map((name) => `${name}-0.wav`));
  expect(await readFile(join(to, 'recordings', '2026-11', 'r007-0.wav'), 'utf8')).toBe('sound of r007');
  expect(copied.size).toBe(250);
  expect(warned).toEqual([]);
  await copy.stop();
});

test('a copy that is not whole gets no name, is not noted, and is made again', async () => {
  const { from, to, recordings, copied, open, clock, warned, notes } = await site(['a']);
  const [file] = recordings[0]?.files ?? [];
  if (file === undefined) throw new Error('no file');
  await writeFile(join(from, file.path), 'short');
  const copy = open();
  copy.wake();
  await copy.settled();
  expect([copied.size, (await copies(to)).filter((name) => !name.endsWith('.part'))]).toEqual([0, []]);
  expect(notes).toEqual(['recordings.secondCopy.failed']);
  await writeFile(join(from, file.path), 'sound of a');
  await clock.tick(60_000);
  await copy.settled();
  expect(await copies(to)).toEqual(['a-0.wav']);
  expect(warned).toHaveLength(1);
  await copy.stop();
  expect(clock.pendingTimers).toBe(0);
});

test('a volume that is away is told once; nothing is written in its place; all is made up for when it is back', async () => {
  const { to, copied, recordings, open, clock, warned, notes } = await site(['a', 'b']);
  const copy = open();
  copied.add('b');
  await writeFile(join(to, 'cordboard-second-copy'), 'mark\n');
  await rename(to, `${to}.away`);
  await mkdir(to);
  copy.wake();
  await copy.settled();
  await clock.tick(60_000);
  await copy.settled();
  expect(await readdir(to)).toEqual([]);
  expect([warned.length, notes.length]).toEqual([1, 2]);
  await expect(copy.remove(recordings[0]?.files ?? [])).rejects.toMatchObject({ code: 'store.unavailable' });
  await rm(to, { recursive: true });
  await rename(`${to}.away`, to);
  await clock.tick(60_000);
  await copy.settled();
  expect(await copies(to)).toEqual(['a-0.wav']);
  await copy.remove(recordings[0]?.files ?? []);
  expect(await copies(to)).toEqual([]);
  await copy.stop();
});

test('one that was removed meanwhile holds up no other', async () => {
  const { from, to, recordings, copied, open } = await site(['a', 'b']);
  await rm(join(from, recordings[0]?.files[0]?.path ?? ''));
  const copy = open();
  copy.wake();
  await copy.settled();
  expect([await copies(to), copied.size]).toEqual([['b-0.wav'], 2]);
  await copy.stop();
  copy.wake();
  await copy.stop();
});
