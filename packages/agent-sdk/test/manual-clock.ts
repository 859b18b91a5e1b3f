import type { Clock } from '@cordboard/cti-core';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** Time that only a test moves. */
export class ManualClock implements Clock {
  readonly #timers = new Map<number, Timer>();
  #now = 0;
  #nextId = 1;

  nowMs(): number {
    return this.#now;
  }

  wallMs(): number {
    return 1_800_000_000_000 + this.#now;
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    const id = this.#nextId++;
    this.#timers.set(id, { dueMs: this.#now + Math.max(0, delayMs), callback });
    return () => this.#timers.delete(id);
  }

  /** Timers that are set. */
  get size(): number {
    return this.#timers.size;
  }

  /** Moves on by `byMs` and fires what falls due, in order. */
  advance(byMs: number): void {
    const until = this.#now + byMs;
    for (;;) {
      const next = [...this.#timers]
        .filter(([, timer]) => timer.dueMs <= until)
        .sort((a, b) => a[1].dueMs - b[1].dueMs)[0];
      if (next === undefined) break;
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, timer.dueMs);
      timer.callback();
    }
    this.#now = until;
  }
}
