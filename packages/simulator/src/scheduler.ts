import type { Clock } from '@cordboard/cti-core';
import { type Timer, TimerQueue, type Work } from './timer-queue.js';

/**
 * A discrete-event clock: time stands still while something runs and jumps to the next thing that is due. What is due at
 * the same time runs in the order in which it was set. Setting and taking cost
 * O(log n) of what is live, cancelling O(1) in the mean.
 */
export class Scheduler implements Clock {
  readonly #timers = new TimerQueue();
  #wallAtZeroMs: number;
  #nowMs = 0;

  /** @param startWallMs - epoch ms at `nowMs() === 0` */
  constructor(startWallMs: number) {
    this.#wallAtZeroMs = startWallMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallAtZeroMs + this.#nowMs;
  }

  /** Somebody set the wall clock; the monotone one goes on. */
  jumpWall(byMs: number): void {
    this.#wallAtZeroMs += byMs;
  }

  /** Timers set and not yet run or cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const timer = this.timer(delayMs, callback);
    return () => timer.cancel();
  }

  /** As {@link setTimer}, for who sets many: the timer itself, without a function to cancel it. */
  timer(delayMs: number, work: Work): Timer {
    return this.#timers.add(this.#nowMs, delayMs, work);
  }

  /** When the next thing is due; `undefined` when nothing is. */
  nextDueMs(): number | undefined {
    return this.#timers.dueMs;
  }

  /** Runs the next thing that is due at or before `limitMs`. @returns whether there was one; time moves to it, not to the limit */
  step(limitMs = Number.POSITIVE_INFINITY): boolean {
    const timer = this.#timers.take(limitMs);
    if (timer === undefined) return false;
    this.#nowMs = timer.dueMs;
    timer.run();
    return true;
  }

  /** Runs all that falls due until `untilMs` and stands there. */
  runTo(untilMs: number): void {
    while (this.step(untilMs));
    if (untilMs > this.#nowMs) this.#nowMs = untilMs;
  }
}

/** Sets a timer on whatever clock, as {@link Scheduler.timer} does. */
export function timerOn(clock: Clock, delayMs: number, work: Work): Timer {
  if (clock instanceof Scheduler) return clock.timer(delayMs, work);
  return { cancel: clock.setTimer(delayMs, typeof work === 'function' ? work : () => work.run()) };
}
