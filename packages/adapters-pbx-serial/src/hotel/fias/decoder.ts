import type { FrameDecoder } from '@cordboard/driver-kit';
import type { FiasCoder } from './charset.js';
import { ACK, ENQ, ETX, type FiasFrame, type FiasFraming, MAX_FIAS_BYTES, NAK, STX } from './frames.js';
import { readFias } from './records.js';

const SAMPLE_BYTES = 256;
const CONTROLS: Readonly<Record<number, 'ack' | 'nak' | 'enq'>> = { [ACK]: 'ack', [NAK]: 'nak', [ENQ]: 'enq' };

/**
 * FIAS: bytes into frames. Bytes between frames are skipped and counted. A control character inside a record shows that its end was lost: the record is damaged,
 * and the character is not taken for an answer. `|` is looked for in the text, not in the bytes: in GB 18030 the same byte is the second half of other characters.
 */
export class FiasDecoder implements FrameDecoder<FiasFrame> {
  readonly #framing: FiasFraming;
  readonly #coder: FiasCoder;
  readonly #held = new Uint8Array(MAX_FIAS_BYTES);
  #count = 0;
  #state: 'between' | 'record' | 'check' | 'overlong' | 'afterCheck' = 'between';
  /** The record that is on the wire was told to be damaged already. */
  #isTold = false;
  #lrc = 0;
  #skipped = 0;

  constructor(options: { readonly framing: FiasFraming; readonly coder: FiasCoder }) {
    this.#framing = options.framing;
    this.#coder = options.coder;
  }

  get pendingBytes(): number {
    return this.#count;
  }

  /** Is a frame unfinished? */
  get isInFrame(): boolean {
    return this.#state !== 'between' && this.#state !== 'afterCheck';
  }

  /** Bytes that were part of no frame, since the decoder was made. */
  get skippedBytes(): number {
    return this.#skipped;
  }

  push(chunk: Uint8Array, sink: (frame: FiasFrame) => void): void {
    for (const byte of chunk) this.#take(byte, sink);
  }

  /** The line fell silent inside a record: what is held is given up and told. */
  giveUp(sink: (frame: FiasFrame) => void): void {
    if (this.isInFrame) this.#damaged('cut', sink);
    this.reset();
  }

  reset(): void {
    this.#count = 0;
    this.#state = 'between';
    this.#isTold = false;
  }

  #take(byte: number, sink: (frame: FiasFrame) => void): void {
    if (this.#state === 'check') {
      if (byte === this.#lrc) return this.#whole(sink);
      this.#damaged('check', sink);
      // The LRC itself may be what was lost.
      if (byte === STX) this.#begin();
      return;
    }
    if (byte === STX) {
      if (this.#state === 'record') this.#damaged('cut', sink);
      return this.#begin();
    }
    if (this.#state === 'between') return this.#between(byte, sink);
    if (this.#state === 'afterCheck') {
      this.#skipped += 1;
      this.#state = 'between';
      return;
    }
    if (byte === ETX) return this.#end(sink);
    if (byte < 0x20) return this.#damaged('cut', sink);
    this.#hold(byte, sink);
  }

  #between(byte: number, sink: (frame: FiasFrame) => void): void {
    if (byte === ETX && this.#framing === 'serial') {
      // The end of a record whose start was lost. Its check may look like an answer.
      if (!this.#isTold) this.#damaged('cut', sink);
      this.#isTold = false;
      this.#state = 'afterCheck';
      return;
    }
    const control = CONTROLS[byte];
    if (control === undefined) this.#skipped += 1;
    else sink({ kind: 'control', control });
  }

  #begin(): void {
    this.#state = 'record';
    this.#isTold = false;
    this.#count = 0;
    this.#lrc = 0;
  }

  #hold(byte: number, sink: (frame: FiasFrame) => void): void {
    if (this.#state === 'overlong') {
      this.#skipped += 1;
      return;
    }
    if (this.#count === MAX_FIAS_BYTES) {
      this.#damaged('long', sink);
      this.#state = 'overlong';
      return;
    }
    this.#held[this.#count] = byte;
    this.#count += 1;
    this.#lrc ^= byte;
  }

  #end(sink: (frame: FiasFrame) => void): void {
    if (this.#state === 'overlong') {
      this.#state = this.#framing === 'serial' ? 'afterCheck' : 'between';
      return;
    }
    this.#lrc ^= ETX;
    if (this.#framing === 'serial') this.#state = 'check';
    else this.#whole(sink);
  }

  #whole(sink: (frame: FiasFrame) => void): void {
    const bytes = this.#held.slice(0, this.#count);
    this.reset();
    const record = readFias(this.#coder.decode(bytes));
    sink(
      record === undefined ? { kind: 'malformed', sample: bytes.slice(0, SAMPLE_BYTES) } : { kind: 'record', record },
    );
  }

  #damaged(why: 'check' | 'cut' | 'long', sink: (frame: FiasFrame) => void): void {
    const sample = this.#held.slice(0, Math.min(SAMPLE_BYTES, this.#count));
    const isTold = this.#isTold || this.#state === 'overlong';
    this.#skipped += this.#count;
    this.reset();
    this.#isTold = why === 'cut';
    if (!isTold) sink({ kind: 'damaged', why, sample });
  }
}
