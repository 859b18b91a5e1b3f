import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  asId,
  type CallId,
  type Clock,
  type ConnectionId,
  type CtiDriver,
  type Logger,
  type RecordEffect,
  type RecordingId,
  type RecordingRecord,
} from '@cordboard/cti-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordStore, StoredFile } from '../store/port.js';
import { RecordingLibrary } from './library.js';

const untold: RecordingRecord = {
  recordingId: asId<RecordingId>('e-w1'),
  callId: asId<CallId>('e-c1'),
  connectionId: asId<ConnectionId>('main~1'),
  startedWallMs: 1_767_574_800_000,
  endedWallMs: 1_767_574_860_000,
  state: 'done',
  files: ['e-w1-in.wav', 'e-w1-out.wav'],
  unsure: 'unsure',
  format: 'wav',
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

/** A library with a clock that is driven by hand, and what it wrote down. */
function setUp(has: ReadonlySet<string>) {
  const put: RecordEffect[] = [];
  const fetched: StoredFile[] = [];
  const waiting: { readonly inMs: number; readonly run: () => void }[] = [];
  const store: Partial<RecordStore> = {
    put: (record) => void put.push(record),
    flush: async () => {},
    recording: async () => ({ record: untold, files: [] }),
    fetched: async (_id, files) => void fetched.push(...files),
  };
  const driver: Partial<CtiDriver> = {
    openRecording: async (_id, file) =>
      has.has(file)
        ? (async function* () {
            yield new TextEncoder().encode(file);
          })()
        : undefined,
  };
  const clock: Partial<Clock> = {
    setTimer: (inMs: number, run: () => void) => {
      waiting.push({ inMs, run });
      return () => {};
    },
  };
  const log: Partial<Logger> = { warn: () => {} };
  const library = new RecordingLibrary({
    dir,
    store: store as RecordStore,
    driver: () => driver as CtiDriver,
    clock: clock as Clock,
    log: log as Logger,
  });
  const tryAll = async (): Promise<void> => {
    await library.settled();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      next.run();
      await library.settled();
    }
  };
  return { library, put, fetched, tryAll };
}

describe('a recording whose end nobody told', () => {
  it('is sure when the switch has its files', async () => {
    const { library, put, fetched, tryAll } = setUp(new Set(untold.files));
    library.fetch(untold);
    await tryAll();
    expect(put.map((record) => record.value)).toMatchObject([{ state: 'done', files: untold.files }]);
    expect(put[0]?.value).not.toHaveProperty('unsure');
    expect(await readFile(join(dir, fetched[1]?.path ?? ''), 'utf8')).toBe('e-w1-out.wav');
  });

  it('keeps the part that is there', async () => {
    const { library, put, fetched, tryAll } = setUp(new Set(['e-w1-in.wav']));
    library.fetch(untold);
    await tryAll();
    expect(put.map((record) => record.value)).toMatchObject([{ state: 'done', files: ['e-w1-in.wav'] }]);
    expect(fetched.map((file) => file.index)).toEqual([0]);
  });

  it('has failed when the switch has none at the last look, and not before', async () => {
    const { library, put, fetched, tryAll } = setUp(new Set());
    library.fetch(untold);
    await library.settled();
    expect(put).toEqual([]);
    await tryAll();
    expect(put.map((record) => record.value)).toMatchObject([{ state: 'failed', files: [] }]);
    expect(fetched).toEqual([]);
  });
});
