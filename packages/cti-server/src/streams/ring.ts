import type { EventText } from './event-text.js';

/** A published event as it is kept. */
export interface KeptEvent {
  readonly seq: number;
  readonly atWallMs: number;
  readonly text: EventText;
}

/** The latest events of one stream, for clients that come back. Holds at most `capacity`; the sequence has no hole. */
export class EventRing {
  readonly #capacity: number;
  #items: KeptEvent[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Number of the last event that was kept; 0 when none was. */
  get lastSeq(): number {
    return this.#items.at(-1)?.seq ?? 0;
  }

  /** Adds the next event. A hole in the numbers (never by a sound engine) empties the ring: better a reset than a silent gap. */
  push(item: KeptEvent): void {
    if (this.#items.length > 0 && item.seq !== this.lastSeq + 1) this.#items = [];
    this.#items.push(item);
    // Cutting in halves keeps the cost of each event constant.
    if (this.#items.length >= this.#capacity * 2) this.#items = this.#items.slice(-this.#capacity);
  }

  /** Events after `seq`, oldest first; `undefined` when some of them are gone or `seq` was never reached. */
  after(seq: number): readonly KeptEvent[] | undefined {
    const first = this.#items[0];
    if (first === undefined || seq > this.lastSeq || seq + 1 < first.seq) return undefined;
    return this.#items.slice(seq + 1 - first.seq);
  }
}
