import { describe, expect, it } from 'vitest';
import { keysCase, REFUSED, STRETCH, TAKEN, talkCase } from '../../test/signals/dtmf/keys.js';
import { seeded } from '../../test/signals/dtmf/noise.js';
import type { DtmfEvent } from '../contract.js';
import { DtmfDetector } from './detector.js';
import { createDtmf } from './dtmf.js';
import { DTMF_LIMITS, type DtmfLimits } from './limits.js';
import { HOP } from './tone-bank.js';

function hear(samples: Int16Array, limits: Partial<DtmfLimits> = {}): readonly DtmfEvent[] {
  const detector = new DtmfDetector({ ...DTMF_LIMITS, ...limits });
  return [...detector.push(samples, 'off'), ...detector.flush()];
}

const digitsOf = (events: readonly DtmfEvent[]): string => events.map((event) => event.digit).join('');
const isText = (value: string | undefined): value is string => value !== undefined;

type Table = typeof TAKEN;

/** How many of these cases are heard exactly. */
function exact(table: Table, name: string, limits: Partial<DtmfLimits> = {}, seeds = SEEDS): number {
  const maker = table[name];
  if (maker === undefined) throw new RangeError(name);
  let right = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const { samples, keys } = keysCase(maker, 1000 + seed);
    const sent = table === REFUSED ? '' : keys.map((key) => key.digit).join('');
    if (digitsOf(hear(samples, limits)) === sent) right++;
  }
  return right;
}

const SEEDS = 6;

describe('keys that must be taken', () => {
  for (const [name, maker] of Object.entries(TAKEN)) {
    it(name, () => {
      for (let seed = 0; seed < SEEDS; seed++) {
        const { samples, keys } = keysCase(maker, 1000 + seed);
        const heard = hear(samples);
        expect({ seed, digits: digitsOf(heard) }).toEqual({ seed, digits: keys.map((key) => key.digit).join('') });
        for (const [n, key] of keys.entries()) {
          expect(Math.abs((heard[n]?.atMs ?? 0) - key.atMs)).toBeLessThan(10);
          expect(Math.abs((heard[n]?.toneMs ?? 0) - key.toneMs)).toBeLessThan(15);
        }
      }
    });
  }
});

describe('keys beyond what receivers must take', () => {
  for (const name of Object.keys(STRETCH)) {
    it(name, () => expect(exact(STRETCH, name)).toBeGreaterThanOrEqual(0.85 * SEEDS));
  }
});

describe('what is no key', () => {
  for (const name of Object.keys(REFUSED)) {
    it(name, () => expect(exact(REFUSED, name)).toBe(SEEDS));
  }

  it('talk', () => {
    for (let seed = 100; seed < 115; seed++) expect(digitsOf(hear(talkCase('voice', 10, seed)))).toBe('');
  });
});

describe('weakened limits are noticed', () => {
  const WEAKENED: Readonly<Record<string, readonly [Table, string, Partial<DtmfLimits>]>> = {
    'any frequency': [REFUSED, 'offFrequency', { maxOffset: 0.05, cleanShare: 0.5 }],
    'any twist': [REFUSED, 'uneven', { maxTwistDb: 25 }],
    'any level': [REFUSED, 'faint', { minLevelDbm0: -70, cleanShare: 0.5 }],
    'any length': [REFUSED, 'brief', { minToneMs: 5, minHops: 2 }],
    'too narrow a frequency': [TAKEN, 'freq', { maxOffset: 0.012 }],
    'too little twist': [TAKEN, 'twist', { maxTwistDb: 4 }],
    'drop-outs are pauses': [TAKEN, 'break', { minPauseMs: 3 }],
    'pauses are drop-outs': [STRETCH, 'short', { minPauseMs: 40 }],
    'no allowance for noise': [STRETCH, 'snr3', { noisyShare: 2 }],
    'no allowance for a prompt': [TAKEN, 'prompt', { mixedShare: 2, apartShare: 2, noisyShare: 2 }],
    'too strict a look': [STRETCH, 'snr3', { lookShare: 0.75 }],
  };
  for (const [name, [table, category, limits]] of Object.entries(WEAKENED)) {
    it(name, () => expect(exact(table, category, limits)).toBeLessThan(SEEDS));
  }

  it('talk is taken for keys', () => {
    let told = 0;
    for (let seed = 100; seed < 115; seed++) told += hear(talkCase('voice', 10, seed), { cleanShare: 0.6 }).length;
    expect(told).toBeGreaterThan(0);
  });
});

describe('the stream', () => {
  const noisy = keysCase(TAKEN.noise ?? (() => ({})), 5);

  it('may be cut anywhere', () => {
    const whole = hear(noisy.samples);
    const random = seeded(3);
    for (const size of [1, 7, 39, 40, 41, 160, 1001, 0]) {
      const detector = createDtmf();
      const heard: DtmfEvent[] = [];
      for (let at = 0; at < noisy.samples.length; ) {
        const next = at + (size === 0 ? random.integer(0, 300) : size);
        heard.push(...detector.push(noisy.samples.subarray(at, next), 'off'));
        at = next;
      }
      heard.push(...detector.flush());
      expect(heard).toEqual(whole);
    }
  });

  it('keeps its times beyond 2^31 samples', () => {
    const detector = new DtmfDetector(DTMF_LIMITS);
    const skipped = 3 * 2 ** 31;
    detector.pass(skipped);
    const late = [...detector.push(noisy.samples, 'off'), ...detector.flush()];
    const early = hear(noisy.samples);
    expect(digitsOf(late)).toBe(digitsOf(early));
    for (const [n, event] of late.entries()) {
      // The raster of hops lies elsewhere, so to within a hop.
      expect(Math.abs(event.atMs - skipped / 8 - (early[n]?.atMs ?? 0))).toBeLessThan(3);
    }
  });

  it('is as new after flush and reset', () => {
    const detector = createDtmf();
    const first = [...detector.push(noisy.samples, 'off'), ...detector.flush()];
    const second = [...detector.push(noisy.samples, 'off')];
    detector.reset();
    expect([...detector.push(noisy.samples, 'off'), ...detector.flush()]).toEqual(first);
    expect(second).toEqual(first);
  });

  it('tells a key that is held, once, and one that is cut off by the end', () => {
    const { samples } = keysCase(() => ({ toneMs: 3000, gapMs: 100 }), 4);
    const detector = createDtmf();
    const held = detector.push(samples.subarray(0, 8 * 2000), 'off').map((event) => ({ ...event }));
    expect(held).toHaveLength(1);
    expect(held[0]?.detectedMs).toBeLessThan((held[0]?.atMs ?? 0) + 240);
    expect(detector.push(samples.subarray(8 * 2000, 8 * 3000), 'off')).toHaveLength(0);
    const cut = keysCase(() => ({ toneMs: 100, leadMs: 300 }), 6).samples.subarray(0, 8 * 360);
    expect(hear(cut)).toHaveLength(1);
  });

  it('bears whatever comes', () => {
    const random = seeded(9);
    const hostile: Record<string, (i: number) => number> = {
      silence: () => 0,
      direct: () => 32767,
      lowest: () => -32768,
      square: (i) => (i & 8 ? 32767 : -32768),
      fastest: (i) => (i & 1 ? 32767 : -32768),
      noise: () => random.integer(-32768, 32767),
      bytes: (i) => ((Math.imul(i, 2654435761) >> 8) << 16) >> 16,
      impulse: (i) => (i % 997 === 0 ? 32767 : 0),
    };
    const detector = createDtmf();
    for (const [name, at] of Object.entries(hostile)) {
      const samples = Int16Array.from({ length: 16_000 }, (_, i) => at(i));
      const heard = [...detector.push(samples, 'off')].map((event) => event.digit).filter(isText);
      expect({ name, heard }).toEqual({ name, heard: [] });
    }
    expect(digitsOf(detector.push(noisy.samples, 'off'))).toBe(noisy.keys.map((key) => key.digit).join(''));
  });

  it('returns one frozen array while nothing is found', () => {
    const detector = createDtmf();
    const quiet = new Int16Array(HOP * 10);
    expect(detector.push(quiet, 'off')).toBe(detector.push(quiet, 'on'));
    expect(Object.isFrozen(detector.push(quiet, 'off'))).toBe(true);
  });
});

describe('options', () => {
  it('are checked', () => {
    expect(() => createDtmf({ minLevelDbm0: 1 })).toThrow(TypeError);
    expect(() => createDtmf({ maxTwistDb: -1 })).toThrow(TypeError);
    expect(() => createDtmf({ minToneMs: Number.NaN })).toThrow(TypeError);
    expect(() => createDtmf({ tellAfterMs: 301 })).toThrow(TypeError);
  });

  it('tell sooner where asked', () => {
    const { samples, keys } = keysCase(() => ({ toneMs: 300, gapMs: 100 }), 8);
    const detector = createDtmf({ tellAfterMs: 60 });
    const heard = [...detector.push(samples, 'off')];
    expect(digitsOf(heard)).toBe(keys.map((key) => key.digit).join(''));
    for (const event of heard) expect(event.detectedMs - event.atMs).toBeLessThan(100);
  });
});
