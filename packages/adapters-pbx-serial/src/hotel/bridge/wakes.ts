import { type Clock, deviceId, type RoomCommand, type SwitchId } from '@cordboard/cti-core';
import type { FiasValues } from '../fias/index.js';
import type { HotelLedger } from '../ledger/index.js';
import { type LocalStamp, stampFields } from '../local-time.js';
import type { Rooms } from '../rooms.js';

/** What {@link WakeUps} is made of. */
export interface WakeUpsOptions {
  readonly clock: Clock;
  readonly ledger: HotelLedger;
  readonly rooms: Rooms;
  readonly switchId: SwitchId;
  readonly now: () => LocalStamp;
  readonly order: (command: RoomCommand) => Promise<void>;
  /** WA for the hotel's system. */
  readonly answer: (values: FiasValues) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Answer statuses of WA. Source: public FIAS specification, answer status table. */
const STATUSES = { answered: 'OK', noAnswer: 'NR', busy: 'BY', unknown: 'UR' } as const;
/** So long after its time a wake-up call of which the PBX told nothing is told to have failed: somebody must knock. */
const GRACE_MS = 30 * 60_000;
/** The PBX's clock may be ahead by so much. */
const EARLY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** Wake-up calls of all rooms. A PBX keeps one for each room; more of them wait here, and the earliest is the PBX's. */
export class WakeUps {
  readonly #options: WakeUpsOptions;
  readonly #programmed = new Map<string, LocalStamp>();
  #cancel: (() => void) | undefined;

  constructor(options: WakeUpsOptions) {
    this.#options = options;
  }

  /** Hands the PBX what it should have, after a start. */
  async start(): Promise<void> {
    for (const room of this.#options.ledger.wakes.keys()) await this.#program(room);
    this.#watch();
  }

  /** Ends its timer. */
  stop(): void {
    this.#cancel?.();
  }

  /** A guest wants to be woken. One that is over already is answered at once. */
  async set(room: string, at: LocalStamp): Promise<void> {
    if (at <= this.#options.now()) return this.#answer({ room, at, outcome: 'unknown' });
    await this.#keep(room, [...new Set([...this.#of(room), at])]);
  }

  /** A guest no longer wants it. */
  async clear(room: string, at: LocalStamp): Promise<void> {
    await this.#keep(
      room,
      this.#of(room).filter((each) => each !== at),
    );
  }

  /** The PBX has ended all of a room by itself, at check-out. */
  async forget(room: string): Promise<void> {
    this.#programmed.delete(room);
    if (this.#of(room).length > 0) await this.#options.ledger.setWakes(room, []);
  }

  /** A guest takes them to another room. */
  async move(from: string, to: string): Promise<void> {
    const taken = this.#of(from);
    await this.forget(from);
    if (taken.length > 0) await this.#keep(to, [...new Set([...this.#of(to), ...taken])]);
  }

  /** The PBX tells what became of one. */
  async happened(room: string, outcome: keyof typeof STATUSES): Promise<void> {
    const at = this.#programmed.get(room) ?? this.#of(room)[0];
    // One that a guest has set at the telephone is none of the hotel's.
    if (at === undefined || Date.parse(`${at}Z`) - Date.parse(`${this.#options.now()}Z`) > EARLY_MS) return;
    this.#programmed.delete(room);
    await this.#answer({ room, at, outcome });
    await this.clear(room, at);
  }

  /** The PBX refused to keep one. */
  async refused(room: string, at: LocalStamp): Promise<void> {
    if (!this.#of(room).includes(at)) return;
    this.#programmed.delete(room);
    await this.#answer({ room, at, outcome: 'unknown' });
    await this.clear(room, at);
  }

  #of(room: string): readonly LocalStamp[] {
    return this.#options.ledger.wakes.get(room) ?? [];
  }

  async #keep(room: string, at: readonly LocalStamp[]): Promise<void> {
    await this.#options.ledger.setWakes(room, at);
    await this.#program(room);
    this.#watch();
  }

  async #program(room: string): Promise<void> {
    const { rooms, switchId, order, now } = this.#options;
    const [main] = rooms.extensionsOf(room);
    const next = this.#of(room).find((at) => at > now());
    const had = this.#programmed.get(room);
    if (main === undefined || next === had) return;
    const device = deviceId(switchId, 'extension', main);
    if (next === undefined) {
      this.#programmed.delete(room);
      return order({ type: 'wakeUpClear', room: device });
    }
    this.#programmed.set(room, next);
    await order({ type: 'wakeUp', room: device, at: next });
  }

  async #answer(what: {
    readonly room: string;
    readonly at: LocalStamp;
    readonly outcome: keyof typeof STATUSES;
  }): Promise<void> {
    await this.#options.answer({ RN: what.room, AS: STATUSES[what.outcome], ...stampFields(what.at) });
  }

  /** Looks after the earliest one. */
  #watch(): void {
    const { clock, ledger, now, failed } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    let earliest: LocalStamp | undefined;
    for (const [first] of ledger.wakes.values())
      if (first !== undefined && (earliest === undefined || first < earliest)) earliest = first;
    if (earliest === undefined) return;
    const dueMs = Date.parse(`${earliest}Z`) + GRACE_MS - Date.parse(`${now()}Z`);
    this.#cancel = clock.setTimer(Math.min(DAY_MS, Math.max(1_000, dueMs)), () => {
      this.#overdue().catch(failed);
    });
  }

  async #overdue(): Promise<void> {
    const { ledger, now } = this.#options;
    const nowMs = Date.parse(`${now()}Z`);
    const late = [...ledger.wakes].flatMap(([room, list]) =>
      list.filter((at) => Date.parse(`${at}Z`) + GRACE_MS <= nowMs).map((at) => ({ room, at })),
    );
    for (const { room, at } of late) await this.refused(room, at);
    this.#watch();
  }
}
