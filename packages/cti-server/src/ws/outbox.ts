import type { Duplex } from 'node:stream';
import type { Bundle } from '../streams/bundle.js';
import { textFrame } from '../streams/frame.js';
import type { Outlet } from '../streams/hub.js';

/** Bytes that may wait for a client before its events are left out and it is told so. */
export const SLOW_BYTES = 1024 * 1024;
/** Bytes that may wait for a client at all. */
export const DEAD_BYTES = 4 * 1024 * 1024;

/** Frames are gathered up to this length. */
const GATHERED_BYTES = 64 * 1024;

/**
 * Writes whole frames to a client's socket. `ws` itself writes nothing there but control frames, also whole, so that the two never mix.
 * Frames that were gathered leave in one system call, before anything else that is sent.
 */
export class Outbox implements Outlet {
  readonly #socket: Duplex;
  #taken: Bundle | undefined = undefined;
  #due: Outlet[] | undefined = undefined;

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

  /** Keeps a frame for {@link release}, which is due from then on. */
  take(frame: Bundle, due: Outlet[]): void {
    if (this.#taken !== undefined && this.#taken.length + frame.length > GATHERED_BYTES) this.release();
    this.#taken = this.#taken === undefined ? frame : this.#taken.with(frame);
    if (this.#due === due) return;
    this.#due = due;
    due.push(this);
  }

  /** Writes what was taken. */
  release(): void {
    const taken = this.#taken;
    if (taken === undefined) return;
    this.#taken = undefined;
    this.#due = undefined;
    if (this.#socket.writable) this.#socket.write(taken.whole);
  }

  /** Writes frames now. */
  write(frames: readonly Buffer[]): void {
    this.release();
    if (!this.#socket.writable) return;
    this.#socket.cork();
    for (const frame of frames) this.#socket.write(frame);
    this.#socket.uncork();
  }

  /** Calls back when the system has taken all. */
  onDrain(callback: () => void): void {
    this.#socket.on('drain', callback);
  }
}
