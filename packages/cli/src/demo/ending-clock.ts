import type { Clock } from '@cordboard/cti-core';

/** A clock whose timers end together with what they were set for. */
export class EndingClock implements Clock {
  readonly #clock: Clock;
  readonly #cancels = new Set<() => void>();
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  /** @returns cancels it; a timer that is set after `end` never runs */
  setTimer(delayMs: number, callback: () => void): () => void {
    if (this.#ended) return () => undefined;
    const cancelTimer = this.#clock.setTimer(delayMs, () => {
      this.#cancels.delete(cancel);
      callback();
    });
    const cancel = (): void => {
      this.#cancels.delete(cancel);
      cancelTimer();
    };
    this.#cancels.add(cancel);
    return cancel;
  }

  /** Takes back every timer that has not run. Twice is once. */
  end(): void {
    this.#ended = true;
    for (const cancel of [...this.#cancels]) cancel();
  }
}
