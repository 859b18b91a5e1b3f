import { divide, magnitude, multiply, multiplyRounded, normOf, saturate } from './arithmetic.js';
import { GSM_FRAME_SAMPLES } from './frame.js';
import { LAR_LOWEST, LAR_OFFSET } from './lar.js';

/** Factor A (GSM 06.10 table 5.1). */
const FACTOR = Int16Array.of(20_480, 20_480, 20_480, 20_480, 13_964, 15_360, 8534, 9036);
const correlation = new Int32Array(9);
const p = new Int16Array(9);
const k = new Int16Array(9);
const reflection = new Int16Array(8);

/** Autocorrelation (5.2.4). The samples come back as coarse as the scaling made them, as the standard has it. */
function autocorrelate(s: Int16Array): void {
  let most = 0;
  for (let i = 0; i < GSM_FRAME_SAMPLES; i += 1) {
    const size = magnitude(s[i] as number);
    if (size > most) most = size;
  }
  const scale = most === 0 ? 0 : 4 - normOf(most << 16);
  if (scale > 0) {
    const factor = 16_384 >> (scale - 1);
    for (let i = 0; i < GSM_FRAME_SAMPLES; i += 1) s[i] = multiplyRounded(s[i] as number, factor);
  }
  for (let lag = 0; lag <= 8; lag += 1) {
    let sum = 0;
    for (let i = lag; i < GSM_FRAME_SAMPLES; i += 1) sum += Math.imul(s[i] as number, s[i - lag] as number);
    correlation[lag] = sum << 1;
  }
  if (scale > 0) for (let i = 0; i < GSM_FRAME_SAMPLES; i += 1) s[i] = (s[i] as number) << scale;
}

/** Reflection coefficients by the Schur recursion (5.2.5). */
function reflect(): void {
  reflection.fill(0);
  const energy = correlation[0] as number;
  if (energy === 0) return;
  const shift = normOf(energy);
  for (let i = 0; i <= 8; i += 1) p[i] = ((correlation[i] as number) << shift) >> 16;
  for (let i = 1; i <= 7; i += 1) k[i] = p[i] as number;
  for (let n = 1; n <= 8; n += 1) {
    const first = p[1] as number;
    const size = magnitude(first);
    const whole = p[0] as number;
    if (whole < size) return;
    // Both nothing: the recursion is at its end, and the standard's division gives 0.
    const quotient = size === 0 ? 0 : divide(size, whole);
    const r = first > 0 ? -quotient : quotient;
    reflection[n - 1] = r;
    if (n === 8) return;
    p[0] = saturate(whole + multiplyRounded(first, r));
    for (let m = 1; m <= 8 - n; m += 1) {
      const next = p[m + 1] as number;
      const other = k[m] as number;
      p[m] = saturate(next + multiplyRounded(other, r));
      k[m] = saturate(other + multiplyRounded(next, r));
    }
  }
}

/** Linear prediction of a frame: codes of the log-area ratios (5.2.4 to 5.2.7). Changes `s` as the standard does. */
export function encodeLar(s: Int16Array, codes: Uint8Array): void {
  autocorrelate(s);
  reflect();
  for (let i = 0; i < 8; i += 1) {
    const r = reflection[i] as number;
    const size = magnitude(r);
    const ratio = size < 22_118 ? size >> 1 : size < 31_130 ? size - 11_059 : (size - 26_112) << 2;
    const scaled = saturate(multiply(FACTOR[i] as number, r < 0 ? -ratio : ratio) + (LAR_OFFSET[i] as number));
    const lowest = LAR_LOWEST[i] as number;
    const code = (saturate(scaled + 256) >> 9) - lowest;
    const highest = -2 * lowest - 1;
    codes[i] = Math.max(0, Math.min(highest, code));
  }
}
