import { csvField, splitCsv } from '../csv.js';
import {
  clockSeconds,
  type Draft,
  doubt,
  isDay,
  isDigits,
  type MakeFormat,
  misfit,
  moneyOf,
  NO_DOUBTS,
  partsOf,
  stampOf,
  two,
  wholeSeconds,
  writeClock,
  writeMoney,
} from '../fields.js';
import type { SmdrSettings } from '../options.js';
import type { SmdrOther, SmdrRecord } from '../record.js';

/** Fields in their order, as IP Office's SMDR description lists them; releases add more behind. */
const [CONNECTED, RING, CALLER, DIRECTION, CALLED, DIALLED, ACCOUNT, INTERNAL, CALL_ID, CONTINUES] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];
const [DEVICE_1, DEVICE_2, NAME_2, HOLD, PARK, AUTH_CODE, CHARGE, CURRENCY, UNITS] = [
  11, 13, 14, 15, 16, 18, 20, 21, 23,
];
const LEAST = 17;
const FIELDS = 30;

function read(line: string, { minorDigits }: SmdrSettings): SmdrRecord | SmdrOther['kind'] {
  const fields = line.includes('"') ? splitCsv(line, ',') : line.split(',', UNITS + 1);
  if (fields === undefined || fields.length < LEAST) return 'unreadable';
  const start = fields[0] ?? '';
  if (line.charCodeAt(0) > 57) return /^call start/iu.test(start) ? 'header' : 'unreadable';
  const text = (index: number): string => fields[index] ?? '';
  const way = text(DIRECTION);
  if ((way !== 'I' && way !== 'O') || (text(INTERNAL) !== '0' && text(INTERNAL) !== '1')) return 'unreadable';
  const internal = text(INTERNAL) === '1';
  const record: Draft = { direction: internal ? 'internal' : way === 'I' ? 'in' : 'out', doubts: NO_DOUBTS, raw: line };
  const known = stampOfText(start);
  if (known === undefined) return 'unreadable';
  if (known === 'noDay') {
    doubt(record, 'fieldUnreadable');
    doubt(record, 'startUnknown');
  } else record.start = known;
  readLengths(record, text);
  readParties(record, text);
  if (text(CALL_ID) !== '') record.callRef = text(CALL_ID);
  if (text(CONTINUES) === '1') record.continues = 'continues';
  else if (text(CONTINUES) !== '0') doubt(record, 'fieldUnreadable');
  if (text(ACCOUNT) !== '') record.accountCode = text(ACCOUNT);
  if (text(AUTH_CODE) !== '' && text(AUTH_CODE) !== 'n/a') record.personalCode = text(AUTH_CODE);
  const charge = text(CHARGE);
  const minor = charge === '' ? undefined : moneyOf(charge, minorDigits);
  if (minor !== undefined) record.costMinor = minor;
  else if (charge !== '') doubt(record, 'fieldUnreadable');
  if (text(CURRENCY) !== '' && /^[A-Za-z]{1,8}$/u.test(text(CURRENCY))) record.currency = text(CURRENCY);
  if (isDigits(text(UNITS)) && text(UNITS) !== '0') record.pulses = Number(text(UNITS));
  return record;
}

/** `YYYY/MM/DD HH:MM:SS` as a stamp; `noDay` where it is of that shape and cannot be. */
function stampOfText(text: string): string | 'noDay' | undefined {
  if (text.length !== 19 || text.charCodeAt(4) !== 47 || text.charCodeAt(7) !== 47 || text.charCodeAt(10) !== 32)
    return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  const [century, year, month, day] = [two(text, 0), two(text, 2), two(text, 5), two(text, 8)];
  const seconds = clockSeconds(text, 11);
  if (century < 0 || year < 0 || month < 0 || day < 0 || seconds < 0) return undefined;
  const whole = century * 100 + year;
  return isDay(whole, month, day) && seconds < 86_400 ? stampOf({ year: whole, month, day }, seconds) : 'noDay';
}

function readLengths(record: Draft, text: (index: number) => string): void {
  const connected = text(CONNECTED);
  const seconds =
    connected.length === 8 && connected.charCodeAt(2) === 58 && connected.charCodeAt(5) === 58
      ? clockSeconds(connected, 0)
      : -1;
  if (seconds < 0) doubt(record, 'fieldUnreadable');
  else {
    record.durationMs = seconds * 1000;
    // A lost or failed call has a length of zero; an analog trunk cannot tell that the far end answered.
    if (record.direction !== 'out') record.answered = seconds > 0 ? 'answered' : 'unanswered';
  }
  const ring = secondsOf(text(RING));
  const hold = secondsOf(text(HOLD));
  const park = secondsOf(text(PARK));
  if (ring < 0 || hold < 0 || park < 0) doubt(record, 'fieldUnreadable');
  if (ring > 0) record.ringMs = ring * 1000;
  if (hold > 0) record.holdMs = hold * 1000;
  if (park > 0) record.parkMs = park * 1000;
}

/** Whole seconds, -1 where it is something else; an empty field is none. */
function secondsOf(text: string): number {
  if (text === '' || text === '0') return 0;
  return text.length <= 6 && isDigits(text) ? Number(text) : -1;
}

/** Devices are `E201` (extension), `T9001` (trunk), `V9500` (voicemail). Names of trunks say nothing about people. */
function readParties(record: Draft, text: (index: number) => string): void {
  const first = text(DEVICE_1);
  const second = text(DEVICE_2);
  const [own, trunk] = [withLetter(first, second, 69), withLetter(first, second, 84)];
  if (own !== undefined) record.extension = own.slice(1);
  if (trunk !== undefined) record.line = trunk.slice(1);
  if (record.direction === 'in') {
    if (text(CALLER) !== '') record.number = text(CALLER);
    if (text(DIALLED) !== '') record.did = text(DIALLED);
    return;
  }
  const dialled = text(DIALLED) === '' ? text(CALLED) : text(DIALLED);
  if (dialled !== '') record.number = dialled;
  if (record.direction === 'internal' && second.charCodeAt(0) === 69 && text(NAME_2) !== '') record.name = text(NAME_2);
}

const withLetter = (first: string, second: string, letter: number): string | undefined =>
  first.charCodeAt(0) === letter ? first : second.charCodeAt(0) === letter ? second : undefined;

function write(record: SmdrRecord, { minorDigits }: SmdrSettings): string {
  if (record.start === undefined || partsOf(record.start) === undefined) throw misfit('start');
  if (record.direction === 'unknown') throw misfit('direction');
  const fields = Array.from({ length: FIELDS }, () => '');
  const put = (index: number, value: string): void => {
    fields[index] = csvField(value, ',');
  };
  const seconds = (ms: number | undefined): string => String(wholeSeconds(ms, 999_999, 'ringMs'));
  const incoming = record.direction === 'in';
  const device = record.extension === undefined ? '' : `E${record.extension}`;
  const line = record.line === undefined ? '' : `T${record.line}`;
  const other = record.direction === 'internal' ? `E${record.number ?? ''}` : line;
  put(0, `${record.start.slice(0, 10).replace(/-/gu, '/')} ${record.start.slice(11)}`);
  put(CONNECTED, writeClock(wholeSeconds(record.durationMs, 359_999, 'durationMs'), ':'));
  put(RING, seconds(record.ringMs));
  put(CALLER, incoming ? (record.number ?? '') : (record.extension ?? ''));
  put(DIRECTION, incoming ? 'I' : 'O');
  put(CALLED, incoming ? (record.extension ?? '') : (record.number ?? ''));
  put(DIALLED, incoming ? (record.did ?? '') : (record.number ?? ''));
  put(ACCOUNT, record.accountCode ?? '');
  put(INTERNAL, record.direction === 'internal' ? '1' : '0');
  put(CALL_ID, record.callRef ?? '');
  put(CONTINUES, record.continues === undefined ? '0' : '1');
  put(DEVICE_1, device);
  put(DEVICE_2, other);
  put(NAME_2, record.direction === 'internal' ? (record.name ?? '') : line === '' ? '' : `LINE ${record.line}`);
  put(HOLD, seconds(record.holdMs));
  put(PARK, seconds(record.parkMs));
  put(AUTH_CODE, record.personalCode ?? '');
  put(CHARGE, record.costMinor === undefined ? '' : writeMoney(record.costMinor, minorDigits));
  put(CURRENCY, record.currency ?? '');
  put(UNITS, record.pulses === undefined ? '' : String(record.pulses));
  return fields.join(',');
}

/** Avaya IP Office, CSV. Segments of one call share `callRef`, and all but the last have `continues`. */
export const ipofficeCsv: MakeFormat = (settings) => ({
  read: (line) => read(line, settings),
  write: (record) => write(record, settings),
});
