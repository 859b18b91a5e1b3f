import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Clock, CtiError } from '@cordboard/cti-core';
import { type HotelScript, playHotel } from './script.js';
import { VirtualHotel } from './virtual-hotel.js';
import type { HotelFraming } from './wire.js';

/** What {@link HotelFace} is made of. */
export interface HotelFaceOptions {
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  /** Default: `stream` on TCP, `serial` on a port. */
  readonly framing: HotelFraming;
  readonly script: HotelScript;
  /** A port to listen on, or a way to open the one port that there is. */
  readonly way:
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
    | { readonly kind: 'port'; readonly open: () => Promise<Duplex> };
  readonly told?: (way: 'in' | 'out', text: string) => void;
}

const REOPEN_MS = 1_000;

/** A simulated hotel's system that anybody may connect to: on TCP, or at the other end of a serial line. */
export class HotelFace {
  readonly hotel: VirtualHotel;
  readonly #options: HotelFaceOptions;
  readonly #timers = new Set<() => void>();
  #server: Server | undefined;
  #downUntilMs = 0;
  #stopScript: (() => void) | undefined;
  #isOver = false;

  constructor(options: HotelFaceOptions) {
    const { clock, framing, random, script, told } = options;
    this.#options = options;
    this.hotel = new VirtualHotel({
      clock,
      framing: script.framing ?? framing,
      random,
      ...(told === undefined ? {} : { told }),
      ...(script.statuses === undefined
        ? {}
        : {
            answer: ({ room, reservation }) => script.statuses?.[room] ?? (reservation === undefined ? 'NG' : 'OK'),
          }),
    });
    for (const guest of script.guests ?? []) this.hotel.guests.set(guest.reservation, guest);
  }

  /** Begins; tells the port number where it listens. Rejects with what the system says. */
  async listen(): Promise<number | undefined> {
    const { way } = this.#options;
    this.#play().catch(() => undefined);
    if (way.kind === 'port') {
      await this.#open();
      return undefined;
    }
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => undefined);
      if (this.#options.clock.nowMs() < this.#downUntilMs) socket.destroy();
      else this.hotel.attach(socket);
    });
    this.#server = server;
    server.listen(way.port, way.host);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string')
      throw new CtiError('server.internal', 'a port without a number');
    return address.port;
  }

  /** Ends it. May be called again. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#stopScript?.();
    for (const cancel of this.#timers) cancel();
    this.hotel.detach();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const gone = once(server, 'close');
    server.close();
    await gone;
  }

  async #play(): Promise<void> {
    const { clock, random, script } = this.#options;
    await this.hotel.alive();
    if (this.#isOver) return;
    this.#stopScript = playHotel(this.hotel, script, { clock, random, down: (forMs) => this.#down(forMs) });
  }

  #down(forMs: number): void {
    this.#downUntilMs = this.#options.clock.nowMs() + forMs;
    this.hotel.detach();
    if (this.#options.way.kind === 'port') this.#later(forMs);
  }

  async #open(): Promise<void> {
    const { way } = this.#options;
    if (way.kind !== 'port') return;
    const port = await way.open();
    if (this.#isOver) {
      port.destroy();
      return;
    }
    this.hotel.attach(port);
    port.once('close', () => {
      if (this.#options.clock.nowMs() >= this.#downUntilMs) this.#later(REOPEN_MS);
    });
  }

  /** A serial port that went may come back. */
  #later(afterMs: number): void {
    if (this.#isOver) return;
    const cancel = this.#options.clock.setTimer(afterMs, () => {
      this.#timers.delete(cancel);
      this.#open().catch(() => this.#later(REOPEN_MS));
    });
    this.#timers.add(cancel);
  }
}
