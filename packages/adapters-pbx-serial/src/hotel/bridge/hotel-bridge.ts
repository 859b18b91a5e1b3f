import {
  type Clock,
  type HotelFacet,
  parseDeviceId,
  type RoomCommand,
  type RoomEvent,
  type SwitchId,
} from '@cordboard/cti-core';
import type { SmdrRecord } from '../../smdr/record.js';
import { type FiasRecord, fiasRecord } from '../fias/index.js';
import type { HotelLedger, Posting } from '../ledger/index.js';
import { FiasLink, type FiasLinkOptions } from '../link/index.js';
import { type LocalStamp, localClock, stampFields } from '../local-time.js';
import type { HotelEvent, HotelRecords } from '../record-file.js';
import type { Rooms } from '../rooms.js';
import { type ChargeRules, chargeOf, type NotCharged } from './charge.js';
import type { ClassTable, DeskResult } from './desk-words.js';
import { FrontDesk } from './front-desk.js';
import { Orders } from './orders.js';
import { Poster } from './poster.js';
import { Reporter } from './reporter.js';
import { WakeUps } from './wakes.js';

/** What a bridge tells whoever runs it. It holds no names and no dialled digits. */
export type HotelNotice =
  | { readonly kind: 'linkUp' }
  | { readonly kind: 'linkDown'; readonly reason: string }
  /** The hotel's system refused a charge for good; a person has to look. */
  | { readonly kind: 'chargeRefused'; readonly room: string; readonly sequence: number; readonly status: string }
  /** A charge was sent so often without an answer. It goes on. */
  | { readonly kind: 'chargeStuck'; readonly sequence: number; readonly times: number }
  /** The PBX did not do what the hotel's system asked. */
  | { readonly kind: 'commandRefused'; readonly command: RoomCommand['type']; readonly native: string }
  /** A record for a room that is not in the table, without a field that it needs, or a swap without any guest. */
  | {
      readonly kind: 'notUnderstood';
      readonly record: string;
      readonly why: 'unknownRoom' | 'incomplete' | 'emptySwap';
    }
  | { readonly kind: 'unreadable'; readonly bytes: number }
  /** Lines of the ledger that a crash or a disk has damaged. */
  | { readonly kind: 'ledgerDamaged'; readonly lines: number }
  /** The disk failed, or too much waits. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** What became of a call record. */
export type ChargeOutcome =
  /** It is on its way to the bill: it is on the disk, with its number. */
  | { readonly outcome: 'kept'; readonly sequence: number }
  /** It was handed in before. */
  | { readonly outcome: 'known'; readonly status: string }
  | { readonly outcome: 'none'; readonly why: NotCharged };

/** What a {@link HotelBridge} is made of. */
export interface HotelBridgeOptions {
  readonly clock: Clock;
  /** 0 <= x < 1; jitter of the link's back-off. */
  readonly random: () => number;
  readonly timeZone: string;
  readonly switchId: SwitchId;
  readonly pbx: HotelFacet;
  readonly rooms: Rooms;
  readonly ledger: HotelLedger;
  readonly link: Omit<FiasLinkOptions, 'clock' | 'random' | 'timeZone' | 'sink' | 'role'>;
  readonly classes: ClassTable;
  readonly charges: ChargeRules;
  readonly records?: HotelRecords;
  /** `ask`: DR after each time that the link comes up, so that both sides agree on who is in; `never`. */
  readonly resync: 'ask' | 'never';
  /** Wait for PA, ms. */
  readonly answerMs: number;
  /** Wait after `RY` and its like, ms. */
  readonly againMs: number;
  readonly told: (notice: HotelNotice) => void;
}

/** A swap that does not end holds charges no longer than this. */
const SWAP_MS = 10 * 60_000;

/** How a bridge stands. */
export interface HotelState {
  readonly link: 'up' | 'down';
  /** What waits: charges, reports for the hotel's system, commands for the PBX. */
  readonly waiting: { readonly postings: number; readonly reports: number; readonly orders: number };
}

/** Between a hotel's system and a PBX: check-in, room equipment, wake-up calls, charges. Inert until `start`. */
export class HotelBridge {
  readonly #options: HotelBridgeOptions;
  readonly #now: () => LocalStamp;
  readonly #link: FiasLink;
  readonly #desk: FrontDesk;
  readonly #poster: Poster;
  readonly #reporter: Reporter;
  readonly #orders: Orders;
  readonly #wakes: WakeUps;
  readonly #failed = (error: unknown): void => this.#options.told({ kind: 'failed', error });
  #unlisten: (() => void) | undefined;
  #cancelSwap: (() => void) | undefined;
  #stopped: Promise<void> | undefined;
  /** The last line of the record; those before it are through when it is. */
  #written: Promise<void> = Promise.resolve();

  constructor(options: HotelBridgeOptions) {
    const { clock, random, timeZone, ledger, pbx, rooms, switchId, classes, told, answerMs, againMs } = options;
    this.#options = options;
    const failed = this.#failed;
    this.#now = localClock(clock, timeZone);
    this.#desk = new FrontDesk({ rooms, switchId, classes, guests: ledger.guests });
    this.#link = new FiasLink({
      ...options.link,
      clock,
      random,
      timeZone,
      sink: {
        up: () => this.#up(),
        down: (reason) => this.#down(reason),
        record: (record) => this.#record(record),
        unreadable: (sample) => told({ kind: 'unreadable', bytes: sample.length }),
      },
    });
    this.#poster = new Poster({
      clock,
      ledger,
      link: this.#link,
      answerMs,
      againMs,
      failed,
      isHeld: () => this.#desk.isSwapping,
      settled: (posting, status) => this.#settled(posting, status),
      stuck: ({ sequence }, times) => told({ kind: 'chargeStuck', sequence, times }),
    });
    this.#reporter = new Reporter({ clock, ledger, link: this.#link, failed });
    this.#orders = new Orders({
      clock,
      ledger,
      pbx,
      failed,
      refused: (command, native) => this.#refused(command, native),
    });
    this.#wakes = new WakeUps({
      clock,
      ledger,
      rooms,
      switchId,
      now: this.#now,
      failed,
      order: (command) => this.#order(command),
      answer: (values) => {
        const kept = ledger.report('WA', values);
        this.#reporter.poke();
        return kept;
      },
    });
  }

  /** How it stands. */
  get state(): HotelState {
    return { link: this.#link.isUp ? 'up' : 'down', waiting: this.#options.ledger.waiting };
  }

  /** Begins: listens to the PBX and keeps the link. @throws {CtiError} `driver.started`, `driver.stopped` */
  start(): void {
    const { pbx, ledger, told } = this.#options;
    if (ledger.damaged > 0) told({ kind: 'ledgerDamaged', lines: ledger.damaged });
    this.#link.start();
    this.#unlisten = pbx.listen((event) => this.#event(event));
    this.#poster.start();
    this.#reporter.start();
    this.#orders.start();
    this.#wakes.start().catch(this.#failed);
  }

  /**
   * A call is over: what it costs goes to its room's bill. The promise resolves when that is on the disk; then it is posted once, whatever happens.
   *
   * @param key - what the record is known by for ever, such as store and number of the PBX; handed in again it is not charged again
   * @throws {CtiError} `server.busy` when 100,000 charges wait; rejects with what the disk says. Then nothing was kept: hand it in again.
   */
  async charge(record: SmdrRecord, key: string): Promise<ChargeOutcome> {
    const { charges: rules, rooms, ledger } = this.#options;
    const at = this.#now();
    const charge = chargeOf(record, { rules, rooms, at });
    const { durationMs, extension } = record;
    const about = {
      at: record.start ?? at,
      ...(extension === undefined ? {} : { extension }),
      ...(durationMs === undefined ? {} : { durationMs }),
    };
    if (charge.outcome === 'none') {
      const { room, why } = charge;
      if (room !== undefined) this.#write({ ...about, event: 'call', room, status: why });
      return { outcome: 'none', why };
    }
    const { room, amount, values } = charge;
    const posting = await ledger.post(key, values);
    if (posting === undefined) return { outcome: 'known', status: ledger.statusOf(key) ?? 'waiting' };
    const { sequence } = posting;
    const number = values.DD === undefined ? {} : { number: values.DD };
    this.#write({ ...about, event: 'charge', room, amount, sequence, ...number });
    this.#poster.poke();
    return { outcome: 'kept', sequence };
  }

  /** Ends the link, in order, and everything that waits; what is not through stays in the ledger, which is closed. May be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#unlisten?.();
    this.#cancelSwap?.();
    this.#wakes.stop();
    await this.#link.stop();
    await Promise.all([this.#poster.stop(), this.#reporter.stop(), this.#orders.stop()]);
    await Promise.all([this.#options.ledger.close(), this.#written]);
  }

  #up(): void {
    const { told, resync } = this.#options;
    told({ kind: 'linkUp' });
    this.#poster.linkUp();
    this.#reporter.poke();
    // A link that is lost meanwhile asks when it is up again.
    if (resync === 'ask') this.#link.send(fiasRecord('DR', stampFields(this.#now()))).catch(() => undefined);
  }

  #down(reason: string): void {
    this.#endSwap();
    this.#options.told({ kind: 'linkDown', reason });
  }

  #endSwap(): void {
    this.#cancelSwap?.();
    this.#cancelSwap = undefined;
    this.#desk.interrupted();
    this.#poster.poke();
  }

  #record(record: FiasRecord): void {
    const result = this.#desk.take(record);
    if (record.id === 'DS') {
      this.#cancelSwap?.();
      this.#cancelSwap = this.#options.clock.setTimer(SWAP_MS, () => this.#endSwap());
    }
    if (record.id === 'DE') this.#endSwap();
    if (record.id === 'PA' || record.id === 'NS' || record.id === 'NE') this.#poster.take(record);
    if (result.trouble !== undefined) {
      this.#options.told({ kind: 'notUnderstood', record: record.id, why: result.trouble });
    }
    this.#carryOut(result).catch(this.#failed);
  }

  /** All of it is in the ledger, in this order, before the next record is looked at. */
  async #carryOut({ commands, changed, awakeless = [], moved, wake, happened }: DeskResult): Promise<void> {
    const { ledger } = this.#options;
    const work: Promise<void>[] = [
      ...commands.map((command) => this.#order(command)),
      ...changed.map((room) => ledger.setGuests(room, this.#desk.guestsOf(room))),
      ...awakeless.map((room) => this.#wakes.forget(room)),
    ];
    if (moved !== undefined) work.push(this.#wakes.move(moved.from, moved.to));
    if (wake !== undefined) work.push(this.#wakes[wake.what](wake.room, wake.at));
    if (happened !== undefined) this.#write({ at: this.#now(), ...happened });
    await Promise.all(work);
  }

  #order(command: RoomCommand): Promise<void> {
    const kept = this.#options.ledger.order(command);
    this.#orders.poke();
    return kept;
  }

  #refused(command: RoomCommand, native: string): void {
    this.#options.told({ kind: 'commandRefused', command: command.type, native });
    const room = this.#roomOf(command.room);
    if (command.type === 'wakeUp' && room !== undefined) this.#wakes.refused(room, command.at).catch(this.#failed);
  }

  #event(event: RoomEvent): void {
    const room = this.#roomOf(event.room);
    if (room === undefined) return;
    if (event.type === 'wakeUp') {
      this.#write({ at: this.#now(), event: 'wakeUp', room, status: event.outcome });
      this.#wakes.happened(room, event.outcome).catch(this.#failed);
      return;
    }
    const values = this.#desk.report(event, room);
    if (values === undefined) return;
    this.#options.ledger.report('RE', values).catch(this.#failed);
    this.#reporter.poke();
  }

  #settled({ sequence, values }: Posting, status: string): void {
    const room = values.RN ?? '';
    this.#write({ at: this.#now(), event: 'answer', room, sequence, status });
    if (status !== 'OK') this.#options.told({ kind: 'chargeRefused', room, sequence, status });
  }

  #write(event: HotelEvent): void {
    const { records } = this.#options;
    if (records !== undefined) this.#written = records.append([event]).catch(this.#failed);
  }

  #roomOf(device: RoomEvent['room']): string | undefined {
    const parts = parseDeviceId(device);
    return parts?.kind === 'extension' ? this.#options.rooms.roomOf(parts.address) : undefined;
  }
}
