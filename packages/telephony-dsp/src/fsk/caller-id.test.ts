import { describe, expect, it } from 'vitest';
import { type FskRecipe, makeFsk, messageOf, randomMessage, type Sent, seeded } from '../../test/signals/fsk.js';
import { encodeCallerIdMessage } from '../cid/encode.js';
import type { CallerIdEvent, Hook, MessageWaitingEvent } from '../contract.js';
import { generateFskCallerId } from '../generate/fsk-caller-id.js';
import { createFskCallerId, createTunedFskCallerId, type FskCallerIdDetector } from './caller-id.js';
import { FSK_TUNING, type FskTuning } from './tuning.js';

type Told = CallerIdEvent | MessageWaitingEvent;
type Recipe = Omit<FskRecipe, 'message' | 'standard'>;

const listen = (samples: Int16Array, detector: FskCallerIdDetector = createFskCallerId()): Told[] => [
  ...detector.push(samples, 'on'),
];
const tuned = (change: Partial<FskTuning>): FskCallerIdDetector =>
  createTunedFskCallerId({ callWaiting: false }, { ...FSK_TUNING, ...change });

const make = (sent: Sent, recipe: Recipe, seed: number): Int16Array =>
  makeFsk({ message: sent.bytes, standard: seed % 2 === 0 ? 'bell202' : 'v23', ...recipe }, seed);

/** Whether exactly what was sent was told, once. */
const same = (told: readonly Told[], sent: Sent): boolean => {
  const [event] = told;
  if (told.length !== 1 || event?.type !== 'cid') return false;
  return (
    event.number === sent.number &&
    event.absence === sent.absence &&
    event.nameHex === sent.nameHex &&
    event.datetime === sent.datetime
  );
};

const lines: [string, (random: () => number) => Recipe, number][] = [
  ['a clean line', () => ({}), 6],
  ['levels down to -36 dBm0', (r) => ({ levelDbm0: -20 - 16 * r() }), 6],
  ['levels of -44 dBm0', () => ({ levelDbm0: -44 }), 2],
  ['noise at 10 dB', () => ({ snrDb: 10 }), 4],
  ['noise at 6 dB', () => ({ snrDb: 6 }), 10],
  ['noise at 6 dB, a modulator on the grid', () => ({ snrDb: 6, grid: 0 }), 10],
  ['tones off by 1.5 %', (r) => ({ tones: 0.015 * (r() < 0.5 ? -1 : 1) }), 4],
  ['tones off each by itself', (r) => ({ mark: 0.01 * (2 * r() - 1), space: 0.01 * (2 * r() - 1) }), 6],
  ['bits off by 1.5 %', (r) => ({ baud: 0.015 * (r() < 0.5 ? -1 : 1) }), 6],
  ['a clock off by 1 %', (r) => ({ clock: 0.01 * (r() < 0.5 ? -1 : 1) }), 4],
  ['10 dB of twist', (r) => ({ twistDb: r() < 0.5 ? -10 : 10, snrDb: 20 }), 6],
  ['everything a little', (r) => ({ snrDb: 10, twistDb: r() < 0.5 ? -6 : 6, tones: 0.012, baud: -0.01 }), 6],
  ['no seizure', () => ({ seizure: 0 }), 3],
  ['55 marks', () => ({ seizure: 100, marks: 55 }), 4],
  ['two stop bits', () => ({ stopBits: 2 }), 3],
  ['pauses between the bytes', () => ({ gaps: 16 }), 4],
  ['ringing just before', (r) => ({ ringMs: 250 + 1000 * r() }), 3],
  ['hum', () => ({ humDbm0: -10 }), 3],
  ['an offset', () => ({ dc: 4000 }), 2],
  ['clipping', () => ({ clipDb: 26 }), 4],
  ['A-law', () => ({ law: 'a' }), 2],
  ['mu-law', () => ({ law: 'u' }), 2],
  ['a band of 300-3400 Hz', () => ({ band: true }), 3],
  ['an echo', (r) => ({ echoMs: 1 + 20 * r(), echoDb: -12 }), 4],
  ['clicks', () => ({ impulses: 6 }), 6],
  ['wires exchanged', () => ({ inverted: true }), 2],
];

describe('FSK caller ID', () => {
  it.each(lines)('is read through %s', (_, recipe, count) => {
    for (let seed = 0; seed < count; seed++) {
      const sent = randomMessage(seed);
      expect(same(listen(make(sent, recipe(seeded(seed)), seed)), sent), `seed ${seed}`).toBe(true);
    }
  });

  it('is read mostly at 3 dB and below, and never as something else', () => {
    let read = 0;
    for (let seed = 0; seed < 40; seed++) {
      const sent = randomMessage(seed);
      const told = listen(make(sent, { snrDb: seed < 20 ? 3 : seed % 4 }, seed));
      if (same(told, sent)) read++;
      else expect(told).toEqual([]);
    }
    expect(read).toBeGreaterThanOrEqual(24);
  });

  it('is told once for each time it is sent, with its times', () => {
    const first = make(randomMessage(1), {}, 2);
    const second = make(randomMessage(2), { beforeMs: 700 }, 2);
    const both = new Int16Array(first.length + second.length);
    both.set(first);
    both.set(second, first.length);
    const told = listen(both);
    expect(told.map((event) => event.type === 'cid' && event.number)).toEqual([
      randomMessage(1).number,
      randomMessage(2).number,
    ]);
    expect(Math.abs((told[0]?.atMs ?? 0) - 300)).toBeLessThan(15);
    expect(Math.abs((told[1]?.atMs ?? 0) - first.length / 8 - 700)).toBeLessThan(15);
    for (const event of told) expect(event.detectedMs).toBeGreaterThan(event.atMs);
    expect(told[0]?.detectedMs).toBeLessThan(first.length / 8 - 250);
  });

  it('is not listened to off-hook unless that is asked for', () => {
    const signal = make(randomMessage(3), { seizure: 0, marks: 80 }, 4);
    expect(createFskCallerId().push(signal, 'off')).toEqual([]);
    expect(createFskCallerId({ callWaiting: true }).push(signal, 'off')).toHaveLength(1);
  });

  it('is lost when the hook goes off in the middle', () => {
    const signal = make(randomMessage(3), {}, 4);
    const half = signal.length - 3000;
    const detector = createFskCallerId();
    const told = [
      ...detector.push(signal.subarray(0, half), 'on'),
      ...detector.push(signal.subarray(half, half + 80), 'off'),
    ];
    expect([...told, ...detector.push(signal.subarray(half + 80), 'on')]).toEqual([]);
  });

  it('turns the message-waiting lamp on and off', () => {
    for (const format of ['sdmf', 'mdmf'] as const)
      for (const state of ['on', 'off'] as const) {
        const message = encodeCallerIdMessage({ type: 'messageWaiting', format, state });
        const told = listen(generateFskCallerId(message, { standard: 'v23', silenceAfterMs: 100 }));
        expect(told).toMatchObject([{ type: 'messageWaiting', state }]);
      }
  });

  it('reads what the generator of this package makes', () => {
    const message = encodeCallerIdMessage({ type: 'cid', number: '13912345678', name: '张三', datetime: '11220930' });
    for (const standard of ['bell202', 'v23'] as const) {
      const signal = generateFskCallerId(message, {
        standard,
        silenceBeforeMs: 50,
        silenceAfterMs: 100,
        twistDb: 6,
        stopBits: 3,
      });
      expect(listen(signal)).toMatchObject([{ type: 'cid', method: 'fsk', number: '13912345678', name: '张三' }]);
    }
    expect(() => generateFskCallerId(message, { levelDbm0: 1 })).toThrow(TypeError);
  });

  it('is the same however the stream is cut', () => {
    const signal = make(randomMessage(5), { snrDb: 12, ringMs: 300 }, 6);
    const whole = listen(signal);
    expect(whole).toHaveLength(1);
    const cut = (next: () => number): Told[] => {
      const detector = createFskCallerId();
      const told: Told[] = [];
      for (let at = 0; at < signal.length; ) {
        const size = next();
        told.push(...detector.push(signal.subarray(at, at + size), 'on'));
        at += size;
      }
      return told;
    };
    expect(cut(() => 1)).toEqual(whole);
    expect(cut(() => 160)).toEqual(whole);
    for (let seed = 0; seed < 5; seed++) {
      const random = seeded(seed);
      expect(cut(() => 1 + Math.floor(random() * 700))).toEqual(whole);
    }
  });

  it('keeps its times exact after two thousand million samples, and begins anew after reset', () => {
    const signal = make(randomMessage(5), {}, 6);
    const detector = createFskCallerId();
    const fresh = listen(signal, detector);
    detector.reset();
    const idle = new Int16Array(2 ** 24);
    for (let i = 0; i < 160; i++) detector.push(idle, 'off');
    const offset = (160 * 2 ** 24) / 8;
    const [late] = listen(signal, detector);
    expect(late).toEqual({
      ...fresh[0],
      atMs: (fresh[0]?.atMs ?? 0) + offset,
      detectedMs: (fresh[0]?.detectedMs ?? 0) + offset,
    });
    expect(detector.flush()).toEqual([]);
    expect(listen(signal, detector)).toEqual(fresh);
  });
});

/** Signals in which there is nothing to tell. */
const nothing: [string, (seed: number) => Int16Array][] = [
  ['zeros for bytes', (seed) => make({ bytes: [0, 0, 0] }, {}, seed)],
  [
    'a wrong checksum',
    (seed) => make({ bytes: randomMessage(seed).bytes.map((b, i) => (i === 5 ? b ^ 1 : b)) }, {}, seed),
  ],
  ['an unknown type', (seed) => make({ bytes: messageOf(0x89, [1, 2, 3, 4]) }, {}, seed)],
  ['letters for a number', (seed) => make({ bytes: messageOf(0x80, [2, 3, 0x61, 0x62, 0x63]) }, {}, seed)],
  [
    'a message cut short',
    (seed) => make(randomMessage(seed), { cutBits: 480 + 10 * randomMessage(seed).bytes.length - 6 - 9 * seed }, seed),
  ],
  ['seizure and marks', (seed) => make({ bytes: [] }, { trailing: 800 }, seed)],
  [
    'random bits',
    (seed) => {
      const random = seeded(seed);
      return make({ bytes: Array.from({ length: 60 }, () => Math.floor(random() * 256)) }, {}, seed);
    },
  ],
  [
    'V.21',
    (seed) => {
      const random = seeded(seed);
      let phase = 0;
      let bit = 1;
      return Int16Array.from({ length: 24_000 }, (_, i) => {
        if (i % 27 === 0) bit = random() < 0.5 ? 0 : 1;
        phase += (2 * Math.PI * ((seed % 2 === 0 ? 1180 : 1850) - 200 * bit)) / 8000;
        return 5000 * Math.sin(phase);
      });
    },
  ],
  [
    'noise',
    (seed) => {
      const random = seeded(seed);
      return Int16Array.from({ length: 24_000 }, () => 60_000 * (random() - 0.5));
    },
  ],
  ['a square at full scale', () => Int16Array.from({ length: 24_000 }, (_, i) => (i % 7 < 3 ? 32767 : -32768))],
  [
    'a long mark',
    () => Int16Array.from({ length: 40_000 }, (_, i) => 9000 * Math.sin((2 * Math.PI * 1200 * i) / 8000)),
  ],
  ['silence at an offset', () => new Int16Array(24_000).fill(-32768)],
  [
    'gliding harmonics as of a voice',
    (seed) => {
      const random = seeded(seed);
      let pitch = 120;
      let phase = 0;
      let first = 600;
      return Int16Array.from({ length: 80_000 }, (_, i) => {
        if (i % 800 === 0) {
          pitch = 90 + 180 * random();
          first = 300 + 1200 * random();
        }
        phase += (2 * Math.PI * pitch) / 8000;
        let v = 0;
        for (let h = 1; h < 14; h++)
          v += Math.sin(h * phase) / (1 + (Math.abs(h * pitch - first) / 250) ** 2 + Math.abs(h * pitch - 2200) / 900);
        return 4000 * v;
      });
    },
  ],
];

describe('nothing is told', () => {
  it.each(nothing)('of %s', (_, signal) => {
    for (let seed = 0; seed < 6; seed++) expect(listen(signal(seed)), `seed ${seed}`).toEqual([]);
  });
});

/** Seeds whose noise at 0 dB makes another valid message of the sent one. */
const LYING_SEEDS = [100405, 100595, 100637];

describe('each threshold matters', () => {
  const count = (change: Partial<FskTuning>, recipe: Recipe): number => {
    let read = 0;
    for (let seed = 0; seed < 6; seed++) {
      const sent = randomMessage(seed);
      if (same(listen(make(sent, recipe, seed), tuned(change)), sent)) read++;
    }
    return read;
  };

  it.each<[string, Partial<FskTuning>, Recipe]>([
    ['more mark than noise leaves', { markShare: 0.85 }, { snrDb: 6 }],
    ['more marks than are sent', { markFrames: 14 }, { seizure: 100, marks: 55 }],
    ['a start that explains too much', { startShare: 0.9 }, { snrDb: 6 }],
    ['a message that explains too much', { messageShare: 0.85 }, { snrDb: 6 }],
    ['bytes that explain too much', { byteShare: 0.9 }, { snrDb: 6 }],
    ['a lead that noise does not leave', { margin: 100 }, { snrDb: 6 }],
    ['a level above the line', { minLevelDbm0: -30 }, { levelDbm0: -36 }],
  ])('asking for %s loses messages', (_, change, recipe) => {
    expect(count({}, recipe)).toBe(6);
    expect(count(change, recipe)).toBeLessThan(6);
  });

  it('a level below the least is told only without the gate', () => {
    const signal = make(randomMessage(1), { levelDbm0: -52 }, 1);
    expect(listen(signal)).toEqual([]);
    expect(listen(signal, tuned({ minLevelDbm0: -60 }))).toHaveLength(1);
  });

  it('without margin and shares a wrong number would be told', () => {
    const careless = { margin: 0, messageShare: 0, byteShare: -1e9 };
    let lies = 0;
    for (const seed of LYING_SEEDS) {
      const sent = randomMessage(seed);
      const random = seeded(seed * 77 + 5);
      const standard = random() < 0.6 ? 'bell202' : 'v23';
      const grid = [undefined, 0, random()][Math.floor(random() * 3)];
      const signal = makeFsk({ message: sent.bytes, standard, snrDb: 0, ...(grid !== undefined && { grid }) }, seed);
      const told = listen(signal, tuned(careless));
      if (told.length > 0 && !same(told, sent)) lies++;
      expect(listen(signal)).toEqual([]);
    }
    expect(lies).toBeGreaterThan(0);
  });

  it.each<Hook>(['on', 'off'])('options out of range are refused (%s-hook)', (hook) => {
    expect(() => createFskCallerId({ callWaiting: hook === 'off', minLevelDbm0: -70 })).toThrow(TypeError);
  });
});
