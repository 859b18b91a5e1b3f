import { SAMPLE_RATE } from '../contract.js';

/** The two pairs of tones, Hz: GR-30 and ETSI EN 300 659-1. */
export const FSK_TONES = { bell202: { mark: 1200, space: 2200 }, v23: { mark: 1300, space: 2100 } } as const;
/** Bell 202 or V.23. */
export type FskStandard = keyof typeof FSK_TONES;

/** All four tones repeat after this many samples. */
const MIX_PERIOD = 160;

/** Samples of history, a power of two; half a second. */
const HISTORY = 4096;
const HISTORY_MASK = HISTORY - 1;

/** Delay of the Hilbert transformer, samples; it has twice as many taps and one. */
const HILBERT_DELAY = 20;
const HILBERT_RING = 64;

interface MixTable {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}
const mixTable = (hz: number): MixTable => ({
  cos: Float64Array.from({ length: MIX_PERIOD }, (_, i) => Math.cos((2 * Math.PI * hz * i) / SAMPLE_RATE)),
  sin: Float64Array.from({ length: MIX_PERIOD }, (_, i) => Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE)),
});
const TABLES = {
  bell202: { mark: mixTable(FSK_TONES.bell202.mark), space: mixTable(FSK_TONES.bell202.space) },
  v23: { mark: mixTable(FSK_TONES.v23.mark), space: mixTable(FSK_TONES.v23.space) },
} as const;

/** Odd taps 1, 3, 5 ... of a Hilbert transformer under a Hamming window; the even ones are 0. */
const HILBERT = Float64Array.from({ length: HILBERT_DELAY / 2 }, (_, i) => {
  const k = 2 * i + 1;
  return (2 / (Math.PI * k)) * (0.54 + 0.46 * Math.cos((Math.PI * k) / (HILBERT_DELAY + 1)));
});

/**
 * The signal as running sums of what is left after mixing each tone down to zero, so that the correlation with a tone over any stretch, from
 * any fraction of a sample to any other, costs two look-ups. Times are in samples since `restart`, fractions allowed.
 */
export class FskBaseband {
  readonly #markRe = new Float64Array(HISTORY);
  readonly #markIm = new Float64Array(HISTORY);
  readonly #spaceRe = new Float64Array(HISTORY);
  readonly #spaceIm = new Float64Array(HISTORY);
  readonly #energy = new Float64Array(HISTORY);
  readonly #ring = new Float64Array(HILBERT_RING);
  #taken = 0;
  #length = 0;
  #mix = 0;
  #tables: { readonly mark: MixTable; readonly space: MixTable } = TABLES.bell202;
  #standard: FskStandard = 'bell202';

  /** The mixing frequencies, radians a sample. */
  markMix = 0;
  spaceMix = 0;

  /** Real and imaginary part of the last `mark` or `space`. */
  re = 0;
  im = 0;

  /** Samples that can be asked for: 0 to `length`, the last {@link HISTORY} of them. */
  get length(): number {
    return this.#length;
  }

  /** Whose tones are mixed down. */
  get standard(): FskStandard {
    return this.#standard;
  }

  /** Forgets everything; time is 0, and from now on these tones are mixed down. */
  restart(standard: FskStandard): void {
    this.#standard = standard;
    this.#tables = TABLES[standard];
    this.markMix = (2 * Math.PI * FSK_TONES[standard].mark) / SAMPLE_RATE;
    this.spaceMix = (2 * Math.PI * FSK_TONES[standard].space) / SAMPLE_RATE;
    this.#ring.fill(0);
    this.#taken = 0;
    this.#length = 0;
    this.#mix = 0;
    this.#markRe[0] = this.#markIm[0] = this.#spaceRe[0] = this.#spaceIm[0] = this.#energy[0] = 0;
  }

  /** Takes one sample of the high-passed signal. */
  push(sample: number): void {
    const ring = this.#ring;
    const at = this.#taken & (HILBERT_RING - 1);
    ring[at] = sample;
    this.#taken++;
    if (this.#taken <= HILBERT_DELAY) return;
    const centre = at - HILBERT_DELAY;
    const x = ring[centre & (HILBERT_RING - 1)] as number;
    let y = 0;
    for (let i = 0; i < HILBERT.length; i++) {
      const k = 2 * i + 1;
      const early = ring[(centre - k) & (HILBERT_RING - 1)] as number;
      const late = ring[(centre + k) & (HILBERT_RING - 1)] as number;
      y += (HILBERT[i] as number) * (early - late);
    }
    const from = this.#length & HISTORY_MASK;
    const to = (this.#length + 1) & HISTORY_MASK;
    const mix = this.#mix;
    const { mark, space } = this.#tables;
    const mc = mark.cos[mix] as number;
    const ms = mark.sin[mix] as number;
    const sc = space.cos[mix] as number;
    const ss = space.sin[mix] as number;
    this.#markRe[to] = (this.#markRe[from] as number) + x * mc + y * ms;
    this.#markIm[to] = (this.#markIm[from] as number) + y * mc - x * ms;
    this.#spaceRe[to] = (this.#spaceRe[from] as number) + x * sc + y * ss;
    this.#spaceIm[to] = (this.#spaceIm[from] as number) + y * sc - x * ss;
    this.#energy[to] = (this.#energy[from] as number) + x * x + y * y;
    this.#mix = mix + 1 === MIX_PERIOD ? 0 : mix + 1;
    this.#length++;
  }

  /** Correlation of [from, to) with the mark tone, left in `re` and `im`. */
  mark(from: number, to: number): void {
    this.re = at(this.#markRe, to) - at(this.#markRe, from);
    this.im = at(this.#markIm, to) - at(this.#markIm, from);
  }

  /** Correlation of [from, to) with the space tone, left in `re` and `im`. */
  space(from: number, to: number): void {
    this.re = at(this.#spaceRe, to) - at(this.#spaceRe, from);
    this.im = at(this.#spaceIm, to) - at(this.#spaceIm, from);
  }

  /** Energy of the analytic signal in [from, to); twice that of the real one. */
  energy(from: number, to: number): number {
    return at(this.#energy, to) - at(this.#energy, from);
  }
}

/** Samples by which {@link FskBaseband} lags behind what it was given. */
export const BASEBAND_DELAY = HILBERT_DELAY;

function at(sums: Float64Array, time: number): number {
  const whole = Math.floor(time);
  const low = sums[whole & HISTORY_MASK] as number;
  const high = sums[(whole + 1) & HISTORY_MASK] as number;
  return low + (high - low) * (time - whole);
}
