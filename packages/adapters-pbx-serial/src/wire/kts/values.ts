import { CtiError } from '@cordboard/cti-core';
import type { FieldDefinition, FieldName } from './fields.js';
import { definitionOf, type KtsMessage, type LocalTime, type MessageName, type UnknownField } from './messages.js';

/** One value as it stands in a message, before the types know which. */
export type RawValue = number | boolean | string | Uint8Array | readonly string[];

const DIGITS = /^[0-9*#+A-DPF.]*$/u;
const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/u;
const LIMITS = { u8: 0xff, u16: 0xffff, u32: 0xffff_ffff } as const;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Is it a number that a field of this kind can hold? */
export function isInRange(kind: 'u8' | 'u16' | 'u32', value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= LIMITS[kind];
}

/** Digits of a telephone and of a keypad: `0-9 * # + A-D`, `P` a pause, `F` a hook flash, `.` a hidden digit. */
export function isDigits(text: string): boolean {
  return DIGITS.test(text);
}

/** The six numbers of a local time, or `undefined` where there is no such time. Years 2000 to 2099. */
export function timeParts(text: LocalTime): readonly number[] | undefined {
  const parts = TIME.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const isRight =
    year >= 2000 &&
    year <= 2099 &&
    day >= 1 &&
    day <= (DAYS[month - 1] ?? 0) &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  return isRight ? parts : undefined;
}

/** A local time of its six numbers, or `undefined` where there is no such time. */
export function timeOf(parts: readonly number[]): LocalTime | undefined {
  const [year = 0, ...rest] = parts;
  const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, '0'));
  const text = `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
  return timeParts(text) === undefined ? undefined : text;
}

/** The code of a word, `#13` included. `undefined` where it is none. */
export function codeOf(words: readonly string[] | undefined, word: string): number | undefined {
  const at = words?.indexOf(word) ?? -1;
  if (at >= 0) return at;
  const own = /^#(\d{1,3})$/u.exec(word)?.[1];
  return own !== undefined && Number(own) <= 255 ? Number(own) : undefined;
}

/** The word of a code; `#13` where this version has none. */
export function wordOf(words: readonly string[] | undefined, code: number): string {
  return words?.[code] ?? `#${code}`;
}

/** The bits of a set of words; words without a bit are left out. */
export function bitsOf(words: readonly string[] | undefined, set: readonly string[]): number {
  let bits = 0;
  for (const word of set) {
    const bit = codeOf(words, word);
    if (bit !== undefined && bit < 16) bits |= 1 << bit;
  }
  return bits;
}

/** The words of the bits of a set. */
export function setOf(words: readonly string[] | undefined, bits: number): string[] {
  const set: string[] = [];
  for (let bit = 0; bit < 16; bit++) if ((bits >> bit) & 1) set.push(wordOf(words, bit));
  return set;
}

/** Makes a value ready for an encoder: right kind, in range, within its length. */
export function checked(definition: FieldDefinition, value: unknown): RawValue {
  const { kind, max = 255, words } = definition;
  if ((kind === 'u8' || kind === 'u16' || kind === 'u32') && typeof value === 'number' && isInRange(kind, value)) {
    return value;
  }
  if (kind === 'flag' && typeof value === 'boolean') return value;
  if (kind === 'text' && typeof value === 'string' && Buffer.byteLength(value) <= max && !/\p{Surrogate}/u.test(value))
    return value;
  if (kind === 'digits' && typeof value === 'string' && value.length <= max && isDigits(value)) return value;
  if (kind === 'bytes' && value instanceof Uint8Array && value.length <= max) return value;
  if (kind === 'time' && typeof value === 'string' && timeParts(value) !== undefined) return value;
  if (kind === 'word' && typeof value === 'string' && codeOf(words, value) !== undefined) return value;
  if (kind === 'set' && Array.isArray(value)) return value.map(String);
  throw new CtiError('wire.unsafeValue', `field ${definition.key} cannot hold this value`, {
    details: { field: definition.key },
  });
}

/** A field of a message and its value; a list gives one entry for each value. */
export type Entry = readonly [field: FieldName, value: unknown];

/**
 * The fields of a message in the order of the tables, for an encoder.
 *
 * @throws {CtiError} `wire.unsafeValue` when a field that must be there is not
 */
export function entriesOf(message: KtsMessage): Entry[] {
  const { must, may } = definitionOf(message.type);
  const values = message as unknown as Readonly<Record<string, unknown>>;
  const entries: Entry[] = [];
  for (const name of must) {
    if (values[name] === undefined) throw new CtiError('wire.unsafeValue', `${message.type} needs ${name}`);
  }
  for (const name of [...must, ...may]) {
    const value = values[name];
    if (value === undefined) continue;
    if (Array.isArray(value) && name !== 'caps') for (const each of value) entries.push([name, each]);
    else entries.push([name, value]);
  }
  return entries;
}

/** Collects the fields of one message as a decoder reads them, and says what is wrong with it. */
export class MessageBuilder {
  readonly #type: MessageName;
  readonly #values: Record<string, unknown> = {};
  readonly #unknown: UnknownField[] = [];
  #why: string | undefined;

  constructor(type: MessageName) {
    this.#type = type;
    for (const name of definitionOf(type).must) if (name === 'values') this.#values[name] = [];
  }

  /** Adds a value. Of a field that is no list the first counts. */
  add(name: FieldName, definition: FieldDefinition, value: RawValue | undefined): void {
    if (value === undefined) {
      this.#why ??= name;
      return;
    }
    if (definition.list === undefined) {
      if (this.#values[name] === undefined) this.#values[name] = value;
      return;
    }
    const list = this.#values[name];
    if (Array.isArray(list)) list.push(value);
    else this.#values[name] = [value];
  }

  /** Keeps what is not known. */
  addUnknown(field: UnknownField): void {
    this.#unknown.push(field);
  }

  /** Notes that the message cannot be delivered. */
  refuse(why: string): void {
    this.#why ??= why;
  }

  /** The `ref`, where one was read. */
  get ref(): number | undefined {
    const { ref } = this.#values;
    return typeof ref === 'number' ? ref : undefined;
  }

  /** The message, or the name of the field for which it cannot be delivered. */
  finish(): KtsMessage | string {
    if (this.#why !== undefined) return this.#why;
    for (const name of definitionOf(this.#type).must) if (this.#values[name] === undefined) return name;
    const unknown = this.#unknown.length > 0 ? { unknown: this.#unknown } : {};
    return { type: this.#type, ...this.#values, ...unknown } as unknown as KtsMessage;
  }
}
