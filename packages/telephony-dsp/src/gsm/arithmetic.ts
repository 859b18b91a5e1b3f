/** Arithmetic of GSM 06.10 section 5.1: 16-bit words in numbers, 32-bit accumulators, saturation where the standard has it. */

/** A 32-bit sum cut off at 16 bits. */
export const saturate = (value: number): number => Math.max(-32_768, Math.min(32_767, value));

/** Product of two fractions, rounded. -32768 by -32768 cannot occur where this is used. */
export const multiplyRounded = (a: number, b: number): number => (Math.imul(a, b) + 16_384) >> 15;

/** Product of two fractions, cut off. */
export const multiply = (a: number, b: number): number => Math.imul(a, b) >> 15;

/** Magnitude; that of -32768 is 32767. */
export const magnitude = (a: number): number => (a < 0 ? (a === -32_768 ? 32_767 : -a) : a);

/** Left shifts that bring a positive 32-bit number to 2^30 or above. */
export const normOf = (a: number): number => Math.clz32(a) - 1;

/** Fraction of 15 bits; `0 <= part <= whole`, `whole > 0`. */
export const divide = (part: number, whole: number): number =>
  part === whole ? 32_767 : Math.floor((part * 32_768) / whole);
