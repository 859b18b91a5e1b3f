import { CtiError } from '@cordboard/cti-core';
import { crc16 } from '../kts/crc16.js';
import type { FieldDefinition } from '../kts/fields.js';
import { definitionOf, fieldOf, type KtsHeader, type KtsMessage } from '../kts/messages.js';
import { checked, entriesOf, timeParts } from '../kts/values.js';
import { MAX_LINE_BYTES, NO_NUMBER, SIGIL, xorOf } from './format.js';

/** Which check stands at the end: four digits of CRC-16 (default), or the two of XOR that a person can reckon. */
export interface KtsAsciiEncodeOptions {
  readonly check?: 'crc' | 'xor';
}

/**
 * A line of kts-ascii/1 with its CR LF. Everything but letters, digits and a few signs of ASCII is escaped, so that it passes lines of seven bits.
 *
 * @throws {CtiError} `wire.unsafeValue` when a field is missing, out of its range or too long, `wire.frameTooLarge` past 3072 bytes
 */
export function encodeKtsAscii(
  message: KtsMessage,
  header: KtsHeader,
  { check = 'crc' }: KtsAsciiEncodeOptions = {},
): Uint8Array {
  const { word, cls, link } = definitionOf(message.type);
  const numbered = link === 'reliable' || message.type === 'ack' || message.type === 'nak';
  const number = numbered ? String(header.seq) : NO_NUMBER;
  const parts = [`${number}${header.node === 0 ? '' : `@${header.node}`}`, word];
  for (const [name, value] of entriesOf(message)) {
    const definition = fieldOf(name);
    parts.push(`${definition.key}=${textOf(definition, value)}`);
  }
  for (const field of message.unknown ?? []) if ('key' in field) parts.push(`${field.key}=${escaped(field.value)}`);
  const body = Buffer.from(parts.join(','), 'latin1');
  if (body.length + 6 > MAX_LINE_BYTES) throw new CtiError('wire.frameTooLarge', `${message.type} is too long`);
  const sum = check === 'crc' ? hex(crc16(body), 4) : hex(xorOf(body), 2);
  return Buffer.from(`${SIGIL[cls]}${body.toString('latin1')}*${sum}\r\n`, 'latin1');
}

function textOf(definition: FieldDefinition, given: unknown): string {
  const value = checked(definition, given);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase();
  if (typeof value !== 'string') return value.map(upper).join('+');
  if (definition.kind === 'word') return upper(value);
  if (definition.kind === 'time' && timeParts(value)) return value.replaceAll(/[-:]/gu, '');
  return escaped(value);
}

const upper = (word: string): string => word.toUpperCase();

/** Every byte but these as `%XX`. */
function escaped(text: string): string {
  let out = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    out += /[A-Za-z0-9 #+._:;/()-]/u.test(char) ? char : `%${hex(byte, 2)}`;
  }
  return out;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
