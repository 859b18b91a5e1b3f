import type { ParameterType, ParameterValue } from '@cordboard/cti-core';
import type { MessageOf } from '../wire/kts/index.js';

/** How the bytes of a value are to be read, as the wire says it. */
export type WireValueType = MessageOf<'paramSet'>['valueType'];

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true });

/** The word of the wire for a type. Source: docs/protocols/kts-1.md, section 13. */
export function wireTypeOf(type: ParameterType): WireValueType {
  const words = { number: 'uint', flag: 'flag', digits: 'digits', text: 'text', time: 'hhmm', set: 'bytes' } as const;
  return words[type.kind];
}

/** Bytes of a value that the range check has let through. */
export function encodeValue(type: ParameterType, value: ParameterValue): Uint8Array {
  if (typeof value === 'number') return encodeUint(value);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  if (typeof value !== 'string') return encodeSet(value);
  if (type.kind === 'time') return encodeTime(value);
  return encoder.encode(value);
}

/**
 * The value of bytes, `undefined` where they cannot be one: another type than the catalogue's, a wrong length, text that is none. A number out of the catalogue's
 * range is told as it is: the switch has it so.
 */
export function decodeValue(
  type: ParameterType,
  bytes: Uint8Array,
  valueType: WireValueType,
): ParameterValue | undefined {
  if (valueType !== wireTypeOf(type)) return undefined;
  switch (type.kind) {
    case 'number':
      return bytes.length >= 1 && bytes.length <= 4 ? decodeUint(bytes) : undefined;
    case 'flag':
      return bytes.length === 1 && (bytes[0] === 0 || bytes[0] === 1) ? bytes[0] === 1 : undefined;
    case 'digits':
      return decodeDigits(bytes);
    case 'text':
      return decodeText(bytes);
    case 'time':
      return decodeTime(bytes);
    case 'set':
      return decodeSet(bytes);
  }
}

/** Most bytes of a value: what a bulk read must leave room for. */
export function maxBytesOf(type: ParameterType): number {
  switch (type.kind) {
    case 'number':
      return 4;
    case 'flag':
      return 1;
    case 'time':
      return 2;
    case 'set':
      return Math.ceil(type.max / 8);
    default:
      return type.max;
  }
}

function encodeUint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest % 256);
    rest = Math.floor(rest / 256);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

function decodeUint(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

function encodeTime(value: string): Uint8Array {
  return value === '' ? Uint8Array.of(0xff, 0xff) : Uint8Array.from(value.split(':').map(Number));
}

function decodeTime(bytes: Uint8Array): string | undefined {
  const [hour = 0, minute = 0] = bytes;
  if (bytes.length !== 2) return undefined;
  if (hour === 0xff && minute === 0xff) return '';
  if (hour > 23 || minute > 59) return undefined;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** Only as many bytes as the last device needs, one at least: a switch with 8 lines has one. */
function encodeSet(set: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.max(1, Math.ceil((set.at(-1) ?? 1) / 8)));
  for (const one of set) bytes[(one - 1) >> 3] = (bytes[(one - 1) >> 3] ?? 0) | (1 << ((one - 1) & 7));
  return bytes;
}

function decodeSet(bytes: Uint8Array): readonly number[] {
  const set: number[] = [];
  bytes.forEach((byte, at) => {
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) set.push(at * 8 + bit + 1);
  });
  return set;
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    // Bytes that are no UTF-8 are no text of this protocol: the caller tells it as a wrong type.
    return undefined;
  }
}

function decodeDigits(bytes: Uint8Array): string | undefined {
  const text = decodeText(bytes);
  return text !== undefined && /^[0-9*#+A-DPF.]*$/u.test(text) ? text : undefined;
}
