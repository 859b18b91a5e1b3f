import {
  type Clock,
  CtiError,
  type FacetOptions,
  type HotelFacet,
  type RoomCommand,
  type RoomStatus,
  type SwitchId,
} from '@cordboard/cti-core';
import { type NecCommand, type NecModel, type NecReport, type NecRoomStatus, textOf } from '../wire/nec-pms/index.js';
import { NecLink, type NecLinkOptions } from './nec-link.js';
import { NEC_PMS } from './nec-pms.js';
import { notInThisLanguage, Rooms, unlessAborted } from './rooms.js';
import type { Transport } from './transport.js';

/** What a hotel link to a NEAX is made of. */
export interface NecHotelOptions {
  readonly switchId: SwitchId;
  /** Open already; the link owns it and destroys it. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** Rate of the line: see {@link NecLinkOptions}. */
  readonly baudRate?: NecLinkOptions['baudRate'];
  /** Family of messages that the PBX is set to. Default `60`. */
  readonly model?: NecModel;
  /** How long a no of the PBX is waited for after its line took an order, ms. 0-60,000; default 1,500: it says nothing where it carries one out. */
  readonly refusalMs?: number;
  readonly onRecord: (data: string) => void;
  readonly onDamaged?: (sample: Uint8Array) => void;
  /** The PBX answered a sign of life. `recover`: it asks for the whole state of the house. */
  readonly onAlive?: (recover: 'none' | 'wanted') => void;
  readonly onClosed?: () => void;
}

interface Known {
  cutOff: 'on' | 'off';
  doNotDisturb: 'on' | 'off';
  stay: 'vacant' | 'occupied' | 'unknown';
}

/** What a status of housekeeping is in the PBX's two digits. Source: NDA-30115 p. 69. */
const STATUS: Readonly<Record<RoomStatus, NecRoomStatus>> = {
  cleanVacant: { room: 0, cleaning: 2 },
  inspected: { room: 0, cleaning: 3 },
  dirtyVacant: { room: 0, cleaning: 0 },
  outOfOrder: { room: 0, cleaning: 4 },
  cleanOccupied: { room: 1, cleaning: 2 },
  dirtyOccupied: { room: 1, cleaning: 0 },
};
const WAKE = {
  answered: 'answered',
  busy: 'busy',
  noAnswer: 'noAnswer',
  blocked: 'noAnswer',
  attendant: 'unknown',
} as const;

/**
 * Rooms of a hotel on a NEC NEAX. What the public specification has no message for (classes of service, the body of a check-out of model 90) is refused with
 * `device.notSupported`; a check-out of model 90 is told by the status of its room, which the specification says does the same.
 */
export class NecHotel implements HotelFacet {
  readonly #options: NecHotelOptions;
  readonly #link: NecLink;
  readonly #rooms: Rooms;
  readonly #known = new Map<string, Known>();
  /** Orders whose refusal is waited for, by their text. */
  readonly #open = new Map<string, (error: CtiError) => void>();
  #stopBeat: () => void;

  constructor(options: NecHotelOptions) {
    this.#options = options;
    this.#rooms = new Rooms(options.switchId);
    const { onDamaged, baudRate } = options;
    this.#link = new NecLink({
      transport: options.transport,
      clock: options.clock,
      onRecord: options.onRecord,
      ...(onDamaged === undefined ? {} : { onDamaged }),
      ...(baudRate === undefined ? {} : { baudRate }),
      onReport: (report) => this.#take(report),
      onClosed: () => {
        this.#stopBeat();
        options.onClosed?.();
      },
    });
    this.#stopBeat = options.clock.setTimer(NEC_PMS.timings.heartbeatMs, () => this.#beat());
  }

  async carryOut(command: RoomCommand, { signal }: FacetOptions): Promise<void> {
    const extension = this.#rooms.extensionOf(command.room);
    const orders = this.#ordersOf(command, extension);
    for (const order of orders) await unlessAborted(this.#order(order), signal);
    this.#note(command, extension);
  }

  listen(listener: Parameters<HotelFacet['listen']>[0]): () => void {
    return this.#rooms.listen(listener);
  }

  /** Ends the link. May be called again. */
  close(): void {
    this.#link.close();
  }

  #beat(): void {
    this.#stopBeat = this.#options.clock.setTimer(NEC_PMS.timings.heartbeatMs, () => this.#beat());
    // A link that is busy is alive; one whose sign of life is not taken within all its repeats is not.
    if (this.#link.waiting === 0) this.#link.send(textOf({ type: 'nopTest' })).catch(() => this.close());
  }

  #ordersOf(command: RoomCommand, extension: string): readonly NecCommand[] {
    const { model = '60' } = this.#options;
    const known = this.#of(extension);
    switch (command.type) {
      case 'checkIn': {
        if (command.classOfService !== undefined) throw notInThisLanguage('classes of service');
        const { name } = command;
        if (model === '90') return [{ type: 'checkIn', extension, model, ...(name === undefined ? {} : { name }) }];
        const named: readonly NecCommand[] = name === undefined ? [] : [{ type: 'guestName', extension, name }];
        return [{ type: 'checkIn', extension, model }, ...named];
      }
      case 'checkOut':
        return model === '60'
          ? [{ type: 'checkOut', extension, model }]
          : [{ type: 'roomStatus', extension, status: STATUS.dirtyVacant }];
      case 'move':
        if (model === '90') throw notInThisLanguage('moves of model 90');
        return [{ type: 'roomMove', extension, to: this.#rooms.extensionOf(command.to) }];
      case 'wakeUp':
        if (command.repeat !== undefined) throw notInThisLanguage('a daily wake-up');
        return [{ type: 'wakeUp', extension, time: command.at.slice(11, 16) }];
      case 'wakeUpClear':
        return [{ type: 'wakeUpClear', extension }];
      case 'messageLamp':
        return [{ type: 'messageLamp', extension, mode: command.mode }];
      case 'doNotDisturb':
        return [{ type: 'restriction', extension, cutOff: known.cutOff, doNotDisturb: command.mode }];
      case 'name':
        return [{ type: 'guestName', extension, name: command.name }];
      case 'roomStatus':
        if (model === '60') throw notInThisLanguage('room states of model 60');
        return [{ type: 'roomStatus', extension, status: STATUS[command.status] }];
      default:
        throw notInThisLanguage(command.type);
    }
  }

  async #order(command: NecCommand): Promise<void> {
    const text = textOf(command);
    const key = `${text.feature}${text.function}${text.body}`;
    const { clock, refusalMs = 1_500 } = this.#options;
    await this.#link.send(text);
    await new Promise<void>((resolve, reject) => {
      const stop = clock.setTimer(refusalMs, () => {
        this.#open.delete(key);
        resolve();
      });
      this.#open.set(key, (error) => {
        stop();
        this.#open.delete(key);
        reject(error);
      });
    });
  }

  #of(extension: string): Known {
    const known: Known = this.#known.get(extension) ?? { cutOff: 'off', doNotDisturb: 'off', stay: 'unknown' };
    this.#known.set(extension, known);
    return known;
  }

  #note(command: RoomCommand, extension: string): void {
    const known = this.#of(extension);
    if (command.type === 'checkIn') Object.assign(known, { cutOff: 'off', stay: 'occupied' });
    if (command.type === 'checkOut') Object.assign(known, { cutOff: 'on', doNotDisturb: 'off', stay: 'vacant' });
    if (command.type === 'doNotDisturb') known.doNotDisturb = command.mode;
    if (command.type !== 'move') return;
    this.#known.set(this.#rooms.extensionOf(command.to), { ...known, cutOff: 'off', stay: 'occupied' });
    Object.assign(known, { cutOff: 'on', doNotDisturb: 'off', stay: 'vacant' });
  }

  #take(report: NecReport): void {
    switch (report.type) {
      case 'nopAnswer':
        return this.#options.onAlive?.(report.recover);
      case 'violation':
        return this.#open.get(`${report.feature}${report.function}${report.body}`)?.(
          new CtiError('driver.refused', `the PBX could not carry out ${report.feature}-${report.function}`),
        );
      case 'messageLamp':
        return this.#rooms.tell({ type: 'messageLamp', room: this.#rooms.roomOf(report.extension), mode: report.mode });
      case 'restriction': {
        const known = this.#of(report.extension);
        const changed = known.doNotDisturb !== report.doNotDisturb;
        Object.assign(known, { cutOff: report.cutOff, doNotDisturb: report.doNotDisturb });
        if (changed)
          this.#rooms.tell({
            type: 'doNotDisturb',
            room: this.#rooms.roomOf(report.extension),
            mode: report.doNotDisturb,
          });
        return;
      }
      case 'wakeUpResult':
        return this.#rooms.tell({
          type: 'wakeUp',
          room: this.#rooms.roomOf(report.extension),
          outcome: WAKE[report.result],
        });
      case 'maid':
        return this.#maid(report.extension, report.step);
      default:
        return;
    }
  }

  /** What a maid dials says what she did, not whether the room is taken. */
  #maid(extension: string, step: 'started' | 'ended' | 'inspected' | 'outOfOrder'): void {
    if (step === 'started') return;
    const occupied = this.#of(extension).stay === 'occupied';
    const cleaned: RoomStatus = occupied ? 'cleanOccupied' : 'cleanVacant';
    const status: RoomStatus = step === 'ended' ? cleaned : step;
    this.#rooms.tell({ type: 'roomStatus', room: this.#rooms.roomOf(extension), status });
  }
}
