import {
  asId,
  type BridgeId,
  type CallId,
  type ConnectionDirection,
  type ConnectionId,
  type DeviceId,
  deviceId,
  type RawParty,
  type ReleaseCause,
  type SwitchId,
} from '@cordboard/cti-core';
import type { AriChannel, AriParty } from '../wire/ari-messages.js';
import { endpointOfChannel } from './endpoint.js';

/** What the driver must remember of one channel that is under our control. */
export interface Leg {
  /** Asterisk's channel id, or the one that we chose. */
  readonly id: string;
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  readonly calling: RawParty;
  readonly called: RawParty;
  /** Signalling id (SIP Call-ID): a REFER with Replaces names the other call of the phone by it. */
  protocolId?: string;
  state: 'initiated' | 'alerting' | 'connected';
  /** Where it is: not yet to be acted on (it rings), in the application, or gone from it. */
  place: 'before' | 'in' | 'left';
  /** Has `created` been told? An originated leg exists here before the switch has shown it. */
  told: 'no' | 'yes';
  callId?: CallId;
  /** The switch's own name of it, see {@link engineBridgeOf}. */
  bridgeId?: string;
  /** It is being put into this bridge of the switch, which stands for the same one of the engine: nothing to tell. */
  moving?: string;
  hold: 'none' | 'byDevice';
  /** Our own wish to end it, and the cause that we gave. */
  clearing?: ReleaseCause;
  /** Asterisk has begun to end it; its cause when it said one. */
  hangup?: { readonly q850?: number; readonly sip?: number };
  /** We gave it back to the dialplan. */
  redirecting?: 'yes';
  /** Its phone asked for a transfer and waits for the answer. */
  referring?: 'yes';
  /** One of ours that is being originated: its channel is wanted, was told to dial, or is not wanted any more. */
  dialling?: 'wanted' | 'asked' | 'givenUp';
}

/** The channel variable that carries our mark. */
export const MARK_VARIABLE = 'CORDBOARD_CALL';
/** First argument with which a channel that we dial enters the application. */
export const OUT = 'out';
/** Ids of channels, bridges and playbacks that the driver makes for its own ends begin so. */
export const INTERNAL = 'cb-';

/** A channel or bridge of the driver's own (snoop, monitor bridge): never told as a connection. */
export function isInternal(id: string): boolean {
  return id.startsWith(INTERNAL);
}

/**
 * The bridge of the engine that a bridge of the switch stands for. Asterisk refuses an id again as long as anything still refers to its
 * destroyed bridge (409 to make it, 404 to add to it; 22.10.1, 2026-11-21), so each making has a name of its own: `<id>~<n>`.
 */
export function engineBridgeOf(nativeId: string): BridgeId {
  const end = nativeId.lastIndexOf('~');
  return asId<BridgeId>(end < 0 ? nativeId : nativeId.slice(0, end));
}

const MAX_NUMBER = 64;
const MAX_NAME = 128;

/** A party as the contract wants it. Asterisk tells an unknown number as empty or `<unknown>`. */
export function rawParty(party: AriParty): RawParty {
  const number = party.number === '<unknown>' ? '' : party.number.slice(0, MAX_NUMBER);
  const name = party.name === '<unknown>' ? '' : party.name.slice(0, MAX_NAME);
  const withheld = /^(anonymous|withheld|private)$/i.test(number);
  return {
    number: withheld ? '' : number,
    ...(name === '' ? {} : { name }),
    presentation: withheld || /^anonymous$/i.test(name) ? 'withheld' : number === '' ? 'unavailable' : 'allowed',
  };
}

/** A number alone, such as the one that was dialled. */
export function rawNumber(number: string | undefined): RawParty {
  return rawParty({ number: number ?? '', name: '' });
}

/** A leg for a channel as Asterisk shows it now. */
export function legOf(
  channel: AriChannel,
  context: {
    readonly connectionId: ConnectionId;
    readonly switchId: SwitchId;
    readonly trunks: ReadonlySet<string>;
    readonly direction: ConnectionDirection;
    /** The number that was dialled, where it is known. */
    readonly dialled?: string | undefined;
  },
): Leg {
  const outgoing = context.direction === 'outgoing';
  const protocolId = protocolIdOf(channel);
  return {
    id: channel.id,
    connectionId: context.connectionId,
    device: deviceOfChannel(context.switchId, channel, context.trunks),
    direction: context.direction,
    // A channel that we dialled has the caller number that we gave as its own caller and as its connected party.
    calling: rawParty(outgoing ? channel.connected : channel.caller),
    called: rawNumber(outgoing ? (context.dialled ?? endpointOfChannel(channel.name)) : channel.dialplan?.exten),
    ...(protocolId === undefined ? {} : { protocolId }),
    state: channel.state === 'Up' ? 'connected' : outgoing && channel.state === 'Ringing' ? 'alerting' : 'initiated',
    place: 'in',
    told: 'no',
    hold: 'none',
  };
}

/** The signalling's own id of a channel; absent before Asterisk 20. */
export function protocolIdOf(channel: AriChannel): string | undefined {
  return typeof channel.protocol_id === 'string' && channel.protocol_id !== '' ? channel.protocol_id : undefined;
}

/** The device of a SIP endpoint: a trunk when it is known as one, else an extension of its name. */
export function deviceOfEndpoint(switchId: SwitchId, endpoint: string, trunks: ReadonlySet<string>): DeviceId {
  return deviceId(switchId, trunks.has(endpoint) ? 'trunk' : 'extension', endpoint);
}

/** The device of a channel; one that is no SIP endpoint (`Local/...`) is `external` under its own name. */
export function deviceOfChannel(switchId: SwitchId, channel: AriChannel, trunks: ReadonlySet<string>): DeviceId {
  const endpoint = endpointOfChannel(channel.name);
  if (endpoint === undefined)
    return deviceId(switchId, 'external', channel.name.replace(/-[0-9a-f]{8}(;\d)?$/, '').slice(0, 128));
  return deviceId(switchId, trunks.has(endpoint) ? 'trunk' : 'extension', endpoint);
}

/** Asterisk's stamp as epoch ms, for `nativeAtMs`; nothing when it is not there or not readable. */
export function stamp(timestamp: string | undefined): { nativeAtMs?: number } {
  if (timestamp === undefined) return {};
  const ms = Date.parse(timestamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(ms) ? {} : { nativeAtMs: ms };
}
