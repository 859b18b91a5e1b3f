/** A seeded stream of numbers. Streams of different names do not disturb one another: one more draw here changes nothing there. */
export interface RandomStream {
  /** 0 <= x < 1. */
  next(): number;
  /** A whole number, `from` and `to` included. */
  int(from: number, to: number): number;
  /** True in `share` of the cases, 0-1. */
  chance(share: number): boolean;
  /** One of them, evenly. @throws {RangeError} for an empty list */
  pick<T>(items: readonly T[]): T;
  /** Exponentially distributed with the given mean, rounded: the time to the next of independent arrivals. */
  exponential(mean: number): number;
}

/** The stream called `name` of this seed. mulberry32 over an FNV-1a hash: small, fast, the same on every machine. */
export function randomStream(seed: number, name: string): RandomStream {
  return new SeededStream(mix(hash(name) ^ mix(seed | 0)));
}

class SeededStream implements RandomStream {
  #state: number;

  constructor(state: number) {
    this.#state = state;
  }

  next(): number {
    const state = (this.#state + 0x6d2b79f5) | 0;
    this.#state = state;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  exponential(mean: number): number {
    return Math.round(-mean * Math.log(1 - this.next()));
  }
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** Finaliser of murmur3: neighbouring seeds give unlike streams. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
