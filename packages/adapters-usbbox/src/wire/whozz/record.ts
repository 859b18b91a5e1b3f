/** The beginning or end of a call, as a unit tells it. */
export interface WhozzCall {
  readonly kind: 'call';
  /** 1-99, as the unit numbers its lines. */
  readonly line: number;
  readonly direction: 'in' | 'out';
  /** `start` once the caller ID is complete, or the number dialled; `end` of the call. Limited records are all `start`. */
  readonly phase: 'start' | 'end';
  /** Seconds; 0 in limited records and at the start. */
  readonly durationS: number;
  /** Of the caller ID. What is `bad` is not to be believed. Limited records do not tell it: `unknown`. */
  readonly checksum: 'good' | 'bad' | 'unknown';
  /** Rings before the answer; 0 where it is not told. */
  readonly rings: number;
  /** `MMDDhhmm`. */
  readonly datetime: string;
  /** Digits alone. Absent: not sent. */
  readonly number?: string;
  /** Why there is no number: `P` private, `O` anything else. */
  readonly absence?: 'P' | 'O';
  readonly name?: string;
}

/** Something that happens on a line while detail is on. */
export interface WhozzDetail {
  readonly kind: 'detail';
  readonly line: number;
  readonly what: 'ring' | 'offHook' | 'onHook' | 'flash';
}

/** What a unit says of itself when asked (`V`). */
export interface WhozzVersion {
  readonly kind: 'version';
  /** Setup toggles, such as `ECXUdAsoBKT`; capital and small letters are the two states of each. */
  readonly toggles: string;
}

/** A line of text that no rule takes; at most 64 characters of it. */
export interface WhozzUnknown {
  readonly kind: 'unknown';
  readonly text: string;
}

/** One record of a unit. */
export type WhozzRecord = WhozzCall | WhozzDetail | WhozzVersion | WhozzUnknown;

const COMPREHENSIVE =
  /^\$?(\d\d) +([IO]) +([SE]) +(\d{4}) +([GB]) +[A-Z0-9](\d{1,2}) +(\d\d\/\d\d) +(\d\d:\d\d) +([AP]M)(.*)$/;
const LIMITED = /^\$?(\d\d) +(\d\d\/\d\d) +(\d\d:\d\d) +([AP]M) +(\S{1,14}) +([IO])(?: +(.*))?$/;
const DETAIL = /^\$?(\d\d) +([RFNH]) +\d\d\/\d\d +\d\d:\d\d:\d\d *$/;
const VERSION = /^\$?V\d[\w.]* +([A-Za-z]{4,16})\b/;

const WHAT = { R: 'ring', F: 'offHook', N: 'onHook', H: 'flash' } as const;
/** The number field of comprehensive records is 14 columns; a unit sends blanks when there is none. */
const NUMBER_COLUMNS = 14;

/**
 * Reads one record, in comprehensive, limited or detail format; never throws.
 * Source: the manuals of the 2-, 4- and 8-line units at callerid.com (formats, setup toggles, detail mode).
 */
export function parseWhozzRecord(text: string): WhozzRecord {
  return comprehensive(text) ?? detail(text) ?? limited(text) ?? version(text) ?? unknown(text);
}

function comprehensive(text: string): WhozzCall | undefined {
  const found = COMPREHENSIVE.exec(text);
  if (found === null) return undefined;
  const [, line = '', direction, phase, duration, checksum, rings, date = '', time = '', half = '', rest = ''] = found;
  const datetime = datetimeOf(date, { time, half });
  if (datetime === undefined || line === '00') return undefined;
  const isEmpty = /^ {15}/.test(rest) || rest.trim() === '';
  const [, number = '', name = ''] = isEmpty ? ['', '', rest] : (/^ *(\S+)(.*)$/.exec(rest) ?? []);
  return {
    kind: 'call',
    line: Number(line),
    direction: direction === 'I' ? 'in' : 'out',
    phase: phase === 'S' ? 'start' : 'end',
    durationS: Number(duration),
    checksum: checksum === 'G' ? 'good' : 'bad',
    rings: Number(rings),
    datetime,
    ...partyOf(number.slice(0, NUMBER_COLUMNS), name),
  };
}

function limited(text: string): WhozzCall | undefined {
  const found = LIMITED.exec(text);
  if (found === null) return undefined;
  const [, line = '', date = '', time = '', half = '', number = '', direction, name = ''] = found;
  const datetime = datetimeOf(date, { time, half });
  if (datetime === undefined || line === '00') return undefined;
  return {
    kind: 'call',
    line: Number(line),
    direction: direction === 'I' ? 'in' : 'out',
    phase: 'start',
    durationS: 0,
    checksum: 'unknown',
    rings: 0,
    datetime,
    ...partyOf(number, name),
  };
}

function detail(text: string): WhozzDetail | undefined {
  const [, line = '', what = ''] = DETAIL.exec(text) ?? [];
  if (line === '' || line === '00') return undefined;
  return { kind: 'detail', line: Number(line), what: WHAT[what as keyof typeof WHAT] };
}

function version(text: string): WhozzVersion | undefined {
  const toggles = VERSION.exec(text)?.[1];
  return toggles === undefined ? undefined : { kind: 'version', toggles };
}

function unknown(text: string): WhozzUnknown {
  return { kind: 'unknown', text: text.slice(0, 64) };
}

function datetimeOf(date: string, clock: { readonly time: string; readonly half: string }): string | undefined {
  const [month = 0, day = 0] = date.split('/').map(Number);
  const [hour = 0, minute = 0] = clock.time.split(':').map(Number);
  // 00/00 is a unit that has not been told the date yet.
  if (month > 12 || day > 31 || hour > 12 || minute > 59) return undefined;
  const in24 = (hour % 12) + (clock.half === 'PM' ? 12 : 0);
  return [month, day, in24, minute].map((part) => String(part).padStart(2, '0')).join('');
}

function partyOf(number: string, name: string): Pick<WhozzCall, 'number' | 'absence' | 'name'> {
  const digits = number.replace(/[-()+. ]/g, '');
  const named = name.trim().slice(0, 64);
  const who = named === '' ? {} : { name: named };
  if (/^[0-9*#]{1,20}$/.test(digits)) return { number: digits, ...who };
  return { absence: /^p/i.test(number) ? 'P' : 'O', ...who };
}
