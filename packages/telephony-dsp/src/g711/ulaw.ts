/** What the rule adds so that each segment begins at a power of two (14-bit scale). */
const BIAS = 33;

/** mu-law byte of a 16-bit sample, by the rule of ITU-T G.711 (and of the reference code G.191): all bits inverted, sign bit 1 for positive. */
export function linearToUlaw(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + BIAS, 0x1fff);
  // 33..8191: the highest bit that is set tells the segment.
  const segment = 26 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (segment + 1)) & 15;
  return (~((segment << 4) | mantissa) & 0x7f) | (sample < 0 ? 0 : 0x80);
}

function expand(byte: number): number {
  const code = ~byte;
  const segment = (code >> 4) & 7;
  const magnitude = (((code & 15) * 2 + BIAS) << segment) - BIAS;
  return byte & 0x80 ? magnitude * 4 : -magnitude * 4;
}

const table = Int16Array.from({ length: 256 }, (_, byte) => expand(byte));

/** The 16-bit sample that a mu-law byte stands for (G.711); 14 bits, left-justified. Only the low 8 bits of `byte` count. */
export const ulawToLinear = (byte: number): number => table[byte & 255] as number;

/**
 * Samples to mu-law bytes.
 *
 * @param out - where the bytes go, from its start
 * @throws {RangeError} when `out` is shorter than `samples`
 */
export function encodeUlaw(samples: Int16Array, out: Uint8Array = new Uint8Array(samples.length)): Uint8Array {
  if (out.length < samples.length) throw new RangeError('expected room for one byte a sample');
  for (let i = 0; i < samples.length; i += 1) out[i] = linearToUlaw(samples[i] as number);
  return out;
}

/**
 * Mu-law bytes to samples.
 *
 * @param out - where the samples go, from its start
 * @throws {RangeError} when `out` is shorter than `bytes`
 */
export function decodeUlaw(bytes: Uint8Array, out: Int16Array = new Int16Array(bytes.length)): Int16Array {
  if (out.length < bytes.length) throw new RangeError('expected room for one sample a byte');
  for (let i = 0; i < bytes.length; i += 1) out[i] = table[bytes[i] as number] as number;
  return out;
}
