import type { RateTable } from '../src/rating/index.js';
import type { SmdrRecord } from '../src/smdr/index.js';

type Price = { firstMs: number; firstPrice: number; unitMs: number; unitPrice: number };

/** Counts the units off one by one, as a person with a watch would. */
function count({ firstMs, firstPrice, unitMs, unitPrice }: Price, durationMs: number): number {
  let [cost, left] = [firstPrice, durationMs - firstMs];
  while (left > 0) {
    cost += unitPrice;
    left -= unitMs;
  }
  return cost;
}

/**
 * The price of a call by the words of the documentation, with no index and no shortcut: a second opinion. A number of minor units, or why there is
 * none.
 */
export function naiveCost(record: SmdrRecord, table: RateTable): number | string {
  const { direction, durationMs, number = '', start, line, answered } = record;
  if (direction === 'internal') return 0;
  if (direction === 'unknown') return 'noDirection';
  if (direction === 'in' && table.incoming === undefined) return 0;
  if (answered === 'unanswered' || durationMs === 0) return 0;
  if (durationMs === undefined) return 'noDuration';
  if (direction === 'in') return count(table.incoming as Price, durationMs);
  if (durationMs < (table.graceMs ?? 0)) return 0;
  if (number === '') return 'noNumber';
  const codes = [...(table.accessCodes ?? [])].sort((a, b) => b.length - a.length);
  const plain = number.replace(/[ ()-]/g, '').replace(/^\+/, '');
  const code = codes.find((one) => plain.startsWith(one) && plain.length > one.length) ?? '';
  const digits = plain.slice(code.length);
  const known = /^\d*/.exec(digits)?.[0] ?? '';
  const candidates = [
    ...((line === undefined ? undefined : table.lines?.[line]) ?? []).map((rate) => ({ rate, own: 1 })),
    ...(table.rates ?? []).map((rate) => ({ rate, own: 0 })),
  ];
  const might = candidates.some(
    ({ rate }) => known !== digits && rate.prefix.length > known.length && rate.prefix.startsWith(known),
  );
  if (might) return 'digitsHidden';
  const [best] = candidates
    .filter(({ rate }) => known.startsWith(rate.prefix))
    .sort((a, b) => b.rate.prefix.length - a.rate.prefix.length || b.own - a.own);
  if (best === undefined) return 'noPrefix';
  const { rate } = best;
  if (rate.holiday !== undefined && start === undefined) return 'noDate';
  if (rate.kind === 'free') return 0;
  const day = start?.slice(0, 10) ?? '';
  const weekday = day === '' ? -1 : new Date(`${day}T12:00:00Z`).getUTCDay();
  const isHoliday =
    day !== '' &&
    ((table.holidays ?? []).some((one) => one === day || one === day.slice(5)) ||
      (table.holidayWeekdays ?? []).includes(weekday));
  return count(isHoliday && rate.holiday !== undefined ? rate.holiday : rate, durationMs);
}
