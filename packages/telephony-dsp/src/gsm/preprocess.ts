import { multiplyRounded, saturate } from './arithmetic.js';
import { GSM_FRAME_SAMPLES } from './frame.js';

/** Scaling, offset compensation and pre-emphasis of the encoder's input (GSM 06.10 5.2.1 to 5.2.3). */
export class Preprocessor {
  #last = 0;
  #offset = 0;
  #emphasis = 0;

  /** 160 samples from `from` on into `out`. */
  run(samples: Int16Array, from: number, out: Int16Array): void {
    let last = this.#last;
    let offset = this.#offset;
    let emphasis = this.#emphasis;
    for (let k = 0; k < GSM_FRAME_SAMPLES; k += 1) {
      const scaled = ((samples[from + k] as number) >> 3) << 2;
      const change = scaled - last;
      last = scaled;
      const high = offset >> 15;
      const low = offset - (high << 15);
      // Doubles hold these sums exactly, and the inputs are too small for the standard's saturation at 32 bits to act.
      offset = (high * 32_735 + (change * 32_768 + multiplyRounded(low, 32_735))) | 0;
      const before = multiplyRounded(emphasis, -28_180);
      emphasis = (offset + 16_384) >> 15;
      out[k] = saturate(emphasis + before);
    }
    this.#last = last;
    this.#offset = offset;
    this.#emphasis = emphasis;
  }

  reset(): void {
    this.#last = 0;
    this.#offset = 0;
    this.#emphasis = 0;
  }
}
