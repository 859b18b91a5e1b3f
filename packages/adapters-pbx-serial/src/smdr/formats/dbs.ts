import {
  clockSeconds,
  column,
  type Draft,
  doubt,
  draftsOfFormat,
  fit,
  isDay,
  isDigits,
  type LineContext,
  type MakeFormat,
  misfit,
  pad2,
  partsOf,
  stampOf,
  two,
  wholeSeconds,
  writeClock,
  YearFinder,
} from '../fields.js';
import type { SmdrSettings } from '../options.js';
import type { SmdrDirection, SmdrOther, SmdrRecord } from '../record.js';

const NewRecord = draftsOfFormat();

interface Layout {
  readonly extension: readonly [number, number];
  readonly trunk: readonly [number, number];
  readonly digits: readonly [number, number];
  readonly account: readonly [number, number];
  readonly verified: readonly [number, number];
  readonly codes: Readonly<Record<string, SmdrDirection>>;
}

/** DBS Manual, revised April 2000, p. 3-52 (its ruler counts from 0); DBS 576 manual, October 2000, p. 3-56, format 1. */
const LAYOUTS: Readonly<Record<SmdrSettings['variant'], Layout>> = {
  '824': {
    extension: [26, 29],
    digits: [30, 58],
    account: [59, 69],
    verified: [70, 75],
    trunk: [76, 78],
    codes: {
      S: 'in',
      s: 'out',
      I: 'in',
      O: 'out',
      T: 'unknown',
      N: 'in',
      D: 'in',
      W: 'out',
      w: 'in',
      t: 'unknown',
      r: 'in',
      R: 'out',
    },
  },
  '576': {
    extension: [26, 30],
    trunk: [31, 35],
    digits: [36, 60],
    account: [61, 71],
    verified: [72, 77],
    codes: {
      I: 'in',
      D: 'in',
      h: 'in',
      N: 'in',
      S: 'in',
      t: 'in',
      A: 'in',
      O: 'out',
      F: 'out',
      H: 'out',
      L: 'out',
      T: 'out',
      W: 'out',
    },
  },
};
/** On a printer without them, `*` is `>` and `#` is `<`. */
const shown = (digits: string): string => digits.replace(/>/gu, '*').replace(/</gu, '#');

interface Of {
  readonly settings: SmdrSettings;
  readonly years: YearFinder;
}

function read(line: string, { arrivedAt }: LineContext, { settings, years }: Of): SmdrRecord | SmdrOther['kind'] {
  const { variant, clock } = settings;
  const layout = LAYOUTS[variant];
  const type = line.charAt(0);
  const direction = Object.hasOwn(layout.codes, type) ? layout.codes[type] : undefined;
  if (direction === undefined || line.charCodeAt(1) !== 32 || line.charCodeAt(4) !== 47 || line.charCodeAt(7) !== 32)
    return 'unreadable';
  if (line.charCodeAt(16) !== 32 || line.charCodeAt(25) !== 32 || line.length < layout.digits[0]) return 'unreadable';
  if (line.charCodeAt(10) !== 58 || line.charCodeAt(19) !== 58) return 'unreadable';
  const record = new NewRecord(direction, line);
  record.code = type;
  const extension = column(line, layout.extension[0], layout.extension[1]);
  if (isDigits(extension) || /^(?:C\d+|n\d\d|#\d\d)$/u.test(extension)) record.extension = extension;
  else doubt(record, 'fieldUnreadable');
  const trunk = column(line, layout.trunk[0], layout.trunk[1]);
  if (isDigits(trunk)) record.line = trunk;
  else if (/^\*\d+$/u.test(trunk)) record.line = trunk.slice(1);
  else doubt(record, 'fieldUnreadable');
  const digits = column(line, layout.digits[0], layout.digits[1]);
  readDigits(record, digits, variant);
  if (digits.length === layout.digits[1] - layout.digits[0]) doubt(record, 'columnFull');
  readCodes(
    record,
    column(line, layout.account[0], layout.account[1]),
    column(line, layout.verified[0], layout.verified[1]),
  );
  if (type === 'T' || type === 't') record.transfer = 'from';
  const length = clockSeconds(line, 17);
  if (length < 0) doubt(record, 'fieldUnreadable');
  else record.durationMs = length * 1000;
  if (direction === 'in' && length >= 0) record.answered = type === 'A' || length === 0 ? 'unanswered' : 'answered';
  const [month, day, at] = [two(line, 2), two(line, 5), clockSeconds(line, 8)];
  const known = isDay(2000, month, day) && at >= 0 && at < 86_400;
  const date = known ? years.find(arrivedAt, month, day) : undefined;
  if (!known) doubt(record, 'fieldUnreadable');
  if (date === undefined || (clock === 'end' && length < 0)) doubt(record, 'startUnknown');
  else {
    record.start = stampOf(date, clock === 'start' ? at : at - length);
    doubt(record, 'dateGuessed');
  }
  return record;
}

function readDigits(record: Draft, text: string, variant: SmdrSettings['variant']): void {
  if (isDigits(text)) {
    record.number = text;
    return;
  }
  if (text === '' || /^(?:private|out of area)$/iu.test(text)) {
    if (text !== '') record.name = text;
    return;
  }
  const digits = shown(text);
  if (variant === '576' && /^\**$/u.test(digits) && digits.length > 1) {
    record.number = '.'.repeat(digits.length);
    doubt(record, 'digitsHidden');
  } else if (/^[\d*#]+$/u.test(digits)) record.number = digits;
  else doubt(record, 'fieldUnreadable');
}

function readCodes(record: Draft, account: string, verified: string): void {
  if (isDigits(account)) record.accountCode = account;
  else if (account !== '') doubt(record, 'fieldUnreadable');
  if (verified === '') return;
  if (/^[VW]\d{1,4}$/u.test(verified)) record.personalCode = verified;
  else if (/^D\d{1,4}$/u.test(verified)) record.disaCode = verified;
  else doubt(record, 'fieldUnreadable');
}

function write(record: SmdrRecord, { variant, clock }: SmdrSettings): string {
  const layout = LAYOUTS[variant];
  const start = record.start === undefined ? undefined : partsOf(record.start);
  const seconds = wholeSeconds(record.durationMs, 359_999, 'durationMs');
  const at = start === undefined || clock === 'start' ? start : partsOf(stampOf(start.day, start.seconds + seconds));
  if (at === undefined) throw misfit('start');
  if (record.costMinor !== undefined || record.ringMs !== undefined) throw misfit('ringMs');
  const type = record.code ?? (record.transfer !== undefined ? 'T' : record.direction === 'in' ? 'I' : 'O');
  if (!Object.hasOwn(layout.codes, type)) throw misfit('code');
  const width = ([from, to]: readonly [number, number]): number => to - from;
  const trunk = fit(record.line ?? '', width(layout.trunk), 'line');
  const digits =
    record.name === undefined ? (record.number ?? '').replace(/\*/gu, '>').replace(/#/gu, '<') : record.name;
  return [
    type,
    `${pad2(at.day.month)}/${pad2(at.day.day)}`,
    writeClock(at.seconds % 86_400, ':'),
    writeClock(seconds, ':'),
    fit(record.extension ?? '', width(layout.extension), 'extension'),
    ...(variant === '576' ? [trunk] : []),
    fit(
      record.number !== undefined && /^\.+$/u.test(record.number) ? '*'.repeat(record.number.length) : digits,
      width(layout.digits),
      'number',
    ),
    fit(record.accountCode ?? '', width(layout.account), 'accountCode'),
    fit(record.personalCode ?? record.disaCode ?? '', width(layout.verified), 'personalCode'),
    ...(variant === '824' ? [trunk] : []),
  ]
    .join(' ')
    .trimEnd();
}

/** Panasonic DBS 824 and, as a variant, DBS 576. */
export const dbs: MakeFormat = (settings) => {
  const years = new YearFinder();
  return {
    read: (line, context) => read(line, context, { settings, years }),
    write: (record) => write(record, settings),
  };
};
