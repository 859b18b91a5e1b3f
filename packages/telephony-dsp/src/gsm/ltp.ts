import { magnitude, multiply, normOf } from './arithmetic.js';
import { SUBFRAME } from './frame.js';

/** Smallest and largest lag, in samples. */
export const SHORTEST_LAG = 40;
export const LONGEST_LAG = 120;
/** Gain of each code, QLB (GSM 06.10 table 5.3b). */
export const GAINS = Int16Array.of(3277, 11_469, 21_299, 32_767);
/** Where one gain's code ends and the next begins, DLB (table 5.3a). */
const BOUNDS = Int16Array.of(6554, 16_384, 26_214);

const scaled = new Int32Array(SUBFRAME);
/** What the last search found at its lag. */
let greatest = 0;

/** Lag with the greatest cross-correlation, of equals the shortest; `history` ends where the sub-frame begins, at `here`. */
function lagOf(history: Int16Array, here: number): number {
  let best = 0;
  let lag = SHORTEST_LAG;
  for (let candidate = SHORTEST_LAG; candidate <= LONGEST_LAG; candidate += 1) {
    const start = here - candidate;
    let sum = 0;
    for (let i = 0; i < SUBFRAME; i += 4) {
      sum =
        (sum +
          Math.imul(scaled[i] as number, history[start + i] as number) +
          Math.imul(scaled[i + 1] as number, history[start + i + 1] as number) +
          Math.imul(scaled[i + 2] as number, history[start + i + 2] as number) +
          Math.imul(scaled[i + 3] as number, history[start + i + 3] as number)) |
        0;
    }
    if (sum > best) {
      best = sum;
      lag = candidate;
    }
  }
  greatest = best;
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
