/**
 * The frames that a client gets in one write, in order. Clients who watch the same streams with the same rights come to the same bundle,
 * frame by frame, so that what is put together for the first of them serves the others. Lives until the write.
 */
export class Bundle {
  readonly #before: Bundle | undefined;
  readonly #frame: Buffer;
  /** Bytes of all frames. */
  readonly length: number;
  #longer: Map<Buffer, Bundle> | undefined = undefined;
  #whole: Buffer | undefined;

  /** @param before - the frames that go first; none where this is the first */
  constructor(frame: Buffer, before?: Bundle) {
    this.#before = before;
    this.#frame = frame;
    this.length = frame.length + (before === undefined ? 0 : before.length);
    this.#whole = before === undefined ? frame : undefined;
  }

  /** This bundle and one more: all that ask for the same get the same. @param next - a bundle of one frame */
  with(next: Bundle): Bundle {
    const frame = next.#frame;
    this.#longer ??= new Map();
    let longer = this.#longer.get(frame);
    if (longer === undefined) {
      longer = new Bundle(frame, this);
      this.#longer.set(frame, longer);
    }
    return longer;
  }

  /** All frames in one piece: cheaper to write than the pieces, and put together once for all who come to this bundle. */
  get whole(): Buffer {
    if (this.#whole !== undefined) return this.#whole;
    const frames: Buffer[] = [];
    for (let bundle: Bundle | undefined = this; bundle !== undefined; bundle = bundle.#before)
      frames.push(bundle.#frame);
    this.#whole = Buffer.concat(frames.reverse(), this.length);
    return this.#whole;
  }
}
