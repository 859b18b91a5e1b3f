import type { Clock } from '@cordboard/cti-core';

/** The clock of one simulated world, whose timers end with it: what somebody in it was about to do keeps no process alive. */
export class EndingClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<() => void>();
  #state: 'runs' | 'ended' = 'runs';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    if (this.#state === 'ended') return () => undefined;
    const stop = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(cancel);
      callback();
    });
    const cancel = (): void => {
      stop();
      this.#timers.delete(cancel);
    };
    this.#timers.add(cancel);
    return cancel;
  }

  /** Cancels every timer; none is set any more. Twice is once. */
  end(): void {
    this.#state = 'ended';
    for (const cancel of [...this.#timers]) cancel();
  }
}
