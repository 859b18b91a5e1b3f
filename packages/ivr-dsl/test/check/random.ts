/** Choices that follow from a seed alone. */
export interface Choices {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  /** True so often in a hundred. */
  often(percent: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** So many of them, in their order. */
  some<T>(from: readonly T[], count: number): readonly T[];
}

/** Mulberry32 by its author's constants: small, and good enough to vary graphs. */
export function choicesOf(seed: number): Choices {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    often: (percent) => next() * 100 < percent,
    pick: (from) => {
      const one = from[below(from.length)];
      if (one === undefined) throw new RangeError('nothing to pick from');
      return one;
    },
    some: (from, count) => {
      const left = [...from.keys()];
      const taken = new Set<number>();
      while (taken.size < Math.min(count, from.length)) taken.add(left.splice(below(left.length), 1)[0] ?? 0);
      return from.filter((_, index) => taken.has(index));
    },
  };
}
