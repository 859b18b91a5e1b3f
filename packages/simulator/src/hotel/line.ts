import type { Duplex } from 'node:stream';
import type { Clock } from '@cordboard/cti-core';
import { type HotelFaults, hasFault } from './faults.js';
import { type HotelFraming, HotelReader, hotelFrame } from './wire.js';

/** What a {@link HotelLine} is made of. */
export interface HotelLineOptions {
  readonly clock: Clock;
  readonly framing: HotelFraming;
  readonly faults: HotelFaults;
  /** Wait for an answer on a serial line before the record is sent again, ms. */
  readonly answerMs: number;
  /** 0 <= x < 1; which bits are flipped and what rubbish is sent. */
  readonly random: () => number;
  readonly heard: (text: string) => void;
  readonly gone: () => void;
}

const MAX_TRIES = 4;

/** One connection of the simulated hotel system: frames out, records in, one at a time where the line is serial. */
export class HotelLine {
  readonly #options: HotelLineOptions;
  readonly #port: Duplex;
  readonly #reader: HotelReader;
  readonly #queue: string[] = [];
  #current: string | undefined;
  #tries = 0;
  #lastSign = '\x15';
  #cancel: (() => void) | undefined;
  #isOver = false;

  constructor(port: Duplex, options: HotelLineOptions) {
    this.#options = options;
    this.#port = port;
    this.#reader = new HotelReader(options.framing);
    port.on('data', (bytes: Uint8Array) => this.#bytes(bytes));
    const gone = (): void => {
      if (this.#isOver) return;
      this.close();
      options.gone();
    };
    port.on('error', gone);
    port.on('end', gone);
    port.on('close', gone);
  }

  /** Sends a record. */
  say(text: string): void {
    if (this.#isOver) return;
    if (this.#options.framing === 'stream') return this.#put(text);
    this.#queue.push(text);
    this.#next();
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    if (!this.#isOver) this.#port.write(bytes);
  }

  /** Ends it; the port is destroyed. */
  close(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#queue.length = 0;
    this.#current = undefined;
    this.#port.on('error', () => undefined);
    this.#port.destroy();
  }

  #bytes(bytes: Uint8Array): void {
    for (const input of this.#reader.read(bytes)) {
      if (this.#isOver) return;
      if (input.kind === 'text') this.#record(input.text);
      else if (input.kind === 'bad') this.#sign('\x15');
      else if (input.sign === 'ENQ') this.#sign(this.#lastSign);
      else this.#answered(input.sign);
    }
  }

  #record(text: string): void {
    const { faults, heard } = this.#options;
    if (hasFault(faults, 'lose')) return;
    if (this.#options.framing === 'serial') {
      if (hasFault(faults, 'refuse')) return this.#sign('\x15');
      if (hasFault(faults, 'swallowAcks')) this.#lastSign = '\x06';
      else {
        this.#sign('\x06');
        if (hasFault(faults, 'doubleAcks')) this.#sign('\x06');
      }
    }
    heard(text);
  }

  #sign(sign: string): void {
    if (this.#options.framing === 'stream') return;
    this.#lastSign = sign;
    this.raw(Buffer.from(sign, 'latin1'));
  }

  #answered(sign: 'ACK' | 'NAK'): void {
    if (this.#current === undefined) return;
    if (sign === 'NAK') return this.#again();
    this.#cancel?.();
    this.#current = undefined;
    this.#tries = 0;
    this.#next();
  }

  #next(): void {
    if (this.#current !== undefined) return;
    this.#current = this.#queue.shift();
    if (this.#current !== undefined) this.#put(this.#current);
  }

  #again(): void {
    const text = this.#current;
    this.#tries += 1;
    if (text === undefined) return;
    if (this.#tries < MAX_TRIES) return this.#put(text);
    this.#current = undefined;
    this.#tries = 0;
    this.#next();
  }

  #put(text: string): void {
    const { framing, faults, random, clock, answerMs } = this.#options;
    const frame = hotelFrame(text, framing);
    if (hasFault(faults, 'garbage')) this.raw(Uint8Array.from({ length: 20 }, () => 32 + Math.floor(random() * 90)));
    if (hasFault(faults, 'flip')) {
      const at = 1 + Math.floor(random() * (frame.length - 2));
      frame[at] = (frame[at] ?? 0) ^ (1 << Math.floor(random() * 7));
    }
    this.raw(frame);
    if (hasFault(faults, 'doubleRecords')) this.raw(frame);
    if (framing === 'stream') return;
    this.#cancel?.();
    this.#cancel = clock.setTimer(answerMs, () => this.#again());
  }
}
