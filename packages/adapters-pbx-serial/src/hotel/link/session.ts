import { type Clock, CtiError, type LinkDownReason } from '@cordboard/cti-core';
import type { LinkSession } from '@cordboard/driver-kit';
import type { Transport } from '../../profile/transport.js';
import {
  encodeFias,
  type FiasCoder,
  FiasDecoder,
  type FiasFrame,
  type FiasFraming,
  type FiasRecord,
  fiasRecord,
} from '../fias/index.js';
import { FiasChannel, type OnSilence } from './channel.js';
import type { FiasRole, RoleHost } from './role.js';
import type { FiasTimings } from './timings.js';

/** What one life of the line is made of. */
export interface FiasSessionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly framing: FiasFraming;
  readonly coder: FiasCoder;
  readonly timings: FiasTimings;
  readonly baudRate: number;
  readonly stamp: RoleHost['stamp'];
  readonly role: (host: RoleHost) => FiasRole;
  /** The other side is alive, for the first time or once more. */
  readonly alive: () => void;
  /** It was alive and begins anew. */
  readonly again: () => void;
  readonly record: (record: FiasRecord) => void;
  readonly unreadable: (sample: Uint8Array) => void;
}

const MAX_UNSENT_BYTES = 1 << 18;
/** Bound of the last bytes' way out. */
const END_MS = 500;

/** One life of a FIAS link on one open transport. */
export class FiasSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  readonly #options: FiasSessionOptions;
  readonly #decoder: FiasDecoder;
  readonly #channel: FiasChannel;
  readonly #role: FiasRole;
  #waiting: { readonly resolve: () => void; readonly reject: (error: CtiError) => void }[] = [];
  #heardAtMs: number;
  #heard: (() => void) | undefined;
  #confirmed: (() => void)[] = [];
  #cancelGap: (() => void) | undefined;
  #isAlive = false;
  #isOver = false;
  #loggedIn: (() => void) | undefined;
  #resolve: (reason: LinkDownReason) => void = () => undefined;

  constructor(options: FiasSessionOptions) {
    const { transport, clock, framing, coder, timings, baudRate } = options;
    this.#options = options;
    this.#heardAtMs = clock.nowMs();
    this.#decoder = new FiasDecoder({ framing, coder });
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#channel = new FiasChannel({
      clock,
      framing,
      timings,
      baudRate,
      encode: (record) => encodeFias(record, { framing, coder }),
      write: (bytes) => this.#write(bytes),
      deliver: (record) => this.#deliver(record),
      noise: () => this.#decoder.skippedBytes,
      fail: (reason) => this.close(reason),
    });
    this.#role = options.role({
      clock,
      timings,
      stamp: options.stamp,
      say: (id, values, taken) =>
        this.#channel.send(fiasRecord(id, values), { onSilence: 'repeat', ...(taken === undefined ? {} : { taken }) }),
      alive: () => this.#alive(),
      again: () => this.#again(),
      over: (reason) => this.close(reason),
    });
    transport.on('data', (chunk: Uint8Array) => this.#bytes(chunk));
    transport.on('error', () => this.close('closed'));
    transport.on('end', () => this.close('closed'));
    transport.on('close', () => this.close('closed'));
  }

  /** When the last frame came, on the clock of the link. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Are both sides there and know of each other? */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Begins, and resolves when the other side is alive. Its bound is that of the role, which closes the session. */
  logIn(): Promise<void> {
    return new Promise((resolve) => {
      this.#loggedIn = resolve;
      this.#role.begin();
    });
  }

  /** Asks for a sign of life; resolves when anything was heard. */
  probe(): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = resolve;
      this.#role.askAlive();
    });
  }

  /**
   * Sends a record; resolves when the other side has acknowledged it, on a stream when it was written.
   * @throws {CtiError} `driver.linkLost` before that, `wire.unsafeValue`, `wire.frameTooLarge`
   */
  send(record: FiasRecord, onSilence: OnSilence): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isOver || !this.#isAlive) return reject(lost());
      const entry = { resolve, reject };
      this.#waiting.push(entry);
      const settled = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== entry);
      };
      try {
        this.#channel.send(record, {
          onSilence,
          taken: () => {
            settled();
            resolve();
          },
        });
      } catch (error) {
        settled();
        reject(error);
      }
    });
  }

  /**
   * Resolves when the other side has read all that was sent: on a stream, LA is asked for and answered behind it. One that does not answer counts as one that has.
   * @throws {CtiError} `driver.linkLost`
   */
  confirm(): Promise<void> {
    const { clock, framing, timings } = this.#options;
    if (framing === 'serial') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const entry = { resolve, reject };
      const cancel = clock.setTimer(timings.aliveWithinMs, () => done());
      const done = (): void => {
        cancel();
        this.#waiting = this.#waiting.filter((each) => each !== entry);
        resolve();
      };
      entry.reject = (error) => {
        cancel();
        reject(error);
      };
      this.#waiting.push(entry);
      this.#confirmed.push(done);
      this.#role.askAlive();
    });
  }

  close(reason: LinkDownReason): void {
    if (this.#isOver) return;
    if (reason === 'stopped' && this.#isAlive) this.#sayEnd();
    this.#isOver = true;
    this.#isAlive = false;
    this.#cancelGap?.();
    this.#role.close();
    this.#channel.close();
    for (const { reject } of this.#waiting) reject(lost());
    this.#waiting = [];
    this.#confirmed = [];
    const { transport, clock } = this.#options;
    // A socket may still tell an error while it goes; unheard it would end the process.
    transport.on('error', () => undefined);
    const finish = (): void => {
      cancel();
      transport.destroy();
      this.#resolve(reason);
    };
    const cancel = reason === 'stopped' ? clock.setTimer(END_MS, finish) : () => undefined;
    if (reason === 'stopped') transport.end(finish);
    else finish();
  }

  /** LE goes out at once, past what waits: nobody will wait for its acknowledgement. */
  #sayEnd(): void {
    const { framing, coder, stamp } = this.#options;
    this.#write(encodeFias(fiasRecord('LE', stamp()), { framing, coder }));
  }

  #alive(): void {
    this.#isAlive = true;
    this.#loggedIn?.();
    this.#loggedIn = undefined;
    this.#options.alive();
  }

  #again(): void {
    this.#isAlive = false;
    for (const { reject } of this.#waiting) reject(lost());
    this.#waiting = [];
    this.#confirmed = [];
    this.#options.again();
  }

  #write(bytes: Uint8Array): void {
    const { transport } = this.#options;
    transport.write(bytes);
    if (transport.writableLength > MAX_UNSENT_BYTES) this.close('overflow');
  }

  #bytes(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#cancelGap?.();
    this.#decoder.push(chunk, (frame) => this.#frame(frame));
    const { clock, timings, framing } = this.#options;
    // TCP may pause anywhere; a peer that stays silent is found by the signs of life.
    if (!this.#decoder.isInFrame || this.#isOver || framing === 'stream') return;
    this.#cancelGap = clock.setTimer(timings.gapMs, () => this.#decoder.giveUp((frame) => this.#frame(frame)));
  }

  #frame(frame: FiasFrame): void {
    if (this.#isOver) return;
    if (frame.kind === 'damaged' || frame.kind === 'malformed') this.#options.unreadable(frame.sample);
    if (frame.kind !== 'damaged') {
      this.#heardAtMs = this.#options.clock.nowMs();
      this.#heard?.();
    }
    this.#channel.take(frame);
  }

  #deliver(record: FiasRecord): void {
    if (record.id === 'LA') for (const each of this.#confirmed.splice(0)) each();
    if (this.#role.take(record) === 'business' && !this.#isOver) this.#options.record(record);
  }
}

function lost(): CtiError {
  return new CtiError('driver.linkLost', 'the link to the hotel system was lost before it took the record');
}
