import { describe, expect, test } from 'vitest';
import { sine, square } from '../../test/support/samples.js';
import { amplitudeOf } from '../generate/source.js';
import { createLevelMeter, dbm0OfRms, peakOf, rmsOf, rmsOfDbm0, SILENCE_DBM0 } from './level.js';

test('a sine of full scale is +3.14 dBm0, half of it 6.02 dB less', () => {
  const full = sine(8000, 1004, { peak: 32_767 });
  expect(dbm0OfRms(rmsOf(full))).toBeCloseTo(3.14, 2);
  expect(dbm0OfRms(rmsOf(sine(8000, 1004, { peak: 32_767 / 2 })))).toBeCloseTo(3.14 - 6.02, 2);
  expect(peakOf(full)).toBeGreaterThan(32_760);
});

test('levels go there and back', () => {
  for (const dbm0 of [3.14, 0, -13.5, -48]) {
    expect(dbm0OfRms(rmsOfDbm0(dbm0))).toBeCloseTo(dbm0, 9);
    expect(dbm0OfRms(amplitudeOf(dbm0) / Math.SQRT2)).toBeCloseTo(dbm0, 9);
  }
});

test('nothing and silence have a level too', () => {
  expect([rmsOf(new Int16Array()), peakOf(new Int16Array()), dbm0OfRms(0)]).toEqual([0, 0, SILENCE_DBM0]);
  expect(peakOf(Int16Array.of(-32_768, 5))).toBe(32_768);
});

describe('a meter', () => {
  test('shows the last whole window, however the stream is cut', () => {
    const stream = sine(1000, 800, { peak: 5000 });
    const whole = { ...createLevelMeter().push(stream) };
    const meter = createLevelMeter();
    let level = meter.push(new Int16Array());
    for (let at = 0; at < stream.length; at += 7) level = meter.push(stream.subarray(at, at + 7));
    expect(level).toEqual(whole);
    expect(level.windows).toBe(6);
    expect(level.dbm0).toBeCloseTo(dbm0OfRms(5000 / Math.SQRT2), 1);
    expect(meter.push(new Int16Array(320))).toMatchObject({ dbm0: SILENCE_DBM0, peak: 0, windows: 8 });
    meter.reset();
    expect(meter.push(new Int16Array(159)).windows).toBe(0);
  });

  test('counts what reaches the ends of the scale', () => {
    expect(createLevelMeter({ windowSamples: 80 }).push(square(80, 100))).toMatchObject({ clipped: 80, peak: 32_768 });
    expect(createLevelMeter({ windowSamples: 80 }).push(square(80, 100).map((n) => n >> 1)).clipped).toBe(0);
  });

  test.each([0, -1, 1.5, Number.NaN])('of windows of %s samples is refused', (windowSamples) => {
    expect(() => createLevelMeter({ windowSamples })).toThrow(RangeError);
  });
});
