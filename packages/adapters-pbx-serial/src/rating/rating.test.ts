import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SmdrRecord } from '../smdr/record.js';
import {
  type CreditAccount,
  chargeAccount,
  classOf,
  creditAccount,
  payersOf,
  type RateTable,
  rateBook,
  rateCall,
  recompute,
  renewAccount,
  totalsOf,
} from './index.js';

const minute = 60_000;
const table: RateTable = {
  currency: 'CNY',
  accessCodes: ['9', '90'],
  graceMs: 3000,
  holidays: ['10-01', '2026-02-17'],
  holidayWeekdays: [0],
  rates: [
    { prefix: '', kind: 'local', firstMs: 3 * minute, firstPrice: 22, unitMs: minute, unitPrice: 11 },
    {
      prefix: '0',
      kind: 'longDistance',
      firstMs: 6000,
      firstPrice: 7,
      unitMs: 6000,
      unitPrice: 7,
      holiday: { firstMs: 6000, firstPrice: 4, unitMs: 6000, unitPrice: 4 },
    },
    { prefix: '00', kind: 'international', firstMs: minute, firstPrice: 360, unitMs: 6000, unitPrice: 36 },
    { prefix: '13', kind: 'mobile', firstMs: minute, firstPrice: 30, unitMs: minute, unitPrice: 30 },
    { prefix: '800', kind: 'free', firstMs: minute, firstPrice: 0, unitMs: minute, unitPrice: 0 },
  ],
  lines: {
    '07': [{ prefix: '0', kind: 'longDistance', firstMs: minute, firstPrice: 10, unitMs: minute, unitPrice: 10 }],
  },
};
const book = rateBook(table);
const call = (number: string, durationMs: number, more: Partial<SmdrRecord> = {}): SmdrRecord => ({
  direction: 'out',
  number,
  durationMs,
  start: '2026-11-23T09:00:00',
  doubts: [],
  raw: '',
  ...more,
});
const cost = (record: SmdrRecord): number | string => {
  const charge = rateCall(record, book);
  return charge.outcome === 'unrated' ? charge.reason : charge.costMinor;
};

describe('rateCall', () => {
  test('where incoming calls have a price, it is theirs alone', () => {
    const incoming = { firstMs: minute, firstPrice: 3, unitMs: minute, unitPrice: 2 };
    const both = rateBook({ ...table, incoming });
    const costs = (record: SmdrRecord) => rateCall(record, both);
    expect(costs(call('13912345678', 2 * minute, { direction: 'in' }))).toEqual({
      outcome: 'rated',
      kind: 'incoming',
      prefix: '',
      costMinor: 5,
      units: 1,
      day: 'workday',
    });
    expect(costs(call('13912345678', minute))).toEqual(rateCall(call('13912345678', minute), book));
    expect(costs(call('13912345678', 0, { direction: 'in' }))).toMatchObject({ outcome: 'free', why: 'unanswered' });
    expect(costs(call('801', minute, { direction: 'internal' }))).toMatchObject({ outcome: 'free', why: 'internal' });
  });

  test.each<[string, SmdrRecord, number | string]>([
    ['the first unit whole', call('5551234', 4000), 22],
    ['up to its last moment', call('5551234', 3 * minute), 22],
    ['a unit begun is a unit', call('5551234', 3 * minute + 1), 33],
    ['and its end begins no other', call('5551234', 4 * minute), 33],
    ['the longest prefix wins', call('0044123', minute), 360],
    ['of a line, its own rate of equal length', call('0575123', minute, { line: '07' }), 10],
    ['but the longer one of the table', call('0044123', minute, { line: '07' }), 360],
    ['and the table where the line has none', call('5551234', minute, { line: '07' }), 22],
    ['a holiday of every year', call('0575123', 6000, { start: '2026-10-01T00:00:00' }), 4],
    ['a holiday of one year', call('0575123', 6000, { start: '2026-02-17T23:59:59' }), 4],
    ['not of another', call('0575123', 6000, { start: '2027-02-17T10:00:00' }), 7],
    ['a Sunday', call('0575123', 6000, { start: '2026-11-22T10:00:00' }), 4],
    ['a rate without a holiday price', call('13912345678', minute, { start: '2026-11-22T10:00:00' }), 30],
    ['a free number', call('8001234', minute), 0],
    ['the access code is taken off', call('913912345678', minute), 30],
    ['the longest access code', call('9013912345678', minute), 30],
    ['shorter than the grace', call('0044123', 2999), 0],
    ['not answered', call('0044123', 0), 0],
    ['incoming', call('0044123', minute, { direction: 'in' }), 0],
    ['internal', call('0044123', minute, { direction: 'internal' }), 0],
    ['hidden digits that do not matter', call('00....', minute), 360],
    ['hidden digits that do', call('1....', minute), 'digitsHidden'],
    ['no number', call('', minute), 'noNumber'],
    ['direction unknown', call('5', minute, { direction: 'unknown' }), 'noDirection'],
  ])('%s', (_what, record, expected) => {
    expect(cost(record)).toBe(expected);
  });

  test('what is not known is told, never free', () => {
    const { durationMs: _length, ...endless } = call('5551234', 1);
    const { start: _start, ...undated } = call('0575123', minute);
    expect([cost(endless), cost(undated)]).toEqual(['noDuration', 'noDate']);
    const narrow = rateBook({ ...table, rates: table.rates.filter(({ prefix }) => prefix !== '') });
    expect(rateCall(call('7', minute), narrow)).toEqual({ outcome: 'unrated', reason: 'noPrefix' });
  });

  test('against a plain search over all prefixes and a count of units', () => {
    const digits = fc.stringMatching(/^[01]{0,4}$/);
    const rates = fc.uniqueArray(
      fc.record({
        prefix: digits,
        firstMs: fc.integer({ min: 1, max: 50 }),
        firstPrice: fc.nat(50),
        unitMs: fc.integer({ min: 1, max: 50 }),
        unitPrice: fc.nat(50),
      }),
      { selector: ({ prefix }) => prefix, maxLength: 8 },
    );
    fc.assert(
      fc.property(
        rates,
        fc.stringMatching(/^[01]{1,8}$/),
        fc.integer({ min: 1, max: 500 }),
        (list, number, durationMs) => {
          const own = rateBook({ currency: 'EUR', rates: list.map((one) => ({ ...one, kind: 'local' as const })) });
          const best = list
            .filter(({ prefix }) => number.startsWith(prefix))
            .sort((a, b) => b.prefix.length - a.prefix.length)[0];
          const charge = rateCall(call(number, durationMs), own);
          if (best === undefined) {
            expect(charge.outcome).toBe('unrated');
            return;
          }
          let expected = best.firstPrice;
          for (let told = best.firstMs; told < durationMs; told += best.unitMs) expected += best.unitPrice;
          expect(charge).toMatchObject({ outcome: 'rated', prefix: best.prefix, costMinor: expected });
        },
      ),
    );
  });

  test('a wrong table is refused with the place', () => {
    expect(() =>
      rateBook({
        ...table,
        rates: [...table.rates, { prefix: '13', kind: 'mobile', firstMs: 1, firstPrice: 0, unitMs: 1, unitPrice: 0 }],
      }),
    ).toThrow('rates.5.prefix');
    expect(() =>
      rateBook({
        ...table,
        rates: [{ prefix: '1', kind: 'mobile', firstMs: 1, firstPrice: 0.5, unitMs: 1, unitPrice: 0 }],
      }),
    ).toThrow('rates.0.firstPrice');
  });
});

describe('pre-paid balances', () => {
  const account: CreditAccount = {
    payer: { by: 'extension', id: '101' },
    balanceMinor: 100,
    normalClass: '2',
    restrictedClass: '6',
    state: 'normal',
    warnAtMinor: 20,
  };
  test('warns once, drops the class once, restores it once', () => {
    const warned = chargeAccount(account, 85);
    expect(warned.decisions).toEqual([{ type: 'warn', payer: account.payer, balanceMinor: 15 }]);
    expect(chargeAccount(warned.account, 5).decisions).toEqual([]);
    const dropped = chargeAccount(warned.account, 15);
    expect(dropped.decisions).toEqual([{ type: 'setClass', payer: account.payer, to: '6', why: 'overQuota' }]);
    expect(classOf(dropped.account)).toBe('6');
    expect(chargeAccount(dropped.account, 40).decisions).toEqual([]);
    expect(creditAccount(dropped.account, 0).decisions).toEqual([]);
    const restored = creditAccount(dropped.account, 1);
    expect(restored.decisions).toEqual([{ type: 'setClass', payer: account.payer, to: '2', why: 'restored' }]);
    expect(renewAccount(dropped.account, 500)).toMatchObject({
      account: { balanceMinor: 500, state: 'normal' },
      decisions: [{ to: '2' }],
    });
    expect(() => chargeAccount(account, -1)).toThrow('argument.invalid');
    expect(() => chargeAccount(account, 0.5)).toThrow('argument.invalid');
  });

  test('whatever happens, the state follows the balance and the class was told at each change', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -200, max: 200 })), (steps) => {
        let [now, told] = [account, account.normalClass];
        for (const step of steps) {
          const outcome = step < 0 ? chargeAccount(now, -step) : creditAccount(now, step);
          for (const decision of outcome.decisions) if (decision.type === 'setClass') told = decision.to;
          now = outcome.account;
          expect(told).toBe(now.balanceMinor > 0 ? '2' : '6');
        }
        expect(now.balanceMinor).toBe(100 + steps.reduce((all, step) => all + step, 0));
      }),
    );
  });

  test('who pays: the most particular first', () => {
    expect(
      payersOf(call('5', 1, { extension: '101', personalCode: 'V1', disaCode: 'D1', accountCode: '77' })).map(
        ({ by }) => by,
      ),
    ).toEqual(['personalPassword', 'disaPassword', 'accountCode', 'extension']);
  });
});

test('a month after a change of rates: what differs, and the sums', () => {
  const records = [
    call('5551234', minute, { extension: '101' }),
    call('0044123', minute, { extension: '102' }),
    call('1....', minute),
  ];
  const dearer = rateBook({
    ...table,
    rates: table.rates.map((one) => (one.prefix === '00' ? { ...one, firstPrice: 400 } : one)),
  });
  const report = recompute(records, book, dearer);
  expect(report.differences).toMatchObject([
    { index: 1, differenceMinor: 40, before: { costMinor: 360 }, after: { costMinor: 400 } },
  ]);
  expect(report).toMatchObject({
    before: { calls: 3, rated: 2, unrated: 1, costMinor: 382 },
    after: { costMinor: 422 },
    byExtension: { '102': 40 },
  });
  expect(recompute(records, book, book).differences).toEqual([]);
});

test('the sums of a month: who has no code is in no sum of codes, who has no extension under none, what costs nothing in none', () => {
  const records = [
    call('5551234', minute, { extension: '101', accountCode: '77' }),
    call('13912345678', minute, { extension: '101', accountCode: '77', personalCode: 'P1' }),
    call('13912345678', 2 * minute, { extension: '102', disaCode: 'D1', personalCode: 'P1' }),
    call('0044123', minute),
    call('0044124', minute, { disaCode: 'D1' }),
    call('0044123', 0, { extension: '103', accountCode: '78' }),
    call('1....', minute, { extension: '104', personalCode: 'P2' }),
  ];
  const charges = records.map((one) => rateCall(one, book));
  expect(totalsOf(records, charges)).toEqual({
    calls: 7,
    rated: 5,
    free: 1,
    unrated: 1,
    costMinor: 22 + 30 + 60 + 360 + 360,
    byKind: { local: 22, mobile: 90, international: 720 },
    byExtension: { '101': 52, '102': 60, '': 720 },
    byAccountCode: { '77': 52 },
    byPersonalPassword: { P1: 90 },
    byDisaPassword: { D1: 420 },
  });
  const dearer = rateBook({
    ...table,
    rates: table.rates.map((one) =>
      one.prefix === '00' ? { ...one, firstPrice: 400 } : one.prefix === '' ? { ...one, firstPrice: 20 } : one,
    ),
  });
  expect(recompute(records, book, dearer).byExtension).toEqual({ '101': -2, '': 80 });
});
