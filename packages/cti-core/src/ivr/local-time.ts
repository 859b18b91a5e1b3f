/** A moment on the wall of a site. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** 1 (Monday) to 7 (Sunday), ISO 8601. */
  readonly weekday: number;
  /** 0 to 1,439. */
  readonly minuteOfDay: number;
}

const MINUTE_MS = 60_000;
const DAY_MIN = 1440;

/** The wall time of a site that is `offsetMin` ahead of UTC at `wallMs`. The day before: `dayShift` -1. */
export function localTime(wallMs: number, offsetMin: number, dayShift = 0): LocalTime {
  const minutes = Math.floor(wallMs / MINUTE_MS) + offsetMin + dayShift * DAY_MIN;
  const days = Math.floor(minutes / DAY_MIN);
  return { date: civilDate(days), weekday: modulo(days + 3, 7) + 1, minuteOfDay: modulo(minutes, DAY_MIN) };
}

/**
 * The Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that the leap day is the last
 * of its year and the month follows from the day by one linear formula.
 */
function civilDate(days: number): string {
  const fromMarchOfYear0 = days + 719_468;
  const era = Math.floor(fromMarchOfYear0 / 146_097);
  const dayOfEra = fromMarchOfYear0 - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Minutes of a time of day `HH:MM`, `24:00` included; `undefined` for any other text. */
export function minutesOf(time: string): number | undefined {
  const match = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time);
  if (match === null) return undefined;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return minutes <= DAY_MIN ? minutes : undefined;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
