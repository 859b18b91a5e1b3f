import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joined, noise, sine, square } from '../../test/support/samples.js';
import { rmsOf } from '../level/level.js';
import { createResampler } from './resample.js';

const through = (samples: Int16Array, from: number, to: number): Int16Array => {
  const resampler = createResampler({ from, to });
  return joined(resampler.push(samples).slice(), resampler.flush().slice());
};
const dB = (a: number, b: number): number => 20 * Math.log10(a / b);
/** Without the ends, where the filter runs in and out. */
const middle = (samples: Int16Array): Int16Array =>
  samples.subarray(Math.floor(samples.length / 4), Math.ceil((samples.length * 3) / 4));

const pairs = [
  [8000, 16_000],
  [16_000, 8000],
  [8000, 48_000],
  [48_000, 8000],
  [16_000, 48_000],
  [48_000, 16_000],
  [7200, 8000],
  [8000, 7200],
  [11_025, 8000],
  [8000, 11_025],
  [44_100, 8000],
  [8001, 8000],
] as const;

describe.each(pairs)('%i to %i', (from, to) => {
  const lower = Math.min(from, to);

  test('a tone in the pass band comes out as it is, in time with what came in', () => {
    for (const share of [0.02, 0.2, 0.41]) {
      const hz = share * lower;
      const out = through(sine(from, hz, { rate: from, phase: 0.3 }), from, to);
      expect(out).toHaveLength(to);
      const wanted = sine(to, hz, { rate: to, phase: 0.3 });
      const error = middle(out).map((value, n) => value - (middle(wanted)[n] ?? 0));
      expect(dB(rmsOf(middle(out)), rmsOf(middle(wanted)))).toBeCloseTo(0, 1);
      expect(dB(rmsOf(error), rmsOf(middle(wanted)))).toBeLessThan(-56);
    }
  });

  test('what the lower rate cannot hold is at least 60 dB down', () => {
    if (from > to) {
      for (const hz of [to / 2 + 5, to * 0.7, from * 0.49].filter((one) => one > to / 2 && one < from / 2)) {
        const tone = sine(from, hz, { rate: from, peak: 32_000 });
        expect(dB(rmsOf(middle(through(tone, from, to))), rmsOf(tone))).toBeLessThan(-60);
      }
    } else {
      // Images of a tone below the Nyquist frequency are all that is left once the tone itself is taken away.
      const out = middle(through(sine(from, 0.4 * from, { rate: from, peak: 32_000 }), from, to));
      const wanted = middle(sine(to, 0.4 * from, { rate: to, peak: 32_000 }));
      expect(dB(rmsOf(out.map((value, n) => value - (wanted[n] ?? 0))), rmsOf(wanted))).toBeLessThan(-56);
    }
  });

  test('a steady value stays what it is', () => {
    const out = middle(through(new Int16Array(from).fill(12_345), from, to));
    expect(out.every((value) => Math.abs(value - 12_345) <= 1)).toBe(true);
  });
});

test('how the stream is cut changes nothing', () => {
  const stream = noise(3000, { peak: 32_767, seed: 3 });
  fc.assert(
    fc.property(
      fc.constantFrom(...pairs),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 }),
      ([from, to], cuts) => {
        const resampler = createResampler({ from, to });
        const pieces: Int16Array[] = [];
        let at = 0;
        for (let n = 0; at < stream.length; n += 1) {
          const size = Math.max(n % 3, cuts[n % cuts.length] ?? 1);
          pieces.push(resampler.push(stream.subarray(at, at + size)).slice());
          at += size;
        }
        pieces.push(resampler.flush().slice());
        const whole = through(stream, from, to);
        expect(joined(...pieces)).toEqual(whole);
        expect(whole).toHaveLength(Math.ceil((stream.length * to) / from));
        // And it begins anew after a flush.
        expect(joined(resampler.push(stream).slice(), resampler.flush().slice())).toEqual(whole);
      },
    ),
    { numRuns: 25, seed: 5 },
  );
});

test('nothing drifts: after two minutes of 11025 Hz the phase is what it was', () => {
  const resampler = createResampler({ from: 11_025, to: 8000 });
  const block = sine(11_025, 315, { rate: 11_025 });
  let made = 0;
  for (let second = 0; second < 120; second += 1) {
    const out = resampler.push(block);
    made += out.length;
    if (second < 118) continue;
    const start = made - out.length;
    const wanted = Int16Array.from(out, (_, n) =>
      Math.round(10_000 * Math.sin((2 * Math.PI * 315 * (start + n)) / 8000)),
    );
    expect(dB(rmsOf(out.map((value, n) => value - (wanted[n] ?? 0))), rmsOf(wanted))).toBeLessThan(-60);
  }
  expect(made + resampler.flush().length).toBe(120 * 8000);
});

test('the loudest signal is cut off at the ends of the scale and never wraps', () => {
  const out = through(square(8000, 700), 8000, 48_000);
  for (let n = 1; n < out.length; n += 1)
    if (Math.abs((out[n] ?? 0) - (out[n - 1] ?? 0)) > 40_000) expect.fail(`a jump at ${n}`);
});

test('any two rates work within bounded memory', () => {
  for (const [from, to] of [
    [384_000, 1000],
    [383_999, 1000],
    [1000, 384_000],
    [7919, 8011],
  ] as const)
    expect(through(new Int16Array(500).fill(99), from, to)).toHaveLength(Math.ceil((500 * to) / from));
});

test('equal rates copy', () => {
  const resampler = createResampler({ from: 8000, to: 8000 });
  const input = noise(100);
  const out = resampler.push(input);
  expect(out).toEqual(input);
  expect(out.buffer).not.toBe(input.buffer);
  expect(resampler.flush()).toHaveLength(0);
});

test.each([0, 999, 384_001, 8000.5, Number.NaN])('a rate of %s is refused', (rate) => {
  expect(() => createResampler({ from: rate, to: 8000 })).toThrow(RangeError);
  expect(() => createResampler({ from: 8000, to: rate })).toThrow(RangeError);
});
