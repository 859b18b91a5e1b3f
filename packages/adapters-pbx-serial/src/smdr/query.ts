import type { SmdrDirection, SmdrRecord } from './record.js';

/** Which records are wanted; what is left out does not matter. */
export interface SmdrQuery {
  /** Local start, at or after: `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`. Records without a start are in no span. */
  readonly from?: string;
  /** Local start, before. */
  readonly to?: string;
  readonly extension?: string;
  readonly line?: string;
  /** Beginning of the number; of a hidden one, what is known of it. */
  readonly number?: string;
  readonly direction?: SmdrDirection;
  readonly answered?: 'answered' | 'unanswered';
  readonly accountCode?: string;
  /** At least this long, ms. */
  readonly minDurationMs?: number;
}

/** Does a record fit a query? */
export function fitsQuery(record: SmdrRecord, query: SmdrQuery): boolean {
  const { from, to, number, minDurationMs } = query;
  if (from !== undefined && (record.start === undefined || record.start < from)) return false;
  if (to !== undefined && (record.start === undefined || record.start >= to)) return false;
  if (number !== undefined && record.number?.startsWith(number) !== true) return false;
  if (minDurationMs !== undefined && (record.durationMs ?? -1) < minDurationMs) return false;
  for (const field of ['extension', 'line', 'direction', 'answered', 'accountCode'] as const) {
    if (query[field] !== undefined && record[field] !== query[field]) return false;
  }
  return true;
}
