import type { Clock, LinkDownReason } from '@cordboard/cti-core';
import type { FiasRecord, FiasRecordId, FiasValues } from '../fias/index.js';
import type { FiasTimings } from './timings.js';

/** What a role works with. */
export interface RoleHost {
  readonly clock: Clock;
  readonly timings: FiasTimings;
  /** Date and time of the hotel, for records that carry them. */
  readonly stamp: () => { readonly DA: string; readonly TI: string };
  /** Sends a record of the link itself; `taken` is called when the other side has it. */
  readonly say: (id: FiasRecordId, values: FiasValues, taken?: () => void) => void;
  /** Both sides are there and know of each other. */
  readonly alive: () => void;
  /** The other side began anew: it is not alive until `alive` is told again. */
  readonly again: () => void;
  /** The link is over. */
  readonly over: (reason: LinkDownReason) => void;
}

/** One side of the opening of a link: what it says and what it makes of what it hears. */
export interface FiasRole {
  /** Says the first word. */
  begin(): void;
  /** A record came. `mine`: it is of the link itself. `business`: it is to be delivered. */
  take(record: FiasRecord): 'mine' | 'business';
  /** Asks for a sign of life. */
  askAlive(): void;
  /** Ends its timers. */
  close(): void;
}

/** Within this time a LA is an answer to ours, and not answered itself: two sides that answer each other's answers never end. */
const LA_PAIR_MS = 5_000;

/** What both roles do about LA. */
export class AliveTalk {
  readonly #host: RoleHost;
  #saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(host: RoleHost) {
    this.#host = host;
  }

  /** Says LA; `taken` is called when the other side has it. */
  say(taken?: () => void): void {
    this.#saidAtMs = this.#host.clock.nowMs();
    this.#host.say('LA', this.#host.stamp(), taken);
  }

  /** LA came while the link is alive. */
  heard(): void {
    if (this.#host.clock.nowMs() - this.#saidAtMs > LA_PAIR_MS) this.say();
    else this.#saidAtMs = Number.NEGATIVE_INFINITY;
  }
}
