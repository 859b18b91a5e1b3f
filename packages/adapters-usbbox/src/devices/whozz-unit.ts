import { type Clock, CtiError } from '@cordboard/cti-core';
import type { DeviceLoss } from '../device/port.js';
import type { WhozzRecord } from '../wire/whozz/record.js';
import type { OpenWhozzSource, WhozzSource } from './whozz-source.js';

/** One line's share of a unit. */
export interface WhozzSubscriber {
  /** Number of the line, 1-99. */
  readonly line: number;
  /** Number of the unit where several send to one place; `undefined`: whichever. */
  readonly unit: number | undefined;
  record(record: WhozzRecord): void;
  lost(reason: DeviceLoss): void;
}

/** A datagram may come twice; the same words so soon are the same news. Rings of one line are at least 2 s apart. */
const DOUBLE_MS = 1_000;
/** Units miss letters that follow one another at once. */
const SETUP_GAP_MS = 200;
/** Both ends of calls, detail, outgoing calls as well, comprehensive format. */
const SETUP = ['A', 'd', 'o', 'X'] as const;

interface Open {
  readonly source: WhozzSource;
  cancelSetup: () => void;
}

/** A unit that several lines share: opened with the first of them, closed with the last. */
export class WhozzUnit {
  readonly #clock: Clock;
  readonly #openSource: OpenWhozzSource;
  readonly #subscribers = new Set<WhozzSubscriber>();
  readonly #recent = new Map<string, number>();
  #opening: Promise<Open> | undefined;
  #abort = new AbortController();

  constructor(parts: { readonly clock: Clock; readonly openSource: OpenWhozzSource }) {
    this.#clock = parts.clock;
    this.#openSource = parts.openSource;
  }

  /**
   * Takes part in the unit.
   * @returns lets go of it; the last one closes it
   * @throws {CtiError} `device.refused` when the line is taken, and what the source throws
   */
  async join(
    subscriber: WhozzSubscriber,
    how: { readonly setup: 'set' | 'leave'; readonly signal: AbortSignal },
  ): Promise<() => void> {
    for (const other of this.#subscribers) {
      if (other.line === subscriber.line && other.unit === subscriber.unit)
        throw new CtiError('device.refused', 'this line of the unit is another line already');
    }
    this.#subscribers.add(subscriber);
    const leave = (): void => this.#leave(subscriber);
    try {
      await orAborted(this.#open(how.setup), how.signal);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  #open(setup: 'set' | 'leave'): Promise<Open> {
    if (this.#opening !== undefined) return this.#opening;
    const abort = new AbortController();
    this.#abort = abort;
    const opening = this.#openSource(
      {
        record: (record, unit) => this.#record(record, unit),
        lost: (reason) => this.#lost(reason),
      },
      { signal: abort.signal },
    ).then((source): Open => {
      const open: Open = { source, cancelSetup: () => undefined };
      if (abort.signal.aborted) source.close();
      else if (setup === 'set') this.#setUp(open, 0);
      return open;
    });
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  #setUp(open: Open, at: number): void {
    const letter = SETUP[at];
    if (letter === undefined) return;
    open.cancelSetup = this.#clock.setTimer(SETUP_GAP_MS, () => {
      open.source.send(letter);
      this.#setUp(open, at + 1);
    });
  }

  #record(record: WhozzRecord, unit: number | undefined): void {
    if (record.kind !== 'call' && record.kind !== 'detail') return;
    if (this.#isDouble(`${unit ?? ''} ${JSON.stringify(record)}`)) return;
    for (const subscriber of [...this.#subscribers]) {
      if (subscriber.line !== record.line) continue;
      if (subscriber.unit === undefined || unit === undefined || subscriber.unit === unit) subscriber.record(record);
    }
  }

  #isDouble(key: string): boolean {
    const nowMs = this.#clock.nowMs();
    for (const [each, atMs] of this.#recent) {
      if (nowMs - atMs < DOUBLE_MS && this.#recent.size < 1_024) break;
      this.#recent.delete(each);
    }
    if (this.#recent.has(key)) return true;
    this.#recent.set(key, nowMs);
    return false;
  }

  #lost(reason: DeviceLoss): void {
    const subscribers = [...this.#subscribers];
    this.#close();
    this.#subscribers.clear();
    for (const subscriber of subscribers) subscriber.lost(reason);
  }

  #leave(subscriber: WhozzSubscriber): void {
    if (this.#subscribers.delete(subscriber) && this.#subscribers.size === 0) this.#close();
  }

  #close(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#recent.clear();
    this.#abort.abort();
    opening?.then(
      ({ source, cancelSetup }) => {
        cancelSetup();
        source.close();
      },
      () => undefined,
    );
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new CtiError('wait.aborted', 'the unit was not opened'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
