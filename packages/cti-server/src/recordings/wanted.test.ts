import { access, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  asId,
  type CallId,
  type Clock,
  type ConnectionId,
  type CtiDriver,
  type Logger,
  type RecordingId,
  type RecordingRecord,
} from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RecordStore, StoredFile, StoredRecording } from '../store/port.js';
import { RecordingLibrary } from './library.js';
import { SecondCopy } from './second-copy.js';

const record: RecordingRecord = {
  recordingId: asId<RecordingId>('e/w1'),
  callId: asId<CallId>('e-c1'),
  connectionId: asId<ConnectionId>('main~1'),
  startedWallMs: Date.UTC(2026, 0, 31, 23),
  endedWallMs: Date.UTC(2026, 1, 1),
  state: 'done',
  files: ['+8613900000000.wav', 'x.exe'],
  format: 'ulaw',
  tracks: 'separate',
  cause: 'rule',
  basis: 'contract',
  deleteAfterWallMs: 1_800_000_000_000,
  pauses: [],
};

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'recordings-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function libraryOf(store: Partial<RecordStore>, more: { readonly copies?: readonly StoredFile[][] } = {}) {
  const driver: Partial<CtiDriver> = {
    openRecording: async (_id, name) =>
      (async function* () {
        yield new TextEncoder().encode(name);
      })(),
  };
  const clock: Partial<Clock> = { setTimer: () => () => {} };
  const log: Partial<Logger> = { warn: () => {} };
  const copies = more.copies as StoredFile[][] | undefined;
  return new RecordingLibrary({
    ...{
      dir,
      store: store as RecordStore,
      driver: () => driver as CtiDriver,
      clock: clock as Clock,
      log: log as Logger,
    },
    ...(copies === undefined
      ? {}
      : { secondCopy: { wake: () => {}, remove: async (files) => void copies.push([...files]) } }),
  });
}

const filesIn = async (): Promise<readonly string[]> => {
  const all = await readdir(dir, { recursive: true, withFileTypes: true });
  return all.filter((entry) => entry.isFile()).map(({ name }) => name);
};

it('a recording is kept under names without a number, for nobody else on the machine', async () => {
  const fetched: StoredFile[] = [];
  const library = libraryOf({
    flush: async () => {},
    recording: async () => ({ record, files: [] }),
    fetched: async (_id, files) => void fetched.push(...files),
  });
  library.fetch(record);
  await library.settled();
  expect(fetched).toEqual([
    { index: 0, path: 'recordings/2026-01/e_w1-0.wav', bytes: 18, mediaType: 'audio/wav' },
    { index: 1, path: 'recordings/2026-01/e_w1-1.ulaw', bytes: 5, mediaType: 'audio/basic' },
  ]);
  expect((await filesIn()).toSorted()).toEqual(['e_w1-0.wav', 'e_w1-1.ulaw']);
  const modes = ['recordings', 'recordings/2026-01', 'recordings/2026-01/e_w1-0.wav'].map(async (path) => {
    const { mode } = await stat(join(dir, path));
    return (mode & 0o777).toString(8);
  });
  if (process.platform !== 'win32') expect(await Promise.all(modes)).toEqual(['700', '700', '600']);
});

it('one that was removed while it was fetched leaves no file', async () => {
  const fetched: unknown[] = [];
  const library = libraryOf({
    flush: async () => {},
    recording: async () => undefined,
    fetched: async (id) => void fetched.push(id),
  });
  library.fetch(record);
  await library.settled();
  expect([await filesIn(), fetched]).toEqual([[], []]);
});

it('one that nobody wants goes with all that there is of it, the second copies first', async () => {
  const copies: StoredFile[][] = [];
  let kept: StoredRecording | undefined = { record, files: [] };
  const gone: string[] = [];
  const store: Partial<RecordStore> = {
    flush: async () => {},
    recording: async () => kept,
    fetched: async (_id, files) => {
      kept = { record, files };
    },
    removeRecording: async (id) => {
      gone.push(`${id} after ${copies.length} copies, ${(await filesIn()).length} files left`);
      kept = undefined;
    },
  };
  const library = libraryOf(store, { copies });
  library.fetch(record);
  await library.settled();
  const files = kept?.files ?? [];
  library.discard(record.recordingId);
  await library.settled();
  expect(gone).toEqual(['e/w1 after 2 copies, 0 files left']);
  expect(copies).toEqual([files, files]);
  await expect(access(join(dir, files[0]?.path ?? ''))).rejects.toMatchObject({ code: 'ENOENT' });
  library.discard(record.recordingId);
  await library.settled();
  expect(gone).toHaveLength(1);
});

it('one that is not over, and any after the stop, is not fetched', async () => {
  const library = libraryOf({ flush: async () => {}, recording: async () => ({ record, files: [] }) });
  for (const state of ['recording', 'paused', 'failed'] as const) library.fetch({ ...record, state });
  await library.stop();
  library.fetch(record);
  await library.settled();
  expect(await filesIn()).toEqual([]);
});

it('no second copy outlives its recording, whenever on its way it is removed', async () => {
  const bytes = 300_000;
  const left: string[] = [];
  for (let turns = 0; turns < 60; turns += 1) {
    const from = join(dir, `data-${turns}`);
    const to = join(dir, `archive-${turns}`);
    await mkdir(join(from, 'recordings'), { recursive: true });
    await mkdir(to);
    await writeFile(join(to, 'cordboard-second-copy'), 'mark');
    const files = [0, 1].map((index) => ({ index, path: `recordings/${index}.wav`, bytes, mediaType: 'audio/wav' }));
    for (const { path } of files) await writeFile(join(from, path), Buffer.alloc(bytes, 1));
    const all = new Map<string, StoredRecording>([[record.recordingId, { record, files }]]);
    const silent = (): void => undefined;
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    const copied = new Set<string>();
    const store: Partial<RecordStore> = {
      uncopied: async () => [...all.values()].filter((one) => !copied.has(one.record.recordingId)),
      copied: async (id) => void copied.add(id),
      anyCopied: async () => false,
      removeRecording: async (id) => void all.delete(id),
    };
    const shared = { store: store as RecordStore, clock: new SimulatedClock(0), log };
    const secondCopy = new SecondCopy({ ...shared, from, to, note: silent });
    const library = new RecordingLibrary({ ...shared, dir: from, driver: () => undefined, secondCopy });
    secondCopy.wake();
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await library.remove({ record, files });
    await secondCopy.stop();
    const there = await readdir(to, { recursive: true });
    if (there.some((name) => name.includes('.wav'))) left.push(`${turns} turns: ${there}`);
  }
  expect(left).toEqual([]);
});

it('what could be fetched or copied in part only goes as well', async () => {
  const library = new RecordingLibrary({
    ...{
      dir,
      clock: { setTimer: () => () => {} } as never,
      log: { warn: () => {} } as never,
      store: {} as RecordStore,
    },
    driver: () =>
      ({
        openRecording: async () =>
          (async function* () {
            yield new Uint8Array(100);
            throw new Error('the link is gone');
          })(),
      }) as never,
  });
  library.fetch(record);
  await library.settled();
  expect(await filesIn()).toEqual([]);
  await library.stop();

  const file = { index: 0, path: 'recordings/0.wav', bytes: 1, mediaType: 'audio/wav' };
  const to = join(dir, 'archive');
  await mkdir(join(to, 'recordings'), { recursive: true });
  for (const name of ['0.wav', '0.wav.part', '1.wav']) await writeFile(join(to, 'recordings', name), 'x');
  const store = { anyCopied: async () => false } as RecordStore;
  const copies = new SecondCopy({
    from: dir,
    to,
    store,
    clock: new SimulatedClock(0),
    log: {} as never,
    note: () => {},
  });
  await copies.remove([file]);
  expect(await readdir(join(to, 'recordings'))).toEqual(['1.wav']);
});
