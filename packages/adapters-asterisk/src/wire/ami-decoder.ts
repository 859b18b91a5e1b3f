import { CtiError } from '@cordboard/cti-core';
import type { FrameDecoder } from '@cordboard/driver-kit';
import { type AmiFrame, AmiMessage } from './ami-message.js';

/** Caps of an {@link AmiDecoder}. */
export interface AmiDecoderOptions {
  /** Longest message in bytes, its blank line included. 1,024 to 64 MiB, default 4 MiB (`dialplan show` of a large site). */
  readonly maxFrameBytes?: number;
}

const CR = 0x0d;
const LF = 0x0a;
const END = Buffer.from('\r\n\r\n');
/** The banner is a line of some thirty bytes; a longer first line is another protocol. */
const MAX_BANNER_BYTES = 256;
const DEFAULT_MAX_FRAME_BYTES = 4 << 20;
/** A carry buffer that grew over this is given back when it is empty. */
const KEEP_CARRY_BYTES = 64 << 10;

/**
 * Asterisk's manager protocol: bytes into messages.
 *
 * Lines end in CRLF and in nothing else, since bare LF stands inside values; a message ends at a blank line; further
 * blank lines between messages are skipped. Framing searches bytes and decodes UTF-8 only for whole messages, so that
 * neither a cut in a character nor one in a line end matters.
 */
export class AmiDecoder implements FrameDecoder<AmiFrame> {
  readonly #maxFrameBytes: number;
  #carry = Buffer.allocUnsafe(0);
  #carried = 0;
  /** Up to here the carried bytes are known to hold no end of a message. */
  #scanned = 0;
  #banner = true;
  #dead = false;

  constructor(options: AmiDecoderOptions = {}) {
    this.#maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  get pendingBytes(): number {
    return this.#carried;
  }

  reset(): void {
    this.#drop();
    this.#banner = true;
    this.#dead = false;
  }

  push(chunk: Uint8Array, sink: (frame: AmiFrame) => void): void {
    if (this.#dead) throw new CtiError('wire.frameInvalid', 'the manager stream ended in a fault; reset the decoder');
    if (this.#carried === 0) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const rest = this.#take(bytes, 0, sink);
      if (rest < bytes.length) this.#append(bytes, rest);
    } else {
      this.#append(chunk, 0);
      const bytes = this.#carry.subarray(0, this.#carried);
      const rest = this.#take(bytes, this.#scanned, sink);
      this.#carry.copyWithin(0, rest, this.#carried);
      this.#carried -= rest;
    }
    this.#scanned = this.#carried;
    if (this.#carried > this.#limit()) this.#tooLarge();
    if (this.#carried === 0 && this.#carry.length > KEEP_CARRY_BYTES) this.#carry = Buffer.allocUnsafe(0);
  }

  /** Hands out what is whole; returns where the unfinished rest begins. */
  #take(bytes: Buffer, scanned: number, sink: (frame: AmiFrame) => void): number {
    let from = 0;
    let search = scanned;
    if (this.#banner) {
      const end = bytes.indexOf('\r\n', Math.max(0, search - 1), 'latin1');
      if (end < 0) return 0;
      this.#banner = false;
      sink(this.#bannerOf(bytes, end));
      from = end + 2;
      search = from;
    }
    for (;;) {
      while (bytes[from] === CR && bytes[from + 1] === LF) from += 2;
      const end = bytes.indexOf(END, Math.max(from, search - END.length + 1));
      if (end < 0) return from;
      const next = end + END.length;
      if (next - from > this.#maxFrameBytes) this.#tooLarge();
      sink(new AmiMessage(bytes.toString('utf8', from, end)));
      from = next;
      search = next;
    }
  }

  #bannerOf(bytes: Buffer, end: number): AmiFrame {
    const line = bytes.toString('latin1', 0, Math.min(end, MAX_BANNER_BYTES));
    const version = /^Asterisk Call Manager\/(\S+)$/.exec(line)?.[1];
    if (version === undefined) {
      this.#dead = true;
      this.#drop();
      throw new CtiError('wire.frameInvalid', 'the first line is not that of an Asterisk manager port');
    }
    return { type: 'banner', version };
  }

  #append(bytes: Uint8Array, from: number): void {
    const length = this.#carried + bytes.length - from;
    if (length > this.#carry.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.max(4_096, length, Math.min(2 * this.#carry.length, length + (1 << 20))),
      );
      grown.set(this.#carry.subarray(0, this.#carried));
      this.#carry = grown;
    }
    this.#carry.set(from === 0 ? bytes : bytes.subarray(from), this.#carried);
    this.#carried = length;
  }

  #limit(): number {
    return this.#banner ? MAX_BANNER_BYTES : this.#maxFrameBytes;
  }

  #tooLarge(): never {
    const limit = this.#limit();
    this.#dead = true;
    this.#drop();
    throw new CtiError('wire.frameTooLarge', `a manager message is longer than ${limit} bytes`, {
      details: { maxBytes: limit },
    });
  }

  #drop(): void {
    this.#carry = Buffer.allocUnsafe(0);
    this.#carried = 0;
    this.#scanned = 0;
  }
}
