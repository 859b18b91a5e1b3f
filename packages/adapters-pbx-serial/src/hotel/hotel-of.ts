import {
  CtiError,
  type DeviceId,
  deviceId,
  type HotelFacet,
  parseDeviceId,
  ROOM_STATES,
  type RoomCommand,
  type RoomEvent,
  type SwitchId,
} from '@cordboard/cti-core';
import type { PbxRequests } from '../link/pbx-requests.js';
import type { Asked } from '../link/requests.js';
import type { MessageOf } from '../wire/kts/index.js';

/** Words of the wire for what became of a wake-up call. Source: docs/protocols/kts-1.md, "Hotel". */
const OUTCOMES: Readonly<Record<string, 'answered' | 'noAnswer' | 'busy'>> = {
  answered: 'answered',
  noanswer: 'noAnswer',
  busy: 'busy',
};
/** Longest name that the wire has room for, in bytes of UTF-8. */
const NAME_BYTES = 64;

/**
 * The facet `hotel` of a PBX that speaks kts-1. A refusal is `driver.refused` with the PBX's word in `details.native`: `nodevice`, `range`, `wrongstate`, `unsupported`.
 */
export function hotelOf(requests: PbxRequests, switchId: SwitchId): HotelFacet {
  return {
    async carryOut(command, { signal }) {
      const answer = await requests.ask(askOf(command), { signal });
      const code = answer.type === 'result' ? answer.code : answer.type;
      if (code === 'ok') return;
      throw new CtiError('driver.refused', `the PBX refused ${command.type}: ${code}`, { details: { native: code } });
    },
    listen: (listener) =>
      requests.on('hotelState', (message) => {
        const event = eventOf(message, switchId);
        if (event !== undefined) listener(event);
      }),
  };
}

/** @throws {CtiError} `argument.invalid` for a device that is no extension */
function addressOf(device: DeviceId): string {
  const parts = parseDeviceId(device);
  if (parts?.kind !== 'extension') throw new CtiError('argument.invalid', 'a room is an extension of the switch');
  return parts.address;
}

function askOf(command: RoomCommand): Asked {
  const ext = addressOf(command.room);
  const ask = (hotelOp: string, more: object = {}): Asked =>
    ({ type: 'hotelSet', hotelOp, ext, ...more }) as unknown as Asked;
  switch (command.type) {
    case 'checkIn': {
      const { classOfService, name } = command;
      return ask('checkin', {
        ...(classOfService === undefined ? {} : { cls: classOfService }),
        ...(name === undefined ? {} : { name: cut(name) }),
      });
    }
    case 'checkOut':
      return ask('checkout');
    case 'move':
      return ask('move', { to: addressOf(command.to) });
    case 'classOfService':
      return ask('class', { cls: command.classOfService });
    case 'wakeUp':
      return ask('wake', { at: command.at, ...(command.repeat === 'daily' ? { on: true } : {}) });
    case 'wakeUpClear':
      return ask('wakeclear');
    case 'messageLamp':
      return ask('lamp', { on: command.mode === 'on' });
    case 'doNotDisturb':
      return ask('dnd', { on: command.mode === 'on' });
    case 'name':
      return ask('name', { name: cut(command.name) });
    case 'roomStatus':
      return ask('room', { status: ROOM_STATES.indexOf(command.status) + 1 });
  }
}

/** A name within its bytes, cut between characters. */
function cut(name: string): string {
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > NAME_BYTES) break;
    kept += character;
  }
  return kept;
}

function eventOf(message: MessageOf<'hotelState'>, switchId: SwitchId): RoomEvent | undefined {
  const { hotelOp, ext, on, status, outcome } = message;
  const room = deviceId(switchId, 'extension', ext);
  switch (hotelOp) {
    case 'wake':
      return { type: 'wakeUp', room, outcome: OUTCOMES[outcome ?? ''] ?? 'unknown' };
    case 'lamp':
    case 'dnd':
      if (on === undefined) return undefined;
      return { type: hotelOp === 'lamp' ? 'messageLamp' : 'doNotDisturb', room, mode: on ? 'on' : 'off' };
    case 'room': {
      const word = ROOM_STATES[(status ?? 0) - 1];
      return word === undefined ? undefined : { type: 'roomStatus', room, status: word };
    }
    default:
      return undefined;
  }
}
