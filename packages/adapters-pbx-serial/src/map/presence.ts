import type { DeviceDetail, DevicePresence, DeviceState, RawParty } from '@cordboard/cti-core';
import type { MessageOf } from '../wire/kts/index.js';
import type { Devices } from './devices.js';

const EXT: Readonly<Record<string, readonly [DeviceState, DevicePresence]>> = {
  oos: ['outOfService', 'unreachable'],
  idle: ['idle', 'idle'],
  offhook: ['offHook', 'busy'],
  dial: ['dialling', 'busy'],
  ring: ['ringing', 'alerting'],
  intalk: ['talking', 'busy'],
  talk: ['talking', 'busy'],
  hold: ['held', 'held'],
  howl: ['howler', 'busy'],
  ringback: ['ringback', 'busy'],
  conf: ['conference', 'busy'],
  busy: ['busyTone', 'busy'],
  prog: ['programming', 'busy'],
};

const LINE: Readonly<Record<string, readonly [DeviceState, DevicePresence]>> = {
  oos: ['outOfService', 'unreachable'],
  idle: ['idle', 'idle'],
  ring: ['ringing', 'alerting'],
  seized: ['offHook', 'busy'],
  dial: ['dialling', 'busy'],
  ringback: ['ringback', 'busy'],
  talk: ['talking', 'busy'],
  held: ['held', 'held'],
  busy: ['busyTone', 'busy'],
  wrap: ['wrapUp', 'busy'],
  parked: ['parked', 'held'],
  conf: ['conference', 'busy'],
};

const UNKNOWN = ['unknown', 'unknown'] as const;
const DIRECTIONS: ReadonlySet<string> = new Set(['in', 'out', 'internal']);

/** A device on the board. */
export interface Shown {
  readonly presence: DevicePresence;
  readonly detail: DeviceDetail;
}

/** What stands beside a message: how devices are called, who it is about, and which call that is. */
export interface Beside {
  readonly devices: Devices;
  readonly party: RawParty | undefined;
  readonly nativeCallRef: string | undefined;
  /** Where a message says nothing of it. */
  readonly classOfService?: number | undefined;
}

/** An extension on the board. */
export function showExt(message: MessageOf<'extState'>, beside: Beside): Shown {
  const { extState, dnd, forward, lamp, line, peer } = message;
  const [state, presence] = EXT[extState] ?? UNKNOWN;
  const cls = message.cls ?? beside.classOfService;
  return {
    presence: presence === 'idle' && dnd === true ? 'doNotDisturb' : presence,
    detail: {
      state,
      ...common(message, beside),
      ...(peer === undefined || peer === '' ? {} : { peer: beside.devices.id(`x${peer}`) }),
      ...(line === undefined ? {} : { line: beside.devices.id(`l${line}`) }),
      ...(forward === undefined || forward === '' ? {} : { forward }),
      ...(dnd === true ? { doNotDisturb: 'on' } : {}),
      ...(lamp === true ? { messageLamp: 'on' } : {}),
      ...(cls === undefined ? {} : { classOfService: cls }),
    },
  };
}

/** A line on the board. */
export function showLine(message: MessageOf<'lineState'>, beside: Beside): Shown {
  const [state, presence] = LINE[message.lineState] ?? UNKNOWN;
  const { peer } = message;
  return {
    presence,
    detail: {
      state,
      ...common(message, beside),
      ...(peer === undefined || peer === '' ? {} : { peer: beside.devices.id(`x${peer}`) }),
    },
  };
}

/** A park slot on the board; without a message it is free. */
export function showSlot(message: MessageOf<'parkState'> | undefined, beside: Beside): Shown {
  if (message === undefined || message.parkState === 'free') return { presence: 'idle', detail: { state: 'free' } };
  const { line, peer, parkState } = message;
  const isKnown = parkState === 'taken';
  return {
    presence: isKnown ? 'busy' : 'unknown',
    detail: {
      state: isKnown ? 'taken' : 'unknown',
      ...common({}, beside),
      ...(peer === undefined || peer === '' ? {} : { peer: beside.devices.id(`x${peer}`) }),
      ...(line === undefined ? {} : { line: beside.devices.id(`l${line}`) }),
    },
  };
}

function common(
  { dir }: { readonly dir?: string },
  { party, nativeCallRef }: Beside,
): Pick<DeviceDetail, 'direction' | 'party' | 'nativeCallRef'> {
  return {
    ...(dir !== undefined && DIRECTIONS.has(dir) ? { direction: dir as 'in' | 'out' | 'internal' } : {}),
    ...(party === undefined ? {} : { party }),
    ...(nativeCallRef === undefined ? {} : { nativeCallRef }),
  };
}
