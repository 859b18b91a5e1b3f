import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ClockReading, clockDrift } from './drift.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (hours: number, aheadMs: number, set?: 'set'): ClockReading => ({
  wallMs: hours * HOUR,
  aheadMs,
  ...(set === undefined ? {} : { set }),
});

describe('drift of a clock', () => {
  test('two readings a day apart', () => {
    expect(clockDrift([at(0, 1_000), at(24, 4_000)])).toEqual({
      perDayMs: 3_000,
      plusMinusMs: 500,
      overMs: DAY,
      readings: 2,
    });
    expect(clockDrift([at(0, 0), at(12, -2_000)])).toMatchObject({ perDayMs: -4_000, plusMinusMs: 1_000 });
  });
  test('one reading, none, or two within a minute say nothing', () => {
    expect(clockDrift([])).toBeUndefined();
    expect(clockDrift([at(0, 5)])).toBeUndefined();
    expect(clockDrift([at(0, 5), { wallMs: 59_000, aheadMs: 6 }])).toBeUndefined();
  });
  test('a setting begins anew, and so does a step that no crystal makes', () => {
    expect(clockDrift([at(0, 90_000), at(24, 0, 'set'), at(48, 2_000)])).toMatchObject({
      perDayMs: 2_000,
      readings: 2,
    });
    expect(clockDrift([at(0, 0), at(24, 2_000), at(25, 3_602_000), at(49, 3_604_000)])).toMatchObject({
      perDayMs: 2_000,
      readings: 2,
    });
    expect(clockDrift([at(0, 90_000), at(24, 0, 'set')])).toBeUndefined();
    // A setting by less than a crystal could make is one all the same.
    expect(clockDrift([at(0, 1_000), at(24, 0, 'set'), at(48, 2_000)])).toMatchObject({ perDayMs: 2_000, readings: 2 });
  });
  test('is found within what it says, whatever the errors of its readings', () => {
    const readings = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: -250, max: 250 })), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -400, max: 400 }),
        fc.integer({ min: -60_000, max: 60_000 }),
        readings,
        (ppm, offset, made) => {
          const hours = [...new Set(made.map(([hour]) => hour))];
          fc.pre(hours.length >= 2);
          const list = hours.map((hour, index) =>
            at(hour, offset + (hour * HOUR * ppm) / 1e6 + (made[index]?.[1] ?? 0)),
          );
          const drift = clockDrift(list);
          expect(Math.abs((drift?.perDayMs ?? Number.NaN) - (ppm * DAY) / 1e6)).toBeLessThanOrEqual(
            (drift?.plusMinusMs ?? 0) * 1.5 + 1,
          );
        },
      ),
    );
  });
});
