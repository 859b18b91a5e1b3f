import { magnitude, multiply, multiplyRounded, saturate } from './arithmetic.js';
import { SUBFRAME } from './frame.js';

/** Inverse mantissa, NRFAC (GSM 06.10 table 5.5). */
const INVERSE_MANTISSA = Int16Array.of(29_128, 26_215, 23_832, 21_846, 20_165, 18_725, 17_476, 16_384);
/** Direct mantissa, FAC (table 5.6). */
const DIRECT_MANTISSA = Int16Array.of(18_431, 20_479, 22_527, 24_575, 26_623, 28_671, 30_719, 32_767);

/** Place of the block maximum in its code: exponent and mantissa (5.2.15), as `exponent * 8 + mantissa + 32` of each of the 64 codes. */
const SCALES = Uint8Array.from({ length: 64 }, (_, code) => {
  let exponent = code > 15 ? (code >> 3) - 1 : 0;
  let mantissa = code - (exponent << 3);
  if (mantissa === 0) return (-4 + 4) * 8 + 7;
  while (mantissa <= 7) {
    mantissa = (mantissa << 1) | 1;
    exponent -= 1;
  }
  return (exponent + 4) * 8 + mantissa - 8;
});

/** Pulses of a sub-frame to its excitation, at their grid (5.2.16, 5.2.17): `codes` from `at`: grid, block maximum, 13 pulses. */
export function decodePulses(codes: Uint8Array, at: number, excitation: Int16Array): void {
  const scale = SCALES[codes[at + 1] as number] as number;
  const factor = DIRECT_MANTISSA[scale & 7] as number;
  // 6 - exponent: 0 to 10.
  const shift = 10 - (scale >> 3);
  const half = shift === 0 ? 0 : 1 << (shift - 1);
  excitation.fill(0);
  let place = codes[at] as number;
  for (let i = 0; i < 13; i += 1) {
    const pulse = multiplyRounded(factor, (((codes[at + 2 + i] as number) << 1) - 7) << 12);
    excitation[place] = saturate(pulse + half) >> shift;
    place += 3;
  }
}

const weighted = new Int16Array(SUBFRAME);

/** The block filter (5.2.13) over a residual that has five zeros before and after it. */
function weigh(residual: Int16Array): void {
  for (let k = 0; k < SUBFRAME; k += 1) {
    const sum =
      4096 +
      ((residual[k] as number) + (residual[k + 10] as number)) * -134 +
      ((residual[k + 1] as number) + (residual[k + 9] as number)) * -374 +
      ((residual[k + 3] as number) + (residual[k + 7] as number)) * 2054 +
      ((residual[k + 4] as number) + (residual[k + 6] as number)) * 5741 +
      (residual[k + 5] as number) * 8192;
    weighted[k] = saturate(sum >> 13);
  }
}

/** The grid with most energy (5.2.14); of equals the first. */
function gridOf(): number {
  let most = -1;
  let grid = 0;
  for (let m = 0; m < 4; m += 1) {
    let energy = 0;
    for (let k = m; k < m + 39; k += 3) {
      const value = (weighted[k] as number) >> 2;
      energy += value * value;
    }
    if (energy > most) {
      most = energy;
      grid = m;
    }
  }
  return grid;
}

/** Code of the block maximum (5.2.15). */
function maximumCode(grid: number): number {
  let most = 0;
  for (let k = grid; k < grid + 39; k += 3) {
    const value = magnitude(weighted[k] as number);
    if (value > most) most = value;
  }
  let exponent = 0;
  for (let rest = most >> 9; rest > 0 && exponent < 6; rest >>= 1) exponent += 1;
  return (most >> (exponent + 5)) + (exponent << 3);
}

/**
 * Codes the long-term residual as 13 pulses (5.2.13 to 5.2.15).
 *
 * @param residual - 40 values with five zeros before and after them
 * @param codes - gets grid, block maximum and pulses from `at`
 */
export function encodePulses(residual: Int16Array, codes: Uint8Array, at: number): void {
  weigh(residual);
  const grid = gridOf();
  const maximum = maximumCode(grid);
  const scale = SCALES[maximum] as number;
  const factor = INVERSE_MANTISSA[scale & 7] as number;
  const shift = 10 - (scale >> 3);
  codes[at] = grid;
  codes[at + 1] = maximum;
  for (let i = 0; i < 13; i += 1) {
    const value = ((weighted[grid + 3 * i] as number) << (shift + 16)) >> 16;
    codes[at + 2 + i] = (multiply(value, factor) >> 12) + 4;
  }
}
