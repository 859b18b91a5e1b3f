import { csvField, splitCsv } from '../csv.js';
import {
  clockSeconds,
  type Draft,
  doubt,
  draftsOfFormat,
  isDay,
  isDigits,
  type MakeFormat,
  misfit,
  moneyOf,
  partsOf,
  two,
  wholeAt,
  wholeSeconds,
  writeClock,
  writeMoney,
} from '../fields.js';
import type { SmdrSettings } from '../options.js';
import type { SmdrOther, SmdrRecord } from '../record.js';

const NewRecord = draftsOfFormat();

/** Fields in their order, as IP Office's SMDR description lists them; releases add more behind. */
const [CONNECTED, RING, CALLER, DIRECTION, CALLED, DIALLED, ACCOUNT, INTERNAL, CALL_ID, CONTINUES] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
];
const [DEVICE_1, DEVICE_2, NAME_2, HOLD, PARK, AUTH_CODE, CHARGE, CURRENCY, UNITS] = [
  11, 13, 14, 15, 16, 18, 20, 21, 23,
];
const [ZERO, ONE, LETTER_E, LETTER_I, LETTER_O, LETTER_T] = [48, 49, 69, 73, 79, 84];
const LEAST = 17;
const FIELDS = 30;

/** Field 0 and those up to the last that is used, and where the next would begin. */
const USED = UNITS + 1;

/** Cuts lines into fields and reads them. A field's text is made only where it is wanted. */
class IpOfficeReader {
  readonly #minorDigits: number;
  #line = '';
  /** Where each field begins; the one behind it begins after its comma. */
  readonly #at = new Int32Array(USED + 1);
  #count = 0;
  /** The fields of a line with quotes. */
  #fields: readonly string[] | undefined;
  /** The last day that was read, as text and as the beginning of a stamp: most lines have the one of the line before. */
  #dayText = '';
  #dayBegun = '';

  constructor(minorDigits: number) {
    this.#minorDigits = minorDigits;
  }

  read(line: string): SmdrRecord | SmdrOther['kind'] {
    this.#line = line;
    if (line.includes('"')) {
      this.#fields = splitCsv(line, ',');
      this.#count = this.#fields?.length ?? 0;
    } else this.#cut(line);
    if (this.#count < LEAST) return 'unreadable';
    if (line.charCodeAt(0) > 57) return /^call start/iu.test(this.#text(0)) ? 'header' : 'unreadable';
    const way = this.#letter(DIRECTION);
    const inside = this.#letter(INTERNAL);
    // Avaya's own examples have an `I` for an internal call.
    const isInside = inside === ONE || inside === LETTER_I;
    if ((way !== LETTER_I && way !== LETTER_O) || (inside !== ZERO && !isInside)) return 'unreadable';
    const record = new NewRecord(isInside ? 'internal' : way === LETTER_I ? 'in' : 'out', line);
    const start = this.#start();
    if (start === undefined) return 'unreadable';
    if (start === 'noDay') {
      doubt(record, 'fieldUnreadable');
      doubt(record, 'startUnknown');
    } else record.start = start;
    this.#readLengths(record);
    this.#readParties(record);
    if (!this.#isEmpty(CALL_ID)) record.callRef = this.#text(CALL_ID);
    const continues = this.#letter(CONTINUES);
    if (continues === ONE) record.continues = 'continues';
    else if (continues !== ZERO) doubt(record, 'fieldUnreadable');
    if (!this.#isEmpty(ACCOUNT)) record.accountCode = this.#text(ACCOUNT);
    this.#readMoney(record);
    return record;
  }

  #cut(line: string): void {
    this.#fields = undefined;
    const at = this.#at;
    let count = 1;
    for (let comma = line.indexOf(','); comma >= 0 && count <= USED; comma = line.indexOf(',', comma + 1)) {
      at[count] = comma + 1;
      count += 1;
    }
    if (count <= USED) at[count] = line.length + 1;
    this.#count = Math.min(count, USED);
  }

  #from(index: number): number {
    return this.#at[index] ?? 0;
  }

  #to(index: number): number {
    return (this.#at[index + 1] ?? 0) - 1;
  }

  #text(index: number): string {
    if (index >= this.#count) return '';
    return this.#fields === undefined
      ? this.#line.slice(this.#from(index), this.#to(index))
      : (this.#fields[index] ?? '');
  }

  #isEmpty(index: number): boolean {
    if (index >= this.#count) return true;
    return this.#fields === undefined ? this.#from(index) === this.#to(index) : this.#fields[index] === '';
  }

  /** The character of a field that is one character; else -1. */
  #letter(index: number): number {
    if (index >= this.#count) return -1;
    if (this.#fields !== undefined)
      return this.#fields[index]?.length === 1 ? (this.#fields[index]?.charCodeAt(0) ?? -1) : -1;
    const from = this.#from(index);
    return this.#to(index) - from === 1 ? this.#line.charCodeAt(from) : -1;
  }

  /** The character that a field begins with. */
  #first(index: number): number {
    if (this.#fields !== undefined) return this.#fields[index]?.charCodeAt(0) ?? -1;
    return this.#isEmpty(index) ? -1 : this.#line.charCodeAt(this.#from(index));
  }

  /** Whole seconds, -1 where it is something else; an empty field is none. */
  #seconds(index: number): number {
    if (this.#letter(index) === ZERO || this.#isEmpty(index)) return 0;
    if (this.#fields === undefined) {
      const [from, to] = [this.#from(index), this.#to(index)];
      return to - from <= 6 ? wholeAt(this.#line, from, to) : -1;
    }
    const text = this.#text(index);
    return text.length <= 6 ? wholeAt(text, 0, text.length) : -1;
  }

  /** `YYYY/MM/DD HH:MM:SS` as a stamp; `noDay` where it is of that shape and cannot be. */
  #start(): string | 'noDay' | undefined {
    const quoted = this.#fields !== undefined;
    const line = quoted ? this.#text(0) : this.#line;
    if ((quoted ? line.length : this.#to(0)) !== 19 || line.charCodeAt(10) !== 32) return undefined;
    if (line.charCodeAt(13) !== 58 || line.charCodeAt(16) !== 58) return undefined;
    const seconds = clockSeconds(line, 11);
    if (seconds < 0) return undefined;
    if (this.#dayText === '' || !line.startsWith(this.#dayText)) {
      if (line.charCodeAt(4) !== 47 || line.charCodeAt(7) !== 47) return undefined;
      const [century, year, month, day] = [two(line, 0), two(line, 2), two(line, 5), two(line, 8)];
      if (century < 0 || year < 0 || month < 0 || day < 0) return undefined;
      if (!isDay(century * 100 + year, month, day)) return 'noDay';
      this.#dayText = line.slice(0, 10);
      this.#dayBegun = `${line.slice(0, 4)}-${line.slice(5, 7)}-${line.slice(8, 10)}T`;
    }
    return seconds < 86_400 ? this.#dayBegun + line.slice(11, 19) : 'noDay';
  }

  #readLengths(record: Draft): void {
    const quoted = this.#fields !== undefined;
    const [line, at] = quoted ? [this.#text(CONNECTED), 0] : [this.#line, this.#from(CONNECTED)];
    const width = quoted ? line.length : this.#to(CONNECTED) - at;
    const good = width === 8 && line.charCodeAt(at + 2) === 58 && line.charCodeAt(at + 5) === 58;
    const seconds = good ? clockSeconds(line, at) : -1;
    if (seconds < 0) doubt(record, 'fieldUnreadable');
    else {
      record.durationMs = seconds * 1000;
      // A lost or failed call has a length of zero; an analog trunk cannot tell that the far end answered.
      if (record.direction !== 'out') record.answered = seconds > 0 ? 'answered' : 'unanswered';
    }
    const ring = this.#seconds(RING);
    const hold = this.#seconds(HOLD);
    const park = this.#seconds(PARK);
    if (ring < 0 || hold < 0 || park < 0) doubt(record, 'fieldUnreadable');
    if (ring > 0) record.ringMs = ring * 1000;
    if (hold > 0) record.holdMs = hold * 1000;
    if (park > 0) record.parkMs = park * 1000;
  }

  /** Devices are `E201` (extension), `T9001` (trunk), `V9500` (voicemail). Names of trunks say nothing about people. */
  #readParties(record: Draft): void {
    const extension = this.#withLetter(LETTER_E);
    const trunk = this.#withLetter(LETTER_T);
    if (extension >= 0) record.extension = this.#afterLetter(extension);
    if (trunk >= 0) record.line = this.#afterLetter(trunk);
    if (record.direction === 'in') {
      if (!this.#isEmpty(CALLER)) record.number = this.#text(CALLER);
      if (!this.#isEmpty(DIALLED)) record.did = this.#text(DIALLED);
      return;
    }
    const dialled = this.#isEmpty(DIALLED) ? CALLED : DIALLED;
    if (!this.#isEmpty(dialled)) record.number = this.#text(dialled);
    if (record.direction === 'internal' && this.#first(DEVICE_2) === LETTER_E && !this.#isEmpty(NAME_2))
      record.name = this.#text(NAME_2);
  }

  #withLetter(letter: number): number {
    return this.#first(DEVICE_1) === letter ? DEVICE_1 : this.#first(DEVICE_2) === letter ? DEVICE_2 : -1;
  }

  #afterLetter(index: number): string {
    return this.#fields === undefined
      ? this.#line.slice(this.#from(index) + 1, this.#to(index))
      : this.#text(index).slice(1);
  }

  #readMoney(record: Draft): void {
    if (!this.#isEmpty(AUTH_CODE)) {
      const code = this.#text(AUTH_CODE);
      if (code !== 'n/a') record.personalCode = code;
    }
    if (!this.#isEmpty(CHARGE)) {
      const minor = moneyOf(this.#text(CHARGE), this.#minorDigits);
      if (minor !== undefined) record.costMinor = minor;
      else doubt(record, 'fieldUnreadable');
    }
    if (!this.#isEmpty(CURRENCY)) {
      const currency = this.#text(CURRENCY);
      if (/^[A-Za-z]{1,8}$/u.test(currency)) record.currency = currency;
    }
    if (this.#isEmpty(UNITS)) return;
    const units = this.#text(UNITS);
    if (isDigits(units) && units !== '0') record.pulses = Number(units);
  }
}

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
export const ipofficeCsv: MakeFormat = (settings) => {
  const reader = new IpOfficeReader(settings.minorDigits);
  return { read: (line) => reader.read(line), write: (record) => write(record, settings) };
};
