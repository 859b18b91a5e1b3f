/** A-law byte of each 16-bit sample, by the rule of ITU-T G.711 (and of the reference code G.191): even bits inverted, sign bit 1 for positive. */
export function linearToAlaw(sample: number): number {
  // 12 bits of magnitude, one's complement for negative numbers.
  let magnitude = (sample < 0 ? ~sample : sample) >> 4;
  let segment = 0;
  if (magnitude > 15) {
    segment = 1;
    while (magnitude > 31) {
      magnitude >>= 1;
      segment += 1;
    }
    magnitude -= 16;
  }
  return ((segment << 4) | magnitude | (sample < 0 ? 0 : 0x80)) ^ 0x55;
}

function expand(byte: number): number {
  const code = byte ^ 0x55;
  const segment = (code >> 4) & 7;
  const step = (((code & 15) + (segment > 0 ? 16 : 0)) << 4) + 8;
  const magnitude = segment > 1 ? step << (segment - 1) : step;
  return byte & 0x80 ? magnitude : -magnitude;
}

const table = Int16Array.from({ length: 256 }, (_, byte) => expand(byte));

/** The 16-bit sample that an A-law byte stands for (G.711); 13 bits, left-justified. Only the low 8 bits of `byte` count. */
export const alawToLinear = (byte: number): number => table[byte & 255] as number;

/**
 * Samples to A-law bytes.
 *
 * @param out - where the bytes go, from its start
 * @throws {RangeError} when `out` is shorter than `samples`
 */
export function encodeAlaw(samples: Int16Array, out: Uint8Array = new Uint8Array(samples.length)): Uint8Array {
  if (out.length < samples.length) throw new RangeError('expected room for one byte a sample');
  for (let i = 0; i < samples.length; i += 1) out[i] = linearToAlaw(samples[i] as number);
  return out;
}

/**
 * A-law bytes to samples.
 *
 * @param out - where the samples go, from its start
 * @throws {RangeError} when `out` is shorter than `bytes`
 */
export function decodeAlaw(bytes: Uint8Array, out: Int16Array = new Int16Array(bytes.length)): Int16Array {
  if (out.length < bytes.length) throw new RangeError('expected room for one sample a byte');
  for (let i = 0; i < bytes.length; i += 1) out[i] = table[bytes[i] as number] as number;
  return out;
}
