import {
  type ConnectionDirection,
  type ConnectionId,
  type ConnectionSnapshot,
  connectionId,
  type DeviceId,
  type DriverEvent,
  deviceId,
  type RawParty,
  type SwitchId,
} from '@cordboard/cti-core';
import { header, type SwitchEvent, stamp, variable } from './event.js';
import { OURS, rawNumber, rawParty, userOf } from './leg.js';
import { nativeOf, releaseOf } from './release-cause.js';

/** What the observer wants done. */
export type ObserveEffect =
  | { readonly kind: 'tell'; readonly event: DriverEvent }
  /** Answered by the dialplan: told when it has not become ours after a moment, see {@link ObserveModel.settle}. */
  | { readonly kind: 'doubt'; readonly channelId: string };

interface Channel {
  readonly id: string;
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  readonly direction: ConnectionDirection;
  readonly calling: RawParty;
  called: RawParty;
  readonly callRef: string | undefined;
  state: 'initiated' | 'alerting' | 'connected';
  told: 'no' | 'yes';
}

/**
 * The calls of other people on a switch that we share: what is seen of them, and nothing is done to them. Pure.
 *
 * A call that comes in is told when it has turned out not to be ours: when it is joined with somebody, dials somebody, or was answered
 * a moment ago and is not parked for us.
 */
export class ObserveModel {
  readonly #switchId: SwitchId;
  readonly #isOurs: (channelId: string) => boolean;
  readonly #trunks: () => ReadonlySet<string>;
  readonly #channels = new Map<string, Channel>();

  constructor(context: {
    readonly switchId: SwitchId;
    readonly isOurs: (channelId: string) => boolean;
    /** Names that are trunks: gateways. */
    readonly trunks: () => ReadonlySet<string>;
  }) {
    this.#switchId = context.switchId;
    this.#isOurs = context.isOurs;
    this.#trunks = context.trunks;
  }

  /** Channels that are followed. */
  get size(): number {
    return this.#channels.size;
  }

  /** All that were told, for a snapshot. */
  get snapshot(): readonly ConnectionSnapshot[] {
    return [...this.#channels.values()]
      .filter((channel) => channel.told === 'yes')
      .map(({ connectionId: id, device, direction, state, calling, called }) => ({
        connectionId: id,
        device,
        direction,
        state,
        control: 'observe',
        calling,
        called,
      }));
  }

  clear(): void {
    this.#channels.clear();
  }

  /** Takes a channel as the switch shows it when asked; it counts as told. */
  load(id: string, event: SwitchEvent): void {
    const channel = this.#add(id, event);
    channel.told = 'yes';
    if (header(event, 'Answer-State') === 'answered') channel.state = 'connected';
    else if (channel.direction === 'outgoing') channel.state = 'alerting';
  }

  apply(event: SwitchEvent): ObserveEffect[] {
    const id = header(event, 'Unique-ID');
    if (id === undefined) return [];
    // What has become ours is told by the calls' own map; here it ends, for whoever saw it as somebody else's.
    if (this.#isOurs(id)) return this.#becameOurs(id, event);
    switch (event.name) {
      case 'CHANNEL_CREATE':
        return this.#created(id, event);
      case 'CHANNEL_PROGRESS':
      case 'CHANNEL_PROGRESS_MEDIA':
        return this.#on(id, (channel) => this.#alerting(channel, event));
      case 'CHANNEL_ANSWER':
        return this.#on(id, (channel) => this.#answered(channel, event));
      case 'CHANNEL_BRIDGE':
        return this.#on(id, (channel) => this.#tellCreated(channel, event));
      case 'CHANNEL_HANGUP_COMPLETE':
      case 'CHANNEL_DESTROY':
        return this.#ended(id, event);
      default:
        return [];
    }
  }

  /** The moment of doubt is over: a channel that is still not ours is somebody else's. */
  settle(channelId: string): ObserveEffect[] {
    const channel = this.#channels.get(channelId);
    if (channel === undefined || this.#isOurs(channelId)) return [];
    return this.#tellCreated(channel);
  }

  #on(id: string, then: (channel: Channel) => ObserveEffect[]): ObserveEffect[] {
    const channel = this.#channels.get(id);
    return channel === undefined ? [] : then(channel);
  }

  #created(id: string, event: SwitchEvent): ObserveEffect[] {
    // What we dialled in an earlier life comes to us when it is answered.
    if (variable(event, OURS) !== undefined || this.#channels.has(id)) return [];
    const channel = this.#add(id, event);
    if (channel.direction === 'incoming') return [];
    const caller = this.#channels.get(header(event, 'Other-Leg-Unique-ID') ?? '');
    return [...(caller === undefined ? [] : this.#tellCreated(caller, event)), ...this.#tellCreated(channel, event)];
  }

  #add(id: string, event: SwitchEvent): Channel {
    const outgoing = (header(event, 'Call-Direction') ?? header(event, 'Caller-Direction')) === 'outbound';
    const user = userOf(event);
    const gateway = variable(event, 'sip_gateway_name') ?? variable(event, 'sip_gateway');
    const caller = {
      number:
        header(event, outgoing ? 'Caller-Orig-Caller-ID-Number' : 'Caller-Caller-ID-Number') ??
        header(event, 'Caller-Caller-ID-Number'),
      name: header(event, outgoing ? 'Caller-Orig-Caller-ID-Name' : 'Caller-Caller-ID-Name'),
    };
    const channel: Channel = {
      id,
      connectionId: connectionId(this.#switchId, id),
      device: this.#device(user, gateway),
      direction: outgoing ? 'outgoing' : 'incoming',
      calling: rawParty(caller),
      called: rawNumber(header(event, 'Caller-Destination-Number')),
      callRef: header(event, 'Channel-Call-UUID'),
      state: 'initiated',
      told: 'no',
    };
    this.#channels.set(id, channel);
    return channel;
  }

  #device(user: string | undefined, gateway: string | undefined): DeviceId {
    if (gateway !== undefined && this.#trunks().has(gateway)) return deviceId(this.#switchId, 'trunk', gateway);
    return deviceId(this.#switchId, 'extension', user ?? 'unknown');
  }

  #tellCreated(channel: Channel, event?: SwitchEvent): ObserveEffect[] {
    if (channel.told === 'yes') return [];
    channel.told = 'yes';
    const at = event === undefined ? {} : stamp(event);
    const effects: ObserveEffect[] = [
      {
        kind: 'tell',
        event: {
          type: 'created',
          connectionId: channel.connectionId,
          ...at,
          device: channel.device,
          direction: channel.direction,
          control: 'observe',
          calling: channel.calling,
          called: channel.called,
          ...(channel.callRef === undefined ? {} : { nativeCallRef: channel.callRef.slice(0, 128) }),
        },
      },
    ];
    if (channel.state === 'connected') {
      effects.push({ kind: 'tell', event: { type: 'connected', connectionId: channel.connectionId, ...at } });
    }
    return effects;
  }

  #alerting(channel: Channel, event: SwitchEvent): ObserveEffect[] {
    if (channel.direction !== 'outgoing' || channel.state !== 'initiated') return [];
    channel.state = 'alerting';
    return [{ kind: 'tell', event: { type: 'alerting', connectionId: channel.connectionId, ...stamp(event) } }];
  }

  #answered(channel: Channel, event: SwitchEvent): ObserveEffect[] {
    if (channel.state === 'connected') return [];
    channel.state = 'connected';
    if (channel.told === 'no') return [{ kind: 'doubt', channelId: channel.id }];
    return [{ kind: 'tell', event: { type: 'connected', connectionId: channel.connectionId, ...stamp(event) } }];
  }

  #ended(id: string, event: SwitchEvent): ObserveEffect[] {
    const channel = this.#channels.get(id);
    this.#channels.delete(id);
    if (channel === undefined || channel.told === 'no') return [];
    const release = releaseOf(channel, nativeOf(event));
    return [{ kind: 'tell', event: { type: 'cleared', connectionId: channel.connectionId, ...stamp(event), release } }];
  }

  #becameOurs(id: string, event: SwitchEvent): ObserveEffect[] {
    const channel = this.#channels.get(id);
    if (channel === undefined) return [];
    this.#channels.delete(id);
    if (channel.told === 'no') return [];
    const release = { cause: 'transferred' } as const;
    return [{ kind: 'tell', event: { type: 'cleared', connectionId: channel.connectionId, ...stamp(event), release } }];
  }

  /** Was this channel told as somebody else's? Its id is used up then. */
  wasTold(id: string): boolean {
    return this.#channels.get(id)?.told === 'yes';
  }
}
