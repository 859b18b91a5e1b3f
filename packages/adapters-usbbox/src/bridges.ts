import type { BridgeId, DriverEvent, DriverReply } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import type { Party } from './party.js';
import { Bridge } from './sound/bridge.js';

interface Room {
  readonly bridge: Bridge;
  readonly parties: Set<Party>;
}

/** The bridges of a driver. A party whose phone hangs on the line itself is in one by name: its sound is the line's. */
export class Bridges {
  readonly #rooms = new Map<BridgeId, Room>();
  readonly #tell: (event: DriverEvent) => void;

  constructor(tell: (event: DriverEvent) => void) {
    this.#tell = tell;
  }

  /** Bridges that there are. */
  get size(): number {
    return this.#rooms.size;
  }

  /** Puts parties into a bridge, made where there is none. */
  join(bridgeId: BridgeId, parties: readonly Party[]): DriverReply {
    for (const party of parties) {
      if (party.bridgeId === bridgeId) {
        if (party.shares === undefined) party.port.music(undefined);
        continue;
      }
      this.leave(party);
      const room = this.#rooms.get(bridgeId) ?? { bridge: new Bridge(bridgeId), parties: new Set<Party>() };
      this.#rooms.set(bridgeId, room);
      room.parties.add(party);
      party.bridgeId = bridgeId;
      if (party.shares === undefined) party.port.join(room.bridge);
      this.#tell({ type: 'bridged', connectionId: party.connectionId, bridgeId });
    }
    return ACCEPTED;
  }

  /** Takes a party out and tells it. */
  leave(party: Party): DriverReply {
    const { bridgeId } = party;
    if (bridgeId === undefined) return refused('conflict', 'not in a bridge');
    this.forget(party);
    this.#tell({ type: 'unbridged', connectionId: party.connectionId, bridgeId });
    return ACCEPTED;
  }

  /** Takes a party out that is gone. */
  forget(party: Party): void {
    const { bridgeId } = party;
    const room = bridgeId === undefined ? undefined : this.#rooms.get(bridgeId);
    if (bridgeId === undefined || room === undefined) return;
    party.bridgeId = undefined;
    if (party.shares === undefined) party.port.join(undefined);
    room.parties.delete(party);
    if (room.parties.size === 0) this.#rooms.delete(bridgeId);
  }

  /** Is somebody else in the same bridge? */
  hasCompany(party: Party): boolean {
    const room = party.bridgeId === undefined ? undefined : this.#rooms.get(party.bridgeId);
    return room !== undefined && room.parties.size > 1;
  }
}
