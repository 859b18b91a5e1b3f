import type { IvrGraph } from '../contract/index.js';

/**
 * The version of a flow that names none: a hash of all of it but the version itself. The same flow has the same version, however it was
 * written and in whatever order its fields stand. 16 hexadecimal digits of FNV-1a (64 bit) over its canonical JSON: it tells versions
 * apart, it does not protect against anybody.
 */
export function contentVersion(graph: Omit<IvrGraph, 'version'>): string {
  const { format, id, languages, start, nodes, prompts } = graph;
  return fnv1a64(canonicalJson({ format, id, languages, start, nodes, prompts }));
}

/** JSON with the keys of every object in the order of their code units, and without what is `undefined`. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}

// Offset basis and prime of the 64-bit FNV-1a hash; the prime in two halves: 2^40 + 0x1b3.
const BASIS_HIGH = 0xcbf29ce4;
const BASIS_LOW = 0x84222325;
const PRIME_LOW = 0x1b3;

function fnv1a64(text: string): string {
  let high = BASIS_HIGH;
  let low = BASIS_LOW;
  const mix = (byte: number): void => {
    low = (low ^ byte) >>> 0;
    // (high * 2^32 + low) * (2^40 + 0x1b3) modulo 2^64, where high * 2^72 falls out.
    const product = low * PRIME_LOW;
    high = (Math.imul(high, PRIME_LOW) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
    low = product >>> 0;
  };
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    mix(unit & 0xff);
    mix(unit >>> 8);
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
