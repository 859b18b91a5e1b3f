import type { SerialEvents, SerialLink } from '../devices/v253/serial.js';

/** A port takes so many bytes before it says that it is full: the store of a UART driver. */
const ROOM = 4_096;

/**
 * The wire between a computer and a virtual modem: each way carries a tenth of its speed in bytes a second, and no more. What a slow side has not taken
 * waits; the computer is told when it waits too long.
 */
export class VirtualWire implements SerialLink {
  readonly #events: SerialEvents;
  readonly #closed: () => void;
  readonly #perMs: number;
  #toHost: number[] = [];
  #toModem: number[] = [];
  #owed = 0;
  #full: 'more' | 'full' = 'more';
  #state: 'open' | 'closed' = 'open';

  constructor(parts: { readonly events: SerialEvents; readonly baudRate: number; readonly closed: () => void }) {
    this.#events = parts.events;
    this.#closed = parts.closed;
    this.#perMs = parts.baudRate / 10_000;
  }

  /** Bytes that wait to go to the computer. */
  get waiting(): number {
    return this.#toHost.length;
  }

  write(bytes: Uint8Array): 'more' | 'full' {
    if (this.#state === 'closed') return 'full';
    for (const byte of bytes) this.#toModem.push(byte);
    this.#full = this.#toModem.length > ROOM ? 'full' : 'more';
    return this.#full;
  }

  dropDtr(): Promise<void> {
    if (this.#state === 'open') this.#closed();
    return Promise.resolve();
  }

  close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closed';
      this.#closed();
    }
    return Promise.resolve();
  }

  /** The tty is gone. */
  vanish(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#events.closed('removed');
  }

  /** The modem says something. */
  say(bytes: Iterable<number>): void {
    for (const byte of bytes) this.#toHost.push(byte);
  }

  /** Time goes by. `take` is given what has come to the modem and returns how much of it it took. */
  run(ms: number, take: (bytes: Uint8Array) => number): void {
    this.#owed = Math.min(this.#owed + ms * this.#perMs, 2 * ms * this.#perMs);
    const count = Math.floor(this.#owed);
    this.#owed -= count;
    const taken = take(Uint8Array.from(this.#toModem.slice(0, count)));
    if (taken > 0) this.#toModem = this.#toModem.slice(taken);
    if (this.#full === 'full' && this.#toModem.length < ROOM / 2) {
      this.#full = 'more';
      this.#events.drained();
    }
    const bytes = Uint8Array.from(this.#toHost.slice(0, count));
    this.#toHost = this.#toHost.slice(count);
    // Cut at odd places, as a USB bus cuts.
    for (let at = 0; at < bytes.length && this.#state === 'open'; at += 61) this.#events.data(bytes.slice(at, at + 61));
  }
}
