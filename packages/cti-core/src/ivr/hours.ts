import type { Calendar, HoursRule, IvrNode, NodeRef } from '../contract/index.js';
import { type LocalTime, localTime, minutesOf } from './local-time.js';

/** The moment that opening hours are asked about. */
export interface Moment {
  readonly wallMs: number;
  /** Minutes that the site is ahead of UTC at `wallMs`. */
  readonly offsetMin: number;
}

/** Where an `hours` node leads at a moment: the first rule that fits, else `otherwise`. A calendar that is not there has no days. */
export function openTarget(
  node: Extract<IvrNode, { type: 'hours' }>,
  calendar: Calendar | undefined,
  moment: Moment,
): NodeRef {
  return node.rules.find((rule) => ruleFits(rule, calendar, moment))?.goTo ?? node.otherwise;
}

/**
 * Does a rule fit? `from` is in, `to` is out. A range that ends at or before its begin runs over midnight; its part after midnight belongs
 * to the day on which it began: `weekdays`, `dates` and `dayKind` are asked about that day. A time that is none never fits.
 */
export function ruleFits(rule: HoursRule, calendar: Calendar | undefined, moment: Moment): boolean {
  const from = minutesOf(rule.from ?? '00:00');
  const to = minutesOf(rule.to ?? '24:00');
  if (from === undefined || to === undefined || from === 24 * 60) return false;
  const today = localTime(moment.wallMs, moment.offsetMin);
  const now = today.minuteOfDay;
  if (from < to) return now >= from && now < to && dayFits(rule, calendar, today);
  if (now >= from && dayFits(rule, calendar, today)) return true;
  return now < to && dayFits(rule, calendar, localTime(moment.wallMs, moment.offsetMin, -1));
}

/** What kind of day it is. A special working day wins over a holiday of the same date. */
export function dayKindOf(date: string, calendar: Calendar | undefined): 'holiday' | 'workday' | 'ordinary' {
  if (calendar?.workdays.includes(date) === true) return 'workday';
  return calendar?.holidays.includes(date) === true ? 'holiday' : 'ordinary';
}

function dayFits(rule: HoursRule, calendar: Calendar | undefined, day: LocalTime): boolean {
  if (rule.weekdays !== undefined && !rule.weekdays.includes(day.weekday)) return false;
  if (rule.dates !== undefined && !rule.dates.some((range) => dateFits(range, day.date))) return false;
  return rule.dayKind === undefined || rule.dayKind === dayKindOf(day.date, calendar);
}

function dateFits(range: string, date: string): boolean {
  const slash = range.indexOf('/');
  return slash < 0 ? range === date : date >= range.slice(0, slash) && date <= range.slice(slash + 1);
}
