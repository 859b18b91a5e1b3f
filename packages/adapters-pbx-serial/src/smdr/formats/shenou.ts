import {
  column,
  type Draft,
  doubt,
  draftsOfFormat,
  fit,
  isDay,
  isDigits,
  type MakeFormat,
  misfit,
  moneyOf,
  pad2,
  partsOf,
  stampOf,
  two,
  wholeSeconds,
} from '../fields.js';
import type { SmdrSettings } from '../options.js';
import type { SmdrOther, SmdrRecord } from '../record.js';

const NewRecord = draftsOfFormat();

/** After the `T`: start 15, duration 7, caller 16, internal number 8, called 24, type 3, charge 8, all at the left edge. Source: Shenou USO serial forwarding note. */
const AT = { start: 1, duration: 16, caller: 23, internal: 39, called: 47, type: 71, charge: 74, end: 82 } as const;
const INTERNAL = '09';
const INCOMING = '12';

function read(line: string, settings: SmdrSettings): SmdrRecord | SmdrOther['kind'] {
  if (line.charCodeAt(0) !== 84 || line.length < AT.type + 2 || line.length > AT.end + 2) return 'unreadable';
  if (line.charCodeAt(15) !== 32 || line.charCodeAt(22) !== 32) return 'unreadable';
  const type = line.slice(AT.type, AT.type + 2);
  const known = two(type, 0);
  if (known < 0 || line.charCodeAt(AT.type - 1) !== 32) return 'unreadable';
  const record = new NewRecord(type === INCOMING ? 'in' : type === INTERNAL ? 'internal' : 'out', line);
  record.code = type;
  if (known > 12) {
    record.direction = 'unknown';
    doubt(record, 'fieldUnreadable');
  }
  const caller = column(line, AT.caller, AT.internal);
  const internal = column(line, AT.internal, AT.called);
  const called = column(line, AT.called, AT.type);
  const number = record.direction === 'in' ? caller : called;
  if (isDigits(internal) || /^[\d*#]+$/u.test(internal)) record.extension = internal;
  else if (internal !== '') doubt(record, 'fieldUnreadable');
  if (isDigits(number) || /^[\d*#.]+$/u.test(number)) record.number = number;
  else if (number !== '') doubt(record, 'fieldUnreadable');
  if (record.number?.includes('.')) doubt(record, 'digitsHidden');
  // Of an incoming call the called number is the one that was reached; of an outgoing one the caller's is our own.
  const own = record.direction === 'in' ? called : caller;
  if (isDigits(own) || /^[\d*#]+$/u.test(own)) record.did = own;
  else if (own !== '') doubt(record, 'fieldUnreadable');
  readLength(record, line);
  const charge = column(line, AT.charge, line.length);
  const minor =
    charge === ''
      ? undefined
      : charge.includes('.')
        ? moneyOf(charge, settings.minorDigits)
        : isDigits(charge)
          ? Number(charge)
          : undefined;
  if (minor !== undefined) record.costMinor = minor;
  else if (charge !== '') doubt(record, 'fieldUnreadable');
  readStart(record, line, settings);
  return record;
}

function readLength(record: Draft, line: string): void {
  const [hours, minutes, seconds] = [two(line, AT.duration), two(line, AT.duration + 2), two(line, AT.duration + 4)];
  if (hours < 0 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
    doubt(record, 'fieldUnreadable');
    return;
  }
  record.durationMs = (hours * 3600 + minutes * 60 + seconds) * 1000;
  if (record.direction === 'in') record.answered = record.durationMs > 0 ? 'answered' : 'unanswered';
}

function readStart(record: Draft, line: string, { clock }: SmdrSettings): void {
  const century = two(line, 1);
  const year = two(line, 3);
  const month = two(line, 5);
  const day = two(line, 7);
  const hours = two(line, 9);
  const minutes = two(line, 11);
  const seconds = two(line, 13);
  const whole = century * 100 + year;
  const good = century >= 19 && century <= 20 && year >= 0 && isDay(whole, month, day) && hours >= 0 && hours < 24;
  if (!good || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
    doubt(record, 'fieldUnreadable');
    doubt(record, 'startUnknown');
    return;
  }
  const at = hours * 3600 + minutes * 60 + seconds;
  if (clock === 'end' && record.durationMs === undefined) doubt(record, 'startUnknown');
  else record.start = stampOf({ year: whole, month, day }, clock === 'end' ? at - (record.durationMs ?? 0) / 1000 : at);
}

function write(record: SmdrRecord, { clock }: SmdrSettings): string {
  const start = record.start === undefined ? undefined : partsOf(record.start);
  const length = wholeSeconds(record.durationMs, 359_999, 'durationMs');
  const at = start === undefined || clock === 'start' ? start : partsOf(stampOf(start.day, start.seconds + length));
  if (at === undefined) throw misfit('start');
  const type =
    record.code ?? (record.direction === 'in' ? INCOMING : record.direction === 'internal' ? INTERNAL : '08');
  if (!/^\d\d$/u.test(type)) throw misfit('code');
  const hms = (seconds: number): string =>
    `${pad2(Math.floor(seconds / 3600))}${pad2(Math.floor(seconds / 60) % 60)}${pad2(seconds % 60)}`;
  const [caller, called] = record.direction === 'in' ? [record.number, record.did] : [record.did, record.number];
  return [
    `T${at.day.year}${pad2(at.day.month)}${pad2(at.day.day)}${hms(at.seconds)} `,
    `${hms(length)} `,
    fit(caller ?? '', 15, 'number').padEnd(16),
    fit(record.extension ?? '', 7, 'extension').padEnd(8),
    fit(called ?? '', 23, 'number').padEnd(24),
    `${type} `,
    fit(record.costMinor === undefined ? '' : String(record.costMinor), 8, 'costMinor'),
  ]
    .join('')
    .trimEnd();
}

/** Shenou (申瓯) USO serial forwarding. A charge without a point is taken for minor units. */
export const shenou: MakeFormat = (settings) => ({
  read: (line) => read(line, settings),
  write: (record) => write(record, settings),
});
