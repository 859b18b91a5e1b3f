import {
  type DeviceId,
  deviceId,
  type RoomCommand,
  type RoomEvent,
  type RoomStatus,
  type SwitchId,
} from '@cordboard/cti-core';
import { type FiasRecord, type FiasValues, fiasValue } from '../fias/index.js';
import type { Rooms } from '../rooms.js';

import {
  type ClassTable,
  type DeskResult,
  modeOf,
  NOTHING,
  nameOf,
  SOMEBODY,
  STATUS_OF,
  trouble,
  wakeOf,
} from './desk-words.js';

interface RoomState {
  /** Name by reservation; names are known since this process began. */
  readonly guests: Map<string, string | undefined>;
  lamp?: 'on' | 'off';
  dnd?: 'on' | 'off';
  status?: RoomStatus;
}

/** Turns records of the hotel's system into commands for the PBX and events of the PBX into records. It knows who is in which room, and does nothing itself. */
export class FrontDesk {
  readonly #rooms: Rooms;
  readonly #switchId: SwitchId;
  readonly #classes: ClassTable;
  readonly #states = new Map<string, RoomState>();
  /** Reservations by room that the swap under way has named. */
  #seen: Map<string, Set<string>> | undefined;

  /** @param options - `guests`: reservations by room, as they were kept */
  constructor(options: {
    readonly rooms: Rooms;
    readonly switchId: SwitchId;
    readonly classes: ClassTable;
    readonly guests: ReadonlyMap<string, readonly string[]>;
  }) {
    this.#rooms = options.rooms;
    this.#switchId = options.switchId;
    this.#classes = options.classes;
    for (const [room, reservations] of options.guests)
      this.#states.set(room, { guests: new Map(reservations.map((each) => [each, undefined])) });
  }

  /** Is a database swap under way, in which the hotel's system tells all guests? */
  get isSwapping(): boolean {
    return this.#seen !== undefined;
  }

  /** Reservations of the guests of a room. */
  guestsOf(room: string): readonly string[] {
    return [...(this.#states.get(room)?.guests.keys() ?? [])];
  }

  /** The link was lost: a swap that was under way tells nothing about rooms that it did not come to. */
  interrupted(): void {
    this.#seen = undefined;
  }

  /** A record came. */
  take(record: FiasRecord): DeskResult {
    if (record.id === 'DS') {
      this.#seen = new Map();
      return NOTHING;
    }
    if (record.id === 'DE') return this.#swapped();
    const room = fiasValue(record, 'RN');
    if (room === undefined)
      return ['GI', 'GO', 'GC', 'RE', 'WR', 'WC'].includes(record.id) ? trouble('incomplete') : NOTHING;
    if (this.#rooms.extensionsOf(room).length === 0) return trouble('unknownRoom');
    switch (record.id) {
      case 'GI':
        return this.#checkIn(room, record);
      case 'GO':
        return this.#checkOut(room, record);
      case 'GC':
        return this.#change(room, record);
      case 'RE':
        return this.#equipment(room, record);
      case 'WR':
      case 'WC':
        return wakeOf(room, record);
      default:
        return NOTHING;
    }
  }

  /** The fields of the RE that tells an event of a telephone; `undefined` where the hotel's system knows it, or has no word for it. */
  report(event: Exclude<RoomEvent, { readonly type: 'wakeUp' }>, room: string): FiasValues | undefined {
    const state = this.#stateOf(room);
    switch (event.type) {
      case 'messageLamp':
        if (state.lamp === event.mode) return undefined;
        state.lamp = event.mode;
        return { RN: room, ML: event.mode === 'on' ? 'Y' : 'N' };
      case 'doNotDisturb':
        if (state.dnd === event.mode) return undefined;
        state.dnd = event.mode;
        return { RN: room, DN: event.mode === 'on' ? 'Y' : 'N' };
      case 'roomStatus': {
        if (state.status === event.status) return undefined;
        state.status = event.status;
        const level = this.#maidStatus(event.status, state);
        return level === undefined ? undefined : { RN: room, RS: level };
      }
    }
  }

  /** Out of order can only be set in the hotel's own system. */
  #maidStatus(status: RoomStatus, { guests }: RoomState): string | undefined {
    if (status === 'inspected') return guests.size > 0 ? '6' : '5';
    return Object.keys(STATUS_OF).find((each) => STATUS_OF[each] === status);
  }

  #checkIn(room: string, record: FiasRecord): DeskResult {
    const state = this.#stateOf(room);
    const reservation = fiasValue(record, 'G#') ?? SOMEBODY;
    const name = nameOf(record);
    if (this.#seen !== undefined) this.#seen.set(room, (this.#seen.get(room) ?? new Set()).add(reservation));
    const classOfService = this.#classOf(record) ?? this.#classes.checkedIn;
    const wasKnown = state.guests.has(reservation);
    // Whoever was here before has left without a word, when this guest shares the room with nobody.
    const isReplaced = !wasKnown && state.guests.size > 0 && fiasValue(record, 'GS') === 'N';
    if (isReplaced) state.guests.clear();
    const isFirst = state.guests.size === 0;
    const hasNewName = name !== undefined && state.guests.get(reservation) !== name;
    state.guests.set(reservation, name ?? state.guests.get(reservation));
    if (isFirst) {
      const before = isReplaced ? this.#empty(room, 'checkOut').commands : [];
      if (isReplaced) this.#stateOf(room).guests.set(reservation, name);
      const checkIns = this.#each(room, (device) => ({
        type: 'checkIn',
        room: device,
        ...(classOfService === undefined ? {} : { classOfService }),
        ...(name === undefined ? {} : { name }),
      }));
      return {
        commands: [...before, ...checkIns],
        changed: [room],
        ...(isReplaced ? { awakeless: [room] } : {}),
        happened: { event: 'checkIn', room },
      };
    }
    // Somebody who shares the room changes nothing at its telephone.
    if (!wasKnown) return { ...NOTHING, changed: [room], happened: { event: 'checkIn', room } };
    const isMain = state.guests.keys().next().value === reservation;
    if (!hasNewName || !isMain) return NOTHING;
    return { commands: this.#each(room, (device) => ({ type: 'name', room: device, name })), changed: [] };
  }

  #checkOut(room: string, record: FiasRecord): DeskResult {
    const state = this.#stateOf(room);
    const reservation = fiasValue(record, 'G#');
    const isShared = fiasValue(record, 'GS') === 'Y';
    const knew = reservation !== undefined && state.guests.delete(reservation);
    if (state.guests.size > 0 && (knew || isShared)) {
      return { ...NOTHING, changed: [room], happened: { event: 'checkOut', room } };
    }
    return this.#empty(room, 'checkOut');
  }

  #empty(room: string, event: 'checkOut'): DeskResult {
    this.#states.delete(room);
    return {
      commands: this.#each(room, (device) => ({ type: 'checkOut', room: device })),
      changed: [room],
      awakeless: [room],
      happened: { event, room },
    };
  }

  #change(room: string, record: FiasRecord): DeskResult {
    const from = fiasValue(record, 'RO');
    const state = this.#stateOf(room);
    const reservation = fiasValue(record, 'G#') ?? SOMEBODY;
    const name = nameOf(record);
    if (from !== undefined && from !== room) return this.#move({ from, to: room, reservation, name, record });
    const commands: RoomCommand[] = [];
    if (name !== undefined && state.guests.get(reservation) !== name && isMainGuest(state, reservation))
      commands.push(...this.#each(room, (device) => ({ type: 'name', room: device, name }) as const));
    const level = this.#classOf(record);
    if (level !== undefined) commands.push(...this.#setClass(room, level));
    const isNew = !state.guests.has(reservation);
    state.guests.set(reservation, name ?? state.guests.get(reservation));
    return { commands, changed: isNew ? [room] : [] };
  }

  #move(move: {
    readonly from: string;
    readonly to: string;
    readonly reservation: string;
    readonly name: string | undefined;
    readonly record: FiasRecord;
  }): DeskResult {
    const { from, to, reservation, name, record } = move;
    const [old, next] = [this.#stateOf(from), this.#stateOf(to)];
    const hadName = old.guests.get(reservation);
    old.guests.delete(reservation);
    // Whoever is not known by reservation was the only guest there.
    if (old.guests.size === 1 && old.guests.has(SOMEBODY)) old.guests.delete(SOMEBODY);
    const staysEmpty = old.guests.size === 0;
    const isShared = next.guests.size > 0;
    next.guests.set(reservation, name ?? hadName);
    const changed = [from, to];
    const happened = { event: 'move', room: to, from } as const;
    const [source, target] = [this.#rooms.extensionsOf(from), this.#rooms.extensionsOf(to)];
    if (staysEmpty) this.#states.delete(from);
    const known = name ?? hadName;
    const level = this.#classOf(record);
    const changes: RoomCommand[] = isShared || level === undefined ? [] : this.#setClass(to, level);
    // What stands at the PBX may be another name, or none.
    if (!isShared && known !== undefined)
      changes.push(...this.#each(to, (device) => ({ type: 'name', room: device, name: known }) as const));
    if (staysEmpty && !isShared && source.length === target.length) {
      const moves = source.map(
        (extension, at): RoomCommand => ({
          type: 'move',
          room: this.#device(extension),
          to: this.#device(target[at] ?? extension),
        }),
      );
      return { commands: [...moves, ...changes], changed, moved: { from, to }, happened };
    }
    const commands: RoomCommand[] = isShared ? [] : this.#each(to, (device) => ({ type: 'checkIn', room: device }));
    commands.push(...changes);
    if (staysEmpty) commands.push(...this.#each(from, (device) => ({ type: 'checkOut', room: device }) as const));
    return { commands, changed, happened, ...(staysEmpty ? { moved: { from, to } } : {}) };
  }

  #equipment(room: string, record: FiasRecord): DeskResult {
    const state = this.#stateOf(room);
    const commands: RoomCommand[] = [];
    const lamp = modeOf(fiasValue(record, 'ML'));
    const dnd = modeOf(fiasValue(record, 'DN'));
    const level = this.#classOf(record);
    const status = STATUS_OF[fiasValue(record, 'RS') ?? ''];
    if (lamp !== undefined) {
      state.lamp = lamp;
      commands.push(...this.#each(room, (device) => ({ type: 'messageLamp', room: device, mode: lamp }) as const));
    }
    if (dnd !== undefined) {
      state.dnd = dnd;
      commands.push(...this.#each(room, (device) => ({ type: 'doNotDisturb', room: device, mode: dnd }) as const));
    }
    if (level !== undefined) commands.push(...this.#setClass(room, level));
    if (status !== undefined) {
      state.status = status;
      commands.push(
        ...this.#each(room, (device) => ({ type: 'roomStatus', room: device, status }) as const).slice(0, 1),
      );
    }
    return { commands, changed: [] };
  }

  /** Rooms with guests that the swap did not name are empty. A swap without any guest is not believed: it would close every telephone of a full house. */
  #swapped(): DeskResult {
    const seen = this.#seen;
    this.#seen = undefined;
    if (seen === undefined) return NOTHING;
    const gone = [...this.#states]
      .filter(([room, { guests }]) => guests.size > 0 && !seen.has(room))
      .map(([room]) => room);
    if (seen.size === 0 && gone.length > 0) return trouble('emptySwap');
    const commands: RoomCommand[] = gone.flatMap((room) => this.#empty(room, 'checkOut').commands);
    const changed = [...gone];
    for (const [room, reservations] of seen) {
      const { guests } = this.#stateOf(room);
      const main = guests.keys().next().value;
      const left = [...guests.keys()].filter((each) => !reservations.has(each));
      for (const each of left) guests.delete(each);
      if (left.length > 0) changed.push(room);
      const [now, name] = guests.entries().next().value ?? [];
      if (now !== main && name !== undefined) {
        commands.push(...this.#each(room, (device) => ({ type: 'name', room: device, name }) as const));
      }
    }
    return { commands, changed, awakeless: gone };
  }

  #classOf(record: FiasRecord): number | undefined {
    const level = fiasValue(record, 'CS');
    return level === undefined ? undefined : this.#classes.byLevel[Number(level)];
  }

  #setClass(room: string, classOfService: number): RoomCommand[] {
    return this.#each(room, (device) => ({ type: 'classOfService', room: device, classOfService }));
  }

  #each(room: string, make: (device: DeviceId) => RoomCommand): RoomCommand[] {
    return this.#rooms.extensionsOf(room).map((extension) => make(this.#device(extension)));
  }

  #device(extension: string): DeviceId {
    return deviceId(this.#switchId, 'extension', extension);
  }

  #stateOf(room: string): RoomState {
    const known = this.#states.get(room);
    if (known !== undefined) return known;
    const made = { guests: new Map<string, string | undefined>() };
    this.#states.set(room, made);
    return made;
  }
}

const isMainGuest = ({ guests }: RoomState, reservation: string): boolean =>
  guests.size === 0 || guests.keys().next().value === reservation;
