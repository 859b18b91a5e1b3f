import type { Clock } from '@cordboard/cti-core';
import type { PbxMemory } from './memory.js';
import type { LocalMs } from './status.js';

/** The clock of a PBX: local time without a zone, that drifts, and that goes on while the power is off. */
export class PbxClock {
  readonly #clock: Clock;
  readonly #memory: PbxMemory;
  readonly #driftPpm: number;
  readonly #offsetMs: number;

  constructor(
    clock: Clock,
    memory: PbxMemory,
    how: { readonly clockAheadMs: number; readonly clockDriftPpm: number; readonly utcOffsetMinutes: number },
  ) {
    this.#clock = clock;
    this.#memory = memory;
    this.#driftPpm = how.clockDriftPpm;
    this.#offsetMs = how.utcOffsetMinutes * 60_000;
    if (memory.clockAheadMs === undefined) {
      memory.clockAheadMs = how.clockAheadMs;
      memory.clockSetAtMs = clock.wallMs();
    }
  }

  /** What it shows. */
  now(): LocalMs {
    return this.#clock.wallMs() + this.#offsetMs + this.aheadMs();
  }

  /** How far it is ahead of true local time. */
  aheadMs(): number {
    const sinceMs = this.#clock.wallMs() - this.#memory.clockSetAtMs;
    return (this.#memory.clockAheadMs ?? 0) + (sinceMs * this.#driftPpm) / 1e6;
  }

  /** Somebody sets it. */
  set(at: LocalMs): void {
    const wallMs = this.#clock.wallMs();
    this.#memory.clockAheadMs = at - (wallMs + this.#offsetMs);
    this.#memory.clockSetAtMs = wallMs;
  }
}
