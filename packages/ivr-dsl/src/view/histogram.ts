/** Times in bounded memory: classes whose bounds are 5 % apart, so that a quantile is right to 5 %. */
export class Histogram {
  readonly #classes = new Map<number, number>();
  #count = 0;

  /** How many were added. */
  get count(): number {
    return this.#count;
  }

  /** Adds a time of 0 ms or more; a negative one counts as 0. */
  add(ms: number): void {
    const index = ms < 1 ? 0 : 1 + Math.floor(Math.log(ms) / STEP);
    this.#classes.set(index, (this.#classes.get(index) ?? 0) + 1);
    this.#count += 1;
  }

  /** The upper bound of the class in which the share `q` (0-1) of all times is reached; 0 where there are none. */
  quantile(q: number): number {
    let left = Math.ceil(q * this.#count);
    for (const index of [...this.#classes.keys()].sort((a, b) => a - b)) {
      left -= this.#classes.get(index) ?? 0;
      if (left <= 0) return index === 0 ? 0 : Math.round(Math.exp(index * STEP));
    }
    return 0;
  }
}

const STEP = Math.log(1.05);
