/** One byte of ITU-T G.711 as a 16-bit sample. */
const ULAW = Int16Array.from({ length: 256 }, (_, byte) => decodeUlaw(byte));
const ALAW = Int16Array.from({ length: 256 }, (_, byte) => decodeAlaw(byte));

/** Samples of µ-law. */
export function fromUlaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, (byte) => ULAW[byte] ?? 0);
}

/** Samples of A-law. */
export function fromAlaw(bytes: Uint8Array): Int16Array {
  return Int16Array.from(bytes, (byte) => ALAW[byte] ?? 0);
}

/** G.711, table 2a: sign, exponent and mantissa, all bits inverted; 14-bit values, here shifted to 16. */
function decodeUlaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

/** G.711, table 1a: even bits inverted; 13-bit values, here shifted to 16. */
function decodeAlaw(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}
