import { FULL_SCALE_SINE_DBM0, SAMPLE_RATE } from '../contract.js';
import type { FskTuning } from './tuning.js';

/** Samples between two looks (5 ms) and in one look (10 ms). */
export const HOP = 40;
const WINDOW = 2 * HOP;

/** Energies of the last half second, one a hop. */
const PAST = 128;

/** One frequency's hop, and the sign with which the next hop of it joins. */
const tone = (hz: number, sign: 1 | -1): { cos: Float64Array; sin: Float64Array; sign: 1 | -1 } => {
  const w = (2 * Math.PI * hz) / SAMPLE_RATE;
  return {
    cos: Float64Array.from({ length: HOP }, (_, i) => Math.cos(w * i)),
    sin: Float64Array.from({ length: HOP }, (_, i) => Math.sin(w * i)),
    sign,
  };
};
// 1200 Hz has 6 periods in a hop; 1300 Hz has 6.5, so its halves join with opposite sign.
const BELL = tone(1200, 1);
const V23 = tone(1300, -1);

/** Fourth-order Butterworth high-pass at 300 Hz, as two sections of b0 b1 b2 a1 a2: takes hum, ringing current and DC away. */
const HIGH_PASS = butterworthHighPass(300);

/**
 * Listens all the time for a mark tone, cheaply: two correlations a hop, and none at all below the least level.
 */
export class FskMarkWatch {
  readonly #tuning: FskTuning;
  readonly #gate: number;
  readonly #block = new Float64Array(HOP);
  readonly #energies = new Float64Array(PAST);
  #filled = 0;
  #hops = 0;
  #lastEnergy = 0;
  #lastBell = [0, 0];
  #lastV23 = [0, 0];
  readonly #state = new Float64Array(8);

  /** Frames of mark so far, one after the other. */
  run = 0;
  /** Whether the last frame was mark, and whether it was louder than the least level. */
  isMark = false;
  /** How much more of it was near 1300 Hz than near 1200 Hz, over the whole run. */
  v23Lead = 0;

  constructor(tuning: FskTuning) {
    this.#tuning = tuning;
    const peak = 32767 * 10 ** ((tuning.minLevelDbm0 - FULL_SCALE_SINE_DBM0) / 20);
    this.#gate = (WINDOW * peak * peak) / 2;
  }

  reset(): void {
    this.#filled = 0;
    this.#hops = 0;
    this.#lastEnergy = 0;
    this.#lastBell.fill(0);
    this.#lastV23.fill(0);
    this.#energies.fill(0);
    this.#state.fill(0);
    this.run = 0;
    this.isMark = false;
  }

  /** High-passes one sample and adds it to the frame. `hop` is asked for after each {@link HOP} samples. */
  filter(sample: number): number {
    const z = this.#state;
    const c = HIGH_PASS;
    let x = sample;
    for (let i = 0; i < 2; i++) {
      const k = 5 * i;
      const j = 2 * i;
      const y = (c[k] as number) * x + (z[j] as number);
      z[j] = (c[k + 1] as number) * x - (c[k + 3] as number) * y + (z[j + 1] as number);
      z[j + 1] = (c[k + 2] as number) * x - (c[k + 4] as number) * y;
      x = y;
    }
    this.#block[this.#filled++] = x;
    return x;
  }

  /** Whether a hop is complete; when it is, judges the frame. */
  hop(): boolean {
    if (this.#filled < HOP) return false;
    this.#filled = 0;
    const block = this.#block;
    let energy = 0;
    for (let i = 0; i < HOP; i++) energy += (block[i] as number) * (block[i] as number);
    const whole = energy + this.#lastEnergy;
    this.#energies[this.#hops++ % PAST] = energy;
    if (this.#hops === PAST * 1024) this.#hops = PAST;
    if (energy < this.#gate / 4) {
      this.isMark = false;
      this.run = 0;
      this.#lastEnergy = energy;
      this.#lastBell.fill(0);
      this.#lastV23.fill(0);
      return true;
    }
    const bell = join(this.#lastBell, BELL, block);
    const v23 = join(this.#lastV23, V23, block);
    this.#lastEnergy = energy;
    this.isMark = whole >= this.#gate && (2 * Math.max(bell, v23)) / WINDOW >= this.#tuning.markShare * whole;
    if (this.run === 0) this.v23Lead = 0;
    if (this.isMark) {
      this.run++;
      this.v23Lead += v23 - bell;
    }
    if (!this.isMark) this.run = Math.max(0, Math.min(this.run, 8) - 3);
    return true;
  }

  /** Hops since there was less than `share` of `power` (mean square of a sample), looking back from `hops` ago at most half a second. */
  hopsAbove(power: number, hops: number): number {
    let n = hops;
    while (n < PAST - 1 && n < this.#hops) {
      if ((this.#energies[(this.#hops - 1 - n + PAST) % PAST] as number) < power * HOP) break;
      n++;
    }
    return n;
  }
}

function join(
  last: number[],
  tone: { readonly cos: Float64Array; readonly sin: Float64Array; readonly sign: 1 | -1 },
  block: Float64Array,
): number {
  const { sign } = tone;
  let re = 0;
  let im = 0;
  for (let i = 0; i < HOP; i++) {
    re += (block[i] as number) * (tone.cos[i] as number);
    im -= (block[i] as number) * (tone.sin[i] as number);
  }
  const r = (last[0] as number) + sign * re;
  const i = (last[1] as number) + sign * im;
  last[0] = re;
  last[1] = im;
  return r * r + i * i;
}

function butterworthHighPass(hz: number): Float64Array {
  const w = (2 * Math.PI * hz) / SAMPLE_RATE;
  const sections = [0.541196100146197, 1.306562964876377].map((q) => {
    const alpha = Math.sin(w) / (2 * q);
    const c = Math.cos(w);
    const a0 = 1 + alpha;
    return [(1 + c) / 2 / a0, -(1 + c) / a0, (1 + c) / 2 / a0, (-2 * c) / a0, (1 - alpha) / a0];
  });
  return Float64Array.from(sections.flat());
}
