/** What knows its place in a {@link Bag}. Only the bag writes it. */
export interface Bagged {
  at: number;
}

/** What is under way, in no order: putting in and taking out cost the same few steps however much there is, and no table is made for it. */
export class Bag<T extends Bagged> {
  readonly #items: T[] = [];

  /** How many are in it. */
  get size(): number {
    return this.#items.length;
  }

  /** Is it in? */
  has(item: T): boolean {
    return this.#items[item.at] === item;
  }

  /** Puts one in that is in no bag. @returns it */
  add<I extends T>(item: I): I {
    item.at = this.#items.length;
    this.#items.push(item);
    return item;
  }

  /** Takes one out; the last one takes its place. @returns whether it was in */
  delete(item: T): boolean {
    if (!this.has(item)) return false;
    const last = this.#items.pop();
    if (last === undefined || last === item) return true;
    this.#items[item.at] = last;
    last.at = item.at;
    return true;
  }

  /** Takes all out. */
  takeAll(): T[] {
    return this.#items.splice(0);
  }
}
