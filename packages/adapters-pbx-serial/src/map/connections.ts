import { type CallId, type ConnectionId, connectionId, type RawParty, type SwitchId } from '@cordboard/cti-core';
import type { DeviceKey } from './devices.js';

/** A call of the PBX: `c7` by its own number; `x801`, `l3` where it tells none. */
export type CallKey = `c${number}` | `x${string}` | `l${number}`;

/** One device's part in a call. */
export interface Connection {
  readonly connectionId: ConnectionId;
  readonly device: DeviceKey;
  readonly direction: 'incoming' | 'outgoing';
  /** Which of the two parties is the other side; the device itself is the other. */
  readonly otherIs: 'calling' | 'called';
  readonly own: RawParty;
  other: RawParty;
  call: CallKey;
  stage: 'initiated' | 'alerting' | 'connected';
  held?: 'held';
  slot?: number;
  callId?: CallId;
}

/** What a connection begins as. */
export type NewConnection = Omit<Connection, 'connectionId' | 'held' | 'slot'> & { readonly chosen?: ConnectionId };

/** The connections that live, found by id, by call and by device. It gives ids: the same call and device has the same one, however often the link was lost. */
export class Connections {
  readonly #switchId: SwitchId;
  readonly #byId = new Map<ConnectionId, Connection>();
  readonly #byCall = new Map<CallKey, Set<Connection>>();
  readonly #byDevice = new Map<DeviceKey, Set<Connection>>();
  /** How often a number of a call was given. At most 65,535 numbers. */
  readonly #lives = new Map<CallKey, number>();
  /** Ids given in a call that lives, so that a device that comes back has another one. */
  readonly #given = new Map<CallKey, Map<DeviceKey, number>>();
  #boot = '';

  constructor(switchId: SwitchId) {
    this.#switchId = switchId;
  }

  /** Which life of the PBX it is: part of every id, since its call numbers begin anew with it. Nothing of another life lives on. */
  set boot(boot: number) {
    const told = boot.toString(36);
    if (told === this.#boot) return;
    for (const each of this.all) this.remove(each);
    this.#lives.clear();
    this.#boot = told;
  }

  /** All of them. */
  get all(): readonly Connection[] {
    return [...this.#byId.values()];
  }

  /** How many. */
  get size(): number {
    return this.#byId.size;
  }

  /** By its id. */
  get(id: ConnectionId): Connection | undefined {
    return this.#byId.get(id);
  }

  /** Who is in a call. */
  ofCall(call: CallKey): readonly Connection[] {
    return [...(this.#byCall.get(call) ?? [])];
  }

  /** What a device takes part in. */
  ofDevice(device: DeviceKey): readonly Connection[] {
    return [...(this.#byDevice.get(device) ?? [])];
  }

  /** A device's part in a call. */
  find(device: DeviceKey, call: CallKey): Connection | undefined {
    for (const each of this.#byDevice.get(device) ?? []) if (each.call === call) return each;
    return undefined;
  }

  /** The PBX's reference of a call: its life, the number, and which call with that number it is. */
  refOf(call: CallKey): string {
    const life = this.#lives.get(call) ?? 1;
    const number = call.startsWith('c') ? call.slice(1) : plain(call);
    return `${this.#boot}.${number}${life === 1 ? '' : `.${life}`}`;
  }

  /** A connection begins. */
  add({ chosen, ...begun }: NewConnection): Connection {
    const { call, device } = begun;
    if (!this.#byCall.has(call)) this.#lives.set(call, (this.#lives.get(call) ?? 0) + 1);
    const connection: Connection = { ...begun, connectionId: chosen ?? this.#newId(call, device) };
    this.#insert(connection);
    return connection;
  }

  /** It counts to another call from now on. */
  move(connection: Connection, call: CallKey): void {
    this.#leave(connection);
    connection.call = call;
    join(this.#byCall, call, connection);
  }

  /** It has another id from now on. */
  rename(connection: Connection, id: ConnectionId): Connection {
    this.remove(connection);
    const renamed: Connection = { ...connection, connectionId: id };
    this.#insert(renamed);
    return renamed;
  }

  /** It is gone. */
  remove(connection: Connection): void {
    this.#byId.delete(connection.connectionId);
    this.#leave(connection);
    const set = this.#byDevice.get(connection.device);
    set?.delete(connection);
    if (set?.size === 0) this.#byDevice.delete(connection.device);
  }

  #insert(connection: Connection): void {
    this.#byId.set(connection.connectionId, connection);
    join(this.#byCall, connection.call, connection);
    join(this.#byDevice, connection.device, connection);
  }

  #leave(connection: Connection): void {
    const set = this.#byCall.get(connection.call);
    set?.delete(connection);
    if (set?.size !== 0) return;
    this.#byCall.delete(connection.call);
    this.#given.delete(connection.call);
  }

  #newId(call: CallKey, device: DeviceKey): ConnectionId {
    const given = this.#given.get(call) ?? new Map<DeviceKey, number>();
    const times = (given.get(device) ?? 0) + 1;
    given.set(device, times);
    this.#given.set(call, given);
    return connectionId(this.#switchId, `${this.refOf(call)}.${plain(device)}${times === 1 ? '' : `.${times}`}`);
  }
}

/** Only characters that an id may have. */
function plain(key: string): string {
  return key.replace(/[^A-Za-z0-9]/gu, (character) => `-${character.charCodeAt(0).toString(16)}`);
}

function join<K>(index: Map<K, Set<Connection>>, key: K, connection: Connection): void {
  const set = index.get(key) ?? new Set();
  set.add(connection);
  index.set(key, set);
}
