/** Each byte as a chunk of its own. */
export function bytewise(bytes: Uint8Array): Uint8Array[] {
  return inPieces(bytes, 1);
}

/** Pieces of `size` bytes; the last may be shorter. */
export function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
}

/** All parts in one. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A piece over and over, until at least `bytes` are reached. */
export function repeat(piece: Uint8Array, bytes: number): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes / piece.length) * piece.length);
  for (let at = 0; at < whole.length; at += piece.length) whole.set(piece, at);
  return whole;
}
