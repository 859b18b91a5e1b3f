import type { Logger } from '@cordboard/cti-core';
import type { EslEvent } from '../wire/esl-event.js';
import type { EslEventName } from '../wire/event-names.js';

/** Hears one event. */
export type EslListener = (event: EslEvent) => void;

/** What events are listened to by: a name such as `CHANNEL_ANSWER`, a subclass such as `sofia::register`, or `*` for all. */
export type EslTopic = EslEventName | '*';

/** Ends a subscription by itself. */
export interface EslListenOptions {
  readonly signal?: AbortSignal;
}

/** Calls listeners by the name of the event, or of its subclass. One that throws is told to the log and disturbs no other. */
export class Listeners {
  readonly #byTopic = new Map<string, ReadonlySet<EslListener>>();
  readonly #log: Logger | undefined;

  constructor(log: Logger | undefined) {
    this.#log = log;
  }

  /** @returns what ends it; may be called twice */
  on(topic: EslTopic, listener: EslListener, options: EslListenOptions = {}): () => void {
    const { signal } = options;
    if (signal?.aborted) return () => undefined;
    // A set of its own for each change: one that is being walked through stays as it is.
    const own: EslListener = (event) => listener(event);
    this.#byTopic.set(topic, new Set(this.#byTopic.get(topic)).add(own));
    const off = (): void => {
      signal?.removeEventListener('abort', off);
      const left = new Set(this.#byTopic.get(topic));
      left.delete(own);
      if (left.size === 0) this.#byTopic.delete(topic);
      else this.#byTopic.set(topic, left);
    };
    signal?.addEventListener('abort', off, { once: true });
    return off;
  }

  emit(event: EslEvent): void {
    const { size } = this.#byTopic;
    if (size === 0) return;
    // Who hears all needs no name of it looked up.
    if (size > 1 || !this.#byTopic.has('*')) this.#callNamed(event);
    this.#call('*', event);
  }

  #callNamed(event: EslEvent): void {
    const { name } = event;
    if (name !== '*') this.#call(name, event);
    if (name !== 'CUSTOM') return;
    const { subclass } = event;
    if (subclass !== undefined && subclass !== 'CUSTOM' && subclass !== '*') this.#call(subclass, event);
  }

  #call(topic: string, event: EslEvent): void {
    const listeners = this.#byTopic.get(topic);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log?.error('a listener of an event failed', {
          topic,
          what: error instanceof Error ? error.name : typeof error,
        });
      }
    }
  }
}
