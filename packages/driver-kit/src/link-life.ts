import type { Clock } from '@cordboard/cti-core';

/** One life of a link after the other: what was begun in a life (waits, timers) ends with it. Before the first `begin` it lives as well. */
export class LinkLife {
  readonly #clock: Clock;
  readonly #timers = new Set<() => void>();
  #life = new AbortController();

  constructor(options: { readonly clock: Clock }) {
    this.#clock = options.clock;
  }

  /** Aborts with the life that is on now. */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /** The link is up: a new life. */
  begin(): void {
    this.#life = new AbortController();
  }

  /** The link is down: every wait and every timer of this life ends. May be called twice. */
  end(): void {
    this.#life.abort();
    for (const cancel of [...this.#timers]) cancel();
  }

  /** A timer of this life, in milliseconds; the returned function cancels it and may be called at any time. */
  later(delayMs: number, run: () => void): () => void {
    const end = (): void => {
      this.#timers.delete(end);
      cancel();
    };
    const cancel = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(end);
      run();
    });
    this.#timers.add(end);
    return end;
  }
}
