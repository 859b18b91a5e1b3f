import type { SmdrRecord } from '../smdr/record.js';
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
}

/** What a change of rates does to a month. */
export interface RateReport {
  readonly before: RateTotals;
  readonly after: RateTotals;
  readonly differences: readonly RateDifference[];
  /** What each extension's sum changes by; only those that change. */
  readonly byExtension: Readonly<Record<string, number>>;
}

const priceOf = (charge: CallCharge): number => (charge.outcome === 'unrated' ? 0 : charge.costMinor);

/** Sums charges, one a record at the same places. */
export function totalsOf(records: readonly SmdrRecord[], charges: readonly CallCharge[]): RateTotals {
  const byKind = new Map<string, number>();
  const byExtension = new Map<string, number>();
  const counts = { rated: 0, free: 0, unrated: 0 };
  let costMinor = 0;
  for (const [index, charge] of charges.entries()) {
    counts[charge.outcome] += 1;
    if (charge.outcome !== 'rated') continue;
    costMinor += charge.costMinor;
    byKind.set(charge.kind, (byKind.get(charge.kind) ?? 0) + charge.costMinor);
    const extension = records[index]?.extension ?? '';
    byExtension.set(extension, (byExtension.get(extension) ?? 0) + charge.costMinor);
  }
  return {
    calls: charges.length,
    ...counts,
    costMinor,
    byKind: Object.fromEntries(byKind),
    byExtension: Object.fromEntries(byExtension),
  };
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
