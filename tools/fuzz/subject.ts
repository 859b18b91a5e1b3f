/** What becomes of one mutated input. `mapped`: something of it came to where frames are given a meaning. */
export interface Fed {
  readonly mapped: boolean;
  readonly frames: number;
  /** What is wrong, or `undefined`. */
  readonly fault?: string;
}

/** Something that eats bytes from outside, to be fed with damaged ones. */
export interface FuzzSubject {
  readonly about: string;
  /** Good inputs, to be damaged. */
  readonly corpus: readonly Uint8Array[];
  /** Pieces that mean something to the reader. */
  readonly dictionary: readonly Uint8Array[];
  /** Feeds one input. A throw is a fault too. `random` gives 0 <= x < 1. */
  feed(input: Uint8Array, random: () => number): Fed;
  /** At least this share of all inputs must be mapped, 0 to 1: else the damage is too great to try anything behind the framing. */
  readonly leastMapped: number;
  /** Folder of the sources that give the input its meaning: how much of them was run is printed. */
  readonly covers: URL;
}
