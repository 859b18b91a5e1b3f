import { type Due, isBefore, TimerHeap } from './timer-heap.js';

/** A timer that is set. */
export interface Timer {
  /** It runs no more. May be called at any time, any number of times. */
  cancel(): void;
}

type Callback = () => void;

/** Fewer cancelled timers than this are left where they are. */
const MAX_DEAD = 64;
/** What is set for less waits apart: two thirds of all timers are set for a few ms, and few such are set at a time. */
const NEAR_MS = 64;

/**
 * Timers in the order in which they are due; of those due at the same time, in the order in which they came.
 * Adding and taking cost O(log n) of what is live, cancelling O(1) in the mean.
 */
export class TimerQueue {
  readonly #near = new TimerHeap<QueuedTimer>();
  readonly #far = new TimerHeap<QueuedTimer>();
  #order = 0;
  #live = 0;
  /** Cancelled ones that stand in a heap still. */
  #dead = 0;

  /** Timers neither taken nor cancelled. */
  get size(): number {
    return this.#live;
  }

  /** When the first one is due; `undefined` when there is none. */
  get dueMs(): number | undefined {
    return this.#first()?.dueMs;
  }

  /** Puts one in that is due `delayMs` after `nowMs`. @returns the timer, to cancel it */
  add(nowMs: number, delayMs: number, callback: Callback): Timer {
    const timer = new QueuedTimer(this, nowMs + Math.max(0, delayMs), callback);
    timer.order = this.#order++;
    if (delayMs < NEAR_MS) this.#near.push(timer);
    else this.#far.push(timer);
    this.#live++;
    return timer;
  }

  /** Takes the one out that {@link dueMs} spoke of. @returns what it calls */
  take(): Callback | undefined {
    const timer = this.#first();
    const callback = timer?.callback;
    if (timer === undefined || callback === undefined) return undefined;
    if (timer === this.#near.top) this.#near.pop();
    else this.#far.pop();
    timer.callback = undefined;
    this.#live--;
    return callback;
  }

  /** One of its timers has been cancelled. */
  cancelled(): void {
    this.#live--;
    this.#dead++;
    if (this.#dead <= MAX_DEAD || this.#dead <= this.#live) return;
    this.#near.sweep();
    this.#far.sweep();
    this.#dead = 0;
  }

  #first(): QueuedTimer | undefined {
    const near = this.#firstOf(this.#near);
    const far = this.#firstOf(this.#far);
    if (near === undefined || far === undefined) return near ?? far;
    return isBefore(near, far) ? near : far;
  }

  #firstOf(heap: TimerHeap<QueuedTimer>): QueuedTimer | undefined {
    let { top } = heap;
    while (top !== undefined && top.callback === undefined) {
      heap.pop();
      this.#dead--;
      top = heap.top;
    }
    return top;
  }
}

class QueuedTimer implements Timer, Due {
  readonly dueMs: number;
  order = 0;
  /** Absent when it has been taken or cancelled. */
  callback: Callback | undefined;
  readonly #queue: TimerQueue;

  constructor(queue: TimerQueue, dueMs: number, callback: Callback) {
    this.#queue = queue;
    this.dueMs = dueMs;
    this.callback = callback;
  }

  cancel(): void {
    if (this.callback === undefined) return;
    this.callback = undefined;
    this.#queue.cancelled();
  }
}
