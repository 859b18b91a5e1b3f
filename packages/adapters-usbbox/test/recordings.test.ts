import { asId, type RecordingId } from '@cordboard/cti-core';
import { readWav } from '@cordboard/telephony-dsp';
import { afterEach, describe, expect, it } from 'vitest';
import { recoverFolder, repairFile } from '../src/record/recover.js';
import { Bench, bench, closeBenches } from './harness.js';
import { MemoryStorage } from './memory-storage.js';

afterEach(closeBenches);

const R = asId<RecordingId>('r1');

async function record(
  b: Bench,
  how: { readonly format?: 'wav' | 'ulaw' | 'wav49'; readonly tracks?: 'mixed' | 'separate' } = {},
) {
  const connectionId = await b.talk();
  await b.accepted({
    type: 'record',
    connectionId,
    recordingId: R,
    tracks: how.tracks ?? 'mixed',
    format: how.format ?? 'wav49',
  });
  await b.sees('recordingStarted', { on: connectionId });
  return connectionId;
}

async function bytesOf(b: Bench, file: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const opened = await b.driver.openRecording(R, file, { signal: new AbortController().signal });
  expect(opened, file).toBeDefined();
  for await (const part of opened ?? []) parts.push(part);
  return Buffer.concat(parts);
}

function power(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

describe('a recording', () => {
  for (const [format, ending] of [
    ['wav49', 'WAV'],
    ['wav', 'wav'],
    ['ulaw', 'ulaw'],
  ] as const) {
    it(`in ${format} has the sound of both sides and the length of the talk`, async () => {
      const b = await bench();
      const id = await record(b, { format });
      await b.accepted({
        type: 'play',
        connectionId: id,
        playbackId: asId('p'),
        media: [{ kind: 'prompt', prompt: 'long' }],
      });
      await b.clock.tick(10_000);
      await b.accepted({ type: 'controlRecording', connectionId: id, recordingId: R, mode: 'stop' });
      const finished = await b.sees('recordingFinished');
      expect([finished.outcome, finished.files]).toEqual(['done', [`r1.${ending}`]]);
      expect(finished.durationMs).toBeGreaterThan(9_800);
      expect(finished.durationMs).toBeLessThan(10_300);
      const bytes = await bytesOf(b, `r1.${ending}`);
      if (format === 'ulaw') return expect(bytes.length / 8).toBeCloseTo(finished.durationMs ?? 0, -1);
      const wav = readWav(bytes);
      if (!wav.ok) throw new Error(wav.problem);
      expect(wav.truncated).toBe(false);
      expect(wav.samples / 8).toBeCloseTo(finished.durationMs ?? 0, -2);
      expect(power(wav.decode(0))).toBeGreaterThan(500);
      // Nothing is left that is not finished.
      expect([...b.storage.files.keys()].filter((name) => name.endsWith('.part'))).toEqual([]);
    });
  }

  it('of separate tracks has one side in each file', async () => {
    const b = await bench({ box: { echoDb: -60, noiseDbm0: null } });
    const connectionId = await b.talk({ number: '13900001111', answered: [{ do: 'silence', forMs: 100_000 }] });
    await b.accepted({ type: 'record', connectionId, recordingId: R, tracks: 'separate', format: 'wav' });
    await b.accepted({
      type: 'play',
      connectionId,
      playbackId: asId('p'),
      media: [{ kind: 'prompt', prompt: 'long' }],
    });
    await b.clock.tick(5_000);
    await b.accepted({ type: 'clear', connectionId, cause: 'normalClearing' });
    const finished = await b.sees('recordingFinished');
    expect(finished.files).toEqual(['r1-in.wav', 'r1-out.wav']);
    const [heard, said] = await Promise.all(finished.files.map(async (file) => readWav(await bytesOf(b, file))));
    if (!heard?.ok || !said?.ok) throw new Error('not readable');
    expect(heard.samples).toBe(said.samples);
    expect(power(heard.decode(0))).toBeLessThan(50);
    expect(power(said.decode(0))).toBeGreaterThan(2_000);
    // Told before the end of the connection.
    expect(b.events.findIndex((event) => event.type === 'recordingFinished')).toBeLessThan(
      b.events.findIndex((event) => event.type === 'cleared'),
    );
  });

  it('keeps nothing of what is said while it is paused', async () => {
    const b = await bench();
    const id = await record(b, { format: 'wav' });
    await b.clock.tick(2_000);
    await b.accepted({ type: 'controlRecording', connectionId: id, recordingId: R, mode: 'pause' });
    await b.clock.tick(5_000);
    await b.accepted({ type: 'controlRecording', connectionId: id, recordingId: R, mode: 'resume' });
    await b.clock.tick(2_000);
    await b.accepted({ type: 'controlRecording', connectionId: id, recordingId: R, mode: 'stop' });
    expect((await b.sees('recordingFinished')).durationMs).toBeLessThan(4_400);
  });

  it('writes about once a second, whatever the blocks are', async () => {
    const b = await bench();
    await record(b);
    const before = b.storage.writes;
    await b.clock.tick(20_000);
    expect(b.storage.writes - before).toBeLessThanOrEqual(21);
    expect(b.storage.writes - before).toBeGreaterThanOrEqual(18);
  });

  it('is refused under an id that has files', async () => {
    const b = await bench();
    const id = await record(b);
    expect(
      await b.give({ type: 'record', connectionId: id, recordingId: R, tracks: 'mixed', format: 'wav49' }),
    ).toMatchObject({ code: 'conflict' });
  });
});

describe('a disk that', () => {
  it('is full: the recording fails, what was written can be played, the call goes on', async () => {
    const b = await bench();
    const id = await record(b);
    b.storage.room = b.storage.used + 6_000;
    await b.clock.tick(10_000);
    expect(b.of('cleared')).toEqual([]);
    await b.accepted({ type: 'clear', connectionId: id, cause: 'normalClearing' });
    const finished = await b.sees('recordingFinished');
    expect(finished.outcome).toBe('failed');
    await b.sees('cleared', { on: id });
    const wav = readWav(await bytesOf(b, 'r1.WAV'));
    if (!wav.ok) throw new Error(wav.problem);
    expect(wav.truncated).toBe(false);
    expect(wav.samples).toBeGreaterThan(8_000);
  });

  it('is slow: memory stays bounded, the sound goes on, and the file is whole again afterwards', async () => {
    const b = await bench();
    const id = await record(b, { format: 'wav' });
    let open: () => void = () => undefined;
    b.storage.gate = new Promise((resolve) => {
      open = resolve;
    });
    // 16 kB a second for a minute is more than the 256 kB that wait for the disk.
    await b.clock.tick(60_000);
    open();
    b.storage.gate = Promise.resolve();
    await b.clock.tick(2_000);
    await b.accepted({ type: 'clear', connectionId: id, cause: 'normalClearing' });
    const finished = await b.sees('recordingFinished');
    expect(finished.outcome).toBe('done');
    const wav = readWav(await bytesOf(b, 'r1.wav'));
    if (!wav.ok) throw new Error(wav.problem);
    expect(wav.samples / 8_000).toBeLessThan(22);
    expect(wav.samples / 8_000).toBeGreaterThan(15);
  });

  it('hangs for ever: the end of the call does not', async () => {
    const b = await bench();
    const id = await record(b);
    b.storage.gate = new Promise(() => undefined);
    await b.clock.tick(2_000);
    await b.accepted({ type: 'clear', connectionId: id, cause: 'normalClearing' });
    const cleared = await b.sees('cleared', { on: id, withinMs: 5_000 });
    expect(cleared.release.cause).toBe('normalClearing');
    expect((await b.sees('recordingFinished')).outcome).toBe('failed');
  });
});

describe('a crash', () => {
  it('at any byte leaves what can be played up to the last block', async () => {
    for (const format of ['wav49', 'wav'] as const) {
      const b = await bench();
      await record(b, { format });
      await b.clock.tick(2_500);
      const ending = format === 'wav' ? 'wav' : 'WAV';
      const part = b.storage.files.get(`recordings/r1.${ending}.part`) ?? new Uint8Array(0);
      expect(part.length).toBeGreaterThan(2_000);
      for (let size = 0; size <= part.length; size += format === 'wav' ? 37 : 1) {
        const disk = new MemoryStorage();
        disk.files.set(`f/r1.${ending}.part`, part.slice(0, size));
        // Even before it is repaired, it plays as far as it goes.
        const raw = readWav(part.subarray(0, size));
        const done = await repairFile(disk, `f/r1.${ending}`, size);
        const blocks = format === 'wav' ? Math.floor((size - 44) / 2) : Math.floor((size - 60) / 65);
        if (blocks <= 0) {
          expect(done, String(size)).toBe('empty');
          continue;
        }
        const wav = readWav(disk.files.get(`f/r1.${ending}`) ?? new Uint8Array(0));
        if (!wav.ok || !raw.ok) throw new Error(`${size}`);
        expect([wav.truncated, wav.samples, raw.samples], String(size)).toEqual([
          false,
          blocks * (format === 'wav' ? 1 : 320),
          wav.samples,
        ]);
      }
    }
  });

  it('is made good by the next driver, which leaves its own files alone', async () => {
    const first = await bench();
    await record(first);
    await first.clock.tick(3_300);
    const second = new Bench();
    for (const [path, bytes] of first.storage.files) second.storage.files.set(path, bytes.slice());
    second.storage.files.set('recordings/notes.txt.part', new Uint8Array(10));
    await second.start();
    await second.talk();
    const wav = readWav(await bytesOf(second, 'r1.WAV'));
    if (!wav.ok) throw new Error(wav.problem);
    expect(wav.samples / 8_000).toBeGreaterThan(2);
    await second.stop();
  });

  it('would be noticed if files that are being written were repaired', async () => {
    const b = await bench();
    await record(b);
    await b.clock.tick(3_000);
    expect(await recoverFolder(b.storage, 'recordings', () => true)).toEqual([]);
    expect(await recoverFolder(b.storage, 'recordings', () => false)).toEqual(['r1.WAV']);
  });
});
