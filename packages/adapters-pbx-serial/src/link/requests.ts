import { type Clock, CtiError } from '@cordboard/cti-core';
import type { KtsMessage, KtsRequest } from '../wire/kts/index.js';
import { lostLink } from './reliable-channel.js';

/** A request without its `ref`, which the link gives. */
export type Asked = KtsRequest extends infer R
  ? R extends KtsRequest
    ? Omit<R, 'ref'> & { readonly type: R['type'] }
    : never
  : never;

/** An answer: what came back with the same `ref`. */
export type Answer = Extract<KtsMessage, { readonly ref: number }>;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: CtiError) => void;
  cancel?: () => void;
}

/** Requests under way on one session, found again by `ref`. */
export class Requests {
  readonly #clock: Clock;
  readonly #boundMs: number;
  readonly #pending = new Map<number, Pending>();
  #lastRef = 0;
  #isOver = false;

  constructor(options: { readonly clock: Clock; readonly boundMs: number }) {
    this.#clock = options.clock;
    this.#boundMs = options.boundMs;
  }

  /**
   * Sends a request and waits for its answer. The bound runs from its acknowledgement, since before that the line may be busy.
   *
   * @throws {CtiError} `driver.timeout` no answer within the bound, `driver.linkLost` the link went down: the outcome is not known then
   */
  ask(asked: Asked, send: (message: KtsMessage, acked: () => void) => void): Promise<Answer> {
    if (this.#isOver) return Promise.reject(lostLink());
    const ref = this.#freeRef();
    return new Promise((resolve, reject) => {
      const pending: Pending = { resolve, reject };
      this.#pending.set(ref, pending);
      try {
        send({ ...asked, ref } as KtsMessage, () => this.#acked(ref));
      } catch (error) {
        this.#pending.delete(ref);
        reject(error);
      }
    });
  }

  /** An answer came; one that nobody waits for is dropped. */
  answered(answer: Answer): void {
    const pending = this.#pending.get(answer.ref);
    pending?.cancel?.();
    this.#pending.delete(answer.ref);
    pending?.resolve(answer);
  }

  /** The link is down: what waits is told so. */
  close(): void {
    this.#isOver = true;
    for (const { cancel, reject } of this.#pending.values()) {
      cancel?.();
      reject(lostLink());
    }
    this.#pending.clear();
  }

  #acked(ref: number): void {
    const pending = this.#pending.get(ref);
    if (pending === undefined) return;
    pending.cancel = this.#clock.setTimer(this.#boundMs, () => {
      this.#pending.delete(ref);
      pending.reject(
        new CtiError('driver.timeout', `no answer within ${this.#boundMs} ms`, {
          details: { timeoutMs: this.#boundMs },
        }),
      );
    });
  }

  #freeRef(): number {
    do this.#lastRef = (this.#lastRef % 65_535) + 1;
    while (this.#pending.has(this.#lastRef));
    return this.#lastRef;
  }
}
