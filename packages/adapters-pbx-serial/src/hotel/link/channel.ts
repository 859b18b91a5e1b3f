import type { Clock, LinkDownReason } from '@cordboard/cti-core';
import { ACK, ENQ, type FiasFrame, type FiasFraming, type FiasRecord, fiasText, NAK } from '../fias/index.js';
import type { FiasTimings } from './timings.js';

/**
 * What to do when nothing answers a record. `repeat`: send it again, since it may arrive twice without harm. `enquire`: ask for the answer by ENQ, since it should
 * not; if it was lost altogether its sender learns that otherwise (a posting has PA).
 */
export type OnSilence = 'repeat' | 'enquire';

/** What a {@link FiasChannel} is made of. */
export interface FiasChannelOptions {
  readonly clock: Clock;
  readonly framing: FiasFraming;
  readonly timings: FiasTimings;
  /** Rate of the line, Bd; 0: a stream without one. */
  readonly baudRate: number;
  readonly encode: (record: FiasRecord) => Uint8Array;
  readonly write: (bytes: Uint8Array) => void;
  readonly deliver: (record: FiasRecord) => void;
  /** Bytes so far that were part of no frame: an answer in front of such bytes is not believed. */
  readonly noise: () => number;
  /** The link is of no use any more. Called once. */
  readonly fail: (reason: LinkDownReason) => void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly onSilence: OnSilence;
  readonly taken: () => void;
}

const MAX_QUEUED = 256;
const MS_PER_BYTE = 10_000;
/** A record of the other side may be on its way in front of the answer. */
const LEAST_BYTES = 128;
/** Less than any sender waits for an answer, more than a record takes on the line. */
const ECHO_MS = 400;
/** An enquiry so long after our last answer is not about it. */
const ANSWER_KEPT_MS = 15_000;

/**
 * Records one at a time on a serial line: each is answered by ACK or NAK, none is sent before the one in front of it was answered. On a stream they just go out. The line
 * has no numbers: a record that comes again word by word is acknowledged and not delivered again.
 */
export class FiasChannel {
  readonly #options: FiasChannelOptions;
  readonly #queue: Waiting[] = [];
  #current: Waiting | undefined;
  #tries = 0;
  #isTurning = false;
  #cancel: (() => void) | undefined;
  #isOver = false;
  #lastDelivered = '';
  #lastAnswer: number = NAK;
  #lastAnswerAtMs = Number.NEGATIVE_INFINITY;
  #isAskedFor = false;

  constructor(options: FiasChannelOptions) {
    this.#options = options;
  }

  /** Records that were not taken by the other side yet. */
  get unsent(): number {
    return this.#queue.length + (this.#current === undefined ? 0 : 1);
  }

  /**
   * Sends a record. `taken` is called when the other side has acknowledged it; on a stream, when it was written.
   * @throws {CtiError} `wire.unsafeValue`, `wire.frameTooLarge`; nothing was sent then
   */
  send(record: FiasRecord, options: { readonly onSilence: OnSilence; readonly taken?: () => void }): void {
    if (this.#isOver) return;
    const bytes = this.#options.encode(record);
    const { onSilence, taken = () => undefined } = options;
    if (this.#options.framing === 'stream') {
      this.#options.write(bytes);
      return taken();
    }
    if (this.#queue.length >= MAX_QUEUED) return this.#fail('overflow');
    this.#queue.push({ bytes, onSilence, taken });
    this.#next();
  }

  /** A frame came. */
  take(frame: FiasFrame): void {
    if (this.#isOver) return;
    switch (frame.kind) {
      case 'record':
        return this.#record(frame.record);
      case 'malformed':
        return this.#answer(ACK);
      case 'damaged':
        return this.#answer(NAK);
      case 'control':
        if (this.#options.framing === 'stream') return;
        if (frame.control === 'enq') this.#enquired();
        else this.#answered(frame.control);
    }
  }

  /** Ends every timer; nothing is sent after it. */
  close(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#queue.length = 0;
    this.#current = undefined;
  }

  #record(record: FiasRecord): void {
    const { clock, framing, deliver } = this.#options;
    const text = fiasText(record);
    const isAgain = text === this.#lastDelivered && framing === 'serial' && !isOfLink(record);
    // The line has doubled it: nobody sends again so soon, and a second ACK would be taken for one of the next record.
    const isEcho = isAgain && this.#lastAnswer === ACK && clock.nowMs() - this.#lastAnswerAtMs < ECHO_MS;
    if (!isEcho) this.#answer(ACK);
    this.#lastDelivered = text;
    if (!isAgain) deliver(record);
  }

  #answer(control: number): void {
    if (this.#options.framing === 'stream') return;
    this.#lastAnswer = control;
    this.#lastAnswerAtMs = this.#options.clock.nowMs();
    this.#isAskedFor = false;
    this.#options.write(Uint8Array.of(control));
  }

  /** The other side misses our answer: it is told again. If there is none that it can mean, its record was lost, and NAK brings it again. */
  #enquired(): void {
    const { clock, write } = this.#options;
    const isFresh = !this.#isAskedFor && clock.nowMs() - this.#lastAnswerAtMs <= ANSWER_KEPT_MS;
    this.#isAskedFor = true;
    write(Uint8Array.of(isFresh ? this.#lastAnswer : NAK));
  }

  #answered(control: 'ack' | 'nak'): void {
    const current = this.#current;
    if (current === undefined || this.#isTurning) return;
    this.#cancel?.();
    this.#isTurning = true;
    const { clock, timings, noise } = this.#options;
    const noiseBefore = noise();
    this.#cancel = clock.setTimer(timings.turnMs, () => {
      this.#isTurning = false;
      // What looked like ACK was the start of a record with a flipped bit, or rubbish.
      if (control === 'ack' && noise() !== noiseBefore) return this.#silent();
      if (control === 'nak') return this.#again(current.bytes);
      this.#current = undefined;
      this.#tries = 0;
      current.taken();
      this.#next();
    });
  }

  #next(): void {
    if (this.#current !== undefined || this.#isOver) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#current = next;
    this.#put(next.bytes);
  }

  #put(bytes: Uint8Array): void {
    const { clock, timings, baudRate, write } = this.#options;
    write(bytes);
    const lineMs = baudRate > 0 ? ((bytes.length + LEAST_BYTES) * MS_PER_BYTE) / baudRate : 0;
    this.#cancel?.();
    this.#cancel = clock.setTimer(timings.ackMs + lineMs, () => this.#silent());
  }

  #silent(): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#again(current.onSilence === 'repeat' ? current.bytes : Uint8Array.of(ENQ));
  }

  #again(bytes: Uint8Array): void {
    this.#tries += 1;
    if (this.#tries > this.#options.timings.repeats) return this.#fail('timeout');
    this.#put(bytes);
  }

  #fail(reason: LinkDownReason): void {
    if (this.#isOver) return;
    this.close();
    this.#options.fail(reason);
  }
}

/** Of these the same again means something. */
const isOfLink = ({ id }: FiasRecord): boolean => id.startsWith('L') || id.startsWith('D') || id.startsWith('N');
