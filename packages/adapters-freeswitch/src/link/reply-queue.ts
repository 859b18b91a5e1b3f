import { type Clock, CtiError } from '@cordboard/cti-core';
import type { EslApiResponse, EslReply } from '../wire/esl-frames.js';

/** What answers a command. */
export type EslAnswer = EslReply | EslApiResponse;

/** How one command waits for its answer. */
export interface EslWait {
  /** Bound of the wait in milliseconds, default 10,000. At its end the command is answered `driver.timeout`. */
  readonly timeoutMs?: number;
  /** Ends the wait early, with `wait.aborted`. The command may be carried out all the same. */
  readonly signal?: AbortSignal;
}

/** Bound of an answer when the caller names none. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** A command on its way. */
export interface QueuedCommand {
  /** The bytes of it. */
  readonly text: string;
  readonly isApi: boolean;
  /** Words of ours that a success repeats, so that its answer is known wherever it comes. */
  readonly marker?: string;
  /** Goes before all that has not been sent, for it is to clear up what stands in their way. */
  readonly isUrgent?: boolean;
}

interface Entry extends QueuedCommand {
  readonly resolve: (answer: EslAnswer) => void;
  readonly reject: (error: unknown) => void;
  release: () => void;
  /** Somebody waits for it. */
  isLive: boolean;
}

/** What a {@link ReplyQueue} is made with. */
export interface ReplyQueueOptions {
  readonly clock: Clock;
  /** Commands without an answer, sent or not; one more is refused. */
  readonly maxPending: number;
  readonly write: (text: string) => void;
  /** Opens a command with a marker, by {@link ReplyQueue.open}: an answer is in doubt. */
  readonly sendMarker: () => void;
}

/**
 * Brings answers to commands by their order, for FreeSWITCH gives most of them no id.
 *
 * So only one command without a marker is on its way at a time; FreeSWITCH carries them out one by one in any case. One that is given up
 * before it was sent is never sent. When one is given up after that, nobody can tell whether its answer will still come, and both to take the next
 * answer for it and not to take it would shift every answer behind. Therefore a command with a marker follows: when its answer comes,
 * the one before will not.
 */
export class ReplyQueue {
  readonly #options: ReplyQueueOptions;
  #sent: Entry[] = [];
  #unsent: Entry[] = [];
  /** Answers that may belong to a command that was given up, or to the one behind it. */
  #held: EslAnswer[] = [];
  #strays = 0;
  #closed = false;

  constructor(options: ReplyQueueOptions) {
    this.#options = options;
  }

  /** Does somebody still wait for an answer, within the bound that was named for it? */
  get isAwaited(): boolean {
    return this.#sent.some((entry) => entry.isLive && entry.marker === undefined);
  }

  /** Answers that nobody could have asked for. */
  get strays(): number {
    return this.#strays;
  }

  /**
   * Sends a command as soon as it may be sent, and waits for its answer.
   *
   * @throws {CtiError} by rejection: `driver.timeout`, `driver.linkLost`, `wait.aborted`, `server.busy` when too many wait,
   *   `driver.outcomeUnknown` when FreeSWITCH left its answer out
   */
  open(command: QueuedCommand, wait: EslWait): Promise<EslAnswer> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = wait;
    const { clock, maxPending } = this.#options;
    if (this.#closed) return Promise.reject(linkLost());
    if (signal?.aborted) return Promise.reject(aborted());
    if (this.#sent.length + this.#unsent.length >= maxPending && command.marker === undefined) {
      return Promise.reject(new CtiError('server.busy', `${maxPending} commands wait for the switch already`));
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.#giveUp(entry, aborted());
      const cancel = clock.setTimer(timeoutMs, () => this.#giveUp(entry, timedOut(timeoutMs)));
      const release = (): void => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      const entry: Entry = { ...command, resolve, reject, release, isLive: true };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (command.isUrgent) this.#unsent.unshift(entry);
      else this.#unsent.push(entry);
      this.#send();
    });
  }

  /** Takes the next answer. */
  answer(answer: EslAnswer): void {
    const known = this.#knownAt(answer);
    const [head] = this.#sent;
    if (head === undefined) this.#strays += 1;
    else if (known >= 0) {
      const last = this.#sent[known];
      this.#match(known);
      this.#sent.shift();
      if (last !== undefined) settle(last, answer);
    } else {
      this.#held.push(answer);
      const isHeads = head.isLive || (head.isApi && answer.type === 'apiResponse');
      if (isHeads) this.#match(1);
      else if (this.#held.length === this.#sent.length) this.#match(this.#sent.length);
    }
    this.#send();
  }

  /** Answers all that wait with `driver.linkLost`, for good. */
  close(): void {
    this.#closed = true;
    for (const entry of [...this.#sent.splice(0), ...this.#unsent.splice(0)]) fail(entry, linkLost());
    this.#held = [];
  }

  /** Which command repeats its marker in this answer. */
  #knownAt(answer: EslAnswer): number {
    if (answer.type !== 'reply' || !this.#sent.some(({ marker }) => marker !== undefined)) return -1;
    const { text } = answer;
    return this.#sent.findIndex(({ marker }) => marker !== undefined && text.includes(marker));
  }

  /** The first `count` commands have all the answers that they will get. Those that were given up are the first to have none. */
  #match(count: number): void {
    const answers = this.#held.splice(0);
    let missing = count - answers.length;
    for (const entry of this.#sent.splice(0, count)) {
      const [answer] = answers;
      if (answer === undefined || (missing > 0 && !entry.isLive)) {
        missing -= 1;
        fail(entry, new CtiError('driver.outcomeUnknown', 'the switch left out the answer to a command'));
      } else {
        answers.shift();
        settle(entry, answer);
      }
    }
    this.#strays += answers.length;
  }

  #giveUp(entry: Entry, error: CtiError): void {
    fail(entry, error);
    this.#unsent = this.#unsent.filter((each) => each !== entry);
    if (this.#closed || !this.#sent.includes(entry)) return;
    // One marker behind is enough; a marker that is not answered itself is the link's end.
    if (entry.marker === undefined && !this.#sent.some(({ marker }) => marker !== undefined))
      this.#options.sendMarker();
  }

  /** Sends in order what may be sent: with a marker, behind such as have one or are given up; without one, when nothing else is on its way. */
  #send(): void {
    for (let next = this.#unsent[0]; next !== undefined; next = this.#unsent[0]) {
      const mayGo = next.marker === undefined ? this.#sent.length === 0 : this.#sent.every(isNoHindrance);
      if (!mayGo) return;
      this.#unsent.shift();
      this.#sent.push(next);
      this.#options.write(next.text);
    }
  }
}

function isNoHindrance(entry: Entry): boolean {
  return !entry.isLive || entry.marker !== undefined;
}

function settle(entry: Entry, answer: EslAnswer): void {
  if (!entry.isLive) return;
  entry.isLive = false;
  entry.release();
  entry.resolve(answer);
}

function fail(entry: Entry, error: CtiError): void {
  if (!entry.isLive) return;
  entry.isLive = false;
  entry.release();
  entry.reject(error);
}

function linkLost(): CtiError {
  return new CtiError('driver.linkLost', 'the link to the switch went down before the answer');
}

function aborted(): CtiError {
  return new CtiError('wait.aborted', 'the wait for the switch was given up by its caller');
}

function timedOut(timeoutMs: number): CtiError {
  return new CtiError('driver.timeout', `the switch gave no answer in ${timeoutMs} ms`, { details: { timeoutMs } });
}
