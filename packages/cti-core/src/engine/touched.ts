/** Above so many members they are found by a set, below by looking at each. */
const FEW = 16;

/**
 * What an input has touched, each once, in the order in which it came. Nearly always one or two: a list whose places are used again costs
 * a sixth of a `Set`, which makes a new table whenever it runs empty.
 */
export class Touched<T> {
  private readonly items: (T | undefined)[] = [];
  /** Members stand from `head` up to `end`. */
  private head = 0;
  private end = 0;
  private many: Set<T> | undefined;

  /** How many there are. */
  get size(): number {
    return this.end - this.head;
  }

  /** Puts one at the end, unless it is there. */
  add(item: T): void {
    if (this.many !== undefined) {
      if (this.many.has(item)) return;
      this.many.add(item);
    } else if (this.indexOf(item) >= 0) return;
    else if (this.size >= FEW) this.many = new Set(this.all()).add(item);
    this.items[this.end] = item;
    this.end += 1;
  }

  /** Takes the first one out; `undefined` when there is none. What is added again stands at the end. */
  take(): T | undefined {
    if (this.head === this.end) return undefined;
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head += 1;
    if (item !== undefined) this.many?.delete(item);
    if (this.head === this.end) this.restart();
    return item;
  }

  /** Takes all out, in order. */
  takeAll(): readonly T[] {
    const all = this.all();
    for (let at = this.head; at < this.end; at += 1) this.items[at] = undefined;
    this.restart();
    return all;
  }

  /** Takes one out, wherever it stands. */
  delete(item: T): void {
    const at = this.indexOf(item);
    if (at < 0) return;
    this.items.copyWithin(at, at + 1, this.end);
    this.end -= 1;
    this.items[this.end] = undefined;
    this.many?.delete(item);
    if (this.head === this.end) this.restart();
  }

  /** All of them, in order. */
  all(): readonly T[] {
    const all: T[] = [];
    for (let at = this.head; at < this.end; at += 1) {
      const item = this.items[at];
      if (item !== undefined) all.push(item);
    }
    return all;
  }

  private indexOf(item: T): number {
    for (let at = this.head; at < this.end; at += 1) if (this.items[at] === item) return at;
    return -1;
  }

  private restart(): void {
    this.head = 0;
    this.end = 0;
    this.many = undefined;
  }
}
