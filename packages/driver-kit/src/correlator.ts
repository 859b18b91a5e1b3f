import { type Clock, CtiError } from '@cordboard/cti-core';

/** Settings of a {@link Correlator}. */
export interface CorrelatorOptions {
  readonly clock: Clock;
  /** Commands that may wait for their answer at a time; one more is refused. 1 to 100,000, default 1,000. */
  readonly maxPending?: number;
}

/** How one command waits. */
export interface AwaitOptions {
  /** Bound of the wait in milliseconds; at its end the command is answered `driver.timeout`. */
  readonly timeoutMs: number;
  /** Ends the wait early, with `wait.aborted`. */
  readonly signal?: AbortSignal;
}

interface Pending<A> {
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
  readonly release: () => void;
}

/**
 * Brings each command together with its one answer.
 *
 * A command ends in exactly one way: answered, refused, timed out, aborted, or `driver.linkLost` when the link goes down
 * first. What comes after that is counted as late and changes nothing.
 */
export class Correlator<A> {
  readonly #clock: Clock;
  readonly #maxPending: number;
  readonly #pending = new Map<string, Pending<A>>();
  #late = 0;
  #closed = false;

  constructor(options: CorrelatorOptions) {
    this.#clock = options.clock;
    this.#maxPending = options.maxPending ?? 1_000;
  }

  /** Commands that wait now. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Answers that came when nobody waited for them any more, or never did. */
  get lateAnswers(): number {
    return this.#late;
  }

  /** Tells whether this command waits now. */
  has(id: string): boolean {
    return this.#pending.has(id);
  }

  /**
   * Starts to wait for the answer to a command; call it before the command is written to the wire.
   *
   * @throws {CtiError} by rejection: `driver.timeout`, `driver.linkLost`, `wait.aborted`, whatever `reject` was given,
   *   `server.busy` when too many wait, `command.duplicate` when this id waits already
   */
  open(id: string, options: AwaitOptions): Promise<A> {
    if (this.#closed) return Promise.reject(linkLost());
    if (options.signal?.aborted) return Promise.reject(aborted());
    if (this.#pending.has(id)) {
      return Promise.reject(new CtiError('command.duplicate', 'a command with this id waits already'));
    }
    if (this.#pending.size >= this.#maxPending) {
      return Promise.reject(new CtiError('server.busy', `${this.#maxPending} commands wait for the switch already`));
    }
    return new Promise<A>((resolve, reject) => {
      const onAbort = (): void => {
        this.reject(id, aborted());
      };
      const cancel = this.#clock.setTimer(options.timeoutMs, () => {
        this.reject(
          id,
          new CtiError('driver.timeout', `the switch gave no answer in ${options.timeoutMs} ms`, {
            details: { timeoutMs: options.timeoutMs },
          }),
        );
      });
      options.signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.set(id, {
        resolve,
        reject,
        release: () => {
          cancel();
          options.signal?.removeEventListener('abort', onAbort);
        },
      });
    });
  }

  /** Answers a command. @returns `false` when nobody waits for it: the answer is counted as late */
  resolve(id: string, answer: A): boolean {
    const pending = this.#take(id);
    pending?.resolve(answer);
    return pending !== undefined;
  }

  /** Refuses a command. @returns `false` when nobody waits for it: the answer is counted as late */
  reject(id: string, error: unknown): boolean {
    const pending = this.#take(id);
    pending?.reject(error);
    return pending !== undefined;
  }

  /** Answers every command that waits with `driver.linkLost`; new ones may be opened for the next link. */
  linkLost(): void {
    for (const id of [...this.#pending.keys()]) this.reject(id, linkLost());
  }

  /** As {@link linkLost}, for good: later commands are answered `driver.linkLost` at once. May be called again. */
  close(): void {
    this.#closed = true;
    this.linkLost();
  }

  #take(id: string): Pending<A> | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) {
      this.#late += 1;
      return undefined;
    }
    this.#pending.delete(id);
    pending.release();
    return pending;
  }
}

function linkLost(): CtiError {
  return new CtiError('driver.linkLost', 'the link to the switch went down before the answer');
}

function aborted(): CtiError {
  return new CtiError('wait.aborted', 'the wait for the switch was given up by its caller');
}
