import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { asId, type RecordingId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { readWav } from '@cordboard/telephony-dsp';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openHid } from '../src/devices/hid.js';
import { spawnSound } from '../src/devices/sound-child.js';
import type { LineDeviceEvent } from '../src/index.js';
import { createCm108Kind, probePackage } from '../src/index.js';
import { DeviceBench, turn } from './device-bench.js';
import { FakeCm108 } from './fake-cm108.js';

const PINS = { ring: { from: 'volumeDown' }, phoneHook: { from: 'gpio1' }, polarity: { from: 'gpio2' } };

interface Box {
  readonly bench: DeviceBench;
  readonly box: FakeCm108;
}

const open: Box[] = [];
afterEach(async () => {
  for (const { bench, box } of open.splice(0)) {
    await bench.stop();
    expect(box.hidOpen).toBe(false);
    expect(lastReport(box)).toEqual([0, 0, 0x00, 0x04, 0]);
    expect(box.programs.filter((each) => each.state === 'runs')).toEqual([]);
  }
});

async function cm108(options: object = PINS, how: { readonly card?: FakeCm108['card'] } = {}): Promise<Box> {
  let box: FakeCm108 | undefined;
  const bench = new DeviceBench({
    kinds: {
      cm108: (given, context) =>
        createCm108Kind({
          openHid: (...all) => (box as FakeCm108).openHid(...all),
          spawnSound: (...all) => (box as FakeCm108).spawn(...all),
        })(given, context),
    },
    lines: [{ name: 'one', ownNumber: '01061234567', device: { kind: 'cm108', ...options } }],
  });
  box = new FakeCm108(bench.clock);
  box.card = how.card ?? 'works';
  open.push({ bench, box });
  await bench.start();
  return { bench, box };
}

async function answered({ bench, box }: Box, call: object = { number: '13800001111', name: 'LI' }) {
  const since = bench.events.length;
  expect(box.exchange.callIn({ answered: [{ do: 'silence', forMs: 3_600_000 }], ...call })).toBe(true);
  const { connectionId, calling } = await bench.sees('created', { since });
  await bench.accepted({ type: 'answer', connectionId });
  await bench.sees('connected', { since });
  return { connectionId, calling };
}

/** Length and loudness of what was recorded. */
async function listened(
  bench: DeviceBench,
  recorded: { readonly recordingId: RecordingId; readonly files: readonly string[] },
) {
  const parts: Uint8Array[] = [];
  const stream = await bench.driver.openRecording(recorded.recordingId, recorded.files[0] ?? '', {
    signal: new AbortController().signal,
  });
  for await (const part of stream ?? []) parts.push(part);
  const read = readWav(Buffer.concat(parts));
  if (!read.ok) throw new Error(read.problem);
  const samples = read.decode(0);
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return { seconds: samples.length / 8_000, loudness: Math.sqrt(sum / Math.max(1, samples.length)) };
}

const lastReport = (box: FakeCm108): number[] | undefined => box.reports.at(-1);

describe('a CM108 box', () => {
  it('hears a caller ID on-hook, answers by its relay, hears keys, plays, records, and hears the end', async () => {
    const one = await cm108();
    const { bench, box } = one;
    expect(box.programs.map(({ program, args }) => `${program} ${args.join(' ')}`)).toEqual([
      'arecord -q -D plughw:CARD=Device,DEV=0 -t raw -f S16_LE -c 1 -r 48000 -B 500000 -F 20000',
      'aplay -q -D plughw:CARD=Device,DEV=0 -t raw -f S16_LE -c 1 -r 48000 -B 100000 -F 20000',
    ]);
    expect(lastReport(box)).toEqual([0, 0, 0x00, 0x04, 0]);
    const { connectionId, calling } = await answered(one);
    expect(calling).toEqual({ number: '13800001111', name: 'LI', presentation: 'allowed' });
    expect(lastReport(box)).toEqual([0, 0, 0x04, 0x04, 0]);
    const recordingId = asId<RecordingId>('r1');
    await bench.accepted({ type: 'record', connectionId, recordingId, tracks: 'mixed', format: 'wav49' });
    await bench.accepted({
      type: 'play',
      connectionId,
      playbackId: asId('p1'),
      media: [{ kind: 'prompt', prompt: 'welcome' }],
    });
    box.exchange.press('12#0');
    await bench.pass(3_000);
    expect(
      bench
        .of('digit')
        .map((each) => each.digit)
        .join(''),
    ).toBe('12#0');
    await bench.accepted({ type: 'sendDigits', connectionId, digits: '905', toneMs: 90, gapMs: 90 });
    await bench.pass(1_500);
    expect(box.exchange.keysHeard).toBe('905');
    box.exchange.hangUp();
    await bench.sees('cleared', { withinMs: 6_000 });
    await bench.pass(200);
    expect(bench.story(connectionId).at(-1)).toBe('cleared normalClearing');
    const recorded = await bench.sees('recordingFinished');
    expect(recorded.outcome).toBe('done');
    const { seconds, loudness } = await listened(bench, recorded);
    expect(seconds).toBeGreaterThan(4);
    expect(loudness).toBeGreaterThan(100);
    expect(lastReport(box)).toEqual([0, 0, 0x00, 0x04, 0]);
  });

  it('hears a DTMF caller ID before the first ring, after a reversal', async () => {
    const { bench, box } = await cm108();
    box.exchange.callIn({ number: '02087654321', callerId: 'dtmf' });
    const { calling } = await bench.sees('created');
    expect(calling.number).toBe('02087654321');
  });

  it('dials, hears ringback, and the answer by reversal', async () => {
    const { bench, box } = await cm108();
    box.numbers.set('13900000000', [
      { do: 'ringback', cycles: 2 },
      { do: 'answer', polarity: 'reversed' },
      { do: 'say', forMs: 60_000 },
    ]);
    const connectionId = bench.id();
    await bench.accepted({
      type: 'originate',
      connectionId,
      target: { kind: 'number', trunk: bench.line('one'), number: '13900000000' },
      mark: { callId: asId('c1') },
      ringTimeoutMs: 60_000,
    });
    await bench.sees('connected', { withinMs: 40_000 });
    expect(box.exchange.dialledNumbers).toEqual(['13900000000']);
    expect(bench.story(connectionId)).toEqual(['created', 'alerting', 'connected']);
    expect(bench.of('connected')[0]?.evidence).toEqual({ by: 'polarity', confidence: 1 });
  });

  it('sees the local phone answer and lay down', async () => {
    const { bench, box } = await cm108();
    box.exchange.callIn({ number: '13800001111' });
    const { connectionId } = await bench.sees('created');
    box.phone('off');
    await bench.pass(200);
    expect(bench.story(connectionId)).toEqual(['created', 'connected']);
    await bench.pass(2_000);
    box.phone('on');
    await bench.pass(3_000);
    expect(bench.story(connectionId)).toEqual(['created', 'connected', 'cleared normalClearing']);
  });

  it('flashes with its relay', async () => {
    const one = await cm108();
    const { connectionId } = await answered(one);
    one.box.reports.length = 0;
    await one.bench.accepted({ type: 'flash', connectionId, digits: '8002', after: 'leave' });
    await one.bench.pass(6_000);
    expect(one.box.exchange.flashes).toBe(1);
    expect(one.box.exchange.transferredTo).toBe('8002');
  });

  it('ends its call when it is pulled out, with a playable recording, and is back when it is plugged in', async () => {
    const one = await cm108();
    const { bench, box } = one;
    await answered(one);
    box.unplug();
    const down = await bench.sees('linkDown');
    expect(down.reason).toBe('closed');
    await bench.pass(5_000);
    expect(bench.of('snapshot').at(-1)?.snapshot.connections).toEqual([]);
    box.plug = 'in';
    await bench.pass(40_000);
    box.exchange.hangUp();
    await bench.pass(5_000);
    await answered(one, { number: '13900002222' });
  });

  it('goes on with its call when a program ends or the card hangs', async () => {
    const one = await cm108();
    const { bench, box } = one;
    await answered(one);
    box.running('arecord')?.dies('arecord: xrun: 1234: something\n');
    box.running('aplay')?.dies();
    await bench.pass(1_000);
    expect(box.programs).toHaveLength(4);
    box.card = 'hang';
    await bench.pass(3_000);
    box.card = 'works';
    await bench.pass(1_000);
    box.exchange.press('7');
    await bench.pass(1_000);
    expect(bench.of('digit').map((each) => each.digit)).toEqual(['7']);
    expect(bench.of('linkDown')).toEqual([]);
  });

  it('is lost when restarts do not help', async () => {
    const one = await cm108();
    await answered(one);
    one.box.card = 'hang';
    const down = await one.bench.sees('linkDown');
    expect(down.reason).toBe('protocol');
  });

  it('drops what a stuck player does not take, and nothing piles up', async () => {
    const one = await cm108();
    const { bench, box } = one;
    const { connectionId } = await answered(one);
    await bench.accepted({ type: 'holdMusic', connectionId, mode: 'start' });
    const player = box.running('aplay');
    if (player !== undefined) player.reads = 'stuck';
    await bench.pass(20_000);
    // 200 ms of backlog, and the block that passed it.
    expect(player?.input.writableLength).toBeLessThan(200 * 96 + 2 * 1_920);
    player?.flows();
    await bench.accepted({ type: 'holdMusic', connectionId, mode: 'stop' });
    await bench.pass(1_000);
    await bench.accepted({ type: 'sendDigits', connectionId, digits: '66', toneMs: 90, gapMs: 90 });
    await bench.pass(2_000);
    expect(box.exchange.keysHeard).toBe('66');
    expect(bench.of('linkDown')).toEqual([]);
  });

  it('skips what the card says it has not played in time', async () => {
    const one = await cm108();
    await answered(one);
    const queued = (): number => one.box.running('aplay')?.queue.length ?? 0;
    expect(queued()).toBeGreaterThan(960);
    one.box.running('aplay')?.errors.push('underrun!!! (at least 120.000 ms long)\n');
    await one.bench.pass(60);
    expect(queued()).toBe(0);
    await one.bench.pass(200);
    expect(queued()).toBeGreaterThan(960);
  });

  it('lets any report pass without a word, and takes a spike for no ring', async () => {
    const { bench, box } = await cm108();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 9 }), (report) => {
        if (report.length !== 4 && report.length !== 5) box.says(report);
        return true;
      }),
    );
    await bench.pass(1_000);
    expect(bench.of('created')).toEqual([]);
    box.says([0x02, 0, 0, 0]);
    box.says([0x00, 0, 0, 0]);
    await bench.pass(100);
    box.says([0xff, 0xff, 0xff, 0xff]);
    box.says([0, 0, 0, 0]);
    await bench.pass(20_000);
    expect(bench.of('linkDown')).toEqual([]);
  });
});

describe('a CM108 box that cannot be opened', () => {
  it.each([
    ['noProgram', 'device.missing'],
    ['missing', 'device.lost'],
    ['busy', 'device.lost'],
    ['hang', 'device.lost'],
  ] as const)('%s says %s and leaves nothing open', async (card, code) => {
    const clock = new SimulatedClock();
    const box = new FakeCm108(clock);
    box.card = card;
    const kind = createCm108Kind({ openHid: box.openHid, spawnSound: box.spawn });
    const device = kind({ kind: 'cm108' }, { clock, random: () => 0, log: console })();
    const events: LineDeviceEvent[] = [];
    const sink = {
      event: (event: LineDeviceEvent) => void events.push(event),
      heard: () => undefined,
      wanted: () => 'nothing' as const,
      phoneHeard: () => undefined,
      phoneWanted: () => 'nothing' as const,
    };
    let failed = 'not yet';
    const opening = device.open(sink, { signal: new AbortController().signal }).catch((error) => {
      failed = error.code;
    });
    for (let i = 0; i < 250 && failed === 'not yet'; i++) {
      await clock.tick(20);
      await turn();
    }
    await opening;
    expect(failed).toBe(code);
    await device.close();
    await device.close();
    await clock.tick(1_000);
    expect(box.hidOpen).toBe(false);
    expect(clock.pendingTimers).toBe(0);
    expect(events).toEqual([]);
  });

  it('says what to install, or that it is not there, by the real package', async () => {
    const use = { listener: { report: () => undefined, lost: () => undefined }, signal: new AbortController().signal };
    const works = (await probePackage('node-hid')) === 'works';
    await expect(openHid({ path: '/dev/hidraw-of-nobody' }, use)).rejects.toMatchObject(
      works
        ? { code: 'device.lost' }
        : { code: 'device.missing', message: expect.stringMatching(/npm install node-hid.*libusb/) },
    );
  });

  it.each([
    [{ rate: 4_000 }, 'device.rate'],
    [{ card: 'hw:0; rm' }, 'device.card'],
    [{ ring: { from: 'gpio3' } }, 'device'],
    [{ cutPhone: { pin: 4 } }, 'device.phoneHook'],
    [{ hoook: {} }, 'device'],
  ])('refuses %j', (options, path) => {
    const context = { clock: new SimulatedClock(), random: () => 0, log: console };
    expect(() => createCm108Kind()({ kind: 'cm108', ...options }, context)).toThrow(
      expect.objectContaining({ code: 'config.invalid', details: expect.objectContaining({ path }) }),
    );
  });
});

describe('real programs of sound', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sound-'));
  const before = process.env.PATH;
  afterEach(() => {
    process.env.PATH = before;
    rmSync(folder, { recursive: true, force: true });
  });

  it.runIf(process.platform !== 'win32')(
    'give their bytes, take ours, tell their end, and that they are not there',
    async () => {
      writeFileSync(join(folder, 'arecord'), '#!/bin/sh\nprintf abc\necho "No such device" >&2\nexit 1\n', {
        mode: 0o755,
      });
      writeFileSync(join(folder, 'aplay'), '#!/bin/sh\nexec cat\n', { mode: 0o755 });
      process.env.PATH = `${folder}${delimiter}${before}`;
      const recorder = spawnSound('arecord', []);
      let heard = '';
      let words = '';
      recorder.output.on('data', (bytes) => {
        heard += String(bytes);
      });
      recorder.errors.on('data', (bytes) => {
        words += String(bytes);
      });
      expect(await recorder.ended).toBe('ended');
      expect([heard, words]).toEqual(['abc', 'No such device\n']);
      const player = spawnSound('aplay', []);
      player.errors.resume();
      const echoed = new Promise((resolve) => player.output.once('data', (bytes) => resolve(String(bytes))));
      player.input.write('xyz');
      expect(await echoed).toBe('xyz');
      player.kill();
      player.kill();
      expect(await player.ended).toBe('ended');
      process.env.PATH = join(folder, 'nowhere');
      const missing = spawnSound('arecord', []);
      missing.input.on('error', () => undefined);
      expect(await missing.ended).toBe('missing');
    },
  );
});
