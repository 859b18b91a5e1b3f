import type { Clock, DriverSink, LinkId } from '@cordboard/cti-core';

const EVERY_MS = 1_000;

/** Counts what nobody can read, and tells it at most once a second with a sample of the last. */
export class Unreadable {
  readonly #linkId: LinkId;
  readonly #clock: Clock;
  readonly #emit: DriverSink;
  #count = 0;
  #sample = '';
  #cancel: (() => void) | undefined;

  constructor(options: { readonly linkId: LinkId; readonly clock: Clock; readonly emit: DriverSink }) {
    this.#linkId = options.linkId;
    this.#clock = options.clock;
    this.#emit = options.emit;
  }

  /**
   * Counts one, and tells it at once or with the next that are told together.
   *
   * @param sample - at most 256 bytes of it are kept
   */
  add(sample: Uint8Array): void {
    this.#count += 1;
    this.#sample = Buffer.from(sample.subarray(0, 256)).toString('hex');
    if (this.#cancel === undefined) this.#tell();
  }

  /** Ends the timer; may be called again. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tell(): void {
    this.#emit({ type: 'unreadable', linkId: this.#linkId, count: this.#count, sampleHex: this.#sample });
    this.#count = 0;
    this.#cancel = this.#clock.setTimer(EVERY_MS, () => {
      this.#cancel = undefined;
      if (this.#count > 0) this.#tell();
    });
  }
}
