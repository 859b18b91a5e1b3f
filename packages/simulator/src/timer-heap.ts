/** What stands in a {@link TimerHeap}. */
export interface Due {
  readonly dueMs: number;
  /** Of those due at the same time the lower one is first. */
  readonly order: number;
  /** Absent when it is cancelled. */
  readonly work: unknown;
}

/** A binary heap: the first one due stands on top. */
export class TimerHeap<T extends Due> {
  #items: T[] = [];

  /** The first one due, cancelled or not. */
  get top(): T | undefined {
    return this.#items[0];
  }

  /** Puts one in. */
  push(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1, item);
  }

  /** Takes the top out. The hole goes down to a leaf along the earlier children, then what stood last rises from there: it rarely rises far. */
  pop(): void {
    const items = this.#items;
    const last = items.pop();
    const size = items.length;
    if (last === undefined || size === 0) return;
    let index = 0;
    for (let child = 1; child < size; child = 2 * index + 1) {
      let least = items[child] ?? last;
      const right = child + 1 < size ? items[child + 1] : undefined;
      if (right !== undefined && isBefore(right, least)) {
        child++;
        least = right;
      }
      items[index] = least;
      index = child;
    }
    this.#rise(index, last);
  }

  /** Puts the cancelled ones out, so that what is live lies close together: most timers are cancelled long before they are due. */
  sweep(): void {
    // A sorted list is a heap.
    this.#items = this.#items.filter(({ work }) => work !== undefined).sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #rise(from: number, item: T): void {
    const items = this.#items;
    let index = from;
    while (index > 0) {
      const up = (index - 1) >> 1;
      const parent = items[up];
      if (parent === undefined || !isBefore(item, parent)) break;
      items[index] = parent;
      index = up;
    }
    items[index] = item;
  }
}

/** Does `a` come first? */
export function isBefore(a: Due, b: Due): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
