import { type Clock, CtiError } from '@cordboard/cti-core';
import type { Asked, KtsMessage } from '../wire/kts/index.js';
import { lostLink } from './reliable-channel.js';

export type { Asked } from '../wire/kts/index.js';

/** An answer: what came back with the same `ref`. */
export type Answer = Extract<KtsMessage, { readonly ref: number }>;

/** How an answer is waited for. */
export interface AskOptions {
  /** Called with the answer as soon as it is read, before any message that follows it on the line; the promise resolves a turn later. Must not throw. */
  readonly answered?: (answer: Answer) => void;
}

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly answered: ((answer: Answer) => void) | undefined;
  readonly reject: (error: CtiError) => void;
  cancel?: () => void;
}

/** Requests that may be open at once; source: docs/protocols/kts-1.md, 8.3. */
const MAX_OPEN = 16;
const MAX_WAITING = 1_024;
/** However much comes meanwhile, an answer is waited for no longer. Source: docs/protocols/kts-1.md, 9, T3. */
const MAX_ANSWER_MS = 60_000;

/** Requests under way on one session, found again by `ref`. */
export class Requests {
  readonly #clock: Clock;
  readonly #boundMs: number;
  readonly #pending = new Map<number, Pending>();
  readonly #waiting: { readonly begin: () => void; readonly reject: (error: CtiError) => void }[] = [];
  #lastRef = 0;
  #heardAtMs = 0;
  #isOver = false;

  constructor(options: { readonly clock: Clock; readonly boundMs: number }) {
    this.#clock = options.clock;
    this.#boundMs = options.boundMs;
  }

  /**
   * Sends a request and waits for its answer. The bound runs from its acknowledgement, since before that the line may be busy, and anew from each message
   * that comes meanwhile: the answer may wait behind it. A minute is the most.
   *
   * @throws {CtiError} `driver.timeout` no answer within the bound, `driver.linkLost` the link went down: the outcome is not known then,
   *   `server.busy` more than 1024 wait
   */
  ask(
    asked: Asked,
    { send, answered }: AskOptions & { readonly send: (message: KtsMessage, acked: () => void) => void },
  ): Promise<Answer> {
    if (this.#isOver) return Promise.reject(lostLink());
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        const ref = this.#freeRef();
        this.#pending.set(ref, { resolve, reject, answered });
        try {
          send({ ...asked, ref } as KtsMessage, () => this.#acked(ref));
        } catch (error) {
          this.#take(ref);
          reject(error);
        }
      };
      if (this.#pending.size < MAX_OPEN) return begin();
      if (this.#waiting.length >= MAX_WAITING)
        return reject(new CtiError('server.busy', 'too many requests wait for the PBX'));
      this.#waiting.push({ begin, reject });
    });
  }

  /** Something came that the answers may have waited behind. */
  heard(): void {
    this.#heardAtMs = this.#clock.nowMs();
  }

  /** An answer came; one that nobody waits for is dropped. */
  answered(answer: Answer): void {
    const pending = this.#take(answer.ref);
    pending?.answered?.(answer);
    pending?.resolve(answer);
  }

  /** The link is down: what waits is told so. */
  close(): void {
    this.#isOver = true;
    for (const { cancel, reject } of this.#pending.values()) {
      cancel?.();
      reject(lostLink());
    }
    for (const { reject } of this.#waiting) reject(lostLink());
    this.#pending.clear();
    this.#waiting.length = 0;
  }

  #acked(ref: number): void {
    const pending = this.#pending.get(ref);
    if (pending === undefined) return;
    const ackedAtMs = this.#clock.nowMs();
    const isLate = (): void => {
      const dueMs = Math.min(Math.max(ackedAtMs, this.#heardAtMs) + this.#boundMs, ackedAtMs + MAX_ANSWER_MS);
      const leftMs = dueMs - this.#clock.nowMs();
      if (leftMs > 0) {
        pending.cancel = this.#clock.setTimer(leftMs, isLate);
        return;
      }
      this.#take(ref);
      pending.reject(
        new CtiError('driver.timeout', `no answer within ${this.#boundMs} ms`, {
          details: { timeoutMs: this.#boundMs },
        }),
      );
    };
    pending.cancel = this.#clock.setTimer(this.#boundMs, isLate);
  }

  /** One is settled: the next that waits is sent. */
  #take(ref: number): Pending | undefined {
    const pending = this.#pending.get(ref);
    pending?.cancel?.();
    this.#pending.delete(ref);
    if (this.#pending.size < MAX_OPEN && !this.#isOver) this.#waiting.shift()?.begin();
    return pending;
  }

  #freeRef(): number {
    do this.#lastRef = (this.#lastRef % 65_535) + 1;
    while (this.#pending.has(this.#lastRef));
    return this.#lastRef;
  }
}
