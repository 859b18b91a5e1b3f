import { SAMPLE_RATE } from '../contract.js';
import { hopGain, powerOfDbm0 } from './judge.js';
import type { DtmfLimits } from './limits.js';
import { DTMF_HZ, HOP, RING, type ToneBank } from './tone-bank.js';

const KEYS = DTMF_HZ.length;
/** Hops of a look. */
export const LOOK = 4;
/** A look is coarser than a life: it lets through this much more, and the life decides. */
const LOOSE_OFFSET = 1.7;
const LOOSE_TWIST = 1.8;
const RADIANS_PER_HZ = (2 * Math.PI * HOP) / SAMPLE_RATE;

/** A row and a column, as their places among the eight frequencies. */
export interface Pair {
  readonly row: number;
  readonly column: number;
}

/** The last 20 ms: which row and column are strongest in it, and whether they may be a key. */
export class Look {
  row = 0;
  column = 4;
  /** Whether the two may be a key. */
  hit = false;
  /** Mean square of both tones together, from a look that is a hit. */
  power = 0;

  readonly #powers = new Float64Array(KEYS);
  readonly #re = new Float64Array(KEYS);
  readonly #im = new Float64Array(KEYS);
  readonly #limits: DtmfLimits;
  readonly #minPower: number;
  readonly #maxTwist: number;

  constructor(limits: DtmfLimits) {
    this.#limits = limits;
    // Half of the level: the look may lie across the beginning.
    this.#minPower = powerOfDbm0(limits.minLevelDbm0 - 6);
    this.#maxTwist = 10 ** (limits.maxTwistDb / 10) * LOOSE_TWIST;
  }

  /** Power of row and column together over the last two hops up to `hop`. */
  static pairPower(bank: ToneBank, hop: number, { row, column }: Pair): number {
    const { sums } = bank;
    const a = (hop % RING) * KEYS * 2;
    const b = ((hop + RING - 1) % RING) * KEYS * 2;
    const rr = (sums[a + row * 2] as number) + (sums[b + row * 2] as number);
    const ri = (sums[a + row * 2 + 1] as number) + (sums[b + row * 2 + 1] as number);
    const cr = (sums[a + column * 2] as number) + (sums[b + column * 2] as number);
    const ci = (sums[a + column * 2 + 1] as number) + (sums[b + column * 2 + 1] as number);
    return (2 * (rr * rr + ri * ri + cr * cr + ci * ci)) / (4 * HOP * HOP);
  }

  /** Power of row and column together in one hop. */
  static hopPower(bank: ToneBank, hop: number, { row, column }: Pair): number {
    const { sums } = bank;
    const a = (hop % RING) * KEYS * 2;
    const rr = sums[a + row * 2] as number;
    const ri = sums[a + row * 2 + 1] as number;
    const cr = sums[a + column * 2] as number;
    const ci = sums[a + column * 2 + 1] as number;
    return (2 * (rr * rr + ri * ri + cr * cr + ci * ci)) / (HOP * HOP);
  }

  /** Looks at the last {@link LOOK} hops. */
  at(bank: ToneBank): void {
    this.hit = false;
    const last = bank.hops - 1;
    if (last < LOOK) return;
    const { sums, energy } = bank;
    let total = 0;
    for (let h = 0; h < LOOK; h++) total += energy[(last - h) % RING] as number;
    if (total < 2 * this.#minPower * LOOK * HOP) return;
    const powers = this.#powers;
    const re = this.#re;
    const im = this.#im;
    const a0 = (last % RING) * KEYS * 2;
    const a1 = ((last - 1) % RING) * KEYS * 2;
    const a2 = ((last - 2) % RING) * KEYS * 2;
    const a3 = ((last - 3) % RING) * KEYS * 2;
    for (let k = 0; k < KEYS; k++) {
      const x = k * 2;
      const r =
        (sums[a0 + x] as number) + (sums[a1 + x] as number) + (sums[a2 + x] as number) + (sums[a3 + x] as number);
      const i =
        (sums[a0 + x + 1] as number) +
        (sums[a1 + x + 1] as number) +
        (sums[a2 + x + 1] as number) +
        (sums[a3 + x + 1] as number);
      re[k] = r;
      im[k] = i;
      powers[k] = r * r + i * i;
    }
    let row = 0;
    let column = 4;
    for (let k = 1; k < 4; k++) if ((powers[k] as number) > (powers[row] as number)) row = k;
    for (let k = 5; k < KEYS; k++) if ((powers[k] as number) > (powers[column] as number)) column = k;
    this.row = row;
    this.column = column;
    const scale = 2 / (LOOK * HOP) ** 2;
    const sum = ((powers[row] as number) + (powers[column] as number)) * scale * LOOK * HOP;
    // A frequency 2 % off loses at most 6 dB in such a look.
    if (sum * 4 < this.#limits.lookShare * total) return;
    const rowPower = this.#corrected(bank, row) * scale;
    const columnPower = this.#corrected(bank, column) * scale;
    const both = rowPower + columnPower;
    if (both * LOOK * HOP < this.#limits.lookShare * total) return;
    const weak = Math.min(rowPower, columnPower);
    if (weak < this.#minPower || Math.max(rowPower, columnPower) > weak * this.#maxTwist) return;
    this.power = both;
    this.hit = true;
  }

  /** What a tone off its frequency loses in the look is given back; 0 where it is too far off. */
  #corrected(bank: ToneBank, key: number): number {
    const { sums } = bank;
    const last = bank.hops - 1;
    const re = this.#re[key] as number;
    const im = this.#im[key] as number;
    const into = ((last % RING) * KEYS + key) * 2;
    const outOf = (((last - LOOK) % RING) * KEYS + key) * 2;
    const beforeRe = re - (sums[into] as number) + (sums[outOf] as number);
    const beforeIm = im - (sums[into + 1] as number) + (sums[outOf + 1] as number);
    const turn = Math.atan2(im * beforeRe - re * beforeIm, re * beforeRe + im * beforeIm);
    if (Math.abs(turn) > RADIANS_PER_HZ * (DTMF_HZ[key] as number) * this.#limits.maxOffset * LOOSE_OFFSET) return 0;
    const gain = (hopGain(turn) * Math.sin((LOOK * turn) / 2)) / (LOOK * Math.sin(turn / 2) || 1e-9);
    const whole = Math.abs(turn) < 1e-5 ? 1 : gain * gain;
    return (this.#powers[key] as number) / Math.max(whole, 0.1);
  }
}
