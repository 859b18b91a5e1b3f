/** Samples that wait between two clocks. Of fixed size; what does not fit pushes the oldest out. */
export class Fifo {
  readonly #ring: Int16Array;
  #at = 0;
  #length = 0;

  /** @param capacity - samples */
  constructor(capacity: number) {
    this.#ring = new Int16Array(capacity);
  }

  /** Samples that wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds samples at the end. @returns how many old ones were lost */
  push(samples: Int16Array): number {
    const size = this.#ring.length;
    const from = Math.max(0, samples.length - size);
    let end = this.#at + this.#length;
    for (let i = from; i < samples.length; i++) this.#ring[end++ % size] = samples[i] ?? 0;
    const over = this.#length + samples.length - from - size;
    if (over > 0) {
      this.#at = (this.#at + over) % size;
      this.#length = size;
    } else this.#length += samples.length - from;
    return Math.max(0, over) + from;
  }

  /** Takes the oldest samples into `out`. @returns how many there were; the rest of `out` is left as it was */
  pull(out: Int16Array): number {
    const count = Math.min(out.length, this.#length);
    for (let i = 0; i < count; i++) out[i] = this.#ring[(this.#at + i) % this.#ring.length] ?? 0;
    this.drop(count);
    return count;
  }

  /** Adds the oldest samples to what `out` holds, cut off at the ends of the scale. @returns how many there were */
  mixInto(out: Int16Array): number {
    const count = Math.min(out.length, this.#length);
    for (let i = 0; i < count; i++) {
      const sum = (out[i] ?? 0) + (this.#ring[(this.#at + i) % this.#ring.length] ?? 0);
      out[i] = Math.max(-32_768, Math.min(32_767, sum));
    }
    this.drop(count);
    return count;
  }

  /** Forgets the oldest `count` samples. */
  drop(count: number): void {
    const gone = Math.min(count, this.#length);
    this.#at = (this.#at + gone) % this.#ring.length;
    this.#length -= gone;
  }
}
