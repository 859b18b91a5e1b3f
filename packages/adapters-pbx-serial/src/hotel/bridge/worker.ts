import { type Clock, isCtiError } from '@cordboard/cti-core';
import { sleep } from '@cordboard/driver-kit';

/** What a step of a {@link Worker} says: `more` to do, nothing until it is poked, or a pause of so many ms that a poke ends too. */
export type Next = 'more' | 'idle' | { readonly pauseMs: number };

const FAILED_PAUSE_MS = 1_000;

/** Does one thing after another, as long as there is something to do. */
export class Worker {
  readonly #clock: Clock;
  readonly #step: (signal: AbortSignal) => Promise<Next>;
  readonly #failed: (error: unknown) => void;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | undefined;

  /** @param options - `failed` is told what a step threw; it is tried again a second later */
  constructor(options: {
    readonly clock: Clock;
    readonly step: (signal: AbortSignal) => Promise<Next>;
    readonly failed: (error: unknown) => void;
  }) {
    this.#clock = options.clock;
    this.#step = options.step;
    this.#failed = options.failed;
  }

  /** Begins; called again it does nothing. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** There may be something to do. */
  poke(): void {
    this.#wake.abort();
  }

  /** Ends it; the step under way is aborted. May be called again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      const next = await this.#once();
      if (next === 'more' || this.#stop.signal.aborted) continue;
      if (next === 'idle') await aborted(this.#wake.signal);
      else await sleep(this.#clock, next.pauseMs, this.#wake.signal);
    }
  }

  async #once(): Promise<Next> {
    try {
      return await this.#step(this.#stop.signal);
    } catch (error) {
      if (!this.#stop.signal.aborted && !isCtiError(error, 'driver.linkLost')) this.#failed(error);
      return { pauseMs: FAILED_PAUSE_MS };
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
