/** A bucket of `burst` frames that fills at `perSecond`. Time comes from the caller. */
export class FloodGate {
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #lastMs: number;
  #refused = 0;

  constructor(options: { readonly burst: number; readonly perSecond: number; readonly nowMs: number }) {
    this.#burst = options.burst;
    this.#perMs = options.perSecond / 1000;
    this.#left = options.burst;
    this.#lastMs = options.nowMs;
  }

  /** Lets one frame pass, or refuses it. */
  take(nowMs: number): 'passed' | 'refused' {
    this.#left = Math.min(this.#burst, this.#left + (nowMs - this.#lastMs) * this.#perMs);
    this.#lastMs = nowMs;
    if (this.#left < 1) {
      this.#refused += 1;
      return 'refused';
    }
    this.#left -= 1;
    // A quiet time clears the record.
    if (this.#left > this.#burst / 2) this.#refused = 0;
    return 'passed';
  }

  /** Refused frames since the last quiet time. */
  get refused(): number {
    return this.#refused;
  }
}
