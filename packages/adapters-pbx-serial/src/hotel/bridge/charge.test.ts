import { describe, expect, test } from 'vitest';
import { rateBook } from '../../rating/table.js';
import type { SmdrRecord } from '../../smdr/record.js';
import { roomsOf } from '../rooms.js';
import { type ChargeRules, chargeOf } from './charge.js';

const at = '2026-11-22T23:59:58';
const rooms = roomsOf({ list: { '101': '8101' } });
const rates = rateBook({
  currency: 'CNY',
  rates: [
    { prefix: '', kind: 'local', firstMs: 60_000, firstPrice: 22, unitMs: 60_000, unitPrice: 11 },
    { prefix: '800', kind: 'free', firstMs: 60_000, firstPrice: 0, unitMs: 60_000, unitPrice: 0 },
  ],
});
const call = (more: Partial<SmdrRecord> = {}): SmdrRecord => ({
  direction: 'out',
  extension: '8101',
  number: '5551234',
  start: '2026-11-22T11:00:00',
  durationMs: 125_000,
  doubts: [],
  raw: '',
  ...more,
});
const charge = (record: SmdrRecord, rules: ChargeRules = { rates }) => chargeOf(record, { rules, rooms, at });
const values = (record: SmdrRecord, rules?: ChargeRules) => {
  const made = charge(record, rules);
  return made.outcome === 'charge' ? made.values : made.why;
};

test('a call is a direct charge of its price, with its digits, length and beginning', () => {
  expect(charge(call())).toEqual({
    outcome: 'charge',
    room: '101',
    amount: 44,
    values: { RN: '101', PT: 'C', TA: '44', DD: '5551234', DU: '000205', DA: '261122', TI: '110000' },
  });
  const { start: _start, ...undated } = call();
  expect(values(undated)).toMatchObject({ DA: '261122', TI: '235958' });
  expect(values(call(), { rates, outlet: '7' })).toMatchObject({ SO: '7' });
});

describe('why a call is not charged', () => {
  const { extension: _extension, ...nobody } = call();
  test.each<[string, SmdrRecord, ChargeRules, unknown]>([
    ['no extension', nobody, { rates }, { outcome: 'none', why: 'noRoom' }],
    ['an extension that is no room', call({ extension: '8102' }), { rates }, { outcome: 'none', why: 'noRoom' }],
    [
      'inside',
      call({ direction: 'internal' }),
      { rates, free: 'post' },
      { outcome: 'none', why: 'internal', room: '101' },
    ],
    [
      'without a price',
      call({ number: '' }),
      { rates, free: 'post' },
      { outcome: 'none', why: 'unrated', room: '101' },
    ],
    ['free', call({ number: '8001234' }), { rates }, { outcome: 'none', why: 'free', room: '101' }],
    ['not answered', call({ durationMs: 0 }), { rates }, { outcome: 'none', why: 'free', room: '101' }],
    ['no cost told', call(), {}, { outcome: 'none', why: 'noAmount', room: '101' }],
    ['no cost told of one that came in', call({ direction: 'in' }), {}, { outcome: 'none', why: 'free', room: '101' }],
    ['no pulses told', call({ costMinor: 5 }), { by: 'pulses' }, { outcome: 'none', why: 'noAmount', room: '101' }],
  ])('%s', (_why, record, rules, expected) => {
    expect(charge(record, rules)).toEqual(expected);
  });

  test('what costs nothing is posted where the hotel wants to see it', () => {
    expect(values(call({ number: '8001234' }), { rates, free: 'post' })).toMatchObject({ TA: '0', DD: '8001234' });
    expect(values(call({ costMinor: 0 }), { free: 'post' })).toMatchObject({ TA: '0' });
  });
});

test('the cost that the PBX counted, where there are no prices; its pulses, where the hotel has the price of one', () => {
  expect(values(call({ costMinor: 130, pulses: 3 }), {})).toMatchObject({ PT: 'C', TA: '130' });
  expect(values(call({ costMinor: 130, direction: 'in' }), {})).toMatchObject({ TA: '130' });
  const pulses = values(call({ costMinor: 130, pulses: 3 }), { by: 'pulses', rates });
  expect(pulses).toMatchObject({ PT: 'T', MP: '3' });
  expect(pulses).not.toHaveProperty('TA');
  expect(values(call({ pulses: 1_000_000 }), { by: 'pulses' })).toMatchObject({ MP: '999999' });
});

test.each([
  [499, '000000'],
  [500, '000001'],
  [59_499, '000059'],
  [3_599_500, '010000'],
  [45_296_000, '123456'],
  [86_399_000, '235959'],
  [90_000_000, '235959'],
])('a length of %i ms is %s, rounded to the second and no day long', (durationMs, text) => {
  expect(values(call({ durationMs, costMinor: 1 }), {})).toMatchObject({ DU: text });
});

test.each<[string | undefined, number, string | undefined]>([
  ['010 6500-1234', 0, '01065001234'],
  ['*9#+86.10', 0, '*9#+86.10'],
  ['5551234', 4, '555XXXX'],
  ['5551234', 7, 'XXXXXXX'],
  ['5551234', 32, 'XXXXXXX'],
  ['1'.repeat(40), 0, '1'.repeat(32)],
  ['', 4, undefined],
  [undefined, 0, undefined],
])('the digits %s with the last %i hidden are %s', (number, hideLast, text) => {
  const { number: _number, ...without } = call({ costMinor: 1 });
  const made = values(number === undefined ? without : { ...without, number }, { hideLast });
  expect(typeof made === 'object' ? made.DD : made).toBe(text);
});
