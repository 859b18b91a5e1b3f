import type { KtsMessage, MessageOf } from '../wire/kts/index.js';

/** Last known state of everything on a PBX. */
export interface BoardState {
  readonly lines: ReadonlyMap<number, MessageOf<'lineState'>>;
  readonly exts: ReadonlyMap<string, MessageOf<'extState'>>;
  readonly slots: ReadonlyMap<number, MessageOf<'parkState'>>;
}

/**
 * Builds the state of a PBX from a snapshot and the events of the time of asking, which come in one order: the last word about a device counts.
 * What a finished snapshot did not name does not exist.
 */
export class Board implements BoardState {
  readonly lines = new Map<number, MessageOf<'lineState'>>();
  readonly exts = new Map<string, MessageOf<'extState'>>();
  readonly slots = new Map<number, MessageOf<'parkState'>>();
  #epoch: number | undefined;
  #named = new Set<string>();

  /** Takes one message. `synced`: it was the end of the snapshot under way. */
  take(message: KtsMessage): 'synced' | undefined {
    switch (message.type) {
      case 'snapshot':
        this.#begin(message);
        return undefined;
      case 'lineState':
        this.lines.set(message.line, message);
        this.#named.add(`l${message.line}`);
        return undefined;
      case 'extState':
        this.exts.set(message.ext, message);
        this.#named.add(`x${message.ext}`);
        return undefined;
      case 'parkState':
        this.slots.set(message.slot, message);
        this.#named.add(`s${message.slot}`);
        return undefined;
      case 'snapshotEnd':
        return message.epoch === this.#epoch ? this.#end() : undefined;
      default:
        return undefined;
    }
  }

  #begin({ epoch, idleExt = [], idleLine = [] }: MessageOf<'snapshot'>): void {
    this.#epoch = epoch;
    this.#named = new Set();
    for (const ext of idleExt) this.take({ type: 'extState', ext, extState: 'idle', epoch });
    for (const line of idleLine) this.take({ type: 'lineState', line, lineState: 'idle', epoch });
  }

  #end(): 'synced' {
    this.#epoch = undefined;
    for (const line of this.lines.keys()) if (!this.#named.has(`l${line}`)) this.lines.delete(line);
    for (const ext of this.exts.keys()) if (!this.#named.has(`x${ext}`)) this.exts.delete(ext);
    for (const slot of this.slots.keys()) if (!this.#named.has(`s${slot}`)) this.slots.delete(slot);
    return 'synced';
  }
}
