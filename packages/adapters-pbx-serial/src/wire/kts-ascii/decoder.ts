import type { FrameDecoder } from '@cordboard/driver-kit';
import type { KtsFrame } from '../kts/messages.js';
import { MAX_LINE_BYTES } from './format.js';
import { readLine } from './read-line.js';

const CR = 0x0d;
const LF = 0x0a;
const SAMPLE_BYTES = 256;

/**
 * kts-ascii/1: bytes into frames. A line ends at CR, LF or both; what stands before its last `>`, `<` or `!` is noise and dropped; a line without one of
 * them is skipped. A line that is too long is skipped up to its end and told once.
 */
export class KtsAsciiDecoder implements FrameDecoder<KtsFrame> {
  readonly #held = new Uint8Array(MAX_LINE_BYTES);
  #count = 0;
  #skipped = 0;
  #overlong = false;

  get pendingBytes(): number {
    return this.#count;
  }

  /** Bytes that were part of no frame, since the decoder was made. */
  get skippedBytes(): number {
    return this.#skipped;
  }

  push(chunk: Uint8Array, sink: (frame: KtsFrame) => void): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (chunk[at] !== CR && chunk[at] !== LF) continue;
      this.#hold(chunk.subarray(from, at));
      this.#end(sink);
      from = at + 1;
    }
    this.#hold(chunk.subarray(from));
  }

  /** The line was silent for too long inside a line: what is held is dropped, and so is the rest of it up to the next line end. */
  giveUp(sink: (frame: KtsFrame) => void): void {
    if (this.#count > 0) sink({ kind: 'damaged', why: 'form', sample: this.#held.slice(0, SAMPLE_BYTES) });
    this.#skipped += this.#count;
    this.#count = 0;
  }

  reset(): void {
    this.#count = 0;
    this.#overlong = false;
  }

  #hold(bytes: Uint8Array): void {
    if (this.#overlong || this.#count + bytes.length > MAX_LINE_BYTES) {
      this.#overlong = true;
      this.#skipped += bytes.length;
      return;
    }
    this.#held.set(bytes, this.#count);
    this.#count += bytes.length;
  }

  #end(sink: (frame: KtsFrame) => void): void {
    const line = this.#held.slice(0, this.#count);
    const tooLong = this.#overlong;
    this.#count = 0;
    this.#overlong = false;
    if (tooLong) {
      this.#skipped += line.length;
      sink({ kind: 'damaged', why: 'toolong', sample: line.subarray(0, SAMPLE_BYTES) });
      return;
    }
    if (line.length === 0) return;
    const frame = readLine(line);
    if (frame === undefined) this.#skipped += line.length;
    else sink(frame.kind === 'damaged' ? { ...frame, sample: frame.sample.slice(0, SAMPLE_BYTES) } : frame);
  }
}
