/** A set of small whole numbers, as machine words. */
export type Bits = Uint32Array;

/** A set for numbers below `size`: empty, or with all of them. */
export function bitsOf(size: number, filled: 'empty' | 'full' = 'empty'): Bits {
  const bits = new Uint32Array((size + 31) >>> 5);
  return filled === 'full' ? bits.fill(0xffffffff) : bits;
}

/** Is the number in the set? */
export function has(bits: Bits, index: number): boolean {
  return ((bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

/** Puts a number in. */
export function add(bits: Bits, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
}

/** Takes a number out. */
export function remove(bits: Bits, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) & ~(1 << (index & 31));
}

/** How two ways that come together are joined: what holds on `both`, or on `either`. */
export type Join = 'both' | 'either';

/** Joins `from` into `into`; tells whether that changed it. */
export function joinInto(into: Bits, from: Bits, join: Join): 'changed' | 'same' {
  let changed = 0;
  for (let word = 0; word < into.length; word += 1) {
    const before = into[word] ?? 0;
    const after = (join === 'both' ? before & (from[word] ?? 0) : before | (from[word] ?? 0)) >>> 0;
    changed |= before ^ after;
    into[word] = after;
  }
  return changed === 0 ? 'same' : 'changed';
}

/** The numbers in a set, ascending. */
export function membersOf(bits: Bits): number[] {
  const found: number[] = [];
  for (let word = 0; word < bits.length; word += 1) {
    for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
      found.push(word * 32 + 31 - Math.clz32(rest & -rest));
    }
  }
  return found;
}
