import type { SmdrRecord } from '../smdr/record.js';
import { type Payer, payersOf } from './credit.js';
import { type CallCharge, rateCall } from './rate.js';
import type { RateBook } from './table.js';

/** A call that costs something else by the new table. */
export interface RateDifference {
  /** Place in the month, from 0. */
  readonly index: number;
  readonly record: SmdrRecord;
  readonly before: CallCharge;
  readonly after: CallCharge;
  /** After less before, minor units; a call without a price counts as 0. */
  readonly differenceMinor: number;
}

/** Sums of a month by one table. */
export interface RateTotals {
  readonly calls: number;
  readonly rated: number;
  readonly free: number;
  readonly unrated: number;
  readonly costMinor: number;
  /** By kind of call. */
  readonly byKind: Readonly<Record<string, number>>;
  /** By extension; calls without one under an empty key. */
  readonly byExtension: Readonly<Record<string, number>>;
  /** By account code, of calls that have one. */
  readonly byAccountCode: Readonly<Record<string, number>>;
  /** By the key of a personal password, of calls that have one. */
  readonly byPersonalPassword: Readonly<Record<string, number>>;
  /** By DISA password, of calls that have one. */
  readonly byDisaPassword: Readonly<Record<string, number>>;
}

/** What a change of rates does to a month. */
export interface RateReport {
  readonly before: RateTotals;
  readonly after: RateTotals;
  readonly differences: readonly RateDifference[];
  /** What each extension's sum changes by; only those that change. */
  readonly byExtension: Readonly<Record<string, number>>;
}

class Sums {
  readonly #sums = new Map<string, number>();

  add(key: string, amount: number): void {
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + amount);
  }

  told(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#sums);
  }
}

const priceOf = (charge: CallCharge): number => (charge.outcome === 'unrated' ? 0 : charge.costMinor);

/** Sums charges, one a record at the same places. */
export function totalsOf(records: readonly SmdrRecord[], charges: readonly CallCharge[]): RateTotals {
  const [byKind, byExtension, byAccountCode, byPersonal, byDisa] = [
    new Sums(),
    new Sums(),
    new Sums(),
    new Sums(),
    new Sums(),
  ];
  const counts = { rated: 0, free: 0, unrated: 0 };
  let costMinor = 0;
  for (const [index, charge] of charges.entries()) {
    counts[charge.outcome] += 1;
    if (charge.outcome !== 'rated') continue;
    costMinor += charge.costMinor;
    const { extension = '', accountCode, personalCode, disaCode } = records[index] ?? {};
    byKind.add(charge.kind, charge.costMinor);
    byExtension.add(extension, charge.costMinor);
    if (accountCode !== undefined) byAccountCode.add(accountCode, charge.costMinor);
    if (personalCode !== undefined) byPersonal.add(personalCode, charge.costMinor);
    if (disaCode !== undefined) byDisa.add(disaCode, charge.costMinor);
  }
  return {
    calls: charges.length,
    ...counts,
    costMinor,
    byKind: byKind.told(),
    byExtension: byExtension.told(),
    byAccountCode: byAccountCode.told(),
    byPersonalPassword: byPersonal.told(),
    byDisaPassword: byDisa.told(),
  };
}

/** What a payer is to get back (above zero) or owes (below) after a change of rates. */
export interface Correction {
  readonly payer: Payer;
  readonly amountMinor: number;
}

/**
 * What a change of rates means for balances that were charged by the old ones: for each call the first payer that has an account, as when it was charged.
 *
 * @param hasAccount - had this payer an account when the calls were charged?
 */
export function correctionsOf(
  { differences }: RateReport,
  hasAccount: (payer: Payer) => boolean,
): readonly Correction[] {
  const byPayer = new Map<string, Correction>();
  for (const { record, differenceMinor } of differences) {
    const payer = payersOf(record).find(hasAccount);
    if (payer === undefined) continue;
    const key = `${payer.by} ${payer.id}`;
    byPayer.set(key, { payer, amountMinor: (byPayer.get(key)?.amountMinor ?? 0) - differenceMinor });
  }
  return [...byPayer.values()].filter(({ amountMinor }) => amountMinor !== 0);
}

/** Rates a month by both tables and tells every call whose price, kind or rate differs. Pure: corrections of balances are the caller's. */
export function recompute(records: readonly SmdrRecord[], before: RateBook, after: RateBook): RateReport {
  const old = records.map((record) => rateCall(record, before));
  const now = records.map((record) => rateCall(record, after));
  const differences: RateDifference[] = [];
  const byExtension = new Map<string, number>();
  for (const [index, record] of records.entries()) {
    const [was, is] = [old[index], now[index]];
    if (was === undefined || is === undefined || JSON.stringify(was) === JSON.stringify(is)) continue;
    const differenceMinor = priceOf(is) - priceOf(was);
    differences.push({ index, record, before: was, after: is, differenceMinor });
    const extension = record.extension ?? '';
    if (differenceMinor !== 0) byExtension.set(extension, (byExtension.get(extension) ?? 0) + differenceMinor);
  }
  return {
    before: totalsOf(records, old),
    after: totalsOf(records, now),
    differences,
    byExtension: Object.fromEntries([...byExtension].filter(([, change]) => change !== 0)),
  };
}
