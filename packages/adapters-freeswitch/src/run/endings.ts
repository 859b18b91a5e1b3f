import type { Release } from '@cordboard/cti-core';
import type { Leg } from '../map/leg.js';
import type { CommandParts } from './commands.js';
import type { Kit } from './kit.js';

/** How long the end of a recording may take after its connection's end. */
const RECORDING_END_MS = 2_000;

/** How long the newcomer may take after the end of whom it has picked off: 20 ms on 1.11.2. */
const PICKED_OFF_MS = 1_000;

/** Connections whose channel has gone and whose end is not told yet: a recording is still being closed, or the engine carries out their phone's transfer. */
export class Endings {
  readonly #kit: Kit;
  readonly #parts: Pick<CommandParts, 'recordings'>;
  readonly #ending = new Map<Leg, { readonly release: Release; readonly cancel: () => void }>();

  constructor(kit: Kit, parts: Pick<CommandParts, 'recordings'>) {
    this.#kit = kit;
    this.#parts = parts;
    parts.recordings.onIdle(() => this.#tell());
  }

  get legs(): readonly Leg[] {
    return [...this.#ending.keys()];
  }

  /** Tells the end as soon as no recording hangs on it: nothing may follow. In a sync (`drop`) nothing is told: it is not in the snapshot. */
  end(leg: Leg, how: { readonly release: Release; readonly mode: 'tell' | 'drop' }): void {
    if (how.mode === 'drop') return this.#parts.recordings.giveUp(leg);
    const cancel = this.#kit.later(RECORDING_END_MS, () => this.#parts.recordings.giveUp(leg));
    this.#ending.set(leg, { release: how.release, cancel });
    this.#tell();
  }

  /** Its end waits for what the engine or the switch does next; when that does not come, it is an end like any other. */
  ghost(leg: Leg, waitsFor: 'engine' | 'switch'): void {
    const boundMs = waitsFor === 'engine' ? this.#kit.options.transferWait : PICKED_OFF_MS;
    this.#kit.later(boundMs, () => {
      const { gone } = leg;
      if (gone === undefined || this.#kit.model.leg(leg.id) !== leg) return;
      this.#kit.follow(this.#kit.model.end(leg, gone));
    });
  }

  /** The link is down: the snapshot decides. */
  clear(): void {
    for (const { cancel } of this.#ending.values()) cancel();
    this.#ending.clear();
  }

  #tell(): void {
    for (const [leg, { release, cancel }] of [...this.#ending]) {
      if (this.#parts.recordings.isRecording(leg)) continue;
      this.#ending.delete(leg);
      cancel();
      this.#kit.emit({ type: 'cleared', connectionId: leg.connectionId, release });
    }
  }
}
