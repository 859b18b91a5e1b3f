import { CtiError } from '@cordboard/cti-core';
import type { FrameDecoder } from '@cordboard/driver-kit';
import { DEFAULT_FALLBACK_CHARSET } from './charset.js';
import { type EventContext, newEventContext } from './esl-event.js';
import type { EslFrame } from './esl-frames.js';
import { type FrameHead, frameOf, readBlockHead, readEventHead } from './frame-head.js';

/** Caps and charset of an {@link EslDecoder}. */
export interface EslDecoderOptions {
  /** Longest header block in bytes, its blank line included. 1 KiB to 16 MiB, default 1 MiB; the reply to `connect` is the longest, some 10 KiB. */
  readonly maxHeaderBytes?: number;
  /** Longest body in bytes. 1 KiB to 1 GiB, default 64 MiB: `show channels as json` of a switch with 50,000 channels. */
  readonly maxBodyBytes?: number;
  /** Longest frame in bytes, headers and body together. Default the sum of both. */
  readonly maxFrameBytes?: number;
  /** Charset of values that are not UTF-8; a label of the Encoding standard. Default `gb18030`. */
  readonly charset?: string;
}

const LF = 0x0a;
const CR = 0x0d;
const END = Buffer.from('\n\n');
const DEFAULT_MAX_HEADER_BYTES = 1 << 20;
const DEFAULT_MAX_BODY_BYTES = 64 << 20;
/** So much of a chunk is taken to complete a header block that a chunk has cut: most blocks are shorter. */
const HEADER_STEP_BYTES = 512;
/** A carry buffer that grew over this is given back when it is empty. */
const KEEP_CARRY_BYTES = 256 << 10;

/**
 * FreeSWITCH's event socket: bytes into frames.
 *
 * A frame is a block of header lines up to a blank line and, with `Content-Length`, a body of so many bytes. Only the two headers
 * that frame are read here; the rest waits until somebody asks.
 */
export class EslDecoder implements FrameDecoder<EslFrame> {
  readonly #maxHeaderBytes: number;
  readonly #maxBodyBytes: number;
  readonly #maxFrameBytes: number;
  readonly #context: EventContext;
  readonly #head: FrameHead = { kind: 'unknown', bodyFrom: 0, bodyLength: 0, block: '' };
  #carry: Buffer = Buffer.allocUnsafe(0);
  #carried = 0;
  /** Size of the frame under way when its headers are complete, else 0. */
  #wanted = 0;
  #dead = false;

  constructor(options: EslDecoderOptions = {}) {
    this.#maxHeaderBytes = options.maxHeaderBytes ?? DEFAULT_MAX_HEADER_BYTES;
    this.#maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    this.#maxFrameBytes = options.maxFrameBytes ?? this.#maxHeaderBytes + this.#maxBodyBytes;
    this.#context = newEventContext(options.charset ?? DEFAULT_FALLBACK_CHARSET);
  }

  get pendingBytes(): number {
    return this.#carried;
  }

  reset(): void {
    this.#drop();
    this.#dead = false;
  }

  push(chunk: Uint8Array, sink: (frame: EslFrame) => void): void {
    if (this.#dead)
      throw new CtiError('wire.frameInvalid', 'the event socket stream ended in a fault; reset the decoder');
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    while (this.#carried > 0 && from < bytes.length) from = this.#complete(bytes, from, sink);
    if (from < bytes.length) this.#take(bytes, from, sink);
  }

  /** Hands out what is whole and carries the rest. */
  #take(bytes: Buffer, start: number, sink: (frame: EslFrame) => void): void {
    const head = this.#head;
    let from = start;
    for (;;) {
      while (bytes[from] === LF || bytes[from] === CR) from += 1;
      if (from >= bytes.length) return;
      if (!readEventHead(bytes, from, head)) {
        const end = bytes.indexOf(END, from);
        if (end < 0) {
          this.#checkHeader(bytes.length - from);
          break;
        }
        this.#checkHeader(end + 2 - from);
        readBlockHead(bytes, { from, end }, head);
      }
      const headerLength = head.bodyFrom - from;
      this.#checkFrame(headerLength, head.bodyLength);
      const next = head.bodyFrom + head.bodyLength;
      if (next > bytes.length) {
        this.#wanted = headerLength + head.bodyLength;
        head.bodyFrom = headerLength;
        break;
      }
      sink(frameOf(bytes, head, this.#context));
      from = next;
    }
    this.#append(bytes, from, bytes.length);
  }

  /** Adds to the frame under way what it lacks, and no more; returns where the rest begins. */
  #complete(bytes: Buffer, from: number, sink: (frame: EslFrame) => void): number {
    if (this.#wanted > 0) {
      const to = Math.min(bytes.length, from + this.#wanted - this.#carried);
      this.#append(bytes, from, to);
      if (this.#carried === this.#wanted) this.#emit(sink);
      return to;
    }
    const before = this.#carried;
    const to = Math.min(bytes.length, from + HEADER_STEP_BYTES);
    this.#append(bytes, from, to);
    const end = this.#carry.subarray(0, this.#carried).indexOf(END, Math.max(0, before - 1));
    if (end < 0) {
      this.#checkHeader(this.#carried);
      return to;
    }
    this.#checkHeader(end + 2);
    readBlockHead(this.#carry, { from: 0, end }, this.#head);
    this.#checkFrame(end + 2, this.#head.bodyLength);
    const size = end + 2 + this.#head.bodyLength;
    if (size > this.#carried) {
      this.#wanted = size;
      return to;
    }
    this.#carried = size;
    this.#emit(sink);
    return from + size - before;
  }

  /** Hands out the frame that the carry buffer holds whole. */
  #emit(sink: (frame: EslFrame) => void): void {
    const frame = frameOf(this.#carry, this.#head, this.#context);
    this.#carried = 0;
    this.#wanted = 0;
    if (this.#carry.length > KEEP_CARRY_BYTES) this.#carry = Buffer.allocUnsafe(0);
    sink(frame);
  }

  #append(bytes: Buffer, from: number, to: number): void {
    const length = this.#carried + to - from;
    if (length > this.#carry.length) {
      const room = Math.max(4_096, length, Math.min(2 * this.#carry.length, length + (1 << 20)));
      const grown = Buffer.allocUnsafeSlow(room);
      this.#carry.copy(grown, 0, 0, this.#carried);
      this.#carry = grown;
    }
    bytes.copy(this.#carry, this.#carried, from, to);
    this.#carried = length;
  }

  #checkHeader(length: number): void {
    const max = Math.min(this.#maxHeaderBytes, this.#maxFrameBytes);
    if (length > max) this.#tooLarge('a header block', max);
  }

  #checkFrame(headerLength: number, bodyLength: number): void {
    if (bodyLength > this.#maxBodyBytes) this.#tooLarge('a body', this.#maxBodyBytes);
    if (headerLength + bodyLength > this.#maxFrameBytes) this.#tooLarge('a frame', this.#maxFrameBytes);
  }

  #tooLarge(what: string, maxBytes: number): never {
    this.#dead = true;
    this.#drop();
    throw new CtiError('wire.frameTooLarge', `${what} of the event socket is longer than ${maxBytes} bytes`, {
      details: { maxBytes },
    });
  }

  #drop(): void {
    this.#carry = Buffer.allocUnsafe(0);
    this.#carried = 0;
    this.#wanted = 0;
  }
}
