import { crc16 } from '../kts/crc16.js';
import type { FieldDefinition, FieldName } from '../kts/fields.js';
import type { MessageClass } from '../kts/message-table.js';
import {
  definitionOf,
  fieldOf,
  type KtsFrame,
  type KtsHeader,
  MESSAGE_BY_WORD,
  type MessageName,
} from '../kts/messages.js';
import { codeOf, isDigits, isInRange, MessageBuilder, type RawValue, timeOf, wordOf } from '../kts/values.js';
import { xorOf } from './format.js';

const CLASS_OF_SIGIL: Readonly<Record<string, MessageClass>> = { '>': 'request', '<': 'answer', '!': 'event' };
const TRAILER = /\*([0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})$/u;
const HEAD = /^(\d{1,3}|-)(?:@(\d{1,3}))?,([A-Z][A-Z0-9]*)$/u;
const NO_SUCH_WORD = 255;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A line without its end. `undefined`: there is no beginning of a frame in it. */
export function readLine(line: Uint8Array): KtsFrame | undefined {
  const text = Buffer.from(line).toString('latin1');
  const start = Math.max(text.lastIndexOf('>'), text.lastIndexOf('<'), text.lastIndexOf('!'));
  if (start < 0) return undefined;
  const trailer = TRAILER.exec(text);
  const damaged = (why: 'check' | 'form'): KtsFrame => ({ kind: 'damaged', why, sample: line.slice(start) });
  if (trailer === null || trailer.index <= start) return damaged('form');
  const body = line.subarray(start + 1, trailer.index);
  const sum = trailer[1] ?? '';
  if ((sum.length === 4 ? crc16(body) : xorOf(body)) !== Number.parseInt(sum, 16)) return damaged('check');
  const [number = '', word = '', ...pairs] = Buffer.from(body).toString('latin1').split(',');
  const head = HEAD.exec(`${number},${word.toUpperCase()}`);
  const cls = CLASS_OF_SIGIL[text[start] ?? ''];
  const header: KtsHeader = { seq: head?.[1] === '-' ? 0 : Number(head?.[1] ?? 0), node: Number(head?.[2] ?? 0) };
  if (head === null || cls === undefined || header.seq > 255 || header.node > 255) return damaged('form');
  const name = MESSAGE_BY_WORD.get(head[3] ?? '');
  // The check does not cover the sigil: one that does not fit was damaged on the way, and the line has to come again.
  if (name !== undefined && definitionOf(name).cls !== cls) return damaged('check');
  const isNumbered = head[1] !== '-';
  return frameOf({ header, cls, word: head[3] ?? '', pairs, isNumbered });
}

interface Parts {
  readonly header: KtsHeader;
  readonly cls: MessageClass;
  readonly word: string;
  readonly pairs: readonly string[];
  readonly isNumbered: boolean;
}

function frameOf({ header, cls, word, pairs, isNumbered }: Parts): KtsFrame {
  const link = isNumbered ? ('reliable' as const) : ('bare' as const);
  const name = MESSAGE_BY_WORD.get(word);
  const split = pairs.map(pairOf);
  if (name === undefined) {
    const ref = Number(split.find((pair) => pair?.key === 'r')?.value);
    const fields = split.flatMap((pair) => (pair === undefined ? [] : [pair]));
    return { kind: 'unknown', header, cls, link, name: word, fields, ...(isInRange('u16', ref) ? { ref } : {}) };
  }
  const definition = definitionOf(name);
  const builder = new MessageBuilder(name);
  const carriesNumber = definition.link === 'reliable' || name === 'ack' || name === 'nak';
  if (carriesNumber !== isNumbered) builder.refuse('number');
  const byKey = keysOf(name);
  for (const pair of split) {
    const known = pair === undefined ? undefined : byKey.get(pair.key);
    if (pair === undefined) builder.refuse('pair');
    else if (known === undefined) builder.addUnknown(pair);
    else builder.add(known, fieldOf(known), readValue(fieldOf(known), pair.value));
  }
  const message = builder.finish();
  if (typeof message !== 'string') return { kind: 'message', header, message };
  const ref = builder.ref === undefined ? {} : { ref: builder.ref };
  return { kind: 'malformed', header, cls, link: definition.link, name: word, why: message, ...ref };
}

const KEYS = new Map<MessageName, ReadonlyMap<string, FieldName>>();

function keysOf(name: MessageName): ReadonlyMap<string, FieldName> {
  const { must, may } = definitionOf(name);
  const made = KEYS.get(name) ?? new Map([...must, ...may].map((field) => [fieldOf(field).key, field]));
  KEYS.set(name, made);
  return made;
}

/** `key=value` with its escapes undone. */
function pairOf(text: string): { readonly key: string; readonly value: string } | undefined {
  const at = text.indexOf('=');
  if (at < 1) return undefined;
  const key = text.slice(0, at).toLowerCase();
  const value = unescaped(text.slice(at + 1));
  return value === undefined || !/^[a-z][a-z0-9]*$/u.test(key) ? undefined : { key, value };
}

function unescaped(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})|[=*\x00-\x1f\x7f]/u.test(text)) return undefined;
  const bytes = text.replaceAll(/%([0-9A-Fa-f]{2})/gu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  try {
    return UTF8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

/** The value of a field, or `undefined` where the text is none. */
function readValue({ kind, max = 255, words }: FieldDefinition, text: string): RawValue | undefined {
  switch (kind) {
    case 'u8':
    case 'u16':
    case 'u32': {
      const value = /^\d{1,10}$/u.test(text) ? Number(text) : Number.NaN;
      return isInRange(kind, value) ? value : undefined;
    }
    case 'flag':
      return text === '1' ? true : text === '0' ? false : undefined;
    case 'text':
      return Buffer.byteLength(text) <= max ? text : undefined;
    case 'digits':
      return text.length <= max && isDigits(text) ? text : undefined;
    case 'bytes': {
      const isHex = /^(?:[0-9A-Fa-f]{2})*$/u.test(text) && text.length <= 2 * max;
      return isHex ? Uint8Array.from(Buffer.from(text, 'hex')) : undefined;
    }
    case 'time': {
      const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/iu.exec(text)?.slice(1).map(Number);
      return parts === undefined ? undefined : timeOf(parts);
    }
    case 'word':
      return knownWord(words, text);
    case 'set':
      return text === '' ? [] : text.split('+').map((word) => knownWord(words, word));
  }
}

function knownWord(words: readonly string[] | undefined, text: string): string {
  return wordOf(words, codeOf(words, text.toLowerCase()) ?? NO_SUCH_WORD);
}
