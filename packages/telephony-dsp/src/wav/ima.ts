import { saturate } from '../gsm/arithmetic.js';

/** Step sizes and index changes of IMA ADPCM (IMA Digital Audio Focus Group, 1992). */
const STEPS = Int16Array.of(
  ...[7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107],
  ...[
    118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
  ],
  ...[1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894],
  ...[6484, 7132, 7845, 8630, 9493, 10_442, 11_487, 12_635, 13_899, 15_289, 16_818, 18_500, 20_350, 22_385, 24_623],
  ...[27_086, 29_794, 32_767],
);
const CHANGES = Int8Array.of(-1, -1, -1, -1, 2, 4, 6, 8);
const LAST = STEPS.length - 1;

/** One block of one channel. */
export interface ImaBlock {
  readonly bytes: DataView;
  /** Where the block begins. */
  readonly at: number;
  readonly channels: number;
  readonly channel: number;
  /** Samples of each channel in the block. */
  readonly samples: number;
}

/** Decodes one channel of one IMA ADPCM block of a WAV file into `out` from `to` on. */
export function decodeImaBlock(block: ImaBlock, out: Int16Array, to: number): void {
  const { bytes, at, channels, channel, samples } = block;
  let value = bytes.getInt16(at + 4 * channel, true);
  let index = Math.min(LAST, bytes.getUint8(at + 4 * channel + 2));
  out[to] = value;
  for (let n = 0; n < samples - 1; n += 1) {
    // Eight samples of one channel lie in four bytes, the low half of a byte first.
    const byte = bytes.getUint8(at + 4 * channels + (n >> 3) * 4 * channels + 4 * channel + ((n & 7) >> 1));
    const code = n & 1 ? byte >> 4 : byte & 15;
    const step = STEPS[index] as number;
    let change = step >> 3;
    if (code & 4) change += step;
    if (code & 2) change += step >> 1;
    if (code & 1) change += step >> 2;
    value += code & 8 ? -change : change;
    value = saturate(value);
    index = Math.max(0, Math.min(LAST, index + (CHANGES[code & 7] as number)));
    out[to + n + 1] = value;
  }
}
