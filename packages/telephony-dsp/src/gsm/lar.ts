import { magnitude, multiplyRounded, saturate } from './arithmetic.js';

/** Offset, B, of the logarithmic area ratios (GSM 06.10 table 5.1). */
export const LAR_OFFSET = Int16Array.of(0, 0, 2048, -2560, 94, -1792, -341, -1144);
/** Smallest code, MIC (table 5.1). */
export const LAR_LOWEST = Int16Array.of(-32, -32, -16, -16, -8, -8, -4, -4);
/** Factor 1/A (table 5.2). */
const INVERSE = Int16Array.of(13_107, 13_107, 13_107, 13_107, 19_223, 17_476, 31_454, 29_708);

/** Decodes the coded log-area ratios (5.2.8). */
function decodeLar(codes: Uint8Array, lar: Int16Array): void {
  for (let i = 0; i < 8; i += 1) {
    const level = ((codes[i] as number) + (LAR_LOWEST[i] as number)) << 10;
    const term = multiplyRounded(INVERSE[i] as number, saturate(level - ((LAR_OFFSET[i] as number) << 1)));
    lar[i] = saturate(term + term);
  }
}

/** First sample of each stretch over which the ratios go from the last frame's to this one's (table 3.2), and the end. */
export const STRETCHES = Int16Array.of(0, 13, 27, 40, 160);

/** Ratios of the last frame and of this one, eight each. */
export class LarPair {
  before = new Int16Array(8);
  now = new Int16Array(8);

  /** Takes the next frame's codes. */
  take(codes: Uint8Array): void {
    const { before } = this;
    this.before = this.now;
    this.now = before;
    decodeLar(codes, before);
  }

  reset(): void {
    this.before.fill(0);
    this.now.fill(0);
  }
}

/** Ratios of one stretch (5.2.9.1), turned into reflection coefficients (5.2.9.2). */
export function reflectionOf(stretch: number, { before, now }: LarPair, reflection: Int16Array): void {
  for (let i = 0; i < 8; i += 1) {
    const last = before[i] as number;
    const next = now[i] as number;
    let lar = next;
    if (stretch === 0) lar = saturate(saturate((last >> 2) + (next >> 2)) + (last >> 1));
    else if (stretch === 1) lar = saturate((last >> 1) + (next >> 1));
    else if (stretch === 2) lar = saturate(saturate((last >> 2) + (next >> 2)) + (next >> 1));
    const size = magnitude(lar);
    const value = size < 11_059 ? size << 1 : size < 20_070 ? size + 11_059 : saturate((size >> 2) + 26_112);
    reflection[i] = lar < 0 ? -value : value;
  }
}
