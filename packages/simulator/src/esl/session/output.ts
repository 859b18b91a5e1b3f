import type { Socket } from 'node:net';
import type { Clock } from '@cordboard/cti-core';

/** How writes are cut: at most so many bytes at once (a number, or drawn each time), so far apart. */
export interface WriteFault {
  readonly bytes: number | (() => number);
  /** Ms between two pieces; default 0: as fast as the loop turns. */
  readonly gapMs?: number;
}

/** Bytes that may wait for a client that does not read; then events are dropped, as the real one drops past its queue (freeswitch.md 55). */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

/** The way to one client: in one piece each, or cut up when a fault says so; nothing at all while the switch is silent. */
export class Output {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #fault: () => WriteFault | undefined;
  readonly #queue: Buffer[] = [];
  #sending: 'sending' | undefined;
  #ends: (() => void) | undefined;
  #silent: 'silent' | undefined;
  #cancel: (() => void) | undefined;
  /** Events that were dropped because the client does not read. */
  dropped = 0;

  constructor(socket: Socket, clock: Clock, fault: () => WriteFault | undefined) {
    this.#socket = socket;
    this.#clock = clock;
    this.#fault = fault;
  }

  /** Sends bytes that must arrive. */
  send(bytes: Buffer): void {
    if (this.#silent || this.#socket.destroyed || !this.#socket.writable) return;
    const fault = this.#fault();
    if (fault === undefined && this.#queue.length === 0) {
      this.#socket.write(bytes);
      return;
    }
    this.#queue.push(bytes);
    if (this.#sending === undefined) this.#next();
  }

  /** Sends an event, unless too much waits already. */
  sendEvent(bytes: Buffer): void {
    if (this.#socket.writableLength > MAX_WAITING_BYTES) this.dropped++;
    else this.send(bytes);
  }

  /** Nothing goes out any more, not even the end of the connection. */
  silence(): void {
    this.#silent = 'silent';
    this.#queue.length = 0;
  }

  /** Ends the connection when all has gone out. */
  end(): void {
    if (this.#silent) return;
    if (this.#queue.length === 0 && this.#sending === undefined) this.#socket.end();
    else this.#ends = () => this.#socket.end();
  }

  /** Lets go of all timers. */
  close(): void {
    this.#cancel?.();
    this.#queue.length = 0;
  }

  #next(): void {
    const head = this.#queue[0];
    if (head === undefined) {
      this.#sending = undefined;
      this.#ends?.();
      return;
    }
    this.#sending = 'sending';
    const fault = this.#fault();
    const wanted = fault === undefined ? head.length : typeof fault.bytes === 'number' ? fault.bytes : fault.bytes();
    const size = Math.max(1, Math.min(head.length, Math.trunc(wanted)));
    if (size === head.length) this.#queue.shift();
    else this.#queue[0] = head.subarray(size);
    const gapMs = fault?.gapMs ?? 0;
    const go = (): void => {
      this.#cancel = undefined;
      this.#next();
    };
    // Each piece is a segment of its own: the next one leaves when this one has been handed over.
    this.#socket.write(head.subarray(0, size), () => {
      if (gapMs > 0) this.#cancel = this.#clock.setTimer(gapMs, go);
      else go();
    });
  }
}
