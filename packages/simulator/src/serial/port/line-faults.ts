import type { RandomStream } from '../../random.js';

/** What goes wrong on the way of the bytes, each by chance (0-1), alone or together. */
export interface ByteFaults {
  /** A byte is lost. */
  readonly drop?: number;
  /** One bit of a byte is turned. */
  readonly flip?: number;
  /** A byte comes twice. */
  readonly duplicate?: number;
  /** A byte that nobody sent comes before one. */
  readonly garbage?: number;
  /** Before a write nothing moves for `stallMs`. */
  readonly stall?: number;
  /** Default 1,000. */
  readonly stallMs?: number;
}

/** Faults of both directions; may be exchanged at any time. */
export interface LineFaults {
  readonly toHost?: ByteFaults;
  readonly toPbx?: ByteFaults;
}

/** What becomes of some bytes. */
export function spoil(bytes: Uint8Array, faults: ByteFaults | undefined, random: RandomStream): Uint8Array {
  if (faults === undefined) return bytes;
  const { drop = 0, flip = 0, duplicate = 0, garbage = 0 } = faults;
  const out: number[] = [];
  for (const byte of bytes) {
    if (garbage > 0 && random.chance(garbage)) out.push(random.int(0, 255));
    if (drop > 0 && random.chance(drop)) continue;
    const read = flip > 0 && random.chance(flip) ? byte ^ (1 << random.int(0, 7)) : byte;
    out.push(read);
    if (duplicate > 0 && random.chance(duplicate)) out.push(read);
  }
  return Uint8Array.from(out);
}
