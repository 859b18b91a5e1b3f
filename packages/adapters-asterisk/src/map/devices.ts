import type { DeviceId, DevicePresence, DriverEvent, SwitchId } from '@cordboard/cti-core';
import type { AriChannel, AriEndpoint, AriEvent } from '../wire/ari-messages.js';
import { endpointOfChannel } from './endpoint.js';
import { deviceOfEndpoint } from './leg.js';

interface Endpoint {
  /** Asterisk's word: `online`, `offline`, `unknown`. */
  reach: string;
  /** Channel id -> what that channel is doing. */
  readonly channels: Map<string, 'ringing' | 'talking' | 'held'>;
  /** What was told last. */
  told?: DevicePresence;
}

/**
 * What every SIP phone and trunk is doing, whoever's call it is: registration and channels of each endpoint, kept from
 * the events of the endpoints. (Asterisk's own device states are not subscribed to: on 22.10.1 an event of theirs that
 * meets the closing of the event socket locks ARI up for good; 18 closings were enough, 2026-11-21.) Pure.
 */
export class DeviceModel {
  readonly #switchId: SwitchId;
  readonly #trunks: () => ReadonlySet<string>;
  readonly #endpoints = new Map<string, Endpoint>();

  constructor(context: { readonly switchId: SwitchId; readonly trunks: () => ReadonlySet<string> }) {
    this.#switchId = context.switchId;
    this.#trunks = context.trunks;
  }

  /** Takes what Asterisk shows when asked for everything, and forgets what was before. */
  load(endpoints: readonly AriEndpoint[], channels: readonly AriChannel[]): void {
    this.#endpoints.clear();
    for (const endpoint of endpoints) {
      if (endpoint.technology === 'PJSIP') this.#endpoint(endpoint.resource).reach = endpoint.state ?? 'unknown';
    }
    for (const channel of channels) this.#channel(channel);
    for (const endpoint of this.#endpoints.values()) endpoint.told = presenceOf(endpoint);
  }

  /** Every device, for a snapshot. */
  get devices(): readonly { readonly device: DeviceId; readonly presence: DevicePresence }[] {
    return [...this.#endpoints].map(([name, endpoint]) => ({
      device: this.#device(name),
      presence: presenceOf(endpoint),
    }));
  }

  /** The change that an event makes, when it makes one. */
  apply(event: AriEvent): DriverEvent | undefined {
    switch (event.type) {
      case 'EndpointStateChange': {
        if (event.endpoint.technology !== 'PJSIP') return undefined;
        const endpoint = this.#endpoint(event.endpoint.resource);
        endpoint.reach = event.endpoint.state ?? 'unknown';
        const live = event.endpoint.channel_ids;
        if (live !== undefined)
          for (const id of [...endpoint.channels.keys()]) if (!live.includes(id)) endpoint.channels.delete(id);
        return this.#changed(event.endpoint.resource);
      }
      case 'ChannelCreated':
      case 'ChannelStateChange':
      case 'StasisStart':
      case 'ChannelUnhold':
        return this.#after(event.channel, () => this.#channel(event.channel));
      case 'ChannelHold':
        return this.#after(event.channel, (endpoint) => endpoint.channels.set(event.channel.id, 'held'));
      case 'ChannelDestroyed':
        return this.#after(event.channel, (endpoint) => endpoint.channels.delete(event.channel.id));
      default:
        return undefined;
    }
  }

  #after(channel: AriChannel, change: (endpoint: Endpoint) => void): DriverEvent | undefined {
    const name = endpointOfChannel(channel.name);
    if (name === undefined) return undefined;
    change(this.#endpoint(name));
    return this.#changed(name);
  }

  #channel(channel: AriChannel): void {
    const name = endpointOfChannel(channel.name);
    if (name === undefined) return;
    // A phone that is being called and does not ring yet is not busy for anybody else.
    if (channel.state === 'Down' || channel.state === 'Rsrvd') return;
    this.#endpoint(name).channels.set(channel.id, channel.state === 'Ringing' ? 'ringing' : 'talking');
  }

  #changed(name: string): DriverEvent | undefined {
    const endpoint = this.#endpoint(name);
    const presence = presenceOf(endpoint);
    if (endpoint.told === presence) return undefined;
    endpoint.told = presence;
    return { type: 'devicePresence', device: this.#device(name), presence };
  }

  #endpoint(name: string): Endpoint {
    let endpoint = this.#endpoints.get(name);
    if (endpoint === undefined) {
      endpoint = { reach: 'unknown', channels: new Map() };
      this.#endpoints.set(name, endpoint);
    }
    return endpoint;
  }

  #device(name: string): DeviceId {
    return deviceOfEndpoint(this.#switchId, name, this.#trunks());
  }
}

function presenceOf(endpoint: Endpoint): DevicePresence {
  const doing = [...endpoint.channels.values()];
  if (doing.includes('talking')) return 'busy';
  if (doing.includes('ringing')) return 'alerting';
  if (doing.includes('held')) return 'held';
  if (endpoint.reach === 'online') return 'idle';
  return endpoint.reach === 'offline' ? 'unreachable' : 'unknown';
}
