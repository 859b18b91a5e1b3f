/** Frames of one turn up to this length are put together before they are written: cheaper than a vectored write. */
const BUNDLE_BYTES = 64 * 1024;

/**
 * Puts frames of one turn together. Clients who watch the same streams with the same rights take the same frames, so that what was
 * put together for the first of them serves the others; kept for one turn only.
 */
export class Bundles {
  readonly #made = new Map<Buffer, { readonly frames: readonly Buffer[]; readonly whole: Buffer }[]>();

  /** The frames as one; `undefined` when they are too long for that. */
  of(frames: readonly Buffer[]): Buffer | undefined {
    const [first] = frames;
    if (first === undefined) return undefined;
    const alike = this.#made.get(first) ?? [];
    const known = alike.find(
      (made) => made.frames.length === frames.length && made.frames.every((frame, at) => frame === frames[at]),
    );
    if (known !== undefined) return known.whole;
    if (frames.reduce((sum, frame) => sum + frame.length, 0) > BUNDLE_BYTES) return undefined;
    const whole = Buffer.concat(frames);
    this.#made.set(first, [...alike, { frames, whole }]);
    return whole;
  }
}
