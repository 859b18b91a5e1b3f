import type { Area } from './providers.js';

/** Most rows of a table. */
export const MAX_ROWS = 500_000;
/** Most digits of a beginning: with the leading mark it stays a whole number that is exact. */
const MAX_DIGITS = 12;
const MAX_WORD = 64;

/**
 * Areas by the beginning of a number, the longest one that fits. Rows are kept in flat arrays, one slot each, and areas once each: 500,000 rows take
 * about 13 MB.
 */
export class AreaTable {
  #keys = new Float64Array(1024);
  #areaOf = new Uint32Array(1024);
  #rows = 0;
  #longest = 0;
  readonly #areas: Area[] = [];
  readonly #areaIds = new Map<string, number>();

  /** Rows that are held. */
  get rows(): number {
    return this.#rows;
  }

  /** Adds a row; a later one of the same beginning takes its place. @returns `full` when the table has {@link MAX_ROWS} */
  add(digits: string, area: Area): 'added' | 'full' | 'invalid' {
    if (!/^\d{1,12}$/u.test(digits)) return 'invalid';
    const words = [area.province ?? '', area.city ?? '', area.carrier ?? ''];
    if (words.some((word) => word.length > MAX_WORD)) return 'invalid';
    if (this.#rows >= MAX_ROWS) return 'full';
    if ((this.#rows + 1) * 5 > this.#keys.length * 3) this.#grow();
    const slot = this.#slot(keyOf(digits));
    if (this.#keys[slot] === 0) this.#rows += 1;
    this.#keys[slot] = keyOf(digits);
    this.#areaOf[slot] = this.#idOf(words.join('\t'), area);
    this.#longest = Math.max(this.#longest, digits.length);
    return 'added';
  }

  /** The area of a number given as digits with the country code in front. */
  find(digits: string): Area | undefined {
    for (let length = Math.min(this.#longest, digits.length, MAX_DIGITS); length > 0; length--) {
      const slot = this.#slot(keyOf(digits.slice(0, length)));
      if (this.#keys[slot] !== 0) return this.#areas[this.#areaOf[slot] ?? 0];
    }
    return undefined;
  }

  #idOf(words: string, area: Area): number {
    const known = this.#areaIds.get(words);
    if (known !== undefined) return known;
    const id = this.#areas.push(area) - 1;
    this.#areaIds.set(words, id);
    return id;
  }

  /** Where a key is, or would be. */
  #slot(key: number): number {
    const size = this.#keys.length;
    let at = (Math.imul(key % 2_147_483_647, 0x9e37_79b1) >>> 0) % size;
    while (this.#keys[at] !== 0 && this.#keys[at] !== key) at = (at + 1) % size;
    return at;
  }

  #grow(): void {
    const [keys, areaOf] = [this.#keys, this.#areaOf];
    this.#keys = new Float64Array(keys.length * 2);
    this.#areaOf = new Uint32Array(keys.length * 2);
    for (const [index, key] of keys.entries()) {
      if (key === 0) continue;
      const slot = this.#slot(key);
      this.#keys[slot] = key;
      this.#areaOf[slot] = areaOf[index] ?? 0;
    }
  }
}

/** Never 0, and different for `1` and `01`. */
const keyOf = (digits: string): number => Number(`1${digits}`);
