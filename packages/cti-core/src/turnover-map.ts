/** The members move after so many have gone, and no sooner than as many have gone as there are. */
const MOVE_AFTER = 256;

/**
 * A map of what comes and goes: calls, timers, commands under way. What is put in costs O(1) in the mean, as does what is taken out.
 *
 * A `Map` makes a new table whenever one has been filled or has run empty, and the old one goes on to name the new one and all that stood in it, for the
 * sake of iterators (V8, ordered-hash-table.cc, `SetNextTable`). Once one old table has been moved to the old generation, each later one and each member
 * follows it there until the next full collection, however short its life was. Here the members move from time to time to a map
 * that nothing older names.
 */
export class TurnoverMap<K extends string, V extends NonNullable<unknown>> {
  private places = new Map<K, V>();
  /** Since they moved last. */
  private gone = 0;

  /** @param entries - what is in it at first */
  constructor(entries: Iterable<readonly [K, V]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  /** How many are in it. */
  get size(): number {
    return this.places.size;
  }

  /** Is there one of this key? */
  has(key: K): boolean {
    return this.places.has(key);
  }

  /** The one of this key; `undefined` when there is none. */
  get(key: K): V | undefined {
    return this.places.get(key);
  }

  /** Puts one in, or in the place of the one with this key. */
  set(key: K, value: V): this {
    this.places.set(key, value);
    return this;
  }

  /** Takes one out. @returns whether it was there */
  delete(key: K): boolean {
    const { places } = this;
    if (!places.delete(key)) return false;
    this.gone += 1;
    if (this.gone > MOVE_AFTER && this.gone > places.size) this.move();
    return true;
  }

  /** Takes all out. */
  clear(): void {
    this.places = new Map();
    this.gone = 0;
  }

  /** The keys, in the order in which they came. As with a `Map`, what goes before its turn is left out, and what comes meanwhile has its turn. */
  *keys(): IterableIterator<K> {
    for (const [key] of this) yield key;
  }

  /** The members, in the order of {@link keys}. */
  *values(): IterableIterator<V> {
    for (const [, value] of this) yield value;
  }

  /** Keys and members, in the order of {@link keys}. */
  *[Symbol.iterator](): IterableIterator<[K, V]> {
    for (let seen: ReadonlyMap<K, unknown> | undefined, places = this.places; ; seen = places, places = this.places) {
      for (const key of places.keys()) {
        const value = seen?.has(key) === true ? undefined : this.places.get(key);
        if (value !== undefined) yield [key, value];
      }
      // They have moved meanwhile: what came after that stands only where they are now.
      if (places === this.places) return;
    }
  }

  private move(): void {
    const places = new Map<K, V>();
    this.places.forEach((value, key) => {
      places.set(key, value);
    });
    this.places = places;
    this.gone = 0;
  }
}
