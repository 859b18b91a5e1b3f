import { CtiError } from '@cordboard/cti-core';
import type { SmdrSettings } from './options.js';
import type { SmdrDirection, SmdrDoubt, SmdrOther, SmdrRecord } from './record.js';

/** A record on its way. */
export type Draft = { -readonly [K in keyof SmdrRecord]: SmdrRecord[K] };

/** Most records have none; they share this list. */
export const NO_DOUBTS: readonly SmdrDoubt[] = Object.freeze([]);

/** Begins a record. */
export type NewDraft = new (direction: SmdrDirection, raw: string) => Draft;

/**
 * Makes what begins the records of one format. A constructor, and not a literal, because the engine leaves room in what a constructor makes
 * for fields that come later: a record is one piece of memory instead of two or three. One for each format, because each has other fields. The
 * prototype is that of every plain object.
 */
export function draftsOfFormat(): NewDraft {
  const PlainDraft = function (this: Draft, direction: SmdrDirection, raw: string): void {
    this.direction = direction;
    this.doubts = NO_DOUBTS;
    this.raw = raw;
  };
  PlainDraft.prototype = Object.prototype;
  return PlainDraft as unknown as NewDraft;
}

/** Lists of doubts by what they were before the last one: records with the same doubts share one list. */
const MORE = new Map<readonly SmdrDoubt[], Map<SmdrDoubt, readonly SmdrDoubt[]>>();

/** Notes a doubt once. */
export function doubt(record: Draft, what: SmdrDoubt): void {
  const { doubts } = record;
  if (doubts.length > 0 && doubts.includes(what)) return;
  record.doubts = MORE.get(doubts)?.get(what) ?? joined(doubts, what);
}

function joined(doubts: readonly SmdrDoubt[], what: SmdrDoubt): readonly SmdrDoubt[] {
  const list = Object.freeze([...doubts, what]);
  // Only lists that began here: their number is that of the orders in which a reader may doubt.
  if (doubts !== NO_DOUBTS && !MORE.has(doubts)) return list;
  const after = MORE.get(doubts) ?? new Map<SmdrDoubt, readonly SmdrDoubt[]>();
  MORE.set(doubts, after.set(what, list));
  MORE.set(list, new Map());
  return list;
}

/** What a format's reader needs from outside the line. */
export interface LineContext {
  /** Local time of arrival, `YYYY-MM-DDTHH:MM:SS`. */
  arrivedAt: string | undefined;
}

/** One format: reading a line and writing one. Both are pure but for a date that a line of its own gave. */
export interface LineFormat {
  /** `control`: {@link read} itself calls every line with a control character `unreadable`; else it is never given one. */
  readonly rejects?: 'control';
  /** A record, or what else the line is. Never throws. */
  read(line: string, context: LineContext): SmdrRecord | SmdrOther['kind'];
  /** @throws {CtiError} `argument.invalid` when a value does not fit its column */
  write(record: SmdrRecord): string;
}

/** Makes a format for one PBX's settings. */
export type MakeFormat = (settings: SmdrSettings) => LineFormat;

const ZERO = 48;

/** Two digits at a place, or -1. */
export function two(line: string, at: number): number {
  const tens = line.charCodeAt(at) - ZERO;
  const ones = line.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Like {@link two}, where the first may be a blank. */
export function twoOrBlank(line: string, at: number): number {
  if (line.charCodeAt(at) !== 32) return two(line, at);
  const ones = line.charCodeAt(at + 1) - ZERO;
  return ones >= 0 && ones <= 9 ? ones : -1;
}

/** A column without the blanks around it. */
export function column(line: string, from: number, to: number): string {
  let first = from;
  let last = Math.min(to, line.length);
  while (first < last && line.charCodeAt(first) === 32) first += 1;
  while (last > first && line.charCodeAt(last - 1) === 32) last -= 1;
  return first < last ? line.slice(first, last) : '';
}

/** Only digits, and at least one? */
export const isDigits = (text: string): boolean => areDigits(text, 0, text.length);

/** The number that the digits between two places stand for; -1 where something else stands, for none, and for more than ten. */
export function wholeAt(line: string, from: number, to: number): number {
  if (to - from > 10 || from >= to) return -1;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = line.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Do only digits stand between two places? */
export function areDigits(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const digit = line.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return false;
  }
  return from < to;
}

/** Texts of up to four digits, by their length and value, made when they first come: extensions and lines come again and again. */
const SHORT: readonly (string | undefined)[][] = Array.from({ length: 5 }, () => []);
const MOST_SHORT = 4;

/** The text of digits between two places, shared with earlier ones where it is short. */
export function digitsText(line: string, from: number, to: number): string {
  const length = to - from;
  if (length > MOST_SHORT || length < 1) return line.slice(from, to);
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + line.charCodeAt(at) - ZERO;
  const known = SHORT[length]?.[value];
  if (known !== undefined) return known;
  return newShort(line.slice(from, to), value);
}

function newShort(text: string, value: number): string {
  const list = SHORT[text.length] ?? [];
  // All places at once: an array with holes that grow is slow.
  if (list.length === 0) for (let count = 10 ** text.length; count > 0; count -= 1) list.push(undefined);
  list[value] = text;
  return text;
}

const PAD: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
/** Two digits. */
export const pad2 = (n: number): string => PAD[n] ?? String(n);

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
/** Is there such a day? */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= (MONTH_DAYS[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
}

/** A day. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAY_S = 86_400;

/** A local stamp some seconds after midnight of a day; before it and past its end the day moves. */
export function stampOf(day: Day, seconds: number): string {
  if (seconds >= 0 && seconds < DAY_S) return dayBegun(day) + clockOf(seconds);
  const days = Math.floor(seconds / DAY_S);
  const moved = new Date(Date.UTC(day.year, day.month - 1, day.day + days));
  const date = { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
  return dayBegun(date) + clockOf(seconds - days * DAY_S);
}

/** The last day that was written: most records have the one of the record before. */
const last = { year: 0, month: 0, day: 0, begun: '' };
function dayBegun({ year, month, day }: Day): string {
  if (day === last.day && month === last.month && year === last.year) return last.begun;
  [last.year, last.month, last.day] = [year, month, day];
  last.begun = `${year < 1000 ? String(year).padStart(4, '0') : year}-${pad2(month)}-${pad2(day)}T`;
  return last.begun;
}

/** `hh:mm:` of each minute of a day, made when they first come. */
const MINUTES: (string | undefined)[] = [];
function clockOf(seconds: number): string {
  const minutes = (seconds / 60) | 0;
  return (MINUTES[minutes] ?? minuteOf(minutes)) + (PAD[seconds - minutes * 60] ?? '');
}
function minuteOf(minutes: number): string {
  while (MINUTES.length < 1440) MINUTES.push(undefined);
  const text = `${pad2((minutes / 60) | 0)}:${pad2(minutes % 60)}:`;
  MINUTES[minutes] = text;
  return text;
}

/** The parts of a local stamp; undefined when it is none. */
export function partsOf(stamp: string): { readonly day: Day; readonly seconds: number } | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u.test(stamp)) return undefined;
  const day = { year: Number(stamp.slice(0, 4)), month: two(stamp, 5), day: two(stamp, 8) };
  const [hours, minutes, seconds] = [two(stamp, 11), two(stamp, 14), two(stamp, 17)];
  if (!isDay(day.year, day.month, day.day) || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return { day, seconds: hours * 3600 + minutes * 60 + seconds };
}

/** Two-digit years are those from 1980 to 2079: no PBX with such records is older. */
export const fullYear = (year: number): number => (year < 80 ? 2000 + year : 1900 + year);

/** `01/02/02` at a place, in the PBX's order; undefined when it is no day. */
export function shortDate(line: string, at: number, order: SmdrSettings['dateOrder']): Day | undefined {
  const first = two(line, at);
  const second = two(line, at + 3);
  const third = two(line, at + 6);
  if (first < 0 || second < 0 || third < 0) return undefined;
  const [year, month, day] =
    order === 'mdy' ? [third, first, second] : order === 'dmy' ? [third, second, first] : [first, second, third];
  const whole = fullYear(year);
  return isDay(whole, month, day) ? { year: whole, month, day } : undefined;
}

/** Writes a day with a two-digit year in the PBX's order. */
export function writeShortDate({ year, month, day }: Day, order: SmdrSettings['dateOrder']): string {
  const [y, m, d] = [pad2(year % 100), pad2(month), pad2(day)];
  return order === 'mdy' ? `${m}/${d}/${y}` : order === 'dmy' ? `${d}/${m}/${y}` : `${y}/${m}/${d}`;
}

/** Puts days without a year into the year nearest before their arrival, with a day's slack for clocks that go fast. */
export class YearFinder {
  #arrivedAt = '';
  readonly #days = new Map<number, Day | undefined>();

  /** The day; undefined where the arrival is not known. */
  find(arrivedAt: string | undefined, month: number, day: number): Day | undefined {
    if (arrivedAt === undefined) return undefined;
    if (arrivedAt !== this.#arrivedAt) {
      this.#arrivedAt = arrivedAt;
      this.#days.clear();
    }
    const key = month * 32 + day;
    const known = this.#days.get(key);
    if (known !== undefined) return known;
    const found = yearBefore(arrivedAt, month, day);
    this.#days.set(key, found);
    return found;
  }
}

function yearBefore(arrivedAt: string, month: number, day: number): Day | undefined {
  const arrival = partsOf(arrivedAt);
  if (arrival === undefined) return undefined;
  const { year, ...of } = arrival.day;
  const limit = Date.UTC(year, of.month - 1, of.day + 1);
  for (const candidate of [year + 1, year, year - 1, year - 2, year - 3, year - 4]) {
    if (isDay(candidate, month, day) && Date.UTC(candidate, month - 1, day) <= limit)
      return { year: candidate, month, day };
  }
  return undefined;
}

/** `hh:mm:ss` with any marks between, in seconds, or -1. Hours may be 0 to 99. */
export function clockSeconds(line: string, at: number): number {
  const hours = two(line, at);
  const minutes = two(line, at + 3);
  const seconds = two(line, at + 6);
  return hours < 0 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59
    ? -1
    : hours * 3600 + minutes * 60 + seconds;
}

/** `hh:mm` with `AM` or `PM`, or of 24 hours, in seconds, or -1. The hour may have a blank for its first digit. */
export function minuteClock(line: string, at: number): number {
  const hours = twoOrBlank(line, at);
  const minutes = two(line, at + 3);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || line.charCodeAt(at + 2) !== 58) return -1;
  const half = line.charCodeAt(at + 5);
  if (half === 32 || at + 5 >= line.length) return hours * 3600 + minutes * 60;
  if (line.charCodeAt(at + 6) !== 77 || (half !== 65 && half !== 80) || hours < 1 || hours > 12) return -1;
  return ((hours % 12) + (half === 80 ? 12 : 0)) * 3600 + minutes * 60;
}

/** Writes a time of day to the minute, seven characters. */
export function writeMinuteClock(seconds: number, hours: 12 | 24): string {
  const hour = Math.floor(seconds / 3600);
  const minute = pad2(Math.floor(seconds / 60) % 60);
  if (hours === 24) return `${pad2(hour)}:${minute}  `;
  return `${pad2(hour % 12 === 0 ? 12 : hour % 12)}:${minute}${hour < 12 ? 'AM' : 'PM'}`;
}

/** An amount of money as printed, in minor units; undefined when it is none or finer than the currency. */
export function moneyOf(text: string, minorDigits: number): number | undefined {
  const parts = /^(\d{1,12})(?:[.,](\d{1,6}))?$/u.exec(text);
  if (parts === null) return undefined;
  const fraction = parts[2] ?? '';
  if (/[1-9]/u.test(fraction.slice(minorDigits))) return undefined;
  return Number(`${parts[1]}${fraction.slice(0, minorDigits).padEnd(minorDigits, '0')}`);
}

/** Writes minor units as an amount with a point. */
export function writeMoney(minor: number, minorDigits: number): string {
  const digits = String(minor).padStart(minorDigits + 1, '0');
  return minorDigits === 0 ? digits : `${digits.slice(0, -minorDigits)}.${digits.slice(-minorDigits)}`;
}

/** A value in its column; a value that does not fit is an error, never cut. @throws {CtiError} `argument.invalid` */
export function fit(value: string, width: number, field: string): string {
  // A blank inside is fine; a line's end would make two lines of one, and a blank at an edge would be lost.
  if (value.length > width || value !== value.trim() || /[\x00-\x1f]/u.test(value)) throw misfit(field);
  return value.padEnd(width);
}

/** Like {@link fit}, at the right edge. */
export const fitRight = (value: string, width: number, field: string): string =>
  fit(value, width, field).trimEnd().padStart(width);

/** The error of a value that a format cannot write. */
export const misfit = (field: string): CtiError =>
  new CtiError('argument.invalid', `the format has no place for this ${field}`, { details: { path: field } });

/** Whole seconds of a length of time. @throws {CtiError} `argument.invalid` when it has fractions or is too long */
export function wholeSeconds(ms: number | undefined, most: number, field: string): number {
  const seconds = (ms ?? 0) / 1000;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > most) throw misfit(field);
  return seconds;
}

/** `hh:mm` + mark + `ss`. */
export const writeClock = (seconds: number, mark: string): string =>
  `${pad2(Math.floor(seconds / 3600))}:${pad2(Math.floor(seconds / 60) % 60)}${mark}${pad2(seconds % 60)}`;
