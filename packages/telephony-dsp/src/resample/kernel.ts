/** Attenuation that the filter is designed for, dB; what is promised is 60. */
const ATTENUATION_DB = 74;
/** Share of the lower of both Nyquist frequencies that passes: 3400 of 4000 Hz. */
const PASS = 0.85;
/** Phases that are kept where the whole band passes, fewer where it is narrow; between them it is interpolated, with an error below -100 dB. */
const MOST_PHASES = 512;
const FEWEST_PHASES = 16;

/** Zeroth-order modified Bessel function of the first kind. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-16; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Branches of a polyphase low-pass filter. */
export interface Kernel {
  /** Coefficients of a branch. */
  readonly taps: number;
  /** Branches; one more is kept, the first one a sample later, to interpolate towards. */
  readonly phases: number;
  /** `(phases + 1) * taps` coefficients, branch by branch, each to be multiplied with samples from old to new. */
  readonly coefficients: Float64Array;
}

/**
 * A Kaiser-windowed sinc that passes 85 % of the narrower band and stops at its Nyquist frequency.
 *
 * @param up - rate that samples go to, divided by the greatest common divisor
 * @param down - rate that they come from, likewise
 */
export function kernelOf(up: number, down: number): Kernel {
  // In cycles a sample of the input.
  const nyquist = Math.min(1, up / down) / 2;
  const width = nyquist * (1 - PASS);
  const centre = nyquist - width / 2;
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);
  const half = Math.ceil((ATTENUATION_DB - 7.95) / (2.285 * 2 * Math.PI * width) / 2);
  const taps = 2 * half;
  const phases = Math.min(up, Math.max(FEWEST_PHASES, Math.ceil(2 * MOST_PHASES * nyquist)));
  const coefficients = new Float64Array((phases + 1) * taps);
  const scale = bessel(beta);
  for (let phase = 0; phase <= phases; phase += 1) {
    let sum = 0;
    for (let k = 0; k < taps; k += 1) {
      // Distance from the place of the output to the sample of this coefficient.
      const t = k - (half - 1) - phase / phases;
      const edge = 1 - (t / half) ** 2;
      const sinc = t === 0 ? 2 * centre : Math.sin(2 * Math.PI * centre * t) / (Math.PI * t);
      const value = edge <= 0 ? 0 : (sinc * bessel(beta * Math.sqrt(edge))) / scale;
      coefficients[phase * taps + k] = value;
      sum += value;
    }
    // The same gain at 0 Hz in every branch: no tone at the rate of the branches.
    for (let k = 0; k < taps; k += 1) coefficients[phase * taps + k] = (coefficients[phase * taps + k] as number) / sum;
  }
  return { taps, phases, coefficients };
}
