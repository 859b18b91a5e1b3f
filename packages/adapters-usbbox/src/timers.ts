import type { Clock } from '@cordboard/cti-core';

/** Timers by name: setting one again moves it. */
export class Timers<N extends string> {
  readonly #clock: Clock;
  readonly #cancels = new Map<N, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back once after `delayMs`, in the place of a timer of the same name. */
  set(name: N, delayMs: number, callback: () => void): void {
    this.cancel(name);
    this.#cancels.set(
      name,
      this.#clock.setTimer(Math.max(0, delayMs), () => {
        this.#cancels.delete(name);
        callback();
      }),
    );
  }

  /** Is it set? */
  has(name: N): boolean {
    return this.#cancels.has(name);
  }

  /** Takes one back. */
  cancel(name: N): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }

  /** Takes all back. */
  cancelAll(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }
}
