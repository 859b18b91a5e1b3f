import type { FrameDecoder } from '@cordboard/driver-kit';
import { parseWhozzRecord, type WhozzRecord } from './record.js';

/** The longest record is 83 bytes; what is longer is noise, and is dropped up to the next end of line. */
const MAX_LINE_BYTES = 160;
const CR = 0x0d;
const LF = 0x0a;

/** Bytes of a serial unit to records. It never throws: noise ends at the next end of line. */
export class WhozzDecoder implements FrameDecoder<WhozzRecord> {
  readonly #line = new Uint8Array(MAX_LINE_BYTES);
  #length = 0;
  #state: 'reads' | 'skips' = 'reads';

  push(chunk: Uint8Array, sink: (record: WhozzRecord) => void): void {
    for (const byte of chunk) {
      if (byte === CR || byte === LF) this.#end(sink);
      else if (this.#length === MAX_LINE_BYTES) this.#state = 'skips';
      else this.#line[this.#length++] = byte;
    }
  }

  get pendingBytes(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
    this.#state = 'reads';
  }

  #end(sink: (record: WhozzRecord) => void): void {
    const length = this.#length;
    const skipped = this.#state === 'skips';
    if (length > 0 || skipped) {
      const record = parseWhozzRecord(skipped ? '' : latin(this.#line.subarray(0, length)));
      this.reset();
      sink(record);
    }
  }
}

/** One UDP datagram of an Ethernet unit. */
export interface WhozzDatagram {
  /** As the site has numbered it; 6 bytes on the wire. */
  readonly unit: number;
  /** Of the hardware, 12 hex digits. */
  readonly serial: string;
  readonly record: WhozzRecord;
}

const HEADER_BYTES = 20;

/**
 * Reads a datagram: `^^<U>` 6 bytes `<S>` 6 bytes, then a record with or without `$` and end of line.
 * @returns `undefined` for what is no such datagram
 * @source callerid.com, Ethernet Link Supplement, "Packet Information"
 */
export function parseWhozzDatagram(bytes: Uint8Array): WhozzDatagram | undefined {
  if (bytes.length < HEADER_BYTES || bytes.length > HEADER_BYTES + MAX_LINE_BYTES) return undefined;
  if (latin(bytes.subarray(0, 5)) !== '^^<U>' || latin(bytes.subarray(11, 14)) !== '<S>') return undefined;
  const unit = bytes.subarray(5, 11).reduce((sum, byte) => sum * 256 + byte, 0);
  const serial = [...bytes.subarray(14, 20)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const text = latin(bytes.subarray(HEADER_BYTES)).replace(/[\r\n\0]+$/, '');
  return { unit, serial, record: parseWhozzRecord(text) };
}

function latin(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
