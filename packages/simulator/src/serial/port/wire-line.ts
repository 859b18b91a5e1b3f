import { Duplex } from 'node:stream';
import type { Clock } from '@cordboard/cti-core';
import { randomStream } from '../../random.js';
import { bytesRead, readBurst, type UartSettings } from '../../serial-wrong/index.js';
import type { FaceLine, FaceSettings, SendOptions } from './face.js';
import type { LineFaults } from './line-faults.js';
import { Pipe } from './pipe.js';

/** How a line is built. */
export interface WireLineOptions {
  readonly clock: Clock;
  /** Default `serial`. */
  readonly kind?: 'serial' | 'tcp';
  /** How the PBX's port is set. */
  readonly settings: FaceSettings;
  /** `none`: bytes move at once, although the port is set to a rate. Default `line` on serial lines, `none` on TCP. */
  readonly pace?: 'line' | 'none';
  /** A portion of bytes comes up to so much later than it should, ms, 0-40. Default 2 on a paced line, else 0. */
  readonly jitterMs?: number;
  /** How the host's port is set, when it is set wrongly: what each side reads is what a UART would. */
  readonly host?: UartSettings;
  readonly faults?: LineFaults;
  /** Default 1. */
  readonly seed?: number;
}

/** A line between a PBX and its host: a cable with a speed, and everything that may go wrong on it. */
export class WireLine implements FaceLine {
  readonly clock: Clock;
  readonly kind: 'serial' | 'tcp';
  readonly baudRate: number;
  /** May be exchanged at any time. */
  faults: LineFaults;
  /** Called when the PBX has lost its power. */
  onCut: () => void = () => undefined;
  readonly #settings: FaceSettings;
  readonly #host: UartSettings | undefined;
  readonly #toHost: Pipe;
  readonly #toPbx: Pipe;
  #cable: 'in' | 'out' = 'in';
  #end: ((bytes: Uint8Array) => void) | undefined;
  #receiver: (bytes: Uint8Array) => void = () => undefined;

  constructor(options: WireLineOptions) {
    const { clock, kind = 'serial', settings, faults = {}, seed = 1 } = options;
    this.clock = clock;
    this.kind = kind;
    this.baudRate = settings.baudRate;
    this.faults = faults;
    this.#settings = settings;
    this.#host = options.host;
    const isPaced = (options.pace ?? (kind === 'serial' ? 'line' : 'none')) === 'line';
    const base = {
      clock,
      baudRate: isPaced ? settings.baudRate : undefined,
      jitterMs: options.jitterMs ?? (isPaced ? 2 : 0),
    };
    this.#toHost = new Pipe({
      ...base,
      random: randomStream(seed, 'line to host'),
      faults: () => this.faults.toHost,
      deliver: (bytes) => this.#arrive(bytes, 'host'),
    });
    this.#toPbx = new Pipe({
      ...base,
      random: randomStream(seed, 'line to pbx'),
      faults: () => this.faults.toPbx,
      deliver: (bytes) => this.#arrive(bytes, 'pbx'),
    });
  }

  get queuedBytes(): number {
    return this.#toHost.queuedBytes;
  }

  write(bytes: Uint8Array, options?: SendOptions): void {
    this.#toHost.write(bytes, options);
  }

  /** Who gets what the host sends: the face on this line. */
  onReceive(receiver: (bytes: Uint8Array) => void): void {
    this.#receiver = receiver;
  }

  /** The host's end: what it is sent goes to `end`. @returns what takes the bytes of the host */
  connect(end: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
    this.#end = end;
    return (bytes) => {
      if (this.#end === end) this.#toPbx.write(bytes);
    };
  }

  /** Nobody is at the host's end any more. */
  disconnect(): void {
    this.#end = undefined;
    this.#toPbx.clear();
    if (this.kind === 'tcp') this.#toHost.clear();
  }

  /** The host's end as a stream, in the place of any before. Destroying it leaves the line without a host. */
  hostEnd(): Duplex {
    let send: (bytes: Uint8Array) => void = () => undefined;
    const duplex = new Duplex({
      read: () => undefined,
      write: (chunk: Uint8Array, _, done) => {
        send(new Uint8Array(chunk));
        done();
      },
      destroy: (error, done) => {
        if (this.#end === end) this.disconnect();
        done(error);
      },
    });
    const end = (bytes: Uint8Array): void => void duplex.push(Buffer.from(bytes));
    send = this.connect(end);
    return duplex;
  }

  /** The cable is pulled: what is under way is lost, and nothing comes through until it is back. */
  pull(): void {
    this.#cable = 'out';
  }
  /** The cable is back. */
  plug(): void {
    this.#cable = 'in';
  }

  /** Nothing moves in this direction for a while. */
  stall(direction: 'toHost' | 'toPbx', forMs: number): void {
    (direction === 'toHost' ? this.#toHost : this.#toPbx).stall(forMs);
  }

  /** Bytes that nobody sent. */
  noise(direction: 'toHost' | 'toPbx', bytes: Uint8Array): void {
    this.#arrive(bytes, direction === 'toHost' ? 'host' : 'pbx');
  }

  cut(): void {
    this.#toHost.clear();
    this.onCut();
  }

  /** Cancels what is under way. Twice is once. */
  close(): void {
    this.#end = undefined;
    this.#toHost.clear();
    this.#toPbx.clear();
  }

  #arrive(bytes: Uint8Array, at: 'host' | 'pbx'): void {
    if (this.#cable === 'out') return;
    const pbx: UartSettings = this.#settings;
    const host = this.#host ?? pbx;
    const ends = at === 'host' ? { sent: pbx, read: host } : { sent: host, read: pbx };
    // A PBX that is set to a parity looks at it; a program at the other end does not.
    const taken = (): Uint8Array => {
      const found = readBurst(bytes, ends);
      return bytesRead(at === 'pbx' ? found.filter(({ error }) => error !== 'parity') : found);
    };
    const read = this.#host === undefined ? bytes : taken();
    if (read.length === 0) return;
    if (at === 'host') this.#end?.(read);
    else this.#receiver(read);
  }
}
