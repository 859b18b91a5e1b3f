import { execFileSync } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SecondCopy, type SecondCopyOptions } from '../src/recordings/second-copy.js';
import type { RecordStore, StoredRecording } from '../src/store/port.js';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cordboard-copy-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test.skipIf(process.platform !== 'linux')('a copy that is being made is waited for, and then removed', async () => {
  const [from, to] = [join(dir, 'data'), join(dir, 'archive')];
  await mkdir(join(from, 'recordings'), { recursive: true });
  await mkdir(to);
  const file = { index: 0, path: 'recordings/0.wav', bytes: 0, mediaType: 'audio/wav' };
  const pipe = join(from, file.path);
  // Whoever opens it to read waits until somebody writes.
  execFileSync('mkfifo', [pipe]);
  const recording = { record: { recordingId: 'r1' }, files: [file] } as unknown as StoredRecording;
  const store: Partial<RecordStore> = {
    uncopied: async () => [recording],
    copied: async () => undefined,
    anyCopied: async () => false,
  };
  const copies = new SecondCopy({
    ...{ from, to, store: store as RecordStore, clock: new SimulatedClock(0) },
    ...{ log: {} as SecondCopyOptions['log'], note: () => undefined },
  });
  copies.wake();
  await vi.waitFor(() => access(join(to, 'recordings')));
  let isRemoved = false;
  const removed = copies.remove([file]).then(() => {
    isRemoved = true;
  });
  for (let turn = 0; turn < 100 && !isRemoved; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await writeFile(pipe, '');
  await Promise.all([removed, copies.settled()]);
  expect(await readdir(join(to, 'recordings'))).toEqual([]);
});
