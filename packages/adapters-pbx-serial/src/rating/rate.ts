import type { SmdrRecord } from '../smdr/record.js';
import type { CallKind, CallPrice, CallRate, RateBook } from './table.js';

/** Why a call has no price. It is told, never taken for free. */
export type UnratedReason =
  /** No prefix of the table begins the number. */
  | 'noPrefix'
  | 'noNumber'
  | 'noDuration'
  /** Whether it was a holiday is not known, and prices differ. */
  | 'noDate'
  /** Hidden digits decide which prefix it is. */
  | 'digitsHidden'
  /** Neither outgoing, incoming nor internal, as far as is known. */
  | 'noDirection';

/** What a call costs. */
export type CallCharge =
  | {
      readonly outcome: 'rated';
      readonly kind: CallKind | 'incoming';
      /** Of the rate that was used. */
      readonly prefix: string;
      readonly costMinor: number;
      /** Units after the first. */
      readonly units: number;
      readonly day: 'workday' | 'holiday';
    }
  /** Not answered, shorter than the grace, internal, or incoming where those cost nothing. */
  | { readonly outcome: 'free'; readonly why: 'unanswered' | 'short' | 'internal' | 'incoming'; readonly costMinor: 0 }
  | { readonly outcome: 'unrated'; readonly reason: UnratedReason };

const unrated = (reason: UnratedReason): CallCharge => ({ outcome: 'unrated', reason });

/** First unit whole, then every unit begun. */
function costOf(
  { firstMs, firstPrice, unitMs, unitPrice }: CallPrice,
  durationMs: number,
): { readonly costMinor: number; readonly units: number } {
  const units = durationMs <= firstMs ? 0 : Math.ceil((durationMs - firstMs) / unitMs);
  return { costMinor: firstPrice + units * unitPrice, units };
}

const digitsOf = (text: string): string => text.replace(/[ ()-]/gu, '').replace(/^\+/u, '');

/** The number without the code that reached the outside line; a number that is nothing but the code is left as it is. */
function withoutAccess(text: string, codes: readonly string[]): string {
  const code = codes.find((one) => text.startsWith(one) && text.length > one.length);
  return code === undefined ? text : text.slice(code.length);
}

/** The longest prefix wins; of equal ones the line's own, which comes first. */
function rateOf(record: SmdrRecord, book: RateBook): CallRate | 'noPrefix' | 'digitsHidden' {
  const digits = withoutAccess(digitsOf(record.number ?? ''), book.accessCodes);
  const hidden = digits.search(/[^\d]/u);
  const known = hidden < 0 ? digits : digits.slice(0, hidden);
  let best: CallRate | undefined;
  for (const { byPrefix, longest } of book.ratesFor(record.line)) {
    if (
      hidden >= 0 &&
      longest > known.length &&
      [...byPrefix.keys()].some((prefix) => prefix.length > known.length && prefix.startsWith(known))
    )
      return 'digitsHidden';
    for (let length = Math.min(longest, known.length); length > (best?.prefix.length ?? -1); length -= 1) {
      const found = byPrefix.get(known.slice(0, length));
      if (found === undefined) continue;
      best = found;
      break;
    }
  }
  return best ?? 'noPrefix';
}

/**
 * What a call costs by a table. Pure; money in minor units. The day is that of the start: a call over midnight has one price.
 *
 * @returns `rated` with its price; `free`; or `unrated` with the reason, where guessing would be charging somebody for a guess
 */
export function rateCall(record: SmdrRecord, book: RateBook): CallCharge {
  const { direction, durationMs, start } = record;
  if (direction === 'internal') return { outcome: 'free', why: 'internal', costMinor: 0 };
  if (direction === 'unknown') return unrated('noDirection');
  if (direction === 'in' && book.incoming === undefined) return { outcome: 'free', why: 'incoming', costMinor: 0 };
  if (record.answered === 'unanswered' || durationMs === 0) return { outcome: 'free', why: 'unanswered', costMinor: 0 };
  if (durationMs === undefined) return unrated('noDuration');
  if (direction === 'in' && book.incoming !== undefined) {
    return {
      outcome: 'rated',
      kind: 'incoming',
      prefix: '',
      ...costOf(book.incoming, durationMs),
      day: start !== undefined && book.isHoliday(start) ? 'holiday' : 'workday',
    };
  }
  if (durationMs < book.graceMs) return { outcome: 'free', why: 'short', costMinor: 0 };
  if (record.number === undefined || record.number === '') return unrated('noNumber');
  const rate = rateOf(record, book);
  if (typeof rate === 'string') return unrated(rate);
  const { kind, prefix } = rate;
  if (rate.holiday !== undefined && start === undefined) return unrated('noDate');
  const day = start !== undefined && book.isHoliday(start) ? 'holiday' : 'workday';
  const price = day === 'holiday' && rate.holiday !== undefined ? rate.holiday : rate;
  // A free number stays free whatever stands beside it.
  if (kind === 'free') return { outcome: 'rated', kind, prefix, costMinor: 0, units: 0, day };
  return { outcome: 'rated', kind, prefix, ...costOf(price, durationMs), day };
}
