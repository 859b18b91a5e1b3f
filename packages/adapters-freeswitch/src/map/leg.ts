import {
  asId,
  type BridgeId,
  type CallId,
  type ConnectionDirection,
  type ConnectionId,
  type DeviceId,
  deviceId,
  parseDeviceId,
  type RawParty,
  type Release,
  type ReleaseCause,
  type SwitchId,
} from '@cordboard/cti-core';
import { header, type SwitchEvent, variable } from './event.js';

/** What a channel is in, as the switch says. */
export type Place =
  /** Dialled by us and not in our hands yet: it rings, or was answered a moment ago. */
  | { readonly kind: 'before' }
  /** Parked, or in an application of ours that returns to park. */
  | { readonly kind: 'alone' }
  /** Joined with one other channel. */
  | { readonly kind: 'pair'; readonly withId: string }
  /** In a conference of ours, which stands for a bridge of three and more. */
  | { readonly kind: 'conference'; readonly name: string };

/** What the driver must remember of one channel that is under our control. */
export interface Leg {
  /** The switch's own id of the channel (its UUID), or the one that we chose. */
  readonly id: string;
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  readonly calling: RawParty;
  readonly called: RawParty;
  state: 'initiated' | 'alerting' | 'connected';
  place: Place;
  /** Has `created` been told? An originated leg exists here before the switch has shown it. */
  told: 'no' | 'yes';
  callId?: CallId;
  /** The engine's bridge that it was told to be in. */
  bridgeId?: BridgeId;
  /** The engine's bridge that a command is putting it into now. */
  joining?: BridgeId;
  /** A command has sent it to park. `soon`: the switch has parked it meanwhile of its own accord, and still has to carry that out. */
  parking?: 'yes' | 'soon';
  /** A command is taking it out of its bridge. */
  leaving?: 'yes';
  /** Its partner was sent to park, and the switch has not parked it yet itself: until then it breaks off what its partner plays. */
  parting?: 'yes';
  hold: 'none' | 'byDevice';
  /** Our own wish to end it, and the cause that we gave. */
  clearing?: ReleaseCause;
  /** The connection that took its place. */
  replacedBy?: ConnectionId;
  /** The switch has begun to end it. */
  ending?: 'yes';
  /** The dialplan has set a timer that takes it back when nobody claims it. */
  rescue?: 'yes';
  /** We gave it back to the dialplan. */
  redirecting?: 'yes';
  /** `uuid_bridge` was sent for it and has not taken hold: whoever hangs up now takes the other one along. */
  pairing?: 'yes';
  /** The switch itself is joining it with this channel: the far ends of an attended transfer at a phone. A `uuid_bridge` of ours would get lost in that. */
  meeting?: string;
  /**
   * Its phone asked for a transfer, which FreeSWITCH answers by itself: the channel is gone and the connection waits until the engine has
   * carried the transfer out and clears it.
   */
  gone?: Release;
}

/** The variable that the dialplan sets before `park`: `trunk:<name>` or `phone`. On channels that we dial: `out`. */
export const OURS = 'cordboard';
/** The variable by which the dialplan says that it has set a timer to take the call back. */
export const RESCUE = 'cordboard_rescue';
/** Set on a call that is given back, so that the dialplan does not park it for us once more when its number is one of ours. */
export const BACK = 'cordboard_back';
/** The variable that carries our mark. */
export const MARK = 'cordboard_call';
/** The variable that names the engine's bridge that a channel is in. */
export const BRIDGE = 'cordboard_bridge';
/** On channels that we dial: the device (`extension:8001`), and the number that was dialled. */
export const DEVICE = 'cordboard_device';
/** See {@link DEVICE}. */
export const NUMBER = 'cordboard_number';
/** On supervisors' channels: `<mode>:<channel>`. */
export const MONITOR = 'cordboard_monitor';
/** Names of what the driver makes for its own ends (conferences, executions) begin so. */
export const INTERNAL = 'cb-';

/** A conference of ours stands for this bridge of the engine. */
export function bridgeOfConference(name: string | undefined): BridgeId | undefined {
  return name?.startsWith(INTERNAL) === true ? (name.slice(INTERNAL.length) as BridgeId) : undefined;
}

const MAX_NUMBER = 64;
const MAX_NAME = 128;
const CONTROL = /\p{Cc}/gu;

/** A party as the contract wants it: bounded, without control characters. */
export function rawParty(party: {
  readonly number?: string | undefined;
  readonly name?: string | undefined;
}): RawParty {
  const told = (party.number ?? '').replace(CONTROL, '').slice(0, MAX_NUMBER);
  // FreeSWITCH writes the number as the name of callers without one.
  const name = (party.name ?? '').replace(CONTROL, '').slice(0, MAX_NAME);
  const withheld = /^(anonymous|withheld|private|restricted)$/i.test(told);
  // What FreeSWITCH says for "no number": ten zeros, see `switch_caller.c`.
  const number = withheld || /^(0000000000|unknown)$/i.test(told) ? '' : told;
  const isName = name !== '' && name !== told && !/^(anonymous|unknown|outbound call)$/i.test(name);
  return {
    number,
    ...(isName ? { name } : {}),
    presentation: withheld || /^anonymous$/i.test(name) ? 'withheld' : number === '' ? 'unavailable' : 'allowed',
  };
}

/** A number alone, such as the one that was dialled. */
export function rawNumber(number: string | undefined): RawParty {
  return rawParty({ number });
}

/** The user part of the address behind a channel: of its presence id (`8001@host`), else of its name (`sofia/internal/8001@host`). */
export function userOf(event: SwitchEvent): string | undefined {
  const text = header(event, 'Channel-Presence-ID') ?? variable(event, 'presence_id');
  const named = text ?? /^[^/]+\/[^/]+\/(?:sip:)?(.+)$/.exec(header(event, 'Channel-Name') ?? '')?.[1];
  const user = (named ?? '').split('@')[0] ?? '';
  return /^[\p{L}\p{N}_.+*#-]{1,64}$/u.test(user) ? user : undefined;
}

const ADDRESS = /^[A-Za-z0-9_.+-]{1,64}$/;

/** The device of a channel that is ours, from what the dialplan or we ourselves wrote on it. */
export function deviceOf(switchId: SwitchId, event: SwitchEvent): DeviceId {
  const own = parseDeviceId(`${switchId}:${variable(event, DEVICE) ?? ''}`);
  if (own !== undefined) return deviceId(switchId, own.kind, own.address);
  const mark = variable(event, OURS) ?? '';
  if (mark.startsWith('trunk')) {
    const name = mark.slice('trunk:'.length);
    return deviceId(switchId, 'trunk', ADDRESS.test(name) ? name : (variable(event, 'sip_gateway_name') ?? 'trunk'));
  }
  return deviceId(switchId, 'extension', variable(event, 'user_name') ?? userOf(event) ?? 'unknown');
}

/** Is this channel ours: marked by the dialplan or by us? `out` are those that we dialled. */
export function ownership(event: SwitchEvent): 'incoming' | 'outgoing' | undefined {
  const mark = variable(event, OURS);
  if (mark === undefined) return undefined;
  if (mark === 'out') return 'outgoing';
  return mark === 'phone' || mark === 'trunk' || mark.startsWith('trunk:') ? 'incoming' : undefined;
}

/** A leg for a channel as the switch shows it. */
export function legOf(
  event: SwitchEvent,
  context: {
    readonly id: string;
    readonly connectionId: ConnectionId;
    readonly switchId: SwitchId;
    readonly direction: ConnectionDirection;
  },
): Leg {
  const outgoing = context.direction === 'outgoing';
  const callId = variable(event, MARK);
  // After the answer FreeSWITCH swaps caller and callee of channels that it dialled; the first caller stays in these.
  const calling = outgoing
    ? {
        number: header(event, 'Caller-Orig-Caller-ID-Number') ?? header(event, 'Caller-ANI'),
        name: header(event, 'Caller-Orig-Caller-ID-Name'),
      }
    : { number: header(event, 'Caller-Caller-ID-Number'), name: header(event, 'Caller-Caller-ID-Name') };
  const called = outgoing
    ? (variable(event, NUMBER) ?? header(event, 'Caller-Destination-Number'))
    : header(event, 'Caller-Destination-Number');
  const bridgeId = variable(event, BRIDGE);
  return {
    id: context.id,
    connectionId: context.connectionId,
    device: deviceOf(context.switchId, event),
    direction: context.direction,
    calling: rawParty(calling),
    called: rawNumber(called),
    state: 'initiated',
    place: { kind: 'alone' },
    told: 'no',
    hold: 'none',
    ...(context.direction === 'incoming' && variable(event, RESCUE) !== undefined ? { rescue: 'yes' } : {}),
    ...(callId === undefined ? {} : { callId: asId<CallId>(callId.slice(0, 128)) }),
    ...(bridgeId === undefined ? {} : { bridgeId: asId<BridgeId>(bridgeId.slice(0, 64)) }),
  };
}

/** It is parked, in that `Channel-State`. By the switch itself, left alone by its partner (`park_after_bridge`), in CS_PARK: a transfer to the park that was asked for is still to come. */
export function notePark(leg: Leg, state: string | undefined): void {
  if (leg.parking !== undefined && state === 'CS_PARK') leg.parking = 'soon';
  else delete leg.parking;
  delete leg.parting;
}
