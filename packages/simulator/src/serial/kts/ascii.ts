import {
  crc16,
  DIGITS,
  type Fields,
  type FieldValue,
  type Incoming,
  type KtsCodec,
  type KtsDecoder,
  localTime,
  type Outgoing,
  timeParts,
  utf8,
} from './frame.js';
import { type FieldRow, fieldsOf, MESSAGES, type MessageRow, wordsOf } from './tables.js';

const MAX_LINE = 3_072;
const SIGILS = { request: '>', answer: '<', event: '!' } as const;
const SPECIAL = new Set([...',=*%><!'].map((char) => char.charCodeAt(0)));
const MAXIMA = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff } as const;

/** How the ASCII encoding is written. */
export interface AsciiOptions {
  /** Two hexadecimal digits instead of four: devices that cannot do better. Default `crc`. */
  readonly check?: 'crc' | 'xor';
  /** 7: every byte above 7E is escaped. Default 7, which every line passes. */
  readonly bits?: 7 | 8;
}

/** Section 3 of docs/protocols/kts-1.md. */
export function ascii(options: AsciiOptions = {}): KtsCodec {
  return { profile: 'kts-ascii/1', encode: (message) => encode(message, options), decoder: () => new AsciiDecoder() };
}

function encode(message: Outgoing, { check = 'crc', bits = 7 }: AsciiOptions): Uint8Array {
  const row = MESSAGES.get(message.word);
  if (row === undefined) throw new RangeError(`no message ${message.word}`);
  const parts = [
    `${hasNumber(row) ? (message.number ?? 0) : '-'}${message.node === 0 ? '' : `@${message.node}`}`,
    row.word,
  ];
  for (const field of fieldsOf(row)) {
    const values = field.many ? (message.many?.[field.name] ?? []) : [message.one?.[field.name]];
    for (const value of values) {
      if (value !== undefined) parts.push(`${field.key}=${escaped(textOf(field, value), bits)}`);
    }
  }
  const body = Buffer.from(parts.join(','), 'latin1');
  const sum =
    check === 'xor'
      ? hex(body.reduce((xor, byte) => xor ^ byte, 0))
      : crc16(body).toString(16).toUpperCase().padStart(4, '0');
  return Buffer.concat([Buffer.from(SIGILS[row.group]), body, Buffer.from(`*${sum}\r\n`)]);
}

function hasNumber(row: MessageRow): boolean {
  return row.link === 'reliable' || row.word === 'ACK' || row.word === 'NAK';
}

function textOf(field: FieldRow, value: FieldValue): Uint8Array {
  switch (field.kind) {
    case 'flag':
      return Buffer.from(value === true ? '1' : '0');
    case 'set':
      return Buffer.from((Array.isArray(value) ? value : []).join('+'));
    case 'bytes':
      return Buffer.from(value instanceof Uint8Array ? Buffer.from(value).toString('hex').toUpperCase() : '');
    case 'time': {
      const [year, month, day, hour, minute, second] = timeParts(Number(value)).map((part) =>
        String(part).padStart(2, '0'),
      );
      return Buffer.from(`${year}${month}${day}T${hour}${minute}${second}`);
    }
    default:
      return Buffer.from(String(value), 'utf8');
  }
}

/** In latin1: every byte one character. */
function escaped(bytes: Uint8Array, bits: 7 | 8): string {
  let text = '';
  for (const byte of bytes) {
    const isSpecial = byte < 0x20 || byte === 0x7f || SPECIAL.has(byte) || (bits === 7 && byte > 0x7e);
    text += isSpecial ? `%${hex(byte)}` : String.fromCharCode(byte);
  }
  return text;
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

class AsciiDecoder implements KtsDecoder {
  #line: number[] = [];
  #skipping: 'skipping' | undefined;

  get unfinished(): boolean {
    return this.#line.length > 0 || this.#skipping !== undefined;
  }

  /** A person may type: silence ends nothing. */
  gap(): readonly Incoming[] {
    return [];
  }

  push(bytes: Uint8Array): readonly Incoming[] {
    const found: Incoming[] = [];
    for (const byte of bytes) {
      if (byte === 0x0d || byte === 0x0a) {
        const line = this.#line;
        if (this.#skipping === undefined && line.length > 0) {
          const read = readLine(Buffer.from(line));
          if (read !== undefined) found.push(read);
        }
        this.#line = [];
        this.#skipping = undefined;
      } else if (this.#skipping === undefined) {
        if (this.#line.length < MAX_LINE) this.#line.push(byte);
        else this.#skipping = 'skipping';
      }
    }
    return found;
  }
}

const DAMAGED: Incoming = { kind: 'damaged' };
const NONE: Fields = { one: {}, many: {} };

function readLine(line: Buffer): Incoming | undefined {
  const from = Math.max(...Object.values(SIGILS).map((sigil) => line.lastIndexOf(sigil)));
  if (from === -1) return undefined;
  const star = line.lastIndexOf('*');
  if (star < from) return DAMAGED;
  const body = line.subarray(from + 1, star);
  if (!isChecked(body, line.subarray(star + 1).toString('latin1'))) return DAMAGED;
  const sigil = String.fromCharCode(line[from] ?? 0);
  const [head = '', word = '', ...pairs] = body.toString('latin1').split(',');
  const match = /^(-|\d{1,3})(?:@(\d{1,3}))?$/.exec(head);
  const message = MESSAGES.get(word.toUpperCase());
  if (message !== undefined && SIGILS[message.group] !== sigil) return DAMAGED;
  const number = match?.[1] === '-' ? undefined : Number(match?.[1] ?? Number.NaN);
  const node = Number(match?.[2] ?? 0);
  const isHead = match !== null && !((number ?? 0) > 255) && node <= 255;
  const ref = refOf(pairs);
  const base = {
    kind: 'frame',
    number: isHead ? number : undefined,
    reliable: isHead && number !== undefined && message?.word !== 'ACK' && message?.word !== 'NAK',
    request: sigil === '>',
    node,
    fields: NONE,
    word: word.toUpperCase(),
    ...(ref === undefined ? {} : { ref }),
  } as const;
  if (message === undefined) return { ...base, state: isHead ? 'unknown' : 'malformed' };
  const isRight = isHead && (number !== undefined) === hasNumber(message);
  const fields = isRight ? fieldsIn(message, pairs) : undefined;
  if (fields === undefined) return { ...base, message, state: 'malformed' };
  return { ...base, message, state: 'good', fields };
}

function isChecked(body: Buffer, check: string): boolean {
  if (/^[0-9a-f]{4}$/i.test(check)) return Number.parseInt(check, 16) === crc16(body);
  if (!/^[0-9a-f]{2}$/i.test(check)) return false;
  return Number.parseInt(check, 16) === body.reduce((xor, byte) => xor ^ byte, 0);
}

function refOf(pairs: readonly string[]): number | undefined {
  const pair = pairs.find((one) => /^r=\d{1,9}$/i.test(one));
  const ref = pair === undefined ? undefined : Number(pair.slice(2));
  return ref === undefined || ref > 0xffff ? undefined : ref;
}

function fieldsIn(message: MessageRow, pairs: readonly string[]): Fields | undefined {
  const one: Record<string, FieldValue> = {};
  const many: Record<string, FieldValue[]> = {};
  const rows = fieldsOf(message);
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals === -1) return undefined;
    const key = pair.slice(0, equals).toLowerCase();
    const row = rows.find((candidate) => candidate.key === key);
    if (row === undefined) continue;
    const bytes = unescaped(pair.slice(equals + 1));
    const value = bytes === undefined ? undefined : readValue(row, bytes);
    if (value === undefined) return undefined;
    if (row.many) {
      const list = many[row.name] ?? [];
      list.push(value);
      many[row.name] = list;
    } else one[row.name] ??= value;
  }
  const isComplete = message.must.every((name) => one[name] !== undefined || many[name] !== undefined);
  return isComplete ? { one, many } : undefined;
}

function unescaped(text: string): Buffer | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined;
  const plain = text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(plain, 'latin1');
}

function readValue(row: FieldRow, bytes: Buffer): FieldValue | undefined {
  const text = utf8(bytes);
  if (text === undefined) return undefined;
  switch (row.kind) {
    case 'text':
    case 'digits':
      return bytes.length <= row.max && (row.kind === 'text' || DIGITS.test(text)) ? text : undefined;
    case 'u8':
    case 'u16':
    case 'u32':
      return /^\d{1,20}$/.test(text) && Number(text) <= MAXIMA[row.kind] ? Number(text) : undefined;
    case 'flag':
      return text === '0' || text === '1' ? text === '1' : undefined;
    case 'word':
      return word(row, text);
    case 'set':
      return text === '' ? [] : text.split('+').map((part) => word(row, part));
    case 'bytes':
      return /^([0-9a-f]{2})*$/i.test(text) && text.length <= 2 * row.max
        ? new Uint8Array(Buffer.from(text, 'hex'))
        : undefined;
    case 'time': {
      const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/i.exec(text);
      return parts === null ? undefined : localTime(parts.slice(1).map(Number));
    }
  }
}

/** `#3` and the word with the code 3 are the same. */
function word(row: FieldRow, text: string): string {
  if (/^#\d{1,3}$/.test(text)) return wordsOf(row)[Number(text.slice(1))] ?? text;
  return text.toUpperCase();
}
