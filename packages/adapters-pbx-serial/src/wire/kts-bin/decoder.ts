import type { FrameDecoder } from '@cordboard/driver-kit';
import { crc16 } from '../kts/crc16.js';
import type { FieldDefinition, FieldName } from '../kts/fields.js';
import type { MessageClass } from '../kts/message-table.js';
import {
  definitionOf,
  fieldOf,
  type KtsFrame,
  MESSAGE_BY_CODE,
  type MessageName,
  type UnknownField,
} from '../kts/messages.js';
import { isDigits, MessageBuilder, type RawValue, setOf, timeOf, wordOf } from '../kts/values.js';
import { FLAG, HEAD_BYTES, MAX_FRAME_BYTES, MAX_PAYLOAD_BYTES, SOF, VERSION } from './format.js';

const SAMPLE_BYTES = 256;
const REF_TAG = 0x01;

/**
 * kts-bin/1: bytes into frames.
 *
 * Bytes that begin no frame are skipped and counted. A frame whose check fails is told as `damaged`, and the search goes on at the byte after
 * its start, so that a good frame behind a false start is found. Silence is the link's business: it calls {@link KtsBinDecoder.giveUp}.
 */
export class KtsBinDecoder implements FrameDecoder<KtsFrame> {
  readonly #held = new Uint8Array(MAX_FRAME_BYTES);
  #count = 0;
  #skipped = 0;

  get pendingBytes(): number {
    return this.#count;
  }

  /** Bytes that were part of no frame, since the decoder was made. */
  get skippedBytes(): number {
    return this.#skipped;
  }

  push(chunk: Uint8Array, sink: (frame: KtsFrame) => void): void {
    let at = 0;
    do {
      const room = Math.min(MAX_FRAME_BYTES - this.#count, chunk.length - at);
      this.#held.set(chunk.subarray(at, at + room), this.#count);
      this.#count += room;
      at += room;
      this.#take(sink, 'wait');
    } while (at < chunk.length);
  }

  /** The line was silent for too long inside a frame: gives it up and looks for whole frames behind its start. */
  giveUp(sink: (frame: KtsFrame) => void): void {
    this.#take(sink, 'giveUp');
  }

  reset(): void {
    this.#count = 0;
  }

  #take(sink: (frame: KtsFrame) => void, atEnd: 'wait' | 'giveUp'): void {
    const held = this.#held;
    let from = 0;
    for (;;) {
      const start = this.#startFrom(from);
      this.#skipped += start - from;
      from = start;
      const left = this.#count - from;
      if (left === 0) break;
      const length = left < HEAD_BYTES ? undefined : (held[from + 6] ?? 0) | ((held[from + 7] ?? 0) << 8);
      if (length !== undefined && length > MAX_PAYLOAD_BYTES) {
        sink({ kind: 'damaged', why: 'toolong', sample: held.slice(from, from + HEAD_BYTES) });
        from += 1;
        this.#skipped += 1;
        continue;
      }
      const whole = HEAD_BYTES + (length ?? 0) + 2;
      if (length === undefined || left < whole) {
        if (atEnd === 'wait') break;
        from += 1;
        this.#skipped += 1;
        continue;
      }
      const end = from + whole;
      const crc = ((held[end - 2] ?? 0) << 8) | (held[end - 1] ?? 0);
      if (crc16(held.subarray(from + 2, end - 2)) !== crc) {
        sink({ kind: 'damaged', why: 'check', sample: held.slice(from, Math.min(end, from + SAMPLE_BYTES)) });
        from += 1;
        this.#skipped += 1;
        continue;
      }
      sink(frameOf(held.slice(from, end)));
      from = end;
    }
    held.copyWithin(0, from, this.#count);
    this.#count -= from;
  }

  /** Where a frame may begin, at `from` or behind it; the end of what is held where nowhere. */
  #startFrom(from: number): number {
    const held = this.#held;
    for (let at = from; at < this.#count; at++) {
      if (held[at] !== SOF[0]) continue;
      if (at + 1 < this.#count && held[at + 1] !== SOF[1]) continue;
      if (at + 2 < this.#count && (held[at + 2] ?? 0) >> 4 !== VERSION) continue;
      return at;
    }
    return this.#count;
  }
}

/** A whole frame whose check is right. */
function frameOf(bytes: Uint8Array): KtsFrame {
  const flags = bytes[2] ?? 0;
  const code = bytes[5] ?? 0;
  const header = {
    seq: bytes[3] ?? 0,
    node: bytes[4] ?? 0,
    ...(flags & FLAG.repeat ? { repeat: 'repeat' as const } : {}),
  };
  const cls: MessageClass = flags & FLAG.answer ? 'answer' : flags & FLAG.event ? 'event' : 'request';
  const link = flags & FLAG.ackWanted ? ('reliable' as const) : ('bare' as const);
  const name = MESSAGE_BY_CODE.get(code);
  const fields = fieldsOf(bytes.subarray(HEAD_BYTES, bytes.length - 2));
  if (name === undefined) {
    const ref = fields.find((field) => field.tag === REF_TAG && field.value.length === 2)?.value;
    const known = ref === undefined ? {} : { ref: unsigned(ref) };
    const kept = fields.map(({ tag, value }) => ({ tag, value }));
    return { kind: 'unknown', header, cls, link, name: hex(code), fields: kept, ...known };
  }
  const definition = definitionOf(name);
  const builder = new MessageBuilder(name);
  const both = (flags & (FLAG.answer | FLAG.event)) === (FLAG.answer | FLAG.event);
  if (definition.cls !== cls || definition.link !== link || both) builder.refuse('flags');
  readFields(name, { fields, builder });
  const message = builder.finish();
  if (typeof message !== 'string') return { kind: 'message', header, message };
  const ref = builder.ref === undefined ? {} : { ref: builder.ref };
  return { kind: 'malformed', header, cls, link, name: definition.word, why: message, ...ref };
}

interface RawField {
  readonly tag: number;
  readonly value: Uint8Array;
  /** The payload ended inside it. */
  readonly cut?: 'cut';
}

function fieldsOf(payload: Uint8Array): RawField[] {
  const fields: RawField[] = [];
  for (let at = 0; at < payload.length; ) {
    const tag = payload[at] ?? 0;
    const end = at + 2 + (payload[at + 1] ?? 0);
    const value = payload.slice(at + 2, end);
    fields.push(at + 2 > payload.length || end > payload.length ? { tag, value, cut: 'cut' } : { tag, value });
    at = end;
  }
  return fields;
}

function readFields(
  name: MessageName,
  { fields, builder }: { readonly fields: readonly RawField[]; readonly builder: MessageBuilder },
): void {
  const { must, may } = definitionOf(name);
  const byTag = tagsOf(name, [...must, ...may]);
  for (const { tag, value, cut } of fields) {
    if (cut !== undefined) {
      builder.refuse('length');
      continue;
    }
    const known = byTag.get(tag);
    if (known === undefined) builder.addUnknown({ tag, value } satisfies UnknownField);
    else builder.add(known, fieldOf(known), readValue(fieldOf(known), value));
  }
}

const TAGS = new Map<MessageName, ReadonlyMap<number, FieldName>>();

function tagsOf(name: MessageName, fields: readonly FieldName[]): ReadonlyMap<number, FieldName> {
  const made = TAGS.get(name) ?? new Map(fields.map((field) => [fieldOf(field).tag, field]));
  TAGS.set(name, made);
  return made;
}

const WIDTH = { u8: 1, u16: 2, u32: 4, flag: 1, word: 1, set: 2, time: 7 } as const;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The value of a field, or `undefined` where the bytes are none. */
function readValue({ kind, max = 255, words }: FieldDefinition, bytes: Uint8Array): RawValue | undefined {
  if (kind === 'text' || kind === 'digits' || kind === 'bytes') {
    if (bytes.length > max) return undefined;
    if (kind === 'bytes') return bytes;
    const text = textOf(bytes);
    return kind === 'digits' && text !== undefined && !isDigits(text) ? undefined : text;
  }
  if (bytes.length !== WIDTH[kind]) return undefined;
  if (kind === 'time') return timeOf([unsigned(bytes.subarray(0, 2)), ...bytes.subarray(2)]);
  const value = unsigned(bytes);
  if (kind === 'flag') return value > 1 ? undefined : value === 1;
  if (kind === 'word') return wordOf(words, value);
  return kind === 'set' ? setOf(words, value) : value;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function unsigned(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}
