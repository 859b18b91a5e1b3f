import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallCharge, type RateBook, type RateTable, rateBook, rateCall } from '../src/rating/index.js';
import type { SmdrRecord } from '../src/smdr/index.js';
import { naiveCost } from './rating-oracle.js';

const price = fc.record({
  firstMs: fc.constantFrom(1_000, 6_000, 60_000, 180_000),
  firstPrice: fc.nat(500),
  unitMs: fc.constantFrom(1_000, 6_000, 60_000),
  unitPrice: fc.nat(100),
});
const prefix = fc.constantFrom('', '0', '00', '01', '13', '139', '5', '55', '800');
const rate = fc
  .record({
    prefix,
    price,
    kind: fc.constantFrom('local', 'longDistance', 'mobile', 'free'),
    holiday: fc.option(price, { nil: undefined }),
  })
  .map(({ price: own, holiday, ...rest }) => ({ ...rest, ...own, ...(holiday === undefined ? {} : { holiday }) }));
const rates = fc.uniqueArray(rate, { selector: ({ prefix: one }) => one, minLength: 1, maxLength: 7 });
const tables = fc.record({
  currency: fc.constant('CNY'),
  rates,
  lines: fc.record({ '01': rates, '07': rates }, { requiredKeys: [] }),
  accessCodes: fc.subarray(['9', '90', '*1']),
  holidays: fc.subarray(['10-01', '2026-11-11', '2026-10-02']),
  holidayWeekdays: fc.subarray([0, 6]),
  graceMs: fc.constantFrom(0, 3_000),
}) as fc.Arbitrary<RateTable>;
const maybe = <T>(from: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(from, { nil: undefined, freq: 8 });
const calls = fc
  .record({
    direction: fc.constantFrom('out', 'out', 'out', 'out', 'in', 'internal', 'unknown'),
    number: maybe(
      fc.oneof(
        fc
          .tuple(fc.constantFrom('', '9', '90', '*1', '+'), prefix, fc.stringMatching(/^[0-9]{0,8}$/))
          .map((parts) => parts.join('')),
        fc.tuple(prefix, fc.stringMatching(/^[0-9]{0,3}\.{1,6}$/)).map((parts) => parts.join('')),
      ),
    ),
    durationMs: maybe(
      fc.oneof(fc.nat(400_000), fc.constantFrom(0, 1_000, 6_000, 60_000, 180_000, 180_001, 2_999, 3_000)),
    ),
    start: maybe(
      fc.constantFrom(
        '2026-11-11T00:00:00',
        '2026-11-22T23:59:59',
        '2026-11-21T08:00:00',
        '2025-10-01T12:00:00',
        '2026-10-02T00:00:00',
        '2026-11-23T10:00:00',
      ),
    ),
    line: maybe(fc.constantFrom('01', '07', '12')),
    answered: maybe(fc.constantFrom('answered', 'unanswered')),
  })
  .map(
    (call) =>
      ({
        ...Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined)),
        doubts: [],
        raw: '',
      }) as unknown as SmdrRecord,
  );

type Rater = (record: SmdrRecord, book: RateBook) => CallCharge;
const told = (charge: CallCharge): number | string => (charge.outcome === 'unrated' ? charge.reason : charge.costMinor);

/** A call for which a rater and the second opinion differ. */
function difference(rater: Rater): unknown {
  const found = fc.check(
    fc.property(tables, calls, (table, call) => told(rater(call, rateBook(table))) === naiveCost(call, table)),
    { numRuns: 4_000, seed: 17 },
  );
  return found.failed ? (found.counterexample ?? 'thrown') : undefined;
}

const booked =
  (change: (book: RateBook) => Partial<RateBook>): Rater =>
  (record, book) =>
    rateCall(record, { ...book, ...change(book) });

/** What a rater may get wrong. */
const defects: Readonly<Record<string, Rater>> = {
  'knows no holiday': booked(() => ({ isHoliday: () => false })),
  'takes the day after for the holiday': booked((book) => ({
    isHoliday: (stamp) => book.isHoliday(new Date(Date.parse(`${stamp}Z`) + 86_400_000).toISOString()),
  })),
  'forgets what a line has of its own': booked((book) => ({ ratesFor: () => book.ratesFor(undefined) })),
  'leaves the access code on': booked(() => ({ accessCodes: [] })),
  'takes the shortest access code': booked((book) => ({ accessCodes: [...book.accessCodes].reverse() })),
  'has no grace': booked(() => ({ graceMs: 0 })),
  'takes the shortest prefix': booked((book) => ({
    ratesFor: (line) => book.ratesFor(line).map(({ byPrefix }) => ({ byPrefix, longest: 1 })),
  })),
  'charges what was not answered': ({ answered: _answered, ...record }, book) => rateCall(record, book),
  'charges a unit that was not begun': (record, book) => {
    const charge = rateCall(record, book);
    return charge.outcome === 'rated' && charge.units > 0 ? { ...charge, costMinor: charge.costMinor + 1 } : charge;
  },
  'drops the part of a unit': (record, book) =>
    rateCall(
      record.durationMs === undefined
        ? record
        : { ...record, durationMs: Math.floor(record.durationMs / 6_000) * 6_000 },
      book,
    ),
  'takes an unknown price for free': (record, book) => {
    const charge = rateCall(record, book);
    return charge.outcome === 'unrated' ? { outcome: 'free', why: 'short', costMinor: 0 } : charge;
  },
  'guesses hidden digits': (record, book) =>
    rateCall(record.number === undefined ? record : { ...record, number: record.number.replace(/\./g, '5') }, book),
};

describe('rating beside a naive count', () => {
  test('agrees on every call by every table', () => {
    expect(difference(rateCall)).toBeUndefined();
  });
  test.each(Object.entries(defects))('a rater that %s is found out', (_what, rater) => {
    expect(difference(rater)).toBeDefined();
  });
});
