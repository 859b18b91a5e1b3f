/** The same key told by two ears within so long is one key: a modem tells it at its end, or 40 ms after its beginning. */
const SAME_KEY_MS = 400;

/** Makes one key of what a modem and the signal code both heard. */
export class KeyMerge {
  #told: { readonly digit: string; readonly by: 'modem' | 'sound'; readonly atMs: number } | undefined;

  /** @returns whether this is a key that the other ear has not told already */
  isNew(digit: string, by: 'modem' | 'sound', atMs: number): boolean {
    const before = this.#told;
    if (before !== undefined && before.by !== by && before.digit === digit && atMs - before.atMs < SAME_KEY_MS) {
      // Both ears have it: the next one with the same digit is a new key.
      this.#told = undefined;
      return false;
    }
    this.#told = { digit, by, atMs };
    return true;
  }

  /** A new use of the line. */
  reset(): void {
    this.#told = undefined;
  }
}
