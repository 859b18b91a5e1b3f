import { type Due, isBefore, TimerHeap } from './timer-heap.js';

/** A timer that is set. */
export interface Timer {
  /** It runs no more. May be called at any time, any number of times. */
  cancel(): void;
}

/** What knows by itself what is to be done when its time has come. A function that is made anew for each costs more, also when it is called. */
export interface Job {
  run(): void;
}

/** What a timer does when it is due. */
export type Work = (() => void) | Job;

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
  add(nowMs: number, delayMs: number, work: Work): Timer {
    const timer = new QueuedTimer(this, nowMs + Math.max(0, delayMs), work);
    timer.order = this.#order++;
    if (delayMs < NEAR_MS) this.#near.push(timer);
    else this.#far.push(timer);
    this.#live++;
    return timer;
  }

  /** Takes the first one out if it is due at or before `limitMs`; `undefined` when there is none such. It runs no more by itself. */
  take(limitMs: number): DueTimer | undefined {
    const timer = this.#first();
    if (timer === undefined || timer.dueMs > limitMs) return undefined;
    if (timer === this.#near.top) this.#near.pop();
    else this.#far.pop();
    this.#live--;
    return timer;
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
    while (top !== undefined && top.work === undefined) {
      heap.pop();
      this.#dead--;
      top = heap.top;
    }
    return top;
  }
}

/** One that was taken. */
export interface DueTimer {
  readonly dueMs: number;
  /** Calls what it was set for. */
  run(): void;
}

class QueuedTimer implements Timer, DueTimer, Due {
  readonly dueMs: number;
  order = 0;
  /** Absent when it has run or was cancelled. */
  work: Work | undefined;
  readonly #queue: TimerQueue;

  constructor(queue: TimerQueue, dueMs: number, work: Work) {
    this.#queue = queue;
    this.dueMs = dueMs;
    this.work = work;
  }

  run(): void {
    const { work } = this;
    this.work = undefined;
    if (typeof work === 'function') work();
    else work?.run();
  }

  cancel(): void {
    if (this.work === undefined) return;
    this.work = undefined;
    this.#queue.cancelled();
  }
}
