/**
 * A reader of kts-1 that knows nothing but docs/protocols/kts-1.md: it takes fields, words and messages from the tables of that page. It shares no code with
 * the codecs, so that a mistake of theirs and one of the page cannot cancel out.
 */

interface Field {
  readonly name: string;
  readonly kind: string;
  readonly isList: boolean;
}

interface Message {
  readonly name: string;
  readonly cls: string;
  readonly link: string;
  readonly fields: ReadonlySet<string>;
  readonly must: readonly string[];
}

/** What the page says, by tag, key, type and word. */
export interface Dictionary {
  readonly byTag: ReadonlyMap<number, Field>;
  readonly keys: ReadonlyMap<string, string>;
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly byType: ReadonlyMap<number, Message>;
  readonly byWord: ReadonlyMap<string, Message>;
  readonly kinds: ReadonlyMap<string, Field>;
}

/** A message as the page's JSON shows it. */
export type Plain = Record<string, unknown>;

/** The cells of the table under a heading. */
export function table(page: string, heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((row) => row.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Reads the tables of the page. */
export function dictionaryOf(page: string): Dictionary {
  const byTag = new Map<number, Field>();
  const keys = new Map<string, string>();
  const kinds = new Map<string, Field>();
  for (const [tag = '', key = '', name = '', kind = '', , many] of table(page, '5 Fields')) {
    const field = { name, kind, isList: many === 'yes' };
    byTag.set(Number.parseInt(tag, 16), field);
    keys.set(name, key);
    kinds.set(name, field);
  }
  const words = new Map<string, readonly string[]>();
  for (const [name = '', list = ''] of table(page, '6 Words')) {
    const ordered = list.split(', ').map((each, at) => {
      const [code, word = ''] = each.split(' ');
      if (Number(code) !== at) throw new Error(`${name} ${each}`);
      return word;
    });
    words.set(name, ordered);
  }
  words.set('codes', words.get('code') ?? []);
  const byType = new Map<number, Message>();
  const byWord = new Map<string, Message>();
  const split = (text: string): string[] => text.split(', ').filter(Boolean);
  for (const [type = '', word = '', name = '', cls = '', , link = '', must = '', may = ''] of table(
    page,
    '7 Messages',
  )) {
    const message = { name, cls, link, must: split(must), fields: new Set([...split(must), ...split(may)]) };
    byType.set(Number.parseInt(type, 16), message);
    byWord.set(word, message);
  }
  return { byTag, keys, words, byType, byWord, kinds };
}

/** Bit by bit, as the page describes it. */
function crc(bytes: readonly number[]): number {
  let value = 0xffff;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const out = ((value >> 15) & 1) ^ ((byte >> bit) & 1);
      value = (value << 1) & 0xffff;
      if (out === 1) value ^= 0x1021;
    }
  }
  return value;
}

function put(to: Plain, field: Field, value: unknown): void {
  if (!field.isList) to[field.name] ??= value;
  else to[field.name] = [...((to[field.name] as unknown[] | undefined) ?? []), value];
}

const two = (value: number): string => String(value).padStart(2, '0');

function binaryValue(field: Field, bytes: readonly number[], dictionary: Dictionary): unknown {
  const words = dictionary.words.get(field.name) ?? [];
  const number = bytes.reduce((sum, byte, at) => sum + byte * 256 ** at, 0);
  switch (field.kind) {
    case 'u8':
    case 'u16':
    case 'u32':
      if (bytes.length !== Number(field.kind.slice(1)) / 8) throw new Error('width');
      return number;
    case 'flag':
      return number === 1;
    case 'word':
      return words[number]?.toLowerCase();
    case 'set':
      return words.filter((_, bit) => Math.floor(number / 2 ** bit) % 2 === 1).map((word) => word.toLowerCase());
    case 'time': {
      const [low = 0, high = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
      return `${low + 256 * high}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
    }
    case 'bytes':
      return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
    default:
      return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  }
}

/** One frame of kts-bin/1. `undefined`: nothing may be delivered. */
export function readBinary(dictionary: Dictionary, bytes: readonly number[]): Plain | undefined {
  const [a, b, flags = 0, seq = 0, , type = 0, low = 0, high = 0] = bytes;
  const length = low + 256 * high;
  if (a !== 0xaa || b !== 0x55 || flags >> 4 !== 1 || length > 1024 || bytes.length !== 10 + length) return undefined;
  if (crc(bytes.slice(2, 8 + length)) !== (bytes[8 + length] ?? 0) * 256 + (bytes[9 + length] ?? 0)) return undefined;
  const message = dictionary.byType.get(type);
  if (message === undefined) return undefined;
  const bits = (message.link === 'reliable' ? 1 : 0) + ({ request: 0, answer: 2, event: 4 }[message.cls] ?? 99);
  if ((flags & 7) !== bits) return undefined;
  const found: Plain = { seq, type: message.name };
  for (let at = 8; at < 8 + length; ) {
    const field = dictionary.byTag.get(bytes[at] ?? 0);
    const size = bytes[at + 1] ?? 0;
    if (field !== undefined && message.fields.has(field.name)) {
      put(found, field, binaryValue(field, bytes.slice(at + 2, at + 2 + size), dictionary));
    }
    at += 2 + size;
  }
  return message.must.every((name) => found[name] !== undefined) ? found : undefined;
}

function asciiValue(field: Field, text: string): unknown {
  switch (field.kind) {
    case 'u8':
    case 'u16':
    case 'u32':
      return Number(text);
    case 'flag':
      return text === '1';
    case 'word':
      return text.toLowerCase();
    case 'set':
      return text.split('+').map((word) => word.toLowerCase());
    case 'time':
      return text.replace(/(....)(..)(..)T(..)(..)(..)/u, '$1-$2-$3T$4:$5:$6');
    case 'bytes':
      return text.toUpperCase();
    default:
      return text;
  }
}

/** One line of kts-ascii/1 without its end. `undefined`: nothing may be delivered. */
export function readAscii(dictionary: Dictionary, line: string): Plain | undefined {
  const from = Math.max(...['>', '<', '!'].map((sigil) => line.lastIndexOf(sigil)));
  const star = line.lastIndexOf('*');
  if (from < 0 || star < from) return undefined;
  const body = line.slice(from + 1, star);
  const check = line.slice(star + 1);
  const bytes = [...new TextEncoder().encode(body)];
  const sum = check.length === 4 ? crc(bytes) : bytes.reduce((all, byte) => all ^ byte, 0);
  if ((check.length !== 2 && check.length !== 4) || Number.parseInt(check, 16) !== sum) return undefined;
  const [head = '', word = '', ...pairs] = body.split(',');
  const message = dictionary.byWord.get(word.toUpperCase());
  const cls = { '>': 'request', '<': 'answer', '!': 'event' }[line[from] ?? ''];
  if (message === undefined || message.cls !== cls) return undefined;
  const number = head.split('@')[0] ?? '';
  const isNumbered = message.link === 'reliable' || word === 'ACK' || word === 'NAK';
  if (isNumbered === (number === '-')) return undefined;
  const found: Plain = { seq: isNumbered ? Number(number) : 0, type: message.name };
  for (const pair of pairs) {
    const [key = '', value = ''] = pair.split('=');
    const name = [...message.fields].find((each) => dictionary.keys.get(each) === key.toLowerCase());
    const field = name === undefined ? undefined : dictionary.kinds.get(name);
    if (field !== undefined) put(found, field, asciiValue(field, decodeURIComponent(value)));
  }
  return message.must.every((each) => found[each] !== undefined) ? found : undefined;
}
