import type { Clock } from '@cordboard/cti-core';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** Fewer cancelled timers than this are left where they are. */
const MAX_DEAD = 64;

/**
 * A discrete-event clock: time stands still while something runs and jumps to the next thing that is due. What is due at
 * the same time runs in the order in which it was set. Setting and taking cost
 * O(log n) of what is live, cancelling O(1) in the mean.
 */
export class Scheduler implements Clock {
  #heap: Entry[] = [];
  #wallAtZeroMs: number;
  #nowMs = 0;
  #order = 0;
  #live = 0;
  /** Cancelled ones that stand in the heap still. */
  #dead = 0;

  /** @param startWallMs - epoch ms at `nowMs() === 0` */
  constructor(startWallMs: number) {
    this.#wallAtZeroMs = startWallMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallAtZeroMs + this.#nowMs;
  }

  /** Somebody set the wall clock; the monotone one goes on. */
  jumpWall(byMs: number): void {
    this.#wallAtZeroMs += byMs;
  }

  /** Timers set and not yet run or cancelled. */
  get pending(): number {
    return this.#live;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const entry: Entry = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#push(entry);
    this.#live++;
    return () => {
      if (entry.callback === undefined) return;
      entry.callback = undefined;
      this.#live--;
      this.#dead++;
      if (this.#dead > MAX_DEAD && this.#dead > this.#live) this.#sweep();
    };
  }

  /** When the next thing is due; `undefined` when nothing is. */
  nextDueMs(): number | undefined {
    this.#dropCancelled();
    return this.#heap[0]?.dueMs;
  }

  /** Runs the next thing that is due at or before `limitMs`. @returns whether there was one; time moves to it, not to the limit */
  step(limitMs = Number.POSITIVE_INFINITY): boolean {
    this.#dropCancelled();
    const entry = this.#heap[0];
    if (entry === undefined || entry.dueMs > limitMs) return false;
    this.#pop();
    this.#nowMs = entry.dueMs;
    const { callback } = entry;
    entry.callback = undefined;
    this.#live--;
    callback?.();
    return true;
  }

  /** Runs all that falls due until `untilMs` and stands there. */
  runTo(untilMs: number): void {
    while (this.step(untilMs));
    if (untilMs > this.#nowMs) this.#nowMs = untilMs;
  }

  #dropCancelled(): void {
    while (this.#heap.length > 0 && this.#heap[0]?.callback === undefined) {
      this.#pop();
      this.#dead--;
    }
  }

  /** Puts the cancelled ones out, so that what is live lies close together: most timers are cancelled long before they are due. */
  #sweep(): void {
    // A sorted list is a heap.
    this.#heap = this.#heap.filter((entry) => entry.callback !== undefined).sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#dead = 0;
  }

  #push(entry: Entry): void {
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1, entry);
  }

  /** The hole goes down to a leaf along the earlier children, then what stood last rises from there: it rarely rises far. */
  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    const size = heap.length;
    if (last === undefined || size === 0) return;
    let index = 0;
    for (let child = 1; child < size; child = 2 * index + 1) {
      let least = heap[child] ?? last;
      const right = child + 1 < size ? heap[child + 1] : undefined;
      if (right !== undefined && isBefore(right, least)) {
        child++;
        least = right;
      }
      heap[index] = least;
      index = child;
    }
    this.#rise(index, last);
  }

  #rise(from: number, entry: Entry): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const up = (index - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[index] = parent;
      index = up;
    }
    heap[index] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
