import { type HoursRule, minutesOf } from '@cordboard/cti-core';

/** A rule of opening hours, read. */
export interface ReadRule {
  readonly index: number;
  readonly goTo: string;
  /** Minutes of the day; a rule whose end is not after its begin runs over midnight. */
  readonly from: number;
  readonly to: number;
  readonly overnight: 'yes' | 'no';
  /** Bit n: weekday n (1 Monday). */
  readonly weekdays: number;
  /** First and last day each, counted from 1970-01-01; absent: any. */
  readonly dates: readonly (readonly [number, number])[] | undefined;
  readonly dateText: string;
  readonly kind: HoursRule['dayKind'] | undefined;
}

const ALL_WEEK = 0b1111_1110;
/** Minutes of a day. */
export const DAY = 1440;

/** Reads a rule; `undefined`: it can never fit, whatever the day. */
export function readRule(rule: HoursRule, index: number, calendar: string | undefined): ReadRule | undefined {
  const { from: begin = '00:00', to: end = '24:00', weekdays, dates, dayKind } = rule;
  const [from, to] = [minutesOf(begin), minutesOf(end)];
  // A range of equal ends means a whole day to some and nothing to others.
  if (from === undefined || to === undefined || from === DAY || from === to) return undefined;
  if (weekdays?.length === 0 || dates?.length === 0) return undefined;
  if (calendar === undefined && (dayKind === 'holiday' || dayKind === 'workday')) return undefined;
  const ranges = dates?.map((range) => {
    const [first = '', last = first] = range.split('/');
    return [dayNumber(first), dayNumber(last)] as const;
  });
  if (ranges?.some(([first, last]) => first === undefined || last === undefined || first > last) === true)
    return undefined;
  return {
    index,
    goTo: rule.goTo,
    from,
    to,
    overnight: from < to ? 'no' : 'yes',
    weekdays: weekdays === undefined ? ALL_WEEK : weekdays.reduce((bits, day) => bits | (1 << day), 0),
    dates: ranges?.map(([first = 0, last = 0]) => [first, last] as const),
    dateText: (dates ?? []).join(' '),
    kind: dayKind,
  };
}

/** A date as days from 1970-01-01; `undefined` for what is none, such as 2026-02-29. */
export function dayNumber(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(date)) return undefined;
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date ? undefined : at / 86_400_000;
}

/** 1 (Monday) to 7. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Does a rule hold on a day, its kind left aside? */
export function holdsOn(rule: ReadRule, day: number): boolean {
  if ((rule.weekdays & (1 << weekdayOf(day))) === 0) return false;
  return rule.dates === undefined || rule.dates.some(([first, last]) => day >= first && day <= last);
}

/**
 * Days that stand for all: of each stretch between two dates that rules name, the first eight, so that each weekday comes with the
 * day before it in the same stretch. Before the first date and after the last: eight days.
 */
export function sampleDays(rules: readonly ReadRule[]): readonly number[] {
  const cuts = [
    ...new Set(rules.flatMap(({ dates = [] }) => dates.flatMap(([first, last]) => [first, last + 1]))),
  ].sort((one, other) => one - other);
  const first = (cuts[0] ?? 0) - 9;
  const days: number[] = [];
  for (const [index, cut] of [first, ...cuts].entries()) {
    const end = Math.min(cut + 8 + (index === 0 ? 1 : 0), cuts[index] ?? Infinity);
    for (let day = cut; day < end; day += 1) days.push(day);
  }
  return days;
}
