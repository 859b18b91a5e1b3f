import { type Kernel, kernelOf } from './kernel.js';

/** Lowest and highest rate of either side, samples a second. */
export const RESAMPLE_RATES = { min: 1000, max: 384_000 } as const;

/** Changes the rate of a stream of samples. */
export interface Resampler {
  /**
   * The next samples; how a stream is cut into blocks does not change what comes out.
   *
   * @returns what they make, in a buffer that the next call uses again
   */
  push(samples: Int16Array): Int16Array;
  /** No more samples come: the rest, so that in all `ceil(samples * to / from)` came out. The resampler is then as after `reset`. */
  flush(): Int16Array;
  /** Forgets everything. */
  reset(): void;
}

/** From one rate to another, samples a second. */
export interface ResamplerOptions {
  readonly from: number;
  readonly to: number;
}

const divisorOf = (a: number, b: number): number => (b === 0 ? a : divisorOf(b, a % b));

function checked(rate: number, name: string): number {
  const { min, max } = RESAMPLE_RATES;
  if (Number.isSafeInteger(rate) && rate >= min && rate <= max) return rate;
  throw new RangeError(`expected a whole number from ${min} to ${max} as ${name}`);
}

/** Both rates are the same: a copy, so that the buffer's rule is the same as well. */
function createCopier(): Resampler {
  let out = new Int16Array(0);
  return {
    push(samples) {
      if (out.length < samples.length) out = new Int16Array(samples.length);
      out.set(samples);
      return out.subarray(0, samples.length);
    },
    flush: () => out.subarray(0, 0),
    reset() {},
  };
}

class Polyphase implements Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #kernel: Kernel;
  readonly #half: number;
  /** The last samples, oldest first; the first of them belongs to the next output's first coefficient. */
  #window: Float64Array;
  #held = 0;
  /** Place of the next output after the sample at the window's middle, in parts of `up`. */
  #fraction = 0;
  /** Samples that come before the next output's first coefficient and have not come yet. */
  #skip = 0;
  #fed = 0;
  #made = 0;
  #out = new Int16Array(0);

  constructor(from: number, to: number) {
    const divisor = divisorOf(from, to);
    this.#up = to / divisor;
    this.#down = from / divisor;
    this.#kernel = kernelOf(this.#up, this.#down);
    this.#half = this.#kernel.taps / 2;
    this.#window = new Float64Array(4 * this.#kernel.taps);
    this.reset();
  }

  push(samples: Int16Array): Int16Array {
    this.#fed += samples.length;
    return this.#run(samples, Number.POSITIVE_INFINITY);
  }

  flush(): Int16Array {
    const wanted = Math.ceil((this.#fed * this.#up) / this.#down) - this.#made;
    const rest = this.#run(new Int16Array(this.#kernel.taps + this.#down), wanted);
    this.reset();
    return rest;
  }

  reset(): void {
    // The first output stands at the first sample: what lies before it is silence.
    this.#held = this.#half - 1;
    this.#window.fill(0);
    this.#fraction = 0;
    this.#skip = 0;
    this.#fed = 0;
    this.#made = 0;
  }

  #run(samples: Int16Array, most: number): Int16Array {
    const need = this.#held + samples.length;
    if (this.#window.length < need) {
      const larger = new Float64Array(2 * need);
      larger.set(this.#window.subarray(0, this.#held));
      this.#window = larger;
    }
    const window = this.#window;
    window.set(samples, this.#held);
    const room = Math.ceil((need * this.#up) / this.#down) + 1;
    if (this.#out.length < room) this.#out = new Int16Array(room);
    const { taps } = this.#kernel;
    const out = this.#out;
    let start = this.#skip;
    let count = 0;
    while (start + taps <= need && count < most) {
      out[count] = this.#valueAt(start);
      count += 1;
      this.#fraction += this.#down;
      while (this.#fraction >= this.#up) {
        this.#fraction -= this.#up;
        start += 1;
      }
    }
    const kept = Math.min(start, need);
    window.copyWithin(0, kept, need);
    this.#held = need - kept;
    this.#skip = start - kept;
    this.#made += count;
    return out.subarray(0, count);
  }

  #valueAt(start: number): number {
    const { taps, phases, coefficients } = this.#kernel;
    const window = this.#window;
    const place = (this.#fraction * phases) / this.#up;
    const phase = Math.floor(place);
    const share = place - phase;
    const near = phase * taps;
    let sum = 0;
    if (share === 0) {
      // Two chains of sums: the processor works on both at once. There is always an even number of taps.
      let other = 0;
      for (let k = 0; k < taps; k += 2) {
        sum += (coefficients[near + k] as number) * (window[start + k] as number);
        other += (coefficients[near + k + 1] as number) * (window[start + k + 1] as number);
      }
      sum += other;
    } else {
      const far = near + taps;
      for (let k = 0; k < taps; k += 1) {
        const c = coefficients[near + k] as number;
        sum += (c + share * ((coefficients[far + k] as number) - c)) * (window[start + k] as number);
      }
    }
    return sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : Math.round(sum);
  }
}

/**
 * A streaming polyphase FIR resampler between any two rates: what lies above either Nyquist frequency comes out at least 60 dB lower,
 * 85 % of the narrower band passes within 0.1 dB. The place of each output is kept as a fraction of whole numbers and never drifts;
 * output `n` stands at the time of input `n * from / to`.
 *
 * @throws {RangeError} when a rate is no whole number from 1000 to 384000
 */
export function createResampler({ from, to }: ResamplerOptions): Resampler {
  checked(from, 'from');
  checked(to, 'to');
  return from === to ? createCopier() : new Polyphase(from, to);
}
