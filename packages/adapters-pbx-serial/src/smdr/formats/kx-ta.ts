import { readDial, writeDial } from '../dial.js';
import {
  clockSeconds,
  type Draft,
  doubt,
  fit,
  isDigits,
  type MakeFormat,
  minuteClock,
  misfit,
  NO_DOUBTS,
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

/**
 * Date, time with a `*` before it for a transferred call, extension (`101B`: taken by the built-in voice message; `C-01`: outside to outside through DISA),
 * line, number of 32, duration, code of four filled with dots. The manuals print neither a ruler nor widths that agree, so the columns are not counted.
 *
 * @source Panasonic KX-TA616 p. 3-56, KX-TA624 p. 3-63, KX-TEA308 Feature Guide p. 151, KX-TES824 Feature Guide p. 154
 */
const LINE =
  /^(\d\d\/\d\d\/\d\d|\*{2}\/\*{2}\/\*{2}) {1,2}(\*?) ?((?:\d?\d:\d\d|\*{1,2}:\*\*)(?:[AP]M)?) +(\d{1,5}B?|C-\d\d) +(\d\d) (.*?) *(?:(\d)'(\d\d)"? +)?(\d\d:\d\d'\d\d|\*\*:\*\*'\*\*)"? *([.\d*#]{0,10})$/u;
const SECOND_DATE = /\d\d\/\d\d\/\d\d|\d:\d\d/u;

function read(line: string, { dateOrder, clock }: SmdrSettings): SmdrRecord | SmdrOther['kind'] {
  const parts = LINE.exec(line);
  if (parts === null) return 'unreadable';
  const [
    ,
    date = '',
    star,
    time = '',
    extension = '',
    co = '',
    dial = '',
    ringMinutes,
    ringSeconds,
    length = '',
    code = '',
  ] = parts;
  if (SECOND_DATE.test(dial)) return 'unreadable';
  const record: Draft = { direction: 'unknown', doubts: NO_DOUBTS, raw: line, extension, line: co };
  if (extension.startsWith('C-')) {
    delete record.extension;
    record.disaCode = extension;
  } else if (extension.endsWith('B')) {
    record.extension = extension.slice(0, -1);
    record.code = 'BV';
  }
  // Some models print the dots of a secret number apart.
  if (readDial(record, /^[\d. ]+$/u.test(dial) ? dial.replace(/ /gu, '') : dial) === 'other')
    doubt(record, 'fieldUnreadable');
  if (star === '*') record.transfer = 'from';
  if (ringMinutes !== undefined) record.ringMs = (Number(ringMinutes) * 60 + Number(ringSeconds)) * 1000;
  const seconds = clockSeconds(length, 0);
  if (seconds < 0) doubt(record, 'fieldUnreadable');
  else record.durationMs = seconds * 1000;
  if (record.direction === 'in' && seconds >= 0) record.answered = seconds > 0 ? 'answered' : 'unanswered';
  const account = code.replace(/^\.+/u, '');
  if (isDigits(account)) record.accountCode = account;
  else if (account !== '') doubt(record, 'fieldUnreadable');
  const day = shortDate(date, 0, dateOrder);
  const at = minuteClock(time.padStart(time.indexOf(':') === 1 ? time.length + 1 : time.length), 0);
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
