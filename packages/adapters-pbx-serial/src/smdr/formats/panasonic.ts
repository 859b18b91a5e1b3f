import { readDial, writeDial } from '../dial.js';
import {
  clockSeconds,
  column,
  type Day,
  type Draft,
  doubt,
  draftsOfFormat,
  fit,
  fitRight,
  isDigits,
  type MakeFormat,
  minuteClock,
  misfit,
  moneyOf,
  pad2,
  partsOf,
  shortDate,
  stampOf,
  two,
  wholeSeconds,
  writeClock,
  writeMinuteClock,
  writeMoney,
  writeShortDate,
} from '../fields.js';
import type { SmdrSettings } from '../options.js';
import type { SmdrOther, SmdrRecord } from '../record.js';

const NewRecord = draftsOfFormat();

/** Where a pattern has its columns; a column that it lacks is -1. */
interface Layout {
  readonly coEnd: number;
  readonly ring: number;
  readonly duration: number;
  /** Eight of amount and some of currency. */
  readonly cost: number;
  readonly currency: number;
  readonly account: number;
}

const CO = 23;
/**
 * Panasonic KX-NS1000 Feature Guide p. 222 gives the widths: date 8, time 7, extension 5, line 2 or 4, number 25, 20 or 50, ring 4, duration 8, cost 8 and
 * currency 2 or 3, account 10, a blank between them. The header of the KX-TD816 stands over the same columns.
 */
const LAYOUTS: Readonly<Record<'a' | 'b' | 'c', Layout>> = {
  a: { coEnd: 25, ring: 52, duration: 57, cost: -1, currency: 0, account: 66 },
  b: { coEnd: 25, ring: -1, duration: 47, cost: 56, currency: 2, account: 67 },
  c: { coEnd: 27, ring: 79, duration: 84, cost: 93, currency: 3, account: 105 },
};

/** `m'ss` in a column of four, in seconds, or -1. */
function ringSeconds(line: string, at: number): number {
  const minutes = line.charCodeAt(at) - 48;
  const seconds = two(line, at + 2);
  if (line.charCodeAt(at + 1) !== 39 || minutes < 0 || minutes > 9 || seconds < 0 || seconds > 59) return -1;
  return minutes * 60 + seconds;
}

interface Tail {
  readonly line: string;
  readonly dial: string;
  /** Seconds, -1 unreadable, undefined where the column is blank or the pattern has none. */
  readonly ring: number | undefined;
  /** Where the duration stands. */
  readonly duration: number;
}

/** Lines whose blanks were squeezed or whose columns moved are read around their duration, which looks like nothing else. */
const SHIFTED = /^(\S{8})\s+(\S{5,7})\s+(\S{1,5})\s+(\d{1,4})\s(.*?)\s*(?:(\d'\d\d)\s+)?(\d\d:\d\d'\d\d)(?:\s|$)/u;
const SECOND_DATE = /\d\d\/\d\d\/\d\d|\d\d:\d\d/u;

function make(layout: Layout): MakeFormat {
  return (settings) => ({
    read: (line) => read(line, layout, settings),
    write: (record) => write(record, layout, settings),
  });
}

function read(line: string, layout: Layout, settings: SmdrSettings): SmdrRecord | SmdrOther['kind'] {
  if (line.charCodeAt(2) !== 47 || line.charCodeAt(5) !== 47 || line.charCodeAt(8) !== 32) return 'unreadable';
  const { duration } = layout;
  const tidy =
    line.charCodeAt(16) === 32 &&
    line.charCodeAt(layout.coEnd) === 32 &&
    line.charCodeAt(CO - 1) === 32 &&
    line.charCodeAt(duration - 1) === 32 &&
    line.charCodeAt(duration + 5) === 39 &&
    line.charCodeAt(duration + 2) === 58;
  if (!tidy) return readOdd(line, layout, settings);
  const extension = column(line, 17, CO - 1);
  const co = column(line, CO, layout.coEnd);
  const dialEnd = layout.ring < 0 ? duration : layout.ring;
  const dial = column(line, layout.coEnd + 1, dialEnd);
  const ring =
    layout.ring < 0 || column(line, layout.ring, duration) === '' ? undefined : ringSeconds(line, layout.ring);
  const record = assemble({ line, dial, ring, duration }, [extension, co], { layout, settings });
  // A blank parts this column from the next.
  if (typeof record !== 'string' && dial.length === dialEnd - layout.coEnd - 2) doubt(record, 'columnFull');
  return record;
}

/** What is neither tidy nor blank where the call's length stands: an event, or a line whose columns moved. */
function readOdd(line: string, layout: Layout, settings: SmdrSettings): SmdrRecord | SmdrOther['kind'] {
  const ringing = readRinging(line, layout, settings);
  if (ringing !== undefined) return ringing;
  const shifted = SHIFTED.exec(line);
  if (shifted === null || SECOND_DATE.test(shifted[5] ?? '')) {
    const blank = column(line, CO, layout.coEnd) === '' && column(line, layout.duration, line.length) === '';
    const known = /^[A-Za-z<][A-Za-z0-9<>/ ]+$/u.test(column(line, layout.coEnd + 1, line.length));
    return blank && known && shortDate(line, 0, settings.dateOrder) !== undefined ? 'event' : 'unreadable';
  }
  const [, date = '', time = '', extension = '', co = '', dial = '', ring, length = ''] = shifted;
  const duration = line.indexOf(length, line.indexOf(dial) + dial.length);
  const ringAt = ring === undefined ? -1 : ringSeconds(ring, 0);
  const head = `${date} ${time.padStart(7)} `;
  const moved = `${head}${line.slice(duration)}`;
  const tail = { line: moved, dial, ring: ring === undefined ? undefined : ringAt, duration: head.length };
  const record = assemble(tail, [extension, co], { layout, settings });
  if (typeof record === 'string') return record;
  // The columns behind the duration are trusted only where they stand as far from it as they should.
  return { ...record, raw: line, doubts: [...record.doubts, 'columnsShifted'] };
}

/** A call that was received, answered or given up is told with no length (KX-TD816 manual, page 412 of its reader's edition). */
function readRinging(line: string, layout: Layout, settings: SmdrSettings): SmdrRecord | undefined {
  const { duration } = layout;
  if (line.length < duration + 10 || column(line, duration, duration + 8) !== '') return undefined;
  if (!/ (?:RC|AN|NA) *$/u.test(line)) return undefined;
  const record = read(`${line.slice(0, duration)}00:00'00${line.slice(duration + 8)}`, layout, settings);
  if (typeof record === 'string') return undefined;
  const { durationMs, ...rest } = record;
  return { ...rest, ...(record.code === 'NA' && durationMs !== undefined ? { durationMs } : {}), raw: line };
}

interface Of {
  readonly layout: Layout;
  readonly settings: SmdrSettings;
}

function assemble(
  { line, dial, ring, duration }: Tail,
  [extension, co]: readonly [string, string],
  { layout, settings }: Of,
): Draft | SmdrOther['kind'] {
  const record = new NewRecord('unknown', line);
  if (readDial(record, dial) === 'other') {
    if (co === '') return 'event';
    doubt(record, 'fieldUnreadable');
  }
  if (isDigits(extension) || /^(?:\*\d+|[DT]\d+)$/u.test(extension)) readExtension(record, extension);
  else if (extension !== '') doubt(record, 'fieldUnreadable');
  if (isDigits(co)) record.line = co;
  else if (co !== '' || record.direction === 'in') doubt(record, 'fieldUnreadable');
  const length =
    line.charCodeAt(duration + 2) === 58 && line.charCodeAt(duration + 5) === 39 ? clockSeconds(line, duration) : -1;
  if (length < 0) doubt(record, 'fieldUnreadable');
  else record.durationMs = length * 1000;
  if (ring !== undefined && ring >= 0) record.ringMs = ring * 1000;
  else if (ring !== undefined) doubt(record, 'fieldUnreadable');
  const shift = duration - layout.duration;
  if (layout.cost >= 0) readCost(record, column(line, layout.cost + shift, layout.account + shift), settings);
  readRest(record, line, layout.account + shift);
  setStart(record, { line, length, settings });
  return record;
}

/** `*123`: a call made with the verified code 123; the extension is not told. */
function readExtension(record: Draft, text: string): void {
  if (text.charCodeAt(0) === 42) record.personalCode = text.slice(1);
  else record.extension = text;
}

function readCost(record: Draft, text: string, { minorDigits }: SmdrSettings): void {
  if (text === '') return;
  const parts = /^([\d.,]+)\s*([A-Z$]{0,3})$/u.exec(text);
  const minor = parts === null ? undefined : moneyOf(parts[1] ?? '', minorDigits);
  if (minor === undefined) doubt(record, 'fieldUnreadable');
  else {
    record.costMinor = minor;
    if (parts?.[2]) record.currency = parts[2];
  }
}

function readRest(record: Draft, line: string, account: number): void {
  if (line.length > account) {
    const text = column(line, account, account + 10);
    if (isDigits(text)) record.accountCode = text;
    else if (text !== '' && !/^\.+$/u.test(text)) {
      if (/^[\d*#.X]+$/u.test(text)) {
        record.accountCode = text;
        if (/[.X]/u.test(text)) doubt(record, 'digitsHidden');
      } else doubt(record, 'fieldUnreadable');
    }
  }
  if (line.length > account + 11) readCode(record, column(line, account + 11, line.length).replace(/^\*/u, ''));
  if (record.direction !== 'in') return;
  // RC tells a call while it still rings; AN or NA follows (KX-TD816 manual, page 412 of its reader's edition).
  const { code } = record;
  if (code === 'NA') record.answered = 'unanswered';
  else if (code === 'AN') record.answered = 'answered';
  else if (code !== 'RC' && record.durationMs !== undefined)
    record.answered = record.durationMs > 0 ? 'answered' : 'unanswered';
}

function readCode(record: Draft, code: string): void {
  if (code === '') return;
  if (/^[A-Z][A-Z0-9]{0,2}$/u.test(code)) record.code = code;
  else doubt(record, 'fieldUnreadable');
  if (code === 'TR') record.transfer = 'to';
  else if (/^D\d$/u.test(code)) record.disaCode = code;
}

function setStart(
  record: Draft,
  { line, length, settings }: { line: string; length: number; settings: SmdrSettings },
): void {
  const day = shortDate(line, 0, settings.dateOrder);
  const seconds = minuteClock(line, 9);
  if (day === undefined || seconds < 0) {
    doubt(record, 'fieldUnreadable');
    doubt(record, 'startUnknown');
  } else if (settings.clock === 'start') record.start = stampOf(day, seconds);
  else if (length < 0) doubt(record, 'startUnknown');
  else record.start = stampOf(day, seconds - length - (record.ringMs ?? 0) / 1000);
}

/** The printed day and time of a record. @throws {CtiError} `argument.invalid` when there is none, or it is not of a whole minute */
function printed(record: SmdrRecord, clock: 'start' | 'end'): { readonly day: Day; readonly seconds: number } {
  const start = record.start === undefined ? undefined : partsOf(record.start);
  if (start === undefined) throw misfit('start');
  const told = (record.durationMs ?? 0) + (record.ringMs ?? 0);
  const at = clock === 'start' ? start : partsOf(stampOf(start.day, start.seconds + told / 1000));
  if (at === undefined || at.seconds % 60 !== 0) throw misfit('start');
  return at;
}

function write(record: SmdrRecord, layout: Layout, { dateOrder, clock, hours, minorDigits }: SmdrSettings): string {
  const { day, seconds } = printed(record, clock);
  const duration = wholeSeconds(record.durationMs, 359_999, 'durationMs');
  const ring = record.ringMs === undefined ? undefined : wholeSeconds(record.ringMs, 599, 'ringMs');
  if (ring !== undefined && layout.ring < 0) throw misfit('ringMs');
  if (record.costMinor !== undefined && layout.cost < 0) throw misfit('costMinor');
  const extension = record.personalCode === undefined ? (record.extension ?? '') : `*${record.personalCode}`;
  const dialEnd = layout.ring < 0 ? layout.duration : layout.ring;
  const cost = record.costMinor === undefined ? '' : writeMoney(record.costMinor, minorDigits).padStart(8, '0');
  if (cost.length > 8) throw misfit('costMinor');
  const money = layout.cost < 0 ? [] : [`${cost.padEnd(8)}${fit(record.currency ?? '', layout.currency, 'currency')}`];
  const rings = layout.ring < 0 ? [] : [ring === undefined ? '    ' : `${Math.floor(ring / 60)}'${pad2(ring % 60)}`];
  return [
    writeShortDate(day, dateOrder),
    writeMinuteClock(seconds, hours),
    fitRight(extension, 5, 'extension'),
    fit(record.line ?? '', layout.coEnd - CO, 'line'),
    fit(writeDial(record), dialEnd - layout.coEnd - 2, 'number'),
    ...rings,
    writeClock(duration, "'"),
    ...money,
    fit(record.accountCode ?? '', 10, 'accountCode'),
    fit(
      record.code === 'DISA' ? '' : (record.code ?? record.disaCode ?? (record.transfer === 'to' ? 'TR' : '')),
      3,
      'code',
    ),
  ]
    .join(' ')
    .trimEnd();
}

/** Pattern A: 80 columns without cost. */
export const panasonicA: MakeFormat = make(LAYOUTS.a);
/** Pattern B: 80 columns with cost. */
export const panasonicB: MakeFormat = make(LAYOUTS.b);
/** Pattern C: 120 columns. */
export const panasonicC: MakeFormat = make(LAYOUTS.c);
/** KX-TD816 and KX-TD1232. */
export const kxTd: MakeFormat = make(LAYOUTS.a);
