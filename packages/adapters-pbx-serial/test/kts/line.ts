import { EventEmitter } from 'node:events';
import type { Clock } from '@cordboard/cti-core';
import type { Transport } from '../../src/profile/index.js';

/** What a line does to the bytes of one write: gives what arrives. */
export type Fault = (bytes: Uint8Array) => Uint8Array;

/** One end of a line in memory. The parts of a Duplex that a link uses, without a tick of the process in between. */
export class LineEnd extends EventEmitter {
  other: LineEnd | undefined;
  isOver = false;
  busyUntilMs = 0;
  sentBytes = 0;
  readonly writableLength = 0;
  readonly clock: Clock;
  readonly baudRate: number;
  readonly fault: Fault;

  constructor(options: { readonly clock: Clock; readonly baudRate: number; readonly fault: Fault }) {
    super();
    this.clock = options.clock;
    this.baudRate = options.baudRate;
    this.fault = options.fault;
  }

  /** Paced at the rate of the line; the last byte arrives when it would. */
  write(bytes: Uint8Array): boolean {
    if (this.isOver) return false;
    const arrived = this.fault(bytes);
    this.sentBytes += bytes.length;
    const nowMs = this.clock.nowMs();
    const takesMs = this.baudRate > 0 ? (bytes.length * 10_000) / this.baudRate : 0;
    this.busyUntilMs = Math.max(nowMs, this.busyUntilMs) + takesMs;
    const other = this.other;
    if (arrived.length > 0) {
      this.clock.setTimer(this.busyUntilMs - nowMs, () => {
        if (other !== undefined && !other.isOver) other.emit('data', arrived);
      });
    }
    return true;
  }

  end(done?: () => void): void {
    this.destroy();
    done?.();
  }

  destroy(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.emit('close');
  }

  asTransport(): Transport {
    return this as unknown as Transport;
  }
}

/** A line with two ends. Destroying one end is not seen at the other, as with a cable. */
export function line(options: {
  readonly clock: Clock;
  readonly baudRate?: number;
  readonly fault?: Fault;
}): readonly [host: LineEnd, pbx: LineEnd] {
  const { clock, baudRate = 9_600, fault = (bytes) => bytes } = options;
  const host = new LineEnd({ clock, baudRate, fault });
  const pbx = new LineEnd({ clock, baudRate, fault });
  host.other = pbx;
  pbx.other = host;
  return [host, pbx];
}

/** A random source of its own, 0 <= x < 1. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** Drops, flips, cuts and doubles with the given chance. */
export function noisy(random: () => number, chance: number): Fault {
  return (bytes) => {
    if (random() >= chance) return bytes;
    const kind = Math.floor(random() * 4);
    const at = Math.floor(random() * bytes.length);
    if (kind === 0) return new Uint8Array();
    if (kind === 1) return Uint8Array.from(Buffer.concat([bytes, bytes]));
    if (kind === 2) return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]);
    const flipped = Uint8Array.from(bytes);
    for (let flips = 1 + Math.floor(random() * 3); flips > 0; flips--) {
      const where = Math.floor(random() * bytes.length);
      flipped[where] = (flipped[where] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return flipped;
  };
}
