/**
 * A set kept in rank order: an indexed binary heap. `add`, `delete` and replacing cost O(log n), `first` O(1),
 * `take(k)` O(k log k). The rank must be total (no two members equal), so that the order never depends on history.
 */
export class RankedSet<T> {
  private readonly heap: T[] = [];
  private readonly at = new Map<string, number>();
  private readonly before: (a: T, b: T) => boolean;
  private readonly keyOf: (item: T) => string;

  /**
   * @param keyOf - the identity of a member
   * @param before - does `a` come before `b`? Must not change for a member while it is in the set
   */
  constructor(keyOf: (item: T) => string, before: (a: T, b: T) => boolean) {
    this.keyOf = keyOf;
    this.before = before;
  }

  /** Members now. */
  get size(): number {
    return this.heap.length;
  }

  /** Is there a member of this identity? */
  has(key: string): boolean {
    return this.at.has(key);
  }

  /** The member of the first rank. */
  first(): T | undefined {
    return this.heap[0];
  }

  /** Adds a member; one with the same key is replaced. */
  add(item: T): void {
    const key = this.keyOf(item);
    if (this.at.has(key)) this.delete(key);
    this.heap.push(item);
    this.at.set(key, this.heap.length - 1);
    this.up(this.heap.length - 1);
  }

  /** Removes a member; nothing happens when it is not there. */
  delete(key: string): void {
    const index = this.at.get(key);
    if (index === undefined) return;
    this.at.delete(key);
    const last = this.heap.pop();
    if (last === undefined || index === this.heap.length) return;
    this.put(index, last);
    this.up(index);
    this.down(this.at.get(this.keyOf(last)) ?? index);
  }

  /** The first `count` members in rank order. */
  take(count: number): T[] {
    const found: T[] = [];
    const frontier: number[] = this.heap.length > 0 ? [0] : [];
    while (found.length < count && frontier.length > 0) {
      let best = 0;
      for (let i = 1; i < frontier.length; i += 1) {
        if (this.ranks(frontier[i] ?? 0, frontier[best] ?? 0)) best = i;
      }
      const index = frontier[best] ?? 0;
      frontier.splice(best, 1);
      const item = this.heap[index];
      if (item === undefined) break;
      found.push(item);
      for (const child of [2 * index + 1, 2 * index + 2]) if (child < this.heap.length) frontier.push(child);
    }
    return found;
  }

  private ranks(i: number, j: number): boolean {
    const a = this.heap[i];
    const b = this.heap[j];
    return a !== undefined && b !== undefined && this.before(a, b);
  }

  private put(index: number, item: T): void {
    this.heap[index] = item;
    this.at.set(this.keyOf(item), index);
  }

  private swap(i: number, j: number): void {
    const a = this.heap[i];
    const b = this.heap[j];
    if (a === undefined || b === undefined) return;
    this.put(i, b);
    this.put(j, a);
  }

  private up(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.ranks(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  private down(from: number): void {
    let index = from;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) if (this.ranks(child, least)) least = child;
      if (least === index) return;
      this.swap(index, least);
      index = least;
    }
  }
}
