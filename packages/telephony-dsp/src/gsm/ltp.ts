import { magnitude, multiply, normOf } from './arithmetic.js';
import { SUBFRAME } from './frame.js';

/** Smallest and largest lag, in samples. */
export const SHORTEST_LAG = 40;
export const LONGEST_LAG = 120;
/** Gain of each code, QLB (GSM 06.10 table 5.3b). */
export const GAINS = Int16Array.of(3277, 11_469, 21_299, 32_767);
/** Where one gain's code ends and the next begins, DLB (table 5.3a). */
const BOUNDS = Int16Array.of(6554, 16_384, 26_214);

/** The search runs on doubles, which hold its sums exactly (they stay below 2^31) and are the quicker ones to multiply here. */
const scaled = new Float64Array(SUBFRAME);
const past = new Float64Array(LONGEST_LAG);
/** What the last search found at its lag. */
let greatest = 0;

/** Lag with the greatest cross-correlation, of equals the shortest; `history` ends where the sub-frame begins, at `here`. */
function lagOf(history: Int16Array, here: number): number {
  for (let i = 0; i < LONGEST_LAG; i += 1) past[i] = history[here - LONGEST_LAG + i] as number;
  greatest = 0;
  let lag = SHORTEST_LAG;
  // Three lags at a time: their samples are the same but for one at each end. 81 lags are 27 times three.
  for (let first = SHORTEST_LAG; first <= LONGEST_LAG; first += 3) {
    const start = LONGEST_LAG - first;
    let one = 0;
    let two = 0;
    let three = 0;
    let before = past[start - 1] as number;
    let beforeThat = past[start - 2] as number;
    for (let i = 0; i < SUBFRAME; i += 1) {
      const value = past[start + i] as number;
      const factor = scaled[i] as number;
      one += factor * value;
      two += factor * before;
      three += factor * beforeThat;
      beforeThat = before;
      before = value;
    }
    if (one > greatest) {
      greatest = one;
      lag = first;
    }
    if (two > greatest) {
      greatest = two;
      lag = first + 1;
    }
    if (three > greatest) {
      greatest = three;
      lag = first + 2;
    }
  }
  return lag;
}

/**
 * Lag and gain of a sub-frame (5.2.11).
 *
 * @param d - short-term residual, the sub-frame from `from` on
 * @param history - reconstructed residual, at least 120 values before `here`
 * @returns the lag, and the gain's code in the two bits above its seven
 */
export function lagAndGain(
  d: Int16Array,
  from: number,
  at: { readonly history: Int16Array; readonly here: number },
): number {
  const { history, here } = at;
  let most = 0;
  for (let i = 0; i < SUBFRAME; i += 1) {
    const size = magnitude(d[from + i] as number);
    if (size > most) most = size;
  }
  const norm = most === 0 ? 0 : normOf(most << 16);
  const shift = norm > 6 ? 0 : 6 - norm;
  for (let i = 0; i < SUBFRAME; i += 1) scaled[i] = (d[from + i] as number) >> shift;
  const lag = lagOf(history, here);
  const correlation = (greatest << 1) >> (6 - shift);
  if (correlation <= 0) return lag;
  let power = 0;
  for (let i = 0; i < SUBFRAME; i += 1) {
    const value = (history[here - lag + i] as number) >> 3;
    power += value * value;
  }
  power <<= 1;
  if (correlation >= power) return lag | (3 << 7);
  const up = normOf(power);
  const r = (correlation << up) >> 16;
  const s = (power << up) >> 16;
  let gain = 0;
  while (gain < 3 && r > multiply(s, BOUNDS[gain] as number)) gain += 1;
  return lag | (gain << 7);
}
