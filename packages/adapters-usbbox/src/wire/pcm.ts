/** Most samples of one turn; a longer chunk is handed on in parts. */
const TURN = 8_192;

/** Bytes of 16-bit little-endian samples, cut anywhere, to samples. */
export class PcmReader {
  readonly #samples = new Int16Array(TURN);
  #half: number | undefined;

  /** The next bytes. `sink` gets samples in a buffer that is used again. */
  push(bytes: Uint8Array, sink: (samples: Int16Array) => void): void {
    let count = 0;
    for (const byte of bytes) {
      if (this.#half === undefined) {
        this.#half = byte;
        continue;
      }
      // The array itself folds the upper half of the range to negative numbers.
      this.#samples[count++] = this.#half | (byte << 8);
      this.#half = undefined;
      if (count < TURN) continue;
      sink(this.#samples);
      count = 0;
    }
    if (count > 0) sink(this.#samples.subarray(0, count));
  }

  /** A new stream begins. */
  reset(): void {
    this.#half = undefined;
  }
}

/** Samples to bytes of their own. */
export function pcmBytes(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] ?? 0;
    bytes[2 * i] = sample & 0xff;
    bytes[2 * i + 1] = (sample >> 8) & 0xff;
  }
  return bytes;
}
