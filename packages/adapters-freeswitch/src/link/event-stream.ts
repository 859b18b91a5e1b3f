import type { EslEvent } from '../wire/esl-event.js';

/** Stands in a stream where events were dropped: what is known from events before is no longer complete. */
export interface EslGap {
  readonly type: 'gap';
  /** Why: the reader was slow, or the connection was lost and is back. */
  readonly reason: 'slow' | 'linkLost';
  /** How many events were dropped; 0 where nobody knows. */
  readonly dropped: number;
}

/** How a stream is read. */
export interface EslStreamOptions {
  readonly signal?: AbortSignal;
  /** Events that may wait for the reader. 1 to 10,000,000, default 100,000. */
  readonly maxQueued?: number;
}

const DEFAULT_MAX_QUEUED = 100_000;

/** Events in their order for one reader with `for await`. Past its cap they are dropped, and a gap is told in their place. */
export class EventStream implements AsyncIterableIterator<EslEvent | EslGap> {
  readonly #maxQueued: number;
  readonly #onEnd: () => void;
  #queue: (EslEvent | EslGap)[] = [];
  #dropped = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(options: EslStreamOptions, onEnd: () => void) {
    this.#maxQueued = options.maxQueued ?? DEFAULT_MAX_QUEUED;
    this.#onEnd = onEnd;
    const { signal } = options;
    if (signal?.aborted) this.end();
    signal?.addEventListener('abort', () => this.end(), { once: true });
  }

  /** Adds an event, or drops it. */
  push(item: EslEvent | EslGap): void {
    if (this.#ended) return;
    if (item.type === 'event' && (this.#dropped > 0 || this.#queue.length >= this.#maxQueued)) this.#dropped += 1;
    else this.#queue.push(item);
    this.#wake?.();
  }

  /** Ends it: what waits is still read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#wake?.();
    this.#onEnd();
  }

  async next(): Promise<IteratorResult<EslEvent | EslGap>> {
    for (;;) {
      const item = this.#shift();
      if (item !== undefined) return { done: false, value: item };
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  return(): Promise<IteratorResult<EslEvent | EslGap>> {
    this.#queue = [];
    this.#read = [];
    this.#dropped = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #read: (EslEvent | EslGap)[] = [];

  #shift(): EslEvent | EslGap | undefined {
    if (this.#read.length === 0 && this.#queue.length > 0) {
      this.#read = this.#queue.reverse();
      this.#queue = [];
    }
    const item = this.#read.pop();
    if (item !== undefined || this.#dropped === 0) return item;
    const dropped = this.#dropped;
    this.#dropped = 0;
    return { type: 'gap', reason: 'slow', dropped };
  }
}
