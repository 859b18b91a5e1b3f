import type { Clock } from '@cordboard/cti-core';
import type { EslEvent } from '../wire/esl-event.js';

/** Caps of what waits between the socket and a slow reader. */
export interface DeliveryLimits {
  /** Events that may wait. 1 to 10,000,000, default 100,000. */
  readonly maxQueuedEvents: number;
  /** Their bytes. 64 KiB to 4 GiB, default 256 MiB. */
  readonly maxQueuedBytes: number;
  /** How long the reader may run before the socket is read again, ms. 1 to 1,000, default 8. */
  readonly sliceMs: number;
}

/** Limits when the caller names none. */
export const DEFAULT_LIMITS: DeliveryLimits = { maxQueuedEvents: 100_000, maxQueuedBytes: 256 << 20, sliceMs: 8 };

/** Events between two looks at the clock. */
const LOOK_EVERY = 4;

/**
 * Hands events to a reader, at once as long as it keeps up.
 *
 * A reader that runs for longer than a slice is interrupted, so that the socket is read meanwhile: what FreeSWITCH cannot send piles up
 * there, and from some point on holds up all its calls. What comes in the meantime waits here, in order. Past a cap all further events
 * are dropped until those that wait are handed over; then the reader is told how many it missed, for what it knows is incomplete.
 */
export class Delivery {
  readonly #clock: Clock;
  readonly #limits: DeliveryLimits;
  readonly #event: (event: EslEvent) => void;
  readonly #gap: (dropped: number) => void;
  #queue: EslEvent[] = [];
  /** Position in the queue: to shift a long array would cost its length each time. */
  #at = 0;
  #bytes = 0;
  #dropped = 0;
  #sliceFromMs = 0;
  #inSlice = 0;
  #next: NodeJS.Immediate | undefined;
  #drained: (() => void) | undefined;

  constructor(options: {
    readonly clock: Clock;
    readonly limits: DeliveryLimits;
    readonly event: (event: EslEvent) => void;
    readonly gap: (dropped: number) => void;
  }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#event = options.event;
    this.#gap = options.gap;
  }

  /** Events that wait now. */
  get queued(): number {
    return this.#queue.length - this.#at;
  }

  /** Bytes came from the socket: a slice begins. */
  begin(): void {
    this.#sliceFromMs = this.#clock.nowMs();
    this.#inSlice = 0;
  }

  /** Takes the next event. */
  take(event: EslEvent): void {
    if (this.#next === undefined && !this.#isSliceOver()) {
      this.#event(event);
      return;
    }
    const { maxQueuedEvents, maxQueuedBytes } = this.#limits;
    if (this.#dropped > 0 || this.queued >= maxQueuedEvents || this.#bytes + event.size > maxQueuedBytes) {
      this.#dropped += 1;
    } else {
      this.#queue.push(event);
      this.#bytes += event.size;
    }
    this.#next ??= setImmediate(() => this.#run());
  }

  /** Calls back when nothing waits any more, at once if so now. */
  whenDrained(drained: () => void): void {
    if (this.#next === undefined) drained();
    else this.#drained = drained;
  }

  /** Forgets what waits. */
  close(): void {
    if (this.#next !== undefined) clearImmediate(this.#next);
    this.#next = undefined;
    this.#queue = [];
    this.#at = 0;
    this.#bytes = 0;
    this.#dropped = 0;
    const drained = this.#drained;
    this.#drained = undefined;
    drained?.();
  }

  #run(): void {
    this.begin();
    let event = this.#queue[this.#at];
    while (event !== undefined) {
      this.#at += 1;
      this.#bytes -= event.size;
      this.#event(event);
      // The reader may have closed everything.
      if (this.#next === undefined) return;
      if (this.#isSliceOver()) break;
      event = this.#queue[this.#at];
    }
    if (this.queued > 0) {
      this.#compact();
      this.#next = setImmediate(() => this.#run());
      return;
    }
    const dropped = this.#dropped;
    this.close();
    if (dropped > 0) this.#gap(dropped);
  }

  /** Gives back the handed-over half of a long queue. */
  #compact(): void {
    if (this.#at < 1_024 || this.#at * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#at);
    this.#at = 0;
  }

  #isSliceOver(): boolean {
    this.#inSlice += 1;
    if (this.#inSlice % LOOK_EVERY !== 0) return false;
    return this.#clock.nowMs() - this.#sliceFromMs >= this.#limits.sliceMs;
  }
}
