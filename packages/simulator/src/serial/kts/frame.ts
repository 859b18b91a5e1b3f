import type { MessageRow } from './tables.js';

/** One value: numbers; text, digits and words as text (`#77` is a code without a word); flags; bytes; a set as a list of words; a time in ms. */
export type FieldValue = number | string | boolean | Uint8Array | readonly string[];

/** Fields by name; those that may stand many times hold a list in `many`. */
export interface Fields {
  readonly one: Readonly<Record<string, FieldValue>>;
  readonly many: Readonly<Record<string, readonly FieldValue[]>>;
}

/** What is to be sent. */
export interface Outgoing {
  readonly word: string;
  /** Of a reliable frame its own, of ACK and NAK the one that it is about. */
  readonly number?: number;
  readonly node: number;
  readonly repeat?: 'repeat';
  readonly one?: Readonly<Record<string, FieldValue | undefined>>;
  readonly many?: Readonly<Record<string, readonly FieldValue[]>>;
}

/** What was read. */
export type Incoming =
  /** A whole frame whose check is right. `malformed`: it is known, and breaks the rules; `unknown`: of a type that this side does not know. */
  | {
      readonly kind: 'frame';
      readonly state: 'good' | 'malformed' | 'unknown';
      readonly word: string;
      readonly message?: MessageRow;
      /** `undefined`: bare (but for ACK and NAK). */
      readonly number: number | undefined;
      readonly reliable: boolean;
      readonly request: boolean;
      readonly node: number;
      readonly fields: Fields;
      /** Field 01, where it could be read. */
      readonly ref?: number;
    }
  /** Something that was meant to be a frame and is not. */
  | { readonly kind: 'damaged' };

/** A decoder of one line: bytes in any portions. */
export interface KtsDecoder {
  push(bytes: Uint8Array): readonly Incoming[];
  /** Does a frame begin that has not ended? */
  readonly unfinished: boolean;
  /** The line was silent for the gap time: what was begun is given up. */
  gap(): readonly Incoming[];
}

/** One of the two encodings. */
export interface KtsCodec {
  readonly profile: 'kts-bin/1' | 'kts-ascii/1';
  encode(message: Outgoing): Uint8Array;
  decoder(): KtsDecoder;
}

/** Digits as in section 4. */
export const DIGITS = /^[0-9*#+A-DPF.]*$/;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8, or nothing where it is none. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    // Not UTF-8: the caller says what follows from that.
    return undefined;
  }
}

/** A local time in ms, or nothing for a date that does not exist or a year outside 2000-2099. */
export function localTime(parts: readonly number[]): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (year < 2000 || year > 2099 || hour > 23 || minute > 59 || second > 59) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(at);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day ? at : undefined;
}

/** Year, month, day, hour, minute, second. */
export function timeParts(at: number): readonly [number, number, number, number, number, number] {
  const date = new Date(at);
  return [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
}

/** CRC-16/CCITT-FALSE (section 2): polynomial 1021, first value FFFF; of `123456789` it is 29B1. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
