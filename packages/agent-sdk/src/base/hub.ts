import type { Logger } from '@cordboard/cti-core';
import { EventEmitter } from 'eventemitter3';
import { failureKind } from './failure-kind.js';

/** Subscribes to typed events. There is no `error` event: a failed command rejects its promise, a lost link is `linkChanged`. */
export interface EventSource<M extends object> {
  /**
   * Calls `listener` for each event of that name, after the state has changed. A listener that throws is logged and the others still run.
   * @param options - `signal` removes the listener when it aborts; an aborted one adds nothing
   * @returns removes the listener; may be called any number of times
   */
  on<K extends keyof M & string>(
    name: K,
    listener: (event: M[K]) => unknown,
    options?: { readonly signal?: AbortSignal },
  ): () => void;
}

type Listener = (event: unknown) => unknown;

const nothing = (): void => undefined;

/** The private side of an {@link EventSource}: only its owner emits. */
export class EventHub<M extends object> implements EventSource<M> {
  readonly #emitter = new EventEmitter<Record<string, [unknown]>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  on<K extends keyof M & string>(
    name: K,
    listener: (event: M[K]) => unknown,
    options: { readonly signal?: AbortSignal } = {},
  ): () => void {
    const { signal } = options;
    if (signal?.aborted) return nothing;
    // A wrapper of its own per subscription: one function given twice can be taken away once.
    const wrapper: Listener = (event) => this.#guarded(name, listener as Listener, event);
    this.#emitter.on(name, wrapper);
    const dispose = (): void => {
      this.#emitter.off(name, wrapper);
      signal?.removeEventListener('abort', dispose);
    };
    signal?.addEventListener('abort', dispose, { once: true });
    return dispose;
  }

  /** Tells all listeners of `name`, in the order in which they came. Never throws. */
  emit<K extends keyof M & string>(name: K, event: M[K]): void {
    this.#emitter.emit(name, event);
  }

  /** Removes every listener. */
  clear(): void {
    this.#emitter.removeAllListeners();
  }

  #guarded(name: string, listener: Listener, event: unknown): void {
    const failed = (cause: unknown): void =>
      this.#log.error('a listener failed', { event: name, failure: failureKind(cause) });
    try {
      const result = listener(event);
      if (result instanceof Promise) result.catch(failed);
    } catch (cause) {
      failed(cause);
    }
  }
}
