import type { Duplex } from 'node:stream';
import type { Bundles } from '../streams/bundles.js';
import { textFrame } from '../streams/frame.js';

/** Bytes that may wait for a client before its events are left out and it is told so. */
export const SLOW_BYTES = 1024 * 1024;
/** Bytes that may wait for a client at all. */
export const DEAD_BYTES = 4 * 1024 * 1024;

/**
 * Writes whole frames to a client's socket. `ws` itself writes nothing there but control frames, also whole, so that the two never mix.
 * Frames of one turn leave in one system call.
 */
export class Outbox {
  readonly #socket: Duplex;
  #taken: Buffer[] = [];

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Bytes that the system has not taken yet. */
  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  /** Writes one frame now. */
  send(text: string): void {
    this.release();
    if (this.#socket.writable) this.#socket.write(textFrame(text));
  }

  /** Keeps a frame for {@link release}. */
  take(frame: Buffer): void {
    this.#taken.push(frame);
  }

  /** Writes what was taken. @param bundles - of this turn, where many clients are written to */
  release(bundles?: Bundles): void {
    const frames = this.#taken;
    if (frames.length === 0) return;
    this.#taken = [];
    if (!this.#socket.writable) return;
    const whole = frames.length === 1 ? frames[0] : bundles?.of(frames);
    if (whole !== undefined) {
      this.#socket.write(whole);
      return;
    }
    this.#socket.cork();
    for (const frame of frames) this.#socket.write(frame);
    this.#socket.uncork();
  }

  /** Calls back when the system has taken all. */
  onDrain(callback: () => void): void {
    this.#socket.on('drain', callback);
  }
}
