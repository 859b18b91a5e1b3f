import { CtiError } from '@cordboard/cti-core';
import type { KtsMessage, MessageName, MessageOf } from '../wire/kts/index.js';
import type { Answer, Asked } from './requests.js';

/**
 * What the facets of a PBX (`programming`, `hotel`, `clock`) need of its link: questions with one answer each, and what the PBX says unasked.
 *
 * The link numbers requests, repeats what the line loses, sends at most 16 at a time and the others after them in their order. Requests to
 * one PBX are carried out in the order of their asking. What is open when the session ends is not asked again: see `linkLost`.
 */
export interface PbxRequests {
  /** What the PBX said of itself (abilities, number of lines and extensions); `undefined` while no session is open. */
  readonly welcome: MessageOf<'welcome'> | undefined;
  /**
   * Asks the PBX, without a `ref`, which the link gives. The answer may be a RESULT whose `code` says no: look at its `type`.
   *
   * @throws {CtiError} by rejection: `driver.linkLost` no session, or it ended: whether it was carried out is not known then; `driver.timeout` no
   *   answer within 5 s of its acknowledgement; `wait.aborted` by the signal (what was sent may be carried out all the same); `server.busy` more
   *   than 1024 wait; `wire.unsafeValue` a value has no form on the wire, and nothing was sent
   */
  ask(asked: Asked, options: { readonly signal: AbortSignal }): Promise<Answer>;
  /**
   * Listens to one type of message, in the order of the line: events (`hotelState`, `paramChanged`, `cdr`), answers too, and `welcome` once for each new
   * session, with which whatever belonged to the session before (a password log-in) is over.
   *
   * @param listener - must not throw
   * @returns its end; may be called again
   */
  on<T extends MessageName>(type: T, listener: (message: MessageOf<T>) => void): () => void;
}

/** The part of a link that {@link LinkRequests} asks by; a {@link KtsLink} is one. */
export interface AskingLink {
  readonly welcome: MessageOf<'welcome'> | undefined;
  ask(asked: Asked): Promise<Answer>;
}

/** {@link PbxRequests} of a link. Whoever owns the link hands it every message by `deliver`. */
export class LinkRequests implements PbxRequests {
  readonly #link: AskingLink;
  readonly #listeners = new Map<MessageName, Set<(message: never) => void>>();

  constructor(link: AskingLink) {
    this.#link = link;
  }

  get welcome(): MessageOf<'welcome'> | undefined {
    return this.#link.welcome;
  }

  ask(asked: Asked, { signal }: { readonly signal: AbortSignal }): Promise<Answer> {
    if (signal.aborted) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(aborted());
      signal.addEventListener('abort', onAbort, { once: true });
      this.#link
        .ask(asked)
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  on<T extends MessageName>(type: T, listener: (message: MessageOf<T>) => void): () => void {
    const known = this.#listeners.get(type) ?? new Set();
    // One function that listens twice is two listeners.
    const own = (message: MessageOf<T>): void => listener(message);
    known.add(own as (message: never) => void);
    this.#listeners.set(type, known);
    return () => {
      known.delete(own as (message: never) => void);
    };
  }

  /** Hands a message to whoever listens to its type. */
  deliver(message: KtsMessage): void {
    for (const listener of [...(this.#listeners.get(message.type) ?? [])]) listener(message as never);
  }
}

function aborted(): CtiError {
  return new CtiError('wait.aborted', 'the wait for the PBX was given up by its caller');
}
