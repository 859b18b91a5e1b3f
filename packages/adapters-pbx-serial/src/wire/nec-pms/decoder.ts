import {
  ACK,
  DLE,
  EI_HOTEL,
  ENQ,
  EOT,
  ETX,
  K,
  MAX_FRAME,
  MAX_TEXT,
  NAK,
  RECORD_DATA,
  SA_HOTEL,
  SA_RECORDS,
  STX,
  UA,
} from './format.js';
import type { NecControl, NecFrame } from './frames.js';

const SINGLE: Readonly<Record<number, NecControl>> = { [ENQ]: 'query', [ACK]: 'ack', [NAK]: 'nak', [EOT]: 'eot' };
const DOUBLE: Readonly<Record<number, NecControl>> = { 60: 'interrupt', 58: 'abort', 63: 'pause' };

type Place =
  | 'between'
  /** After the system address of what may be a start sequence; then after the unit address. */
  | 'address'
  | 'unit'
  | 'escape'
  | 'text'
  /** The next byte is the block check. */
  | 'check';

/**
 * The hotel link and the call records of NEC PBXs: bytes into frames. Characters have seven bits; an eighth, which a port that is set to eight bits
 * delivers as the parity, is dropped. A start of text, or a word of the line, inside a text ends that one: it lost its end.
 */
export class NecDecoder {
  readonly #held = new Uint8Array(MAX_FRAME);
  #count = 0;
  #place: Place = 'between';
  #address: 'hotel' | 'records' = 'hotel';
  #skipped = 0;

  /** Bytes of an unfinished text held now. */
  get pendingBytes(): number {
    return this.#count;
  }

  /** Bytes that were part of no frame, since the decoder was made. */
  get skippedBytes(): number {
    return this.#skipped;
  }

  /** Takes the next bytes, cut anywhere, and hands on what they complete. Never throws. */
  push(chunk: Uint8Array, sink: (frame: NecFrame) => void): void {
    for (const byte of chunk) this.#take(byte & 0x7f, sink);
  }

  /** The line was silent inside a text: it is given up. */
  giveUp(sink: (frame: NecFrame) => void): void {
    if (this.#place === 'text' || this.#place === 'check') this.#damaged('gap', sink);
    this.reset();
  }

  /** Forgets what is held, as for a new line. */
  reset(): void {
    this.#count = 0;
    this.#place = 'between';
  }

  #take(byte: number, sink: (frame: NecFrame) => void): void {
    switch (this.#place) {
      case 'between':
        return this.#begin(byte, sink);
      case 'address':
        if (byte === UA) {
          this.#place = 'unit';
          return;
        }
        this.#skipped += 1;
        return this.#begin(byte, sink);
      case 'unit':
        if (byte === ENQ) {
          this.#place = 'between';
          sink({ kind: 'start', address: this.#address });
          return;
        }
        this.#skipped += 2;
        return this.#begin(byte, sink);
      case 'escape': {
        const kind = DOUBLE[byte];
        this.#place = 'between';
        if (kind !== undefined) sink({ kind });
        else {
          this.#skipped += 1;
          this.#begin(byte, sink);
        }
        return;
      }
      case 'text':
        return this.#text(byte, sink);
      case 'check':
        return this.#check(byte, sink);
    }
  }

  #begin(byte: number, sink: (frame: NecFrame) => void): void {
    this.#place = 'between';
    const single = SINGLE[byte];
    if (single !== undefined) sink({ kind: single });
    else if (byte === STX) {
      this.#held[0] = byte;
      this.#count = 1;
      this.#place = 'text';
    } else if (byte === DLE) this.#place = 'escape';
    else if (byte === SA_HOTEL || byte === SA_RECORDS) {
      this.#address = byte === SA_HOTEL ? 'hotel' : 'records';
      this.#place = 'address';
    } else this.#skipped += 1;
  }

  #text(byte: number, sink: (frame: NecFrame) => void): void {
    if (byte === STX || byte === DLE || Object.hasOwn(SINGLE, byte)) {
      // A word of the line inside a text: the text lost its end. Its last two characters may belong to a start sequence.
      const asked = byte === ENQ && this.#held[this.#count - 1] === UA && this.#count > 2;
      const address = this.#held[this.#count - 2];
      this.#damaged('form', sink);
      this.reset();
      if (asked && (address === SA_HOTEL || address === SA_RECORDS)) {
        sink({ kind: 'start', address: address === SA_HOTEL ? 'hotel' : 'records' });
      } else this.#begin(byte, sink);
      return;
    }
    this.#held[this.#count] = byte;
    this.#count += 1;
    if (byte === ETX) this.#place = 'check';
    else if (this.#count >= MAX_FRAME - 1) {
      this.#damaged('length', sink);
      this.reset();
    }
  }

  #check(byte: number, sink: (frame: NecFrame) => void): void {
    let check = 0;
    for (let at = 1; at < this.#count; at += 1) check ^= this.#held[at] ?? 0;
    if (check === byte) {
      this.#whole(sink);
      this.reset();
      return;
    }
    // The check may be what is missing, and this byte the first of the next frame.
    this.#damaged('check', sink);
    this.reset();
    this.#begin(byte, sink);
  }

  #whole(sink: (frame: NecFrame) => void): void {
    const [, address, unit, index] = this.#held;
    const text = String.fromCharCode(...this.#held.subarray(0, this.#count - 1));
    if (address === SA_RECORDS && unit === UA && index === K) {
      if (this.#count !== RECORD_DATA + 4) return this.#damaged('length', sink);
      sink({ kind: 'record', data: text.slice(3) });
      return;
    }
    if (address !== SA_HOTEL || unit !== UA || index !== EI_HOTEL || this.#count < 10 || this.#count > MAX_TEXT) {
      return this.#damaged('form', sink);
    }
    const length = /^\d\d$/u.test(text.slice(6, 8)) ? Number(text.slice(6, 8)) : -1;
    if (!/^[0-9A-F]{2}$/u.test(text.slice(4, 6))) return this.#damaged('form', sink);
    // Counted from the feature code to the end of the body, itself too (NDA-30115 p. 6).
    if (length !== text.length - 4) return this.#damaged('length', sink);
    sink({ kind: 'text', feature: text.slice(4, 6), function: text.charAt(8), body: text.slice(9) });
  }

  #damaged(why: 'check' | 'length' | 'form' | 'gap', sink: (frame: NecFrame) => void): void {
    this.#skipped += this.#count;
    sink({ kind: 'damaged', why, sample: this.#held.slice(0, this.#count) });
  }
}
