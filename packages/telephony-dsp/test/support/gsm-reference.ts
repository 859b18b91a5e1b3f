import { joined, noise, sine, speechLike, square } from './samples.js';

/** A signal with everything in it that the coder treats in ways of its own. */
export const mixed = joined(
  speechLike(16_000, { seed: 7 }),
  noise(8000, { peak: 32_767, seed: 8 }),
  new Int16Array(3200),
  square(8000, 333),
  sine(8000, 1004, { peak: 32_767 }),
);

/** What sox 14.4.2 with libgsm 1.0.22 makes of it: its blocks, and the samples that come back, hashed by FNV-1a. */
export const reference = { blocks: '4d107ea5', samples: '5a450d3e' } as const;

/** FNV-1a, 32 bits. */
export function hashOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16);
}
