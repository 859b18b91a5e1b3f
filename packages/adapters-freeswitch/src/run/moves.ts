import type { Leg } from '../map/leg.js';

/** Lets commands wait until the switch has put a leg where it was sent: FreeSWITCH says `+OK` before it has begun. */
export class Moves {
  readonly #waiting = new Map<Leg, Set<() => void>>();

  /** The leg was moved, or has ended. */
  moved(leg: Leg): void {
    const waiting = this.#waiting.get(leg);
    if (waiting === undefined) return;
    for (const look of [...waiting]) look();
  }

  /** Everybody looks once more: the link is down. */
  end(): void {
    for (const waiting of [...this.#waiting.values()]) for (const look of [...waiting]) look();
    this.#waiting.clear();
  }

  /**
   * Waits until `there` holds, the leg ends, or the signal aborts.
   *
   * @returns whether it holds
   */
  until(leg: Leg, there: () => boolean, signal: AbortSignal): Promise<boolean> {
    if (there() || isOver(leg) || signal.aborted) return Promise.resolve(there());
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(leg) ?? new Set();
      this.#waiting.set(leg, waiting);
      const done = (): void => {
        waiting.delete(look);
        if (waiting.size === 0) this.#waiting.delete(leg);
        signal.removeEventListener('abort', done);
        resolve(there());
      };
      const look = (): void => {
        if (there() || isOver(leg)) done();
      };
      waiting.add(look);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

function isOver(leg: Leg): boolean {
  return leg.ending !== undefined || leg.gone !== undefined;
}
