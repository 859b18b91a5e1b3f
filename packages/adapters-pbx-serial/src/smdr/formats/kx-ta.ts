import { readDial, writeDial } from '../dial.js';
import {
  clockSeconds,
  column,
  doubt,
  draftsOfFormat,
  fit,
  isDigits,
  type MakeFormat,
  minuteClock,
  misfit,
  partsOf,
  shortDate,
  stampOf,
  wholeSeconds,
  writeClock,
  writeMinuteClock,
  writeShortDate,
} from '../fields.js';
import type { SmdrSettings } from '../options.js';
import type { SmdrOther, SmdrRecord } from '../record.js';

const NewRecord = draftsOfFormat();

/**
 * Date, time with a `*` before it for a transferred call, extension (`101B`: taken by the built-in voice message; `C-01`: outside to outside through DISA),
 * line, number of 32, duration, code of four filled with dots. The manuals print neither a ruler nor widths that agree, so the columns are not counted.
 *
 * @source Panasonic KX-TA616 p. 3-56, KX-TA624 p. 3-63, KX-TEA308 Feature Guide p. 151, KX-TES824 Feature Guide p. 154
 */
const HEAD =
  /^(\d\d\/\d\d\/\d\d|\*{2}\/\*{2}\/\*{2}) {1,2}(\*?) ?((?:\d?\d:\d\d|\*{1,2}:\*\*)(?:[AP]M)?) +(\d{1,5}B?|C-\d\d) +(\d\d) /u;
/** Places of the number. */
const NUMBER = 32;
const LENGTH = /^(?:\d\d:\d\d'\d\d|\*\*:\*\*'\*\*)$/u;
/** Some models print its characters apart. */
const CODE = /^"? *((?:[.\d*#] ?){0,10})$/u;
const RING = / (\d)'(\d\d)"?$/u;
const SECOND_DATE = /\d\d\/\d\d\/\d\d|\d:\d\d/u;

interface Head {
  readonly star: 'star' | 'none';
  readonly extension: string;
  readonly co: string;
  /** Time of day in seconds, or -1. */
  readonly at: number;
  /** Where the number begins. */
  readonly end: number;
}

/** What nearly every line begins with, read by its places. */
function tidyHead(line: string): Head | undefined {
  if (
    line.charCodeAt(2) !== 47 ||
    line.charCodeAt(5) !== 47 ||
    line.charCodeAt(8) !== 32 ||
    !isDigits(line.slice(0, 2))
  )
    return undefined;
  let from = 9;
  while (line.charCodeAt(from) === 32 && from < 11) from += 1;
  const star = line.charCodeAt(from) === 42 ? 'star' : 'none';
  if (star === 'star') from += 1;
  const time = line.charCodeAt(from + 1) === 58 ? from - 1 : from;
  const at = minuteClock(line, time);
  if (at < 0 || line.charCodeAt(time + 6) !== 77 || line.charCodeAt(time + 7) !== 32) return undefined;
  const gap = line.indexOf(' ', time + 8);
  const extension = line.slice(time + 8, gap);
  const co = line.slice(gap + 1, gap + 3);
  if (gap < 0 || extension.length > 5 || !isDigits(extension) || co.length !== 2 || !isDigits(co)) return undefined;
  if (line.charCodeAt(gap + 3) !== 32) return undefined;
  return { star, extension, co, at, end: gap + 4 };
}

function oddHead(line: string): Head | undefined {
  const head = HEAD.exec(line);
  if (head === null) return undefined;
  const [all, , star, time = '', extension = '', co = ''] = head;
  const at = minuteClock(time.charCodeAt(1) === 58 ? ` ${time}` : time, 0);
  return { star: star === '*' ? 'star' : 'none', extension, co, at, end: all.length };
}

function read(line: string, { dateOrder, clock }: SmdrSettings): SmdrRecord | SmdrOther['kind'] {
  // The duration is found from the right: nothing behind it has an apostrophe.
  const mark = line.lastIndexOf("'");
  const head = mark < 0 ? undefined : (tidyHead(line) ?? oddHead(line));
  if (head === undefined) return 'unreadable';
  const { star, extension, co, at } = head;
  const length = line.slice(mark - 5, mark + 3);
  const end = CODE.exec(line.slice(mark + 3));
  if (mark - 5 < head.end || end === null || line.charCodeAt(mark - 6) !== 32 || !LENGTH.test(length))
    return 'unreadable';
  const code = end[1] ?? '';
  const text = column(line, head.end, mark - 5);
  const ring = text.includes("'") ? RING.exec(text) : null;
  const dial = ring === null ? text : text.slice(0, ring.index).trimEnd();
  if (!isDigits(dial) && SECOND_DATE.test(dial)) return 'unreadable';
  const record = new NewRecord('unknown', line);
  record.extension = extension;
  record.line = co;
  if (extension.startsWith('C-')) {
    delete record.extension;
    record.disaCode = extension;
  } else if (extension.endsWith('B')) {
    record.extension = extension.slice(0, -1);
    record.code = 'BV';
  }
  // Some models print the dots of a secret number apart.
  if (readDial(record, dial.includes('.') && /^[\d. ]+$/u.test(dial) ? dial.replace(/ /gu, '') : dial) === 'other')
    doubt(record, 'fieldUnreadable');
  if (dial.length >= NUMBER) doubt(record, 'columnFull');
  if (star === 'star') record.transfer = 'from';
  if (ring !== null) record.ringMs = (Number(ring[1]) * 60 + Number(ring[2])) * 1000;
  const seconds = clockSeconds(length, 0);
  if (seconds < 0) doubt(record, 'fieldUnreadable');
  else record.durationMs = seconds * 1000;
  if (record.direction === 'in' && seconds >= 0) record.answered = seconds > 0 ? 'answered' : 'unanswered';
  const account = code.charCodeAt(0) === 46 ? code.replace(/^[. ]+/u, '').trimEnd() : code.trimEnd();
  if (isDigits(account)) record.accountCode = account;
  else if (account !== '') doubt(record, 'fieldUnreadable');
  const day = shortDate(line, 0, dateOrder);
  if (day === undefined || at < 0) {
    doubt(record, 'fieldUnreadable');
    doubt(record, 'startUnknown');
  } else if (clock === 'end' && seconds < 0) doubt(record, 'startUnknown');
  else record.start = stampOf(day, clock === 'start' ? at : at - seconds - (record.ringMs ?? 0) / 1000);
  return record;
}

function write(record: SmdrRecord, { dateOrder, hours, clock }: SmdrSettings): string {
  const start = record.start === undefined ? undefined : partsOf(record.start);
  const seconds = wholeSeconds(record.durationMs, 359_999, 'durationMs');
  const stamped =
    start === undefined || clock === 'start' ? start : partsOf(stampOf(start.day, start.seconds + seconds));
  if (stamped === undefined || stamped.seconds % 60 !== 0) throw misfit('start');
  if (record.ringMs !== undefined || record.costMinor !== undefined) throw misfit('ringMs');
  const time = writeMinuteClock(stamped.seconds, hours).trimEnd().replace(/^0/u, ' ');
  const extension = record.disaCode ?? `${record.extension ?? ''}${record.code === 'BV' ? 'B' : ''}`;
  if (extension === '' || !/^\d\d$/u.test(record.line ?? '')) throw misfit('line');
  return [
    writeShortDate(stamped.day, dateOrder),
    `${record.transfer === 'from' ? '*' : ' '}${time}`,
    fit(extension, 4, 'extension').trimEnd(),
    record.line,
    fit(record.direction === 'in' ? caller(record) : writeDial(record), 32, 'number'),
    `${writeClock(seconds, "'")}"`,
    fit(record.accountCode ?? '', 4, 'accountCode')
      .trimEnd()
      .padStart(4, '.'),
  ].join(' ');
}

function caller({ number, name, code }: SmdrRecord): string {
  const who = name === undefined ? (number ?? '') : number === undefined ? name : `${number} ${name}`;
  return `${code === 'DISA' ? '< DISA incoming >' : '< incoming >'}${who}`;
}

/** KX-TA, KX-TES, KX-TEA and KX-TEM. */
export const kxTa: MakeFormat = (settings) => ({
  read: (line) => read(line, settings),
  write: (record) => write(record, settings),
});
