import { TurnoverMap } from '../turnover-map.js';

/** A member, and where it stands. */
interface Place<T> {
  item: T;
  at: number;
}

/**
 * A set kept in rank order: an indexed binary heap. `add`, `delete` and replacing cost O(log n), `first` O(1),
 * `take(k)` O(k log k). The rank must be total (no two members equal), so that the order never depends on history.
 */
export class RankedSet<T> {
  private readonly heap: Place<T>[] = [];
  /** Each member knows where it stands: what it passes on its way is found again without being written into a table. */
  private readonly places = new TurnoverMap<string, Place<T>>();
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
    return this.places.has(key);
  }

  /** The member of the first rank. */
  first(): T | undefined {
    return this.heap[0]?.item;
  }

  /** Adds a member; one with the same key is replaced. */
  add(item: T): void {
    const key = this.keyOf(item);
    const known = this.places.get(key);
    if (known !== undefined) {
      known.item = item;
      this.settle(known.at, known);
      return;
    }
    const place: Place<T> = { item, at: this.heap.length };
    this.places.set(key, place);
    this.heap.push(place);
    this.up(place.at, place);
  }

  /** Removes a member; nothing happens when it is not there. */
  delete(key: string): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.places.delete(key);
    const last = this.heap.pop();
    if (last === undefined || last === place) return;
    this.settle(place.at, last);
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
      const place = this.heap[index];
      if (place === undefined) break;
      found.push(place.item);
      for (const child of [2 * index + 1, 2 * index + 2]) if (child < this.heap.length) frontier.push(child);
    }
    return found;
  }

  private ranks(i: number, j: number): boolean {
    const a = this.heap[i];
    const b = this.heap[j];
    return a !== undefined && b !== undefined && this.before(a.item, b.item);
  }

  /** Puts a member where another one stood, or itself with another rank, and from there to its place. */
  private settle(index: number, place: Place<T>): void {
    const above = index === 0 ? undefined : this.heap[(index - 1) >> 1];
    if (above !== undefined && this.before(place.item, above.item)) this.up(index, place);
    else this.down(index, place);
  }

  private put(index: number, place: Place<T>): void {
    this.heap[index] = place;
    place.at = index;
  }

  /** Finds the place of a member that may rank before those above it. What it passes moves down by one; itself it is put once. */
  private up(from: number, place: Place<T>): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || !this.before(place.item, above.item)) break;
      this.put(index, above);
      index = parent;
    }
    this.put(index, place);
  }

  /** As `up`, for one that may rank behind those below it. */
  private down(from: number, place: Place<T>): void {
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      let least = this.heap[child];
      if (least === undefined) break;
      const right = this.heap[child + 1];
      if (right !== undefined && this.before(right.item, least.item)) {
        least = right;
        child += 1;
      }
      if (!this.before(least.item, place.item)) break;
      this.put(index, least);
      index = child;
    }
    this.put(index, place);
  }
}
