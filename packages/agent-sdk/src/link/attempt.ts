import type { Clock } from '@cordboard/cti-core';
import type { ClientFrame, ServerFrame } from '@cordboard/cti-protocol/types';
import type { SocketLike } from '../base/host.js';
import type { Ticker } from './ticker.js';

/** The server's first words. */
export type Welcome = Extract<ServerFrame, { type: 'welcome' }>;

/** One socket's life, with all that hangs on it: when it is over, its timers and listeners are gone. */
export class Attempt {
  socket: SocketLike | undefined;
  welcome: Welcome | undefined;
  ticker: Ticker | undefined;
  heardAtMs: number;
  /** Sequence number that makes the stream complete; `undefined` until the server has told it. */
  completeAt: number | undefined;
  readonly #clock: Clock;
  readonly #timers = new Set<() => void>();
  #state: 'open' | 'over' = 'open';

  constructor(clock: Clock) {
    this.#clock = clock;
    this.heardAtMs = clock.nowMs();
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  /** Calls back after `delayMs`, unless it is over by then. */
  after(delayMs: number, callback: () => void): void {
    const cancel = this.#clock.setTimer(delayMs, () => {
      this.#timers.delete(cancel);
      callback();
    });
    this.#timers.add(cancel);
  }

  send(frame: ClientFrame): void {
    this.socket?.send(JSON.stringify(frame));
  }

  /** Ends it; twice is once. */
  drop(reason: string): void {
    if (this.over) return;
    this.#state = 'over';
    this.ticker?.stop();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    const { socket } = this;
    if (socket === undefined) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(1000, reason);
  }
}
