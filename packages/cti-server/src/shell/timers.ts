import type { Clock, TimerId } from '@cordboard/cti-core';

interface Entry {
  readonly timerId: TimerId;
  readonly dueAtMs: number;
  readonly order: number;
}

/**
 * All timers of an engine in one heap under one timer of the host. Setting and cancelling cost the logarithm of their number.
 * Due times are on the journal's clock, which `nowMs` reads.
 */
export class EngineTimers {
  readonly #clock: Clock;
  readonly #nowMs: () => number;
  readonly #fire: (timerId: TimerId) => void;
  readonly #heap: Entry[] = [];
  readonly #live = new Map<TimerId, Entry>();
  #order = 0;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #cancelWake: (() => void) | undefined;
  #running: 'running' | 'held' = 'held';

  constructor(options: {
    readonly clock: Clock;
    readonly nowMs: () => number;
    readonly fire: (timerId: TimerId) => void;
  }) {
    this.#clock = options.clock;
    this.#nowMs = options.nowMs;
    this.#fire = options.fire;
  }

  /** Timers that are set. */
  get size(): number {
    return this.#live.size;
  }

  /** Begins to fire. Before that timers are only kept: a replay sets and cancels them without any firing. */
  start(): void {
    this.#running = 'running';
    this.#arm();
  }

  set(timerId: TimerId, dueAtMs: number): void {
    const entry = { timerId, dueAtMs, order: this.#order++ };
    this.#live.set(timerId, entry);
    this.#push(entry);
    this.#arm();
  }

  /** Cancelled timers stay in the heap until they reach its top, or until they outnumber the living. */
  cancel(timerId: TimerId): void {
    if (!this.#live.delete(timerId)) return;
    if (this.#heap.length > 64 && this.#heap.length > this.#live.size * 2) this.#rebuild();
  }

  /** Forgets all and never fires again. */
  stop(): void {
    this.#running = 'held';
    this.#live.clear();
    this.#heap.length = 0;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    if (this.#running === 'held') return;
    this.#dropDead();
    const top = this.#heap[0];
    if (top === undefined || top.dueAtMs >= this.#wakeAtMs) return;
    this.#cancelWake?.();
    this.#wakeAtMs = top.dueAtMs;
    this.#cancelWake = this.#clock.setTimer(Math.max(0, top.dueAtMs - this.#nowMs()), () => this.#wake());
  }

  #wake(): void {
    this.#cancelWake = undefined;
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#nowMs();
    for (;;) {
      this.#dropDead();
      const top = this.#heap[0];
      if (top === undefined || top.dueAtMs > nowMs) break;
      this.#pop();
      this.#live.delete(top.timerId);
      this.#fire(top.timerId);
    }
    this.#arm();
  }

  #dropDead(): void {
    for (let top = this.#heap[0]; top !== undefined && this.#live.get(top.timerId) !== top; top = this.#heap[0]) {
      this.#pop();
    }
  }

  #rebuild(): void {
    const living = [...this.#live.values()];
    this.#heap.length = 0;
    for (const entry of living) this.#push(entry);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
  }
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.order < b.order);
