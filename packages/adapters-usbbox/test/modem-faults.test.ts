import { asId, type RecordingId } from '@cordboard/cti-core';
import { LawChecker } from '@cordboard/driver-kit/conformance';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { readWav } from '@cordboard/telephony-dsp';
import { afterEach, describe, expect, it } from 'vitest';
import { DEVICE_KINDS, type LineDeviceEvent } from '../src/index.js';
import type { FarStep } from '../src/simulated/index.js';
import { VirtualModem } from '../src/simulated/index.js';
import { collect } from './heap.js';
import { closeModemBenches, ModemBench, modemBench, pumped } from './modem-harness.js';

afterEach(closeModemBenches);

const NUMBERS: Readonly<Record<string, readonly FarStep[]>> = {
  '010': [{ do: 'ringback', cycles: 3 }, { do: 'answer' }, { do: 'say', forMs: 600_000 }],
};

async function record(b: ModemBench): Promise<void> {
  const connectionId = await b.talk();
  const recordingId = asId<RecordingId>('r');
  await b.accepted({ type: 'record', connectionId, recordingId, tracks: 'mixed', format: 'wav49' });
}

/** States of a modem, and how to get there. */
const STATES: Readonly<Record<string, (b: ModemBench) => Promise<unknown>>> = {
  idle: async () => undefined,
  ringing: async (b) => {
    b.modem.callIn({ number: '13900001111' });
    await b.sees('created');
  },
  hearing: async (b) => {
    await record(b);
    await b.clock.tick(3_000);
  },
  playing: async (b) => {
    await record(b);
    const call = b.of('created').at(-1);
    if (call === undefined) return;
    const media = [{ kind: 'prompt', prompt: 'long' }] as const;
    await b.accepted({ type: 'play', connectionId: call.connectionId, playbackId: asId('p'), media });
    await b.clock.tick(3_000);
    expect(b.modem.mode).toBe('play');
  },
  dialling: async (b) => {
    await b.originate('010');
    await b.clock.tick(1_500);
    expect(b.modem.mode).toBe('dial');
  },
  progress: async (b) => b.sees('alerting', { on: await b.originate('010') }),
};

/** Afterwards a call comes in and is told as ever. */
async function works(b: ModemBench, since: number): Promise<void> {
  b.modem.exchange.hangUp();
  await b.sees('linkSynced', { since, withinMs: 90_000 });
  await b.clock.tick(9_000);
  expect([b.modem.hook, b.modem.exchange.state]).toEqual(['on', 'free']);
  const before = b.events.length;
  b.modem.callIn({ number: '13900002222' });
  const { calling, connectionId } = await b.sees('created', { since: before });
  expect(calling.number).toBe('13900002222');
  await b.accepted({ type: 'answer', connectionId });
  await b.sees('connected', { on: connectionId });
}

describe('a modem that is pulled out', () => {
  for (const [state, bring] of Object.entries(STATES))
    it(`while ${state}: its call is gone, its file is playable, and plugged in again it works`, async () => {
      const b = await modemBench({ modem: { numbers: NUMBERS } });
      const laws = new LawChecker();
      await bring(b);
      const since = b.events.length;
      b.modem.unplug();
      await b.clock.tick(200);
      expect((await b.sees('linkDown', { since })).reason).toBe('closed');
      expect((await b.sees('snapshot', { since })).snapshot.connections).toEqual([]);
      if (state === 'hearing' || state === 'playing') {
        const wav = readWav(b.storage.files.get('recordings/r.WAV') ?? new Uint8Array(0));
        expect(wav.ok && !wav.truncated && wav.samples > 15_000).toBe(true);
      }
      await b.clock.tick(5_000);
      b.modem.plugIn();
      await works(b, since);
      for (const event of b.events) laws.take(event);
      expect(laws.breaks).toEqual([]);
    });
});

describe('a modem that says nothing any more', () => {
  for (const [state, bring] of Object.entries(STATES))
    it(`while ${state} is given up, and taken again when it answers`, async () => {
      const b = await modemBench({ modem: { numbers: NUMBERS } });
      await bring(b);
      const since = b.events.length;
      b.modem.hang('hung');
      if (state === 'progress' || state === 'hearing') b.modem.exchange.hangUp();
      await b.sees('linkDown', { since, withinMs: 360_000 });
      await b.clock.tick(5_000);
      b.modem.unplug();
      b.modem.plugIn();
      await works(b, since);
    }, 180_000);
});

describe('a modem that misses a beat', () => {
  it('while nobody uses it is started again, and nobody hears of it', async () => {
    const b = await modemBench({ device: { probeMs: 10_000 } });
    const since = b.events.length;
    b.modem.hang('hung');
    await b.clock.tick(11_000);
    b.modem.hang('well');
    await b.clock.tick(8_000);
    expect(b.modem.commands.filter((each) => each === 'ATZ').length).toBe(2);
    expect(b.events.slice(since)).toEqual([]);
    await b.talk();
  });

  it('too slow to be opened in time leaves nothing behind', async () => {
    const b = await modemBench({ modem: { delayMs: 350 }, options: { openTimeout: '20s' } });
    await closeModemBenches();
    expect(b.modem.isOpen).toBe(false);
    const slow = new ModemBench({ modem: { delayMs: 350 }, options: { openTimeout: '2s', backoffFirst: '1s' } });
    await pumped(
      slow.clock,
      slow.driver.start(() => undefined, { signal: new AbortController().signal }),
    );
    await slow.clock.tick(10_000);
    await pumped(slow.clock, slow.driver.stop());
    await slow.clock.tick(5_000);
    expect([slow.modem.isOpen, slow.clock.pendingTimers]).toEqual([false, 0]);
  });
});

describe('noise on the wire', () => {
  it('of a million bytes makes nothing throw and nothing grow, and afterwards all is well', async () => {
    const b = await modemBench({ modem: { noiseDbm0: null } });
    let random = 7;
    const piece = new Uint8Array(200);
    const heap: number[] = [];
    let sent = 0;
    for (let round = 0; sent < 1_000_000; round++) {
      for (let i = 0; i < piece.length; i++) {
        random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
        piece[i] = random >>> 16;
      }
      sent += b.modem.noise(piece);
      await b.clock.tick(20);
      if (round % 1_000 === 999) {
        collect();
        heap.push(process.memoryUsage().heapUsed);
      }
    }
    expect(heap.length).toBeGreaterThan(4);
    const since = b.events.length;
    // Ghosts of calls have gone by then.
    await b.clock.tick(60_000);
    if (b.of('linkSynced').length <= b.of('linkDown').length) await b.sees('linkSynced', { since, withinMs: 60_000 });
    const before = b.events.length;
    expect(b.modem.callIn({ number: '13900002222' })).toBe(true);
    expect((await b.sees('created', { since: before })).calling.number).toBe('13900002222');
    process.stdout.write(
      `noise: ${sent} bytes, ${b.of('linkDown').length} links lost, ${b.of('created').length} calls seen, heap ${heap.map((each) => Math.round(each / 2 ** 20)).join(' ')} MiB\n`,
    );
    expect((heap.at(-1) ?? 0) - (heap[0] ?? 0)).toBeLessThan(32 << 20);
  }, 300_000);

  it('in the middle of talks ends with the line on-hook, and a link that works', async () => {
    const b = await modemBench({ modem: { numbers: NUMBERS } });
    for (const state of ['hearing', 'playing', 'progress'] as const) {
      await STATES[state]?.(b);
      for (let round = 0; round < 200; round++) {
        b.modem.noise(Uint8Array.from({ length: 150 }, (_, i) => (round * 37 + i * 101 + ((i * round) % 251)) & 0xff));
        await b.clock.tick(20);
      }
      b.modem.exchange.hangUp();
      await b.clock.tick(60_000);
      const live = b.of('created').filter(({ connectionId }) => b.of('cleared', connectionId).length === 0);
      for (const { connectionId } of live) await b.give({ type: 'clear', connectionId, cause: 'normalClearing' });
      await b.clock.tick(10_000);
      expect(b.modem.hook, state).toBe('on');
    }
    const before = b.events.length;
    expect(b.modem.callIn({ number: '13900002222' })).toBe(true);
    await b.sees('created', { since: before });
  }, 180_000);
});

describe('the port of a modem', () => {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const make = (options: object) =>
    DEVICE_KINDS.v253?.({ kind: 'v253', ...options }, { clock: new SimulatedClock(), random: () => 0.5, log })();
  const sink = {
    event: (_event: LineDeviceEvent) => undefined,
    heard: () => undefined,
    wanted: () => 'nothing' as const,
    phoneHeard: () => undefined,
    phoneWanted: () => 'nothing' as const,
  };

  it('that is not there is said to be away', async () => {
    const { signal } = new AbortController();
    const opening = make({ path: '/dev/no-such-modem' })?.open(sink, { signal });
    await expect(opening).rejects.toMatchObject({ code: 'device.lost' });
  });

  it.each([
    [{}, /path/],
    [{ path: '/dev/x', sound: { method: 3 } }, /coding and rate/],
    [{ path: '/dev/x', baudRate: 9_600 }, /baudRate/],
    [{ path: '/dev/x', init: ['rm -rf'] }, /init/],
    [{ path: '/dev/x', country: 'China' }, /country/],
    [{ path: '/dev/x', nonsense: 1 }, /nonsense|nrecognized/],
  ])('with wrong options is refused: %j', (options, message) => {
    expect(() => make(options)).toThrow(message);
  });

  it('is let go on-hook whatever the modem was doing', async () => {
    for (const bring of Object.values(STATES)) {
      const b = await modemBench({ modem: { numbers: NUMBERS } });
      await bring(b);
      await closeModemBenches();
      expect(b.modem.commands.at(-1)).toMatch(/^AT(H|\+VLS=0)$/);
    }
  });

  it('that another has open is busy', async () => {
    const clock = new SimulatedClock();
    const modem = new VirtualModem({ clock });
    const first = await modem.serial(
      { data: () => undefined, drained: () => undefined, closed: () => undefined },
      { signal: new AbortController().signal },
    );
    const second = make({ open: modem.serial });
    await expect(
      pumped(clock, second?.open(sink, { signal: new AbortController().signal }) ?? Promise.resolve()),
    ).rejects.toMatchObject({ code: 'device.refused' });
    await first.close();
  });
});
