import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asId, type RecordingId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { readWav } from '@cordboard/telephony-dsp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diskStorage } from '../src/index.js';
import { Recorder } from '../src/record/recorder.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-killed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a process that is killed while it records leaves a file that plays, and the next one finishes it', async () => {
  const script = fileURLToPath(new URL('child/recording.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@cordboard/source', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const said of child.stdout) if (String(said).includes('written')) child.kill('SIGKILL');
  await ended;
  expect(await readdir(folder)).toEqual(['killed.WAV.part']);
  const raw = readWav(await readFile(join(folder, 'killed.WAV.part')));
  if (!raw.ok) throw new Error(raw.problem);
  expect(raw.samples).toBeGreaterThan(8_000);
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const recorder = new Recorder({ folder, storage: diskStorage, clock: new SimulatedClock(), log });
  const opened = await recorder.open(asId<RecordingId>('killed'), 'killed.WAV');
  const parts: Uint8Array[] = [];
  for await (const part of opened ?? []) parts.push(part);
  const whole = readWav(Buffer.concat(parts));
  if (!whole.ok) throw new Error(whole.problem);
  expect([whole.truncated, whole.samples]).toEqual([false, raw.samples]);
  expect(await readdir(folder)).toEqual(['killed.WAV']);
}, 180_000);
