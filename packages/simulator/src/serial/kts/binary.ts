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
import { type FieldRow, fieldsOf, MESSAGE_OF_TYPE, MESSAGES, type MessageRow, wordsOf } from './tables.js';

const START = [0xaa, 0x55] as const;
const VERSION = 0x10;
const HEAD = 8;
const MAX_PAYLOAD = 1_024;
const ACK_WANTED = 1;
const ANSWER = 2;
const EVENT = 4;
const REPEAT = 8;
const WIDTHS = { u8: 1, u16: 2, u32: 4, flag: 1, word: 1, set: 2, time: 7 } as const;

/** Section 2 of docs/protocols/kts-1.md. */
export const BINARY: KtsCodec = { profile: 'kts-bin/1', encode, decoder: () => new BinaryDecoder() };

function flagsOf(message: MessageRow): number {
  const group = message.group === 'answer' ? ANSWER : message.group === 'event' ? EVENT : 0;
  return VERSION | group | (message.link === 'reliable' ? ACK_WANTED : 0);
}

function encode(message: Outgoing): Uint8Array {
  const row = MESSAGES.get(message.word);
  if (row === undefined) throw new RangeError(`no message ${message.word}`);
  const payload: number[] = [];
  for (const field of fieldsOf(row)) {
    const values = field.many ? (message.many?.[field.name] ?? []) : [message.one?.[field.name]];
    for (const value of values) {
      if (value === undefined) continue;
      const bytes = bytesOf(field, value);
      payload.push(field.tag, bytes.length, ...bytes);
    }
  }
  const flags = flagsOf(row) | (message.repeat === undefined ? 0 : REPEAT);
  const body = Uint8Array.from([
    flags,
    message.number ?? 0,
    message.node,
    row.type,
    payload.length & 0xff,
    payload.length >> 8,
    ...payload,
  ]);
  const crc = crc16(body);
  return Uint8Array.from([...START, ...body, crc >> 8, crc & 0xff]);
}

function bytesOf(field: FieldRow, value: FieldValue): readonly number[] | Uint8Array {
  switch (field.kind) {
    case 'u8':
    case 'u16':
    case 'u32':
      return little(Number(value), WIDTHS[field.kind]);
    case 'flag':
      return [value === true ? 1 : 0];
    case 'word':
      return [codeOf(field, String(value))];
    case 'set': {
      const words = Array.isArray(value) ? value : [];
      return little(
        words.reduce((bits: number, word: string) => bits | (1 << codeOf(field, word)), 0),
        2,
      );
    }
    case 'text':
    case 'digits':
      return Buffer.from(String(value), 'utf8');
    case 'bytes':
      return value instanceof Uint8Array ? value : [];
    case 'time': {
      const [year, ...rest] = timeParts(Number(value));
      return [...little(year, 2), ...rest];
    }
  }
}

function codeOf(field: FieldRow, word: string): number {
  return word.startsWith('#') ? Number(word.slice(1)) : wordsOf(field).indexOf(word);
}

function little(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, n) => Math.floor(value / 2 ** (8 * n)) % 256);
}

class BinaryDecoder implements KtsDecoder {
  #bytes = Buffer.alloc(0);

  get unfinished(): boolean {
    return this.#bytes.length > 0;
  }

  push(bytes: Uint8Array): readonly Incoming[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    return this.#read();
  }

  gap(): readonly Incoming[] {
    const found: Incoming[] = [];
    while (this.#bytes.length > 0) {
      // Only what had a whole head was surely meant to be a frame.
      if (this.#bytes.length >= HEAD) found.push({ kind: 'damaged' });
      this.#bytes = this.#bytes.subarray(1);
      found.push(...this.#read());
    }
    return found;
  }

  #read(): readonly Incoming[] {
    const found: Incoming[] = [];
    for (;;) {
      this.#skip();
      const bytes = this.#bytes;
      if (bytes.length < HEAD) return found;
      const length = bytes.readUInt16LE(6);
      if (length > MAX_PAYLOAD) {
        this.#bytes = bytes.subarray(1);
        continue;
      }
      const end = HEAD + length + 2;
      if (bytes.length < end) return found;
      if (crc16(bytes.subarray(2, end - 2)) !== bytes.readUInt16BE(end - 2)) {
        found.push({ kind: 'damaged' });
        this.#bytes = bytes.subarray(1);
        continue;
      }
      found.push(frameOf(bytes.subarray(0, end)));
      this.#bytes = bytes.subarray(end);
    }
  }

  /** To where a frame may begin; the rest may still become one. */
  #skip(): void {
    const bytes = this.#bytes;
    let at = 0;
    while (at < bytes.length && !mayBegin(bytes, at)) at++;
    this.#bytes = bytes.subarray(at);
  }
}

function mayBegin(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== START[0]) return false;
  if (at + 1 < bytes.length && bytes[at + 1] !== START[1]) return false;
  return at + 2 >= bytes.length || ((bytes[at + 2] ?? 0) & 0xf0) === VERSION;
}

function frameOf(bytes: Buffer): Incoming {
  const [flags = 0, number = 0, node = 0, type = 0] = bytes.subarray(2, 6);
  const payload = bytes.subarray(HEAD, bytes.length - 2);
  const message = MESSAGE_OF_TYPE.get(type);
  const isAbout = message?.word === 'ACK' || message?.word === 'NAK';
  const reliable = (flags & ACK_WANTED) !== 0;
  const base = {
    kind: 'frame',
    number: reliable || isAbout ? number : undefined,
    reliable,
    request: (flags & (ANSWER | EVENT)) === 0,
    node,
    fields: NONE,
  } as const;
  const ref = refOf(payload);
  const withRef = ref === undefined ? base : { ...base, ref };
  if (message === undefined) return { ...withRef, state: 'unknown', word: `#${type}` };
  const fields = (flags & ~REPEAT) === flagsOf(message) ? fieldsIn(message, payload) : undefined;
  if (fields === undefined) return { ...withRef, state: 'malformed', word: message.word, message };
  return { ...withRef, state: 'good', word: message.word, message, fields };
}

const NONE: Fields = { one: {}, many: {} };

function refOf(payload: Buffer): number | undefined {
  for (const [tag, value] of walk(payload)) if (tag === 1 && value?.length === 2) return value.readUInt16LE(0);
  return undefined;
}

/** Field by field; a value of `undefined` stands for the end of a payload inside a field. */
function* walk(payload: Buffer): Generator<readonly [number, Buffer | undefined]> {
  for (let at = 0; at < payload.length; ) {
    const length = payload[at + 1];
    const end = at + 2 + (length ?? 0);
    const isWhole = length !== undefined && end <= payload.length;
    yield [payload[at] ?? 0, isWhole ? payload.subarray(at + 2, end) : undefined];
    if (!isWhole) return;
    at = end;
  }
}

function fieldsIn(message: MessageRow, payload: Buffer): Fields | undefined {
  const one: Record<string, FieldValue> = {};
  const many: Record<string, FieldValue[]> = {};
  const rows = fieldsOf(message);
  for (const [tag, bytes] of walk(payload)) {
    if (bytes === undefined) return undefined;
    const row = rows.find((candidate) => candidate.tag === tag);
    if (row === undefined) continue;
    const value = readValue(row, bytes);
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

function fits(row: FieldRow, length: number): boolean {
  return row.kind === 'text' || row.kind === 'digits' || row.kind === 'bytes'
    ? length <= row.max
    : length === WIDTHS[row.kind];
}

function readValue(row: FieldRow, bytes: Buffer): FieldValue | undefined {
  if (!fits(row, bytes.length)) return undefined;
  switch (row.kind) {
    case 'text':
      return utf8(bytes);
    case 'digits': {
      const text = utf8(bytes);
      return text !== undefined && DIGITS.test(text) ? text : undefined;
    }
    case 'bytes':
      return new Uint8Array(bytes);
    case 'u8':
    case 'u16':
    case 'u32':
      return bytes.readUIntLE(0, bytes.length);
    case 'flag':
      return bytes[0] === 0 || bytes[0] === 1 ? bytes[0] === 1 : undefined;
    case 'word':
      return wordsOf(row)[bytes[0] ?? 0] ?? `#${bytes[0]}`;
    case 'set': {
      const bits = bytes.readUInt16LE(0);
      return Array.from({ length: 16 }, (_, n) => n)
        .filter((n) => (bits >> n) & 1)
        .map((n) => wordsOf(row)[n] ?? `#${n}`);
    }
    case 'time':
      return localTime([bytes.readUInt16LE(0), ...bytes.subarray(2)]);
  }
}
