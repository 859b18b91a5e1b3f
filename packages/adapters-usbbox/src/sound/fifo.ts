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
    const ring = this.#ring;
    const size = ring.length;
    const from = Math.max(0, samples.length - size);
    let end = this.#at + this.#length;
    if (end >= size) end -= size;
    // Plain loops: a view for each half would be garbage for each block.
    for (let i = from; i < samples.length; i++) {
      ring[end] = samples[i] ?? 0;
      end = end + 1 === size ? 0 : end + 1;
    }
    const over = Math.max(0, this.#length + samples.length - from - size);
    this.#length += samples.length - from - over;
    this.#at = (this.#at + over) % size;
    return over + from;
  }

  /** Takes the oldest samples into `out`. @returns how many there were; the rest of `out` is left as it was */
  pull(out: Int16Array): number {
    const ring = this.#ring;
    const count = Math.min(out.length, this.#length);
    let at = this.#at;
    for (let i = 0; i < count; i++) {
      out[i] = ring[at] ?? 0;
      at = at + 1 === ring.length ? 0 : at + 1;
    }
    this.drop(count);
    return count;
  }

  /** Adds the oldest samples to what `out` holds, cut off at the ends of the scale. @returns how many there were */
  mixInto(out: Int16Array): number {
    const ring = this.#ring;
    const count = Math.min(out.length, this.#length);
    let at = this.#at;
    for (let i = 0; i < count; i++) {
      const sum = (out[i] ?? 0) + (ring[at] ?? 0);
      out[i] = Math.max(-32_768, Math.min(32_767, sum));
      at = at + 1 === ring.length ? 0 : at + 1;
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
