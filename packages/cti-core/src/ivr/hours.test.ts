import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Calendar, HoursRule } from '../contract/index.js';
import { dayKindOf, ruleFits } from './hours.js';
import { localTime, minutesOf } from './local-time.js';

const calendar: Calendar = { holidays: ['2026-02-17', '2026-02-14'], workdays: ['2026-02-14'] };
/** A wall time in a zone that is `offsetMin` ahead of UTC. */
const at = (local: string, offsetMin = 480) => ({ wallMs: Date.parse(`${local}Z`) - offsetMin * 60_000, offsetMin });
const fits = (rule: Omit<HoursRule, 'goTo'>, local: string, offsetMin?: number) =>
  ruleFits({ ...rule, goTo: 'x' }, calendar, at(local, offsetMin));

describe('rules', () => {
  // 2026-03-02 is a Monday.
  test.each<[Omit<HoursRule, 'goTo'>, string, boolean]>([
    [{}, '2026-03-02T00:00:00', true],
    [{ from: '09:00', to: '18:00' }, '2026-03-02T08:59:59', false],
    [{ from: '09:00', to: '18:00' }, '2026-03-02T09:00:00', true],
    [{ from: '09:00', to: '18:00' }, '2026-03-02T17:59:59', true],
    [{ from: '09:00', to: '18:00' }, '2026-03-02T18:00:00', false],
    [{ from: '18:00' }, '2026-03-02T23:59:59', true],
    [{ to: '09:00' }, '2026-03-02T00:00:00', true],
    [{ from: '20:00', to: '24:00' }, '2026-03-02T23:59:59', true],
    [{ from: '24:00' }, '2026-03-02T23:59:59', false],
    [{ from: '09:00', to: '09:00' }, '2026-03-02T10:00:00', true],
    [{ from: '09:00', to: '09:00', weekdays: [1] }, '2026-03-03T08:00:00', true],
    [{ from: '09:00', to: '09:00', weekdays: [1] }, '2026-03-03T10:00:00', false],
    [{ weekdays: [1, 2, 3, 4, 5] }, '2026-03-02T12:00:00', true],
    [{ weekdays: [1, 2, 3, 4, 5] }, '2026-03-01T12:00:00', false],
    [{ weekdays: [7] }, '2026-03-01T12:00:00', true],
    [{ weekdays: [] }, '2026-03-01T12:00:00', false],
    [{ dates: ['2026-03-02'] }, '2026-03-02T12:00:00', true],
    [{ dates: ['2026-10-01/2026-10-07'] }, '2026-10-07T23:59:00', true],
    [{ dates: ['2026-10-01/2026-10-07'] }, '2026-10-08T00:00:00', false],
    [{ dayKind: 'holiday' }, '2026-02-17T12:00:00', true],
    [{ dayKind: 'holiday' }, '2026-02-14T12:00:00', false],
    [{ dayKind: 'workday' }, '2026-02-14T12:00:00', true],
    [{ dayKind: 'ordinary' }, '2026-02-16T12:00:00', true],
    [{ dayKind: 'ordinary' }, '2026-02-17T12:00:00', false],
    [{ from: '9:00' }, '2026-03-02T12:00:00', false],
    [{ to: '25:00' }, '2026-03-02T12:00:00', false],
    [{ to: '24:01' }, '2026-03-02T12:00:00', false],
  ])('%j at %s: %s', (rule, local, expected) => {
    expect(fits(rule, local)).toBe(expected);
  });

  test.each([
    ['2026-03-06T21:59:59', false],
    ['2026-03-06T22:00:00', true],
    ['2026-03-07T05:59:59', true],
    ['2026-03-07T06:00:00', false],
    ['2026-03-07T22:00:00', false],
    ['2026-03-06T02:00:00', false],
  ])('a Friday night lasts into Saturday morning: %s %s', (local, expected) => {
    expect(fits({ from: '22:00', to: '06:00', weekdays: [5] }, local)).toBe(expected);
  });

  test('the morning after a holiday night belongs to the holiday', () => {
    expect(fits({ from: '22:00', to: '06:00', dayKind: 'holiday' }, '2026-02-18T01:00:00')).toBe(true);
    expect(fits({ from: '22:00', to: '06:00', dayKind: 'holiday' }, '2026-02-17T01:00:00')).toBe(false);
  });

  test('the same UTC moment is another local time after the clocks change', () => {
    // New York, 2026-03-08: 06:59:59 UTC is 01:59:59 EST, 07:00:00 UTC is 03:00:00 EDT.
    const rule = { from: '03:00', to: '04:00', goTo: 'x' };
    const utc = (text: string) => Date.parse(`${text}Z`);
    expect(ruleFits(rule, undefined, { wallMs: utc('2026-03-08T06:59:59'), offsetMin: -300 })).toBe(false);
    expect(ruleFits(rule, undefined, { wallMs: utc('2026-03-08T07:00:00'), offsetMin: -240 })).toBe(true);
    // 2026-11-01: the hour from one to two comes twice; the rule fits both times.
    const twice = { from: '01:00', to: '02:00', goTo: 'x' };
    expect(ruleFits(twice, undefined, { wallMs: utc('2026-11-01T05:30:00'), offsetMin: -240 })).toBe(true);
    expect(ruleFits(twice, undefined, { wallMs: utc('2026-11-01T06:30:00'), offsetMin: -300 })).toBe(true);
    expect(ruleFits(twice, undefined, { wallMs: utc('2026-11-01T07:00:00'), offsetMin: -300 })).toBe(false);
  });

  test('a special working day wins over a holiday of the same date', () => {
    expect(dayKindOf('2026-02-14', calendar)).toBe('workday');
    expect(dayKindOf('2026-02-17', undefined)).toBe('ordinary');
  });
});

describe('local time', () => {
  test('agrees with the calendar of the language over four centuries and all offsets', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2300, 0, 1) }),
        fc.integer({ min: -720, max: 840 }),
        fc.constantFrom(0, -1),
        (wallMs, offsetMin, dayShift) => {
          const shown = new Date(wallMs + offsetMin * 60_000 + dayShift * 86_400_000);
          expect(localTime(wallMs, offsetMin, dayShift)).toEqual({
            date: shown.toISOString().slice(0, 10),
            weekday: shown.getUTCDay() === 0 ? 7 : shown.getUTCDay(),
            minuteOfDay: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('minutes of a day', () => {
    expect(minutesOf('00:00')).toBe(0);
    expect(minutesOf('24:00')).toBe(1440);
    for (const text of ['24:01', '7:00', '07:60', '', 'noon']) expect(minutesOf(text)).toBeUndefined();
  });
});
