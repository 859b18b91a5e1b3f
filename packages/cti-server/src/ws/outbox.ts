import type { Duplex } from 'node:stream';
import type { Bundle } from '../streams/bundle.js';
import { textFrame } from '../streams/frame.js';
import type { Outlet } from '../streams/hub.js';

/** Bytes that may wait for a client before its events are left out and it is told so. */
export const SLOW_BYTES = 1024 * 1024;
/** Bytes that may wait for a client at all. */
export const DEAD_BYTES = 4 * 1024 * 1024;

/**
 * Writes whole frames to a client's socket. `ws` itself writes nothing there but control frames, also whole, so that the two never mix.
 * Frames of one turn leave in one system call.
 */
export class Outbox implements Outlet {
  readonly #socket: Duplex;
  #taken: Bundle | undefined = undefined;

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
    if (this.#taken !== undefined) {
      this.#taken = this.#taken.with(frame);
      return;
    }
    this.#taken = frame;
    due.push(this);
  }

  /** Writes what was taken. */
  release(): void {
    const taken = this.#taken;
    if (taken === undefined) return;
    this.#taken = undefined;
    const { whole } = taken;
    if (whole === undefined) this.write(taken.frames);
    else if (this.#socket.writable) this.#socket.write(whole);
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
