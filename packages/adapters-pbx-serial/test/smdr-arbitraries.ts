import fc from 'fast-check';
import { stampOf } from '../src/smdr/fields.js';
import type { SmdrFormatName, SmdrOptions, SmdrRecord } from '../src/smdr/index.js';

/** Local time at which everything arrives; formats without a year are given days of the half year before. */
export const ARRIVED = '2026-11-22T23:59:59';

export const OPTIONS: Readonly<Record<SmdrFormatName, SmdrOptions>> = {
  'panasonic-a': {},
  'panasonic-b': { dateOrder: 'dmy' },
  'panasonic-c': { hours: 24 },
  'kx-td': { dateOrder: 'ymd' },
  'kx-ta': {},
  dbs: {},
  shenou: {},
  'ipoffice-csv': {},
  'definity-80': {},
  'generic-csv': {
    dateOrder: 'dmy',
    table: {
      columns: [
        'start',
        'duration',
        'ring',
        'extension',
        'line',
        'direction',
        'number',
        'name',
        'accountCode',
        'personalCode',
        'cost',
        'pulses',
        'recordNo',
      ],
      delimiter: ';',
      directions: { out: ['O'], in: ['I'], internal: ['X'] },
    },
  },
};

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
/** A name that no digits stand in, and that no word of a format is. */
const name = fc.stringMatching(/^[A-Z][a-z]{1,3} [A-Z][a-z]{1,4}$/);
type Fields = Partial<Record<keyof SmdrRecord, fc.Arbitrary<unknown>>>;

interface Stamp {
  readonly unit: 60 | 1;
  readonly lengthUnit: 1 | 6;
  readonly ringMax: number;
  readonly clock: 'start' | 'end';
  readonly guessed?: 'guessed';
  readonly lengthMax?: number;
}

function record(stamp: Stamp, fields: Fields): fc.Arbitrary<SmdrRecord> {
  const ring = stamp.ringMax === 0 ? fc.constant(undefined) : fc.option(fc.nat(stamp.ringMax), { nil: undefined });
  // Formats without a date are read from the day of arrival, so their calls end on it.
  const days =
    stamp.guessed === 'guessed' && stamp.clock === 'end' ? fc.constant(0) : fc.integer({ min: -120, max: 0 });
  return fc
    .record({ days, at: fc.nat(86_399), length: fc.nat(stamp.lengthMax ?? 35_999), ring, rest: fc.record(fields) })
    .map(({ days, at, length, ring, rest }) => {
      const seconds = Math.floor(length / stamp.lengthUnit) * stamp.lengthUnit;
      const stamped = days * 86_400 + Math.floor(at / stamp.unit) * stamp.unit;
      const start = stampOf(
        { year: 2026, month: 11, day: 22 },
        stamp.clock === 'end' ? stamped - seconds - (ring ?? 0) : stamped,
      );
      const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      return {
        start,
        durationMs: seconds * 1000,
        ...(ring === undefined ? {} : { ringMs: ring * 1000 }),
        ...known,
        doubts: stamp.guessed ? ['dateGuessed'] : [],
        raw: '',
      } as unknown as SmdrRecord;
    });
}
const maybe = <T>(from: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(from, { nil: undefined });

/** What the format tells besides what the record has itself: whether an incoming call was answered. */
const answered = (one: SmdrRecord): SmdrRecord =>
  one.direction === 'in' ? { ...one, answered: (one.durationMs ?? 0) > 0 ? 'answered' : 'unanswered' } : one;
const withoutNameOut = ({ name: _name, did: _did, ...one }: SmdrRecord): SmdrRecord =>
  one.direction === 'in'
    ? ({
        ...one,
        ...(_name === undefined ? {} : { name: _name }),
        ...(_did === undefined ? {} : { did: _did }),
      } as SmdrRecord)
    : (one as SmdrRecord);
const way = fc.constantFrom('in', 'out');

function panasonic(numberMax: number, lineMax: number, more: Fields, ringMax: number): fc.Arbitrary<SmdrRecord> {
  return record(
    { unit: 60, lengthUnit: 1, ringMax, clock: 'end' },
    {
      direction: way,
      extension: digits(1, 5),
      line: digits(1, lineMax),
      number: digits(3, numberMax - 15),
      name: maybe(name),
      accountCode: maybe(digits(1, 10)),
      ...more,
    },
  )
    .map(withoutNameOut)
    .map(answered);
}
const money: Fields = { costMinor: maybe(fc.nat(9_999_999)), currency: maybe(fc.constantFrom('EU', 'US')) };
const paid = ({ currency, ...one }: SmdrRecord): SmdrRecord =>
  one.costMinor === undefined || currency === undefined ? one : { ...one, currency };

/** Records that a format can tell whole. */
export const RECORDS: Readonly<Record<SmdrFormatName, fc.Arbitrary<SmdrRecord>>> = {
  'panasonic-a': panasonic(25, 2, {}, 599),
  'panasonic-b': panasonic(20, 2, money, 0).map(paid),
  'panasonic-c': panasonic(50, 4, money, 599).map(paid),
  'kx-td': panasonic(25, 2, {}, 599),
  'kx-ta': record(
    { unit: 60, lengthUnit: 1, ringMax: 0, clock: 'start' },
    {
      direction: way,
      extension: digits(1, 4),
      line: digits(2, 2),
      number: digits(3, 8),
      name: maybe(name),
      accountCode: maybe(digits(1, 4)),
      transfer: maybe(fc.constant('from')),
    },
  )
    .map(withoutNameOut)
    .map(answered),
  dbs: record(
    { unit: 1, lengthUnit: 1, ringMax: 0, clock: 'start', guessed: 'guessed' },
    {
      direction: way,
      extension: digits(1, 3),
      line: digits(1, 2),
      number: digits(1, 27),
      accountCode: maybe(digits(1, 10)),
      personalCode: maybe(digits(4, 4).map((d) => `V${d}`)),
    },
  )
    .map((one): SmdrRecord => ({ ...one, code: one.direction === 'in' ? 'I' : 'O' }))
    .map(answered),
  shenou: record(
    { unit: 1, lengthUnit: 1, ringMax: 0, clock: 'start' },
    {
      direction: fc.constantFrom('in', 'out', 'internal'),
      extension: digits(1, 7),
      number: digits(1, 15),
      did: maybe(digits(1, 15)),
      costMinor: maybe(fc.nat(99_999_999)),
    },
  )
    .map((one): SmdrRecord => ({ ...one, code: one.direction === 'in' ? '12' : one.direction === 'out' ? '08' : '09' }))
    .map(answered),
  'ipoffice-csv': record(
    { unit: 1, lengthUnit: 1, ringMax: 999, clock: 'start' },
    {
      direction: way,
      extension: digits(1, 6),
      line: digits(1, 5),
      number: digits(1, 20),
      accountCode: maybe(fc.stringMatching(/^[A-Za-z0-9",]{1,12}$/)),
      callRef: digits(1, 12),
      continues: maybe(fc.constant('continues')),
      costMinor: maybe(fc.nat(9_999_999)),
      personalCode: maybe(digits(1, 8)),
      currency: maybe(fc.constant('EUR')),
      pulses: maybe(fc.integer({ min: 1, max: 9999 })),
    },
  )
    .map(answered)
    .map(({ ringMs, ...one }): SmdrRecord => (ringMs === undefined || ringMs === 0 ? one : { ...one, ringMs })),
  'definity-80': record(
    { unit: 60, lengthUnit: 6, ringMax: 0, clock: 'end', guessed: 'guessed', lengthMax: 35_994 },
    {
      direction: way,
      extension: digits(1, 5),
      line: digits(1, 3),
      number: digits(1, 4),
      accountCode: maybe(digits(1, 15)),
      personalCode: maybe(digits(1, 7)),
    },
  ).map((one): SmdrRecord => ({ ...one, code: one.direction === 'in' ? '9' : '7' })),
  'generic-csv': record(
    { unit: 1, lengthUnit: 1, ringMax: 9999, clock: 'start' },
    {
      direction: fc.constantFrom('in', 'out', 'internal'),
      extension: digits(1, 6),
      line: digits(1, 5),
      number: digits(1, 20),
      name: maybe(fc.stringMatching(/^[A-Z][A-Za-z";]{0,12}$/)),
      accountCode: maybe(digits(1, 12)),
      personalCode: maybe(digits(1, 8)),
      costMinor: maybe(fc.nat(9_999_999)),
      pulses: maybe(fc.nat(9999)),
      recordNo: maybe(digits(4, 4)),
    },
  ).map(answered),
};
