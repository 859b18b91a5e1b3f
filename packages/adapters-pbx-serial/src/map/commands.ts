import {
  type CallId,
  type ConnectionId,
  type DeviceId,
  type DriverCommand,
  parseDeviceId,
  type Refusal,
} from '@cordboard/cti-core';
import type { Asked } from '../wire/kts/index.js';
import type { BoardState } from './board.js';
import { callOfSlot } from './call-keys.js';
import type { Calls } from './calls.js';
import type { CallKey } from './connections.js';
import type { Devices } from './devices.js';

/** What a command becomes: one request after the other, each sent when the one before it was answered with OK. */
export interface Service {
  /** The extension that acts: services at one are carried out in the order of their commands. */
  readonly ext: string;
  readonly requests: readonly CallRequest[];
  /** The connection that it brings, and in which call where that is known before the PBX says it. */
  readonly brings?: {
    readonly connectionId: ConnectionId;
    readonly callId: CallId;
    readonly call?: CallKey | undefined;
  };
}

/** A request of a call service. */
export type CallRequest = Extract<Asked, { readonly type: 'call' }>;
type CallOp = CallRequest['op'];

const DIGITS = /^[0-9*#+A-D]{1,32}$/u;
const KEYS = /^[0-9*#A-D]{1,64}$/u;
const FLASH_KEYS = /^[0-9*#A-D,]{1,64}$/u;
const ACCOUNT = /^[0-9*#A-D]{0,16}$/u;
const ID = /~[A-Za-z0-9.-]{1,64}$/u;
/** Digits of one request; source: docs/protocols/kts-1.md, 5, `to`. */
const MAX_TO = 32;

/** Turns commands into requests of kts-1. Pure: it looks at what is known and changes nothing. */
export class ServiceMap {
  readonly #calls: Calls;
  readonly #devices: Devices;
  readonly #board: () => BoardState;

  constructor(options: { readonly calls: Calls; readonly devices: Devices; readonly board: () => BoardState }) {
    this.#calls = options.calls;
    this.#devices = options.devices;
    this.#board = options.board;
  }

  /** The service, or why it is refused without asking the PBX. */
  of(command: DriverCommand): Service | Refusal {
    if (!(command.boundMs >= 100 && command.boundMs <= 60_000)) return 'invalid';
    switch (command.type) {
      case 'makeCall':
      case 'unpark':
      case 'pickUp':
      case 'page':
      case 'redial':
        return this.#bringing(command);
      case 'flash':
        return this.#flash(command);
      case 'answer':
        return this.#acting(command.connectionId, 'answer');
      case 'hold':
        return this.#acting(command.connectionId, 'hold');
      case 'retrieve':
        return this.#acting(command.connectionId, 'retrieve');
      case 'clear':
        return this.#acting(this.#whoClears(command.connectionId), 'hangup');
      case 'sendDigits':
        if (!KEYS.test(command.digits) || !isTone(command.toneMs) || !isTone(command.gapMs)) return 'invalid';
        return this.#keys(command.connectionId, command.digits);
      case 'transfer':
        return this.#both(command, 'transfer');
      case 'conference':
        return this.#both(command, 'conf');
      case 'singleStepTransfer':
        return DIGITS.test(command.to) ? this.#acting(command.connectionId, 'transfer', { to: command.to }) : 'invalid';
      case 'singleStepConference':
        return DIGITS.test(command.to) ? this.#acting(command.connectionId, 'conf', { to: command.to }) : 'invalid';
      case 'park':
        if (command.slot !== undefined && !isSlot(command.slot)) return 'invalid';
        return this.#acting(command.connectionId, 'park', command.slot === undefined ? {} : { slot: command.slot });
      default:
        return 'notSupported';
    }
  }

  #bringing(
    command: Extract<DriverCommand, { readonly type: 'makeCall' | 'unpark' | 'pickUp' | 'page' | 'redial' }>,
  ): Service | Refusal {
    const ext = this.#devices.extensionOf(command.device);
    const { connectionId, mark } = command;
    if (ext === undefined || !DIGITS.test(ext) || ext.length > 8 || !ID.test(connectionId)) return 'invalid';
    if (
      this.#calls.connections.get(connectionId) !== undefined ||
      this.#calls.expected.find(connectionId) !== undefined
    )
      return 'conflict';
    const brings = { connectionId, callId: mark.callId };
    const one = (op: CallOp, more: Partial<CallRequest> = {}, call?: CallKey): Service => ({
      ext,
      requests: [{ type: 'call', op, ext, ...more }],
      brings: call === undefined ? brings : { ...brings, call },
    });
    switch (command.type) {
      case 'makeCall':
        return this.#make(command, one);
      case 'redial':
        return one('redial');
      case 'page':
        return Number.isInteger(command.zone) && command.zone >= 0 && command.zone <= 9
          ? one('page', { to: String(command.zone) })
          : 'invalid';
      case 'pickUp': {
        if (command.from === undefined) return one('pickup');
        const from = this.#devices.extensionOf(command.from);
        return from === undefined || !DIGITS.test(from) ? 'invalid' : one('pickup', { to: from });
      }
      case 'unpark': {
        if (!isSlot(command.slot)) return 'invalid';
        const slot = this.#board().slots.get(command.slot);
        const call = slot === undefined ? undefined : callOfSlot(slot, this.#board());
        return one('unpark', { slot: command.slot }, call);
      }
    }
  }

  #make(
    { to, trunk, account }: Extract<DriverCommand, { readonly type: 'makeCall' }>,
    one: (op: CallOp, more?: Partial<CallRequest>) => Service,
  ): Service | Refusal {
    if (!DIGITS.test(to) || !ACCOUNT.test(account ?? '')) return 'invalid';
    const line = trunk === undefined ? undefined : this.#lineFor(trunk);
    if (line === 'invalid' || line === 'rejected') return line;
    return one('make', {
      to,
      ...(line === undefined ? {} : { line }),
      ...(account === undefined || account === '' ? {} : { account }),
    });
  }

  /** A free line of a trunk, the one that it is where it is one. */
  #lineFor(trunk: DeviceId): number | 'invalid' | 'rejected' {
    const lines = this.#devices.linesOf(trunk);
    const [first] = lines ?? [];
    if (lines === undefined || first === undefined) return 'invalid';
    if (parseDeviceId(trunk)?.kind === 'line') return first;
    return lines.find((line) => this.#board().lines.get(line)?.lineState === 'idle') ?? 'rejected';
  }

  /** Something that a connection's own telephone does with its call. */
  #acting(id: ConnectionId, op: CallOp, more: Partial<CallRequest> = {}): Service | Refusal {
    const place = this.#placeOf(id);
    if (typeof place === 'string') return place;
    const { ext, call } = place;
    return { ext, requests: [{ type: 'call', op, ext, ...numberOf(call), ...more }] };
  }

  #placeOf(id: ConnectionId): { readonly ext: string; readonly call: CallKey | undefined } | Refusal {
    const connection = this.#calls.connections.get(id);
    if (connection === undefined) {
      const expected = this.#calls.expected.find(id);
      return expected === undefined ? 'gone' : { ext: expected.ext, call: expected.call };
    }
    // A line does nothing by itself: what is done with its call an extension does.
    if (!connection.device.startsWith('x')) return 'notSupported';
    return { ext: connection.device.slice(1), call: connection.call };
  }

  /** Of a line's connection: the extension that has it, since only telephones hang up. */
  #whoClears(id: ConnectionId): ConnectionId {
    const connection = this.#calls.connections.get(id);
    if (connection === undefined || connection.device.startsWith('x')) return id;
    const has = this.#calls.connections
      .ofCall(connection.call)
      .find((each) => each.device.startsWith('x') && each.stage === 'connected');
    return has?.connectionId ?? id;
  }

  #both(
    { connectionId, heldId }: Extract<DriverCommand, { readonly type: 'transfer' | 'conference' }>,
    op: 'transfer' | 'conf',
  ): Service | Refusal {
    const one = this.#placeOf(connectionId);
    const held = this.#placeOf(heldId);
    if (typeof one === 'string') return one;
    if (typeof held === 'string') return held;
    if (one.ext !== held.ext || connectionId === heldId) return 'conflict';
    return { ext: one.ext, requests: [{ type: 'call', op, ext: one.ext }] };
  }

  #keys(id: ConnectionId, digits: string): Service | Refusal {
    const place = this.#placeOf(id);
    if (typeof place === 'string') return place;
    const { ext, call } = place;
    const parts = digits.match(new RegExp(`.{1,${MAX_TO}}`, 'gu')) ?? [];
    return { ext, requests: parts.map((to) => ({ type: 'call', op: 'digits', ext, ...numberOf(call), to })) };
  }

  #flash({ connectionId, digits, after }: Extract<DriverCommand, { readonly type: 'flash' }>): Service | Refusal {
    if (after !== 'stay') return 'notSupported';
    if (digits !== undefined && !FLASH_KEYS.test(digits)) return 'invalid';
    const flash = this.#acting(connectionId, 'flash');
    // A pause is one second of silence: the PBX has the letter P for it.
    const keys = digits === undefined ? undefined : this.#keys(connectionId, digits.replaceAll(',', 'P'));
    if (typeof flash === 'string' || keys === undefined || typeof keys === 'string') return flash;
    return { ...flash, requests: [...flash.requests, ...keys.requests] };
  }
}

function numberOf(call: CallKey | undefined): { readonly call?: number } {
  return call?.startsWith('c') ? { call: Number(call.slice(1)) } : {};
}

function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 1 && slot <= 255;
}

function isTone(ms: number): boolean {
  return ms >= 40 && ms <= 1_000;
}
