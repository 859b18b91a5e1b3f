import type { Clock } from '@cordboard/cti-core';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * A clock that stands still until a test moves it.
 *
 * Timers fire in the order of their due time, then in the order in which they were set. A timer set while the clock
 * moves fires in the same move when it falls into it.
 */
export class SimulatedClock implements Clock {
  #nowMs: number;
  readonly #epochMs: number;
  #order = 0;
  readonly #timers = new Set<Timer>();
  readonly #between: () => Promise<void>;

  /**
   * @param startMs - first value of `nowMs()`, default 0; `wallMs()` starts at 2026-01-01 00:00 UTC and moves along
   * @param options - `between`: what `tick` waits for before the first timer and after each one, default {@link settle}; `filesAtRest` where what is tested writes real files
   */
  constructor(startMs = 0, { between = settle }: { readonly between?: () => Promise<void> } = {}) {
    this.#nowMs = startMs;
    this.#epochMs = Date.UTC(2026, 0, 1) - startMs;
    this.#between = between;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#epochMs + this.#nowMs;
  }

  setTimer(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that are set and have not fired: a test of `stop` expects 0. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due, or `undefined` when none is set. */
  get nextDelayMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.dueMs - this.#nowMs;
  }

  /** Moves on by `byMs` and fires what falls due on the way, without letting promises run in between. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    while (this.#fireNext(endMs)) {
      // each turn fires one timer
    }
    this.#nowMs = endMs;
  }

  /** As {@link advance}, but lets promise callbacks run, or what the clock was given as `between`, before the first timer and after each one. */
  async tick(byMs = 0): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await this.#between();
    while (this.#fireNext(endMs)) await this.#between();
    this.#nowMs = endMs;
    await this.#between();
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (next === undefined || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  }

  #fireNext(endMs: number): boolean {
    const next = this.#next();
    if (next === undefined || next.dueMs > endMs) return false;
    this.#timers.delete(next);
    this.#nowMs = next.dueMs;
    next.run();
    return true;
  }
}

/** Promise chains of a link loop are a handful of turns deep; forty is far beyond them and still costs microseconds. */
const SETTLE_TURNS = 40;

/** Lets everything that waits only for promises run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await Promise.resolve();
}
