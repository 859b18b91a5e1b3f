import type { LocalMs, PbxRecord } from './status.js';

/** A value of a parameter: a number, a flag, text or digits, a time of day in minutes (`null`: none), a bitmap. */
export type ParameterValue = number | boolean | string | null | Uint8Array;

/** A wake-up call. */
export interface Wake {
  readonly at: LocalMs;
  readonly daily: boolean;
}

/** What the hotel side of the PBX knows of a room. */
export interface Room {
  readonly occupied: boolean;
  /** Instead of the class of the parameters. */
  readonly classOfService?: number;
  readonly name?: string;
  /** 1-6, see docs/protocols/kts-1.md, section 14. */
  readonly status?: number;
}

/** What is kept of one port. */
export interface PortMemory {
  forward: string;
  lamp: boolean;
  wake: Wake | undefined;
  room: Room;
}

/** What the record of a running call would be if the power went now. */
export type RunningNote = Omit<PbxRecord, 'record' | 'more' | 'end' | 'estimated'>;

/** What outlives a loss of power: in a real PBX a chip with a battery. Hand the same one to the next PBX to go on from it. */
export class PbxMemory {
  /** Names this memory, 1 to 2^32-1. */
  readonly store: number;
  /** Names the start that it is in, 1 to 2^32-1: one more with each. */
  boot: number;
  /** Last id given to a call. */
  lastCall = 0;
  /** Number of the next record. */
  nextRecord = 1;
  /** Written and not yet forgotten, oldest first. */
  readonly records: PbxRecord[] = [];
  /** Calls that run: written as cut at the next start. */
  readonly running = new Map<object, RunningNote>();
  /** Values other than the factory's, by `item.place.field`. */
  readonly parameters = new Map<string, ParameterValue>();
  /** How far the PBX's clock is ahead of true local time, ms at `clockSetAtMs` of the scheduler's clock. */
  clockAheadMs: number | undefined;
  clockSetAtMs = 0;
  readonly #ports = new Map<number, PortMemory>();

  /** `boot` is that of the first start. */
  constructor({ store, boot }: { readonly store: number; readonly boot: number }) {
    this.store = store;
    this.boot = boot - 1;
  }

  /** What is kept of a port, made when it is first asked for. */
  port(port: number): PortMemory {
    let memory = this.#ports.get(port);
    if (memory === undefined) {
      memory = { forward: '', lamp: false, wake: undefined, room: { occupied: false } };
      this.#ports.set(port, memory);
    }
    return memory;
  }
}
