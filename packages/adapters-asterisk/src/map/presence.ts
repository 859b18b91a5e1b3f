import type { DevicePresence } from '@cordboard/cti-core';
import type { AriChannel, AriEndpoint } from '../wire/ari-messages.js';

/** Asterisk's device states (`include/asterisk/devicestate.h`) -> ours. AMI and ARI use the same words. */
const PRESENCE: ReadonlyMap<string, DevicePresence> = new Map([
  ['NOT_INUSE', 'idle'],
  ['INUSE', 'busy'],
  ['BUSY', 'busy'],
  ['RINGING', 'alerting'],
  ['RINGINUSE', 'busy'],
  ['ONHOLD', 'held'],
  ['UNAVAILABLE', 'unreachable'],
  ['INVALID', 'unknown'],
  ['UNKNOWN', 'unknown'],
]);

/** What a device state means. A word of a later version is `unknown`. */
export function presenceOf(state: string): DevicePresence {
  return PRESENCE.get(state) ?? 'unknown';
}

/** What an endpoint is doing, told from its registration and its channels when Asterisk is asked for everything. */
export function presenceOfEndpoint(endpoint: AriEndpoint, channels: ReadonlyMap<string, AriChannel>): DevicePresence {
  const own = (endpoint.channel_ids ?? []).flatMap((id) => channels.get(id) ?? []);
  if (own.some((channel) => channel.state === 'Up' || channel.state === 'Ring' || channel.state === 'Dialing'))
    return 'busy';
  if (own.some((channel) => channel.state === 'Ringing')) return 'alerting';
  if (own.length > 0) return 'busy';
  if (endpoint.state === 'online') return 'idle';
  return endpoint.state === 'offline' ? 'unreachable' : 'unknown';
}

/** The endpoint that a channel or a device state names: `PJSIP/8001-0000002a` and `PJSIP/8001` both give `8001`. */
export function endpointOfChannel(name: string): string | undefined {
  return /^PJSIP\/(.+)-[0-9a-f]{8,}$/u.exec(name)?.[1];
}

/** The endpoint that a device state is about; `undefined` for what is no SIP endpoint (`Custom:`, `Queue:`, `MWI:`). */
export function endpointOfDevice(name: string): string | undefined {
  return /^PJSIP\/(.+)$/u.exec(name)?.[1];
}
