import type { Clock } from '@cordboard/cti-core';
import type { RandomStream } from '../../random.js';
import type { SendOptions } from './face.js';
import { type ByteFaults, spoil } from './line-faults.js';

/** A UART passes on so many bytes at once, at most: the depth of its buffer. */
const MAX_PORTION = 16;
/** Start bit, eight bits, stop bit. */
const BITS = 10;

/** One direction of a line. */
export interface PipeOptions {
  readonly clock: Clock;
  readonly random: RandomStream;
  /** Bd; `undefined`: whole writes at once. */
  readonly baudRate: number | undefined;
  /** A portion comes up to so much later than it should, ms. */
  readonly jitterMs: number;
  readonly faults: () => ByteFaults | undefined;
  readonly deliver: (bytes: Uint8Array) => void;
}

interface Write {
  readonly bytes: Uint8Array;
  at: number;
  readonly place: 'front' | undefined;
  readonly sent: (() => void) | undefined;
}

/** Bytes in one direction, at the speed of the line, in portions of chance. */
export class Pipe {
  readonly #options: PipeOptions;
  readonly #queue: Write[] = [];
  #freeAtMs = 0;
  #cancel: (() => void) | undefined;

  constructor(options: PipeOptions) {
    this.#options = options;
  }

  /** Bytes that have not left. */
  get queuedBytes(): number {
    return this.#queue.reduce((sum, { bytes, at }) => sum + bytes.length - at, 0);
  }

  /** Puts bytes in. */
  write(bytes: Uint8Array, { place, sent }: SendOptions = {}): void {
    if (bytes.length === 0) return;
    const write: Write = { bytes, at: 0, place, sent };
    if (place === 'front') this.#queue.splice(this.#begun(), 0, write);
    else this.#queue.push(write);
    this.#run(this.#options.clock.nowMs());
  }

  /** Nothing moves for a while. */
  stall(forMs: number): void {
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#options.clock.nowMs()) + forMs;
  }

  /** What is under way is gone. */
  clear(): void {
    this.#queue.length = 0;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** How many writes have begun to leave, or are in front already: those keep their order. */
  #begun(): number {
    const leaving = this.#cancel !== undefined ? this.#queue[0] : undefined;
    const at = this.#queue.findIndex((write) => write.at === 0 && write !== leaving && write.place === undefined);
    return at === -1 ? this.#queue.length : at;
  }

  /** `fromMs`: a portion that came late through jitter makes the next one no later. */
  #run(fromMs: number): void {
    const [write] = this.#queue;
    if (this.#cancel !== undefined || write === undefined) return;
    const { clock, baudRate, random, jitterMs, faults } = this.#options;
    const nowMs = clock.nowMs();
    const left = write.bytes.length - write.at;
    const trouble = faults();
    if (write.at === 0 && trouble?.stall !== undefined && random.chance(trouble.stall))
      this.stall(trouble.stallMs ?? 1_000);
    const count = baudRate === undefined ? left : Math.min(left, random.int(1, MAX_PORTION));
    this.#freeAtMs =
      Math.max(this.#freeAtMs, fromMs) + (baudRate === undefined ? 0 : (count * BITS * 1_000) / baudRate);
    const jitter = jitterMs === 0 ? 0 : random.next() * jitterMs;
    this.#cancel = clock.setTimer(Math.max(0, this.#freeAtMs + jitter - nowMs), () => {
      this.#cancel = undefined;
      this.#move(write, count);
      // Without a speed or a fault everything that waits goes at once: a timer for each write would be a speed of its own.
      if (baudRate === undefined && jitterMs === 0 && trouble === undefined) {
        for (const next of [...this.#queue]) this.#move(next, next.bytes.length - next.at);
      }
      this.#run(this.#freeAtMs);
    });
  }

  #move(write: Write, count: number): void {
    const { faults, random, deliver } = this.#options;
    const from = write.at;
    write.at += count;
    const isDone = write.at >= write.bytes.length;
    const place = this.#queue.indexOf(write);
    // What was moved before it may have cleared the line.
    if (place < 0) return;
    if (isDone) this.#queue.splice(place, 1);
    const bytes = spoil(write.bytes.subarray(from, from + count), faults(), random);
    if (bytes.length > 0) deliver(bytes);
    if (isDone) write.sent?.();
  }
}
