/** Hops averaged before a minimum is sought, and averages in a block of minima. */
const MEAN_HOPS = 4;
const BLOCK_MEANS = 10;
/** Blocks kept: with 5 ms a hop, 1.6 s. */
const BLOCKS = 8;

/**
 * The steady noise of a line: the least energy of a hop, averaged over 20 ms, in the last 1.6 s in which no key was held. Speech pauses
 * at least that often, so that of speech almost nothing counts; noise without pauses counts whole.
 */
export class NoiseFloor {
  /** Energy of a hop; -1 while too little was heard. */
  energy = -1;
  readonly #blocks = new Float64Array(BLOCKS);
  #sum = 0;
  #hops = 0;
  #least = Number.POSITIVE_INFINITY;
  #means = 0;
  #block = 0;
  #known = 0;

  /** The next hop; hops of a held key are not counted. */
  add(energy: number, key: 'held' | 'none'): void {
    if (key === 'held') {
      this.#sum = 0;
      this.#hops = 0;
      return;
    }
    this.#sum += energy;
    this.#hops++;
    if (this.#hops < MEAN_HOPS) return;
    const mean = this.#sum / MEAN_HOPS;
    this.#sum = 0;
    this.#hops = 0;
    if (mean < this.#least) this.#least = mean;
    if (this.#known > 0 && mean < this.energy) this.energy = mean;
    this.#means++;
    if (this.#means < BLOCK_MEANS) return;
    this.#blocks[this.#block] = this.#least;
    this.#block = (this.#block + 1) % BLOCKS;
    if (this.#known < BLOCKS) this.#known++;
    this.#least = Number.POSITIVE_INFINITY;
    this.#means = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#known; i++) least = Math.min(least, this.#blocks[i] as number);
    this.energy = least;
  }

  /** As new. */
  reset(): void {
    this.energy = -1;
    this.#sum = 0;
    this.#hops = 0;
    this.#least = Number.POSITIVE_INFINITY;
    this.#means = 0;
    this.#block = 0;
    this.#known = 0;
  }
}
