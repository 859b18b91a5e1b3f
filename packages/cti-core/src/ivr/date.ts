import type { MediaRef } from '../contract/index.js';

/** What names the sounds of a date or a time of day. */
interface Speaker {
  readonly language: string;
  /** The sound of a prompt in the language that is spoken, if there is one. */
  readonly word: (prompt: string) => MediaRef | undefined;
}

/** The order in which a language says a date: year, month, day (Chinese), month, day, year (English), or day, month, year. */
function orderOf(language: string): 'ymd' | 'mdy' | 'dmy' {
  if (/^(zh|ja|ko)\b/i.test(language)) return 'ymd';
  return /^en\b/i.test(language) ? 'mdy' : 'dmy';
}

/**
 * The prompts that a flow must have to say dates or times of day well in a language; without them it says the bare numbers. Dates in Chinese: the units
 * `date.year`, `date.month`, `date.day`; in other languages the months `date.month.1` to `date.month.12`. Times: `date.hour` and `date.minute` in Chinese,
 * `date.am` and `date.pm` in English, none elsewhere. Optional ones beside them: `date.day.1` to `date.day.31` (ordinals), `date.hour.0` to `date.hour.23`
 * (an hour in one piece: 两点), `date.sharp` (after a full hour), and `date.hour`, `date.minute` in languages that name them.
 */
export function datePrompts(as: 'date' | 'time', language: string): readonly string[] {
  const order = orderOf(language);
  if (as === 'time')
    return order === 'ymd' ? ['date.hour', 'date.minute'] : order === 'mdy' ? ['date.am', 'date.pm'] : [];
  if (order === 'ymd') return ['date.year', 'date.month', 'date.day'];
  return Array.from({ length: 12 }, (_, month) => `date.month.${month + 1}`);
}

/** A date `YYYY-MM-DD` of the Gregorian calendar read aloud. `undefined` for a text that is none, the 30th of February included. */
export function dateMedia(text: string, { language, word }: Speaker): readonly MediaRef[] | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  const number = (value: number): MediaRef => ({ kind: 'number', value, language });
  const unit = (name: string): readonly MediaRef[] => listOf(word(`date.${name}`));
  const order = orderOf(language);
  if (order === 'ymd') {
    // 二〇二六年: a year is read digit by digit.
    const digits: MediaRef = { kind: 'digits', text: match[1] ?? '', language };
    return [digits, ...unit('year'), number(month), ...unit('month'), number(day), ...unit('day')];
  }
  const ofMonth = [word(`date.month.${month}`) ?? number(month)];
  const ofDay = [word(`date.day.${day}`) ?? number(day)];
  const ofYear = order === 'mdy' ? englishYear(year).map(number) : [number(year), ...unit('year')];
  return order === 'mdy' ? [...ofMonth, ...ofDay, ...ofYear] : [...ofDay, ...ofMonth, ...ofYear];
}

/** A time of day `HH:MM` read aloud. `undefined` for a text that is none. */
export function timeMedia(text: string, { language, word }: Speaker): readonly MediaRef[] | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match === null) return undefined;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  const number = (value: number): MediaRef => ({ kind: 'number', value, language });
  const order = orderOf(language);
  const half = order === 'mdy' ? word(hour < 12 ? 'date.am' : 'date.pm') : undefined;
  const shownHour = half === undefined ? hour : ((hour + 11) % 12) + 1;
  const piece = word(`date.hour.${hour}`);
  const hours = piece === undefined ? [number(shownHour), ...listOf(word('date.hour'))] : [piece];
  // "Nine oh five", 九点零五分: the empty place is spoken.
  const minutes = minute < 10 ? [number(0), number(minute)] : [number(minute)];
  const sharp = word('date.sharp');
  if (minute > 0) return [...hours, ...minutes, ...listOf(word('date.minute')), ...listOf(half)];
  if (sharp !== undefined || order === 'ymd' || half !== undefined)
    return [...hours, ...listOf(sharp), ...listOf(half)];
  // Without a word that says what it is, a lone hour would be a number like any other.
  return [...hours, number(0), number(0)];
}

/** "Twenty twenty-six", "two thousand five": in hundreds but for the first years of a thousand and of a century. */
function englishYear(year: number): readonly number[] {
  return year % 100 < 10 || year < 1000 ? [year] : [Math.floor(year / 100), year % 100];
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
}

function listOf(ref: MediaRef | undefined): readonly MediaRef[] {
  return ref === undefined ? [] : [ref];
}
