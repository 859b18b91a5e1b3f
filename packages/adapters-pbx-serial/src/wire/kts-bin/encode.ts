import { CtiError } from '@cordboard/cti-core';
import { crc16 } from '../kts/crc16.js';
import type { FieldDefinition } from '../kts/fields.js';
import { definitionOf, fieldOf, type KtsHeader, type KtsMessage } from '../kts/messages.js';
import { bitsOf, checked, codeOf, entriesOf, timeParts } from '../kts/values.js';
import { FLAG, HEAD_BYTES, MAX_PAYLOAD_BYTES, SOF, VERSION } from './format.js';

/**
 * A frame of kts-bin/1.
 *
 * @throws {CtiError} `wire.unsafeValue` when a field is missing, out of its range or too long, `wire.frameTooLarge` when the payload passes 1024 bytes
 */
export function encodeKtsBin(message: KtsMessage, header: KtsHeader): Uint8Array {
  const { code, cls, link } = definitionOf(message.type);
  const payload: number[] = [];
  for (const [name, value] of entriesOf(message)) {
    const definition = fieldOf(name);
    const bytes = bytesOf(definition, value);
    payload.push(definition.tag, bytes.length, ...bytes);
  }
  for (const field of message.unknown ?? []) {
    if ('tag' in field && field.value.length <= 255) payload.push(field.tag, field.value.length, ...field.value);
  }
  if (payload.length > MAX_PAYLOAD_BYTES) throw new CtiError('wire.frameTooLarge', `${message.type} is too long`);
  const frame = new Uint8Array(HEAD_BYTES + payload.length + 2);
  const flags =
    (VERSION << 4) |
    (link === 'reliable' ? FLAG.ackWanted : 0) |
    (cls === 'answer' ? FLAG.answer : cls === 'event' ? FLAG.event : 0) |
    (header.repeat === undefined ? 0 : FLAG.repeat);
  frame.set([...SOF, flags, header.seq, header.node, code, payload.length & 0xff, payload.length >> 8]);
  frame.set(payload, HEAD_BYTES);
  const crc = crc16(frame.subarray(2, HEAD_BYTES + payload.length));
  frame.set([crc >> 8, crc & 0xff], HEAD_BYTES + payload.length);
  return frame;
}

function bytesOf(definition: FieldDefinition, given: unknown): readonly number[] | Uint8Array {
  const value = checked(definition, given);
  const { kind, words } = definition;
  if (typeof value === 'number') return little(value, kind === 'u8' ? 1 : kind === 'u16' ? 2 : 4);
  if (typeof value === 'boolean') return [value ? 1 : 0];
  if (value instanceof Uint8Array) return value;
  if (typeof value !== 'string') return little(bitsOf(words, value), 2);
  if (kind === 'word') return [codeOf(words, value) ?? 255];
  if (kind !== 'time') return Buffer.from(value, 'utf8');
  const [year = 0, ...rest] = timeParts(value) ?? [];
  return [...little(year, 2), ...rest];
}

function little(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => Math.floor(value / 2 ** (8 * at)) & 0xff);
}
