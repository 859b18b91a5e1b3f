import { DLE } from './codes.js';

/** Doubles each byte 0x10, as sound for a modem must be written. */
export function shield(bytes: Uint8Array): Uint8Array {
  let more = 0;
  for (const byte of bytes) if (byte === DLE) more += 1;
  if (more === 0) return bytes;
  const out = new Uint8Array(bytes.length + more);
  let at = 0;
  for (const byte of bytes) {
    out[at++] = byte;
    if (byte === DLE) out[at++] = DLE;
  }
  return out;
}

/** A shielded command within a stream, by its character or its number. */
export function dle(code: string | number): Uint8Array {
  return Uint8Array.of(DLE, typeof code === 'number' ? code : code.charCodeAt(0));
}
