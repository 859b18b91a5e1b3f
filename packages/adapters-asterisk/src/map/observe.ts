import {
  asId,
  type BridgeId,
  type ConnectionDirection,
  type ConnectionId,
  type ConnectionSnapshot,
  connectionId,
  type DeviceId,
  type DriverEvent,
  type RawParty,
  type SwitchId,
} from '@cordboard/cti-core';
import type { AmiMessage } from '../wire/ami-message.js';
import { endpointOfChannel } from './endpoint.js';
import { deviceOfEndpoint, isInternal, rawNumber, rawParty } from './leg.js';
import { releaseOf } from './release-cause.js';

/** What the observer must know of the rest of the driver. */
export interface ObserveContext {
  readonly switchId: SwitchId;
  /** Channels of our own application, told over ARI. */
  readonly isOurs: (channelId: string) => boolean;
  readonly trunks: () => ReadonlySet<string>;
}

/** A channel of other people, as the manager port tells it. */
interface Observed {
  readonly id: string;
  readonly connectionId: ConnectionId;
  readonly device: DeviceId;
  direction: ConnectionDirection;
  calling: RawParty;
  called: RawParty;
  readonly callRef?: string;
  state: 'initiated' | 'alerting' | 'connected';
  hold: 'none' | 'byDevice';
  bridgeId?: string;
  told: 'no' | 'yes';
}

/** What follows from an event. */
export type ObserveEffect =
  | { readonly kind: 'tell'; readonly event: DriverEvent }
  /** It was answered without being dialled: in a moment {@link ObserveModel.settle} must say whether it is ours. */
  | { readonly kind: 'doubt'; readonly channelId: string };

/**
 * Calls outside the application, from manager events: told with control `observe` and never touched. Pure.
 *
 * A channel that comes in could still become ours, since the dialplan hands it to the application a moment later. It is
 * told only when it does something that ours never do: it is dialled or dials by the dialplan, or it was answered and is
 * still nobody's after a while.
 */
export class ObserveModel {
  readonly #context: ObserveContext;
  readonly #channels = new Map<string, Observed>();

  constructor(context: ObserveContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#channels.size;
  }

  /** Those that were told, as a snapshot shows them. */
  get snapshot(): readonly ConnectionSnapshot[] {
    return [...this.#channels.values()].filter((each) => each.told === 'yes').map(snapshotOf);
  }

  clear(): void {
    this.#channels.clear();
  }

  /** Takes one `CoreShowChannel` item: what lives when the link comes up. */
  load(item: AmiMessage): void {
    const application = item.get('Application') ?? '';
    if (application === 'Stasis' || application === 'AppDial2') return;
    const seen = this.#see(item.get('Uniqueid'), item.get('Channel'), item);
    if (seen === undefined) return;
    seen.direction = application === 'AppDial' ? 'outgoing' : 'incoming';
    const state = item.get('ChannelStateDesc');
    seen.state = state === 'Up' ? 'connected' : state === 'Ringing' ? 'alerting' : 'initiated';
    if (seen.direction === 'outgoing') {
      seen.calling = rawNumber(item.get('ConnectedLineNum'));
      seen.called = rawNumber(endpointOfChannel(item.get('Channel') ?? ''));
    }
    const bridgeId = item.get('BridgeId');
    if (bridgeId !== undefined && bridgeId !== '') seen.bridgeId = bridgeId;
    seen.told = 'yes';
  }

  /** What one event means. */
  apply(event: AmiMessage): ObserveEffect[] {
    switch (event.name) {
      case 'Newchannel':
        this.#see(event.get('Uniqueid'), event.get('Channel'), event);
        return [];
      case 'DialBegin':
        return this.#dialBegin(event);
      case 'Newstate':
        return this.#newState(event);
      case 'Hold':
        return this.#hold(event, 'byDevice');
      case 'Unhold':
        return this.#hold(event, 'none');
      case 'BridgeEnter':
        return this.#entered(event);
      case 'BridgeLeave':
        return this.#told(event, (seen) => this.#unbridge(seen));
      case 'Hangup':
        return this.#hangup(event);
      default:
        return [];
    }
  }

  /** The moment of doubt is over: what is nobody's is told. */
  settle(channelId: string): ObserveEffect[] {
    const seen = this.#channels.get(channelId);
    if (seen === undefined || seen.told === 'yes' || this.#forgetOurs(seen)) return [];
    return this.#tell(seen);
  }

  #see(id: string | undefined, name: string | undefined, event: AmiMessage): Observed | undefined {
    if (id === undefined || name === undefined || isInternal(id) || this.#context.isOurs(id)) return undefined;
    const endpoint = endpointOfChannel(name);
    // Local halves, snoops, announcers and the like are Asterisk's own means, not devices.
    if (endpoint === undefined) return undefined;
    const known = this.#channels.get(id);
    if (known !== undefined) return known;
    const callRef = event.get('Linkedid');
    const seen: Observed = {
      id,
      connectionId: connectionId(this.#context.switchId, id),
      device: deviceOfEndpoint(this.#context.switchId, endpoint, this.#context.trunks()),
      direction: 'incoming',
      calling: rawParty({ number: event.get('CallerIDNum') ?? '', name: event.get('CallerIDName') ?? '' }),
      called: rawNumber(event.get('Exten')),
      ...(callRef === undefined ? {} : { callRef }),
      state: 'initiated',
      hold: 'none',
      told: 'no',
    };
    this.#channels.set(id, seen);
    return seen;
  }

  #dialBegin(event: AmiMessage): ObserveEffect[] {
    const from = this.#channels.get(event.get('Uniqueid') ?? '');
    const to = this.#channels.get(event.get('DestUniqueid') ?? '');
    // An originate of ours has no dialling side, and its channel is known as ours.
    if (event.get('Uniqueid') === undefined) return [];
    const effects: ObserveEffect[] = [];
    if (from !== undefined && !this.#forgetOurs(from)) effects.push(...this.#tell(from));
    if (to !== undefined && to.told === 'no' && !this.#forgetOurs(to)) {
      to.direction = 'outgoing';
      to.calling = from?.calling ?? rawNumber(event.get('DestConnectedLineNum'));
      to.called = rawNumber(endpointOfChannel(event.get('DestChannel') ?? ''));
      effects.push(...this.#tell(to));
    }
    return effects;
  }

  #newState(event: AmiMessage): ObserveEffect[] {
    const seen = this.#channels.get(event.get('Uniqueid') ?? '');
    if (seen === undefined) return [];
    const state = event.get('ChannelStateDesc');
    if (state === 'Ringing' && seen.direction === 'outgoing' && seen.state === 'initiated') {
      seen.state = 'alerting';
      return this.#on(seen, { type: 'alerting', connectionId: seen.connectionId });
    }
    if (state !== 'Up' || seen.state === 'connected') return [];
    seen.state = 'connected';
    if (seen.told === 'no') return [{ kind: 'doubt', channelId: seen.id }];
    return this.#on(seen, { type: 'connected', connectionId: seen.connectionId });
  }

  #hold(event: AmiMessage, hold: Observed['hold']): ObserveEffect[] {
    return this.#told(event, (seen) => {
      if (seen.hold === hold) return [];
      seen.hold = hold;
      const type = hold === 'byDevice' ? 'heldByDevice' : 'retrievedByDevice';
      return this.#on(seen, { type, connectionId: seen.connectionId });
    });
  }

  #entered(event: AmiMessage): ObserveEffect[] {
    const bridgeId = event.get('BridgeUniqueid');
    const seen = this.#channels.get(event.get('Uniqueid') ?? '');
    if (seen === undefined || bridgeId === undefined || seen.bridgeId === bridgeId) return [];
    const left = this.#unbridge(seen);
    seen.bridgeId = bridgeId;
    return [
      ...left,
      ...this.#on(seen, { type: 'bridged', connectionId: seen.connectionId, bridgeId: asId<BridgeId>(bridgeId) }),
    ];
  }

  #unbridge(seen: Observed): ObserveEffect[] {
    if (seen.bridgeId === undefined) return [];
    const bridgeId = asId<BridgeId>(seen.bridgeId);
    delete seen.bridgeId;
    return this.#on(seen, { type: 'unbridged', connectionId: seen.connectionId, bridgeId });
  }

  #hangup(event: AmiMessage): ObserveEffect[] {
    const seen = this.#channels.get(event.get('Uniqueid') ?? '');
    if (seen === undefined) return [];
    const left = this.#unbridge(seen);
    this.#channels.delete(seen.id);
    const cause = Number(event.get('Cause'));
    const text = event.get('Cause-txt')?.slice(0, 128);
    const release = releaseOf(seen, {
      ...(Number.isInteger(cause) && cause >= 0 && cause <= 127 ? { q850: cause } : {}),
      ...(text === undefined || text === '' ? {} : { text }),
    });
    return [...left, ...this.#on(seen, { type: 'cleared', connectionId: seen.connectionId, release })];
  }

  #told(event: AmiMessage, then: (seen: Observed) => ObserveEffect[]): ObserveEffect[] {
    const seen = this.#channels.get(event.get('Uniqueid') ?? '');
    return seen === undefined ? [] : then(seen);
  }

  #on(seen: Observed, event: DriverEvent): ObserveEffect[] {
    return seen.told === 'yes' ? [{ kind: 'tell', event }] : [];
  }

  #forgetOurs(seen: Observed): boolean {
    if (seen.told === 'yes' || !this.#context.isOurs(seen.id)) return false;
    this.#channels.delete(seen.id);
    return true;
  }

  /** Tells a channel and what has become of it before. */
  #tell(seen: Observed): ObserveEffect[] {
    if (seen.told === 'yes') return [];
    seen.told = 'yes';
    const { connectionId: id } = seen;
    const created: DriverEvent = {
      type: 'created',
      connectionId: id,
      device: seen.device,
      direction: seen.direction,
      control: 'observe',
      calling: seen.calling,
      called: seen.called,
      ...(seen.callRef === undefined ? {} : { nativeCallRef: seen.callRef }),
    };
    const effects: ObserveEffect[] = [{ kind: 'tell', event: created }];
    if (seen.state === 'connected') effects.push({ kind: 'tell', event: { type: 'connected', connectionId: id } });
    if (seen.bridgeId !== undefined) {
      const bridgeId = asId<BridgeId>(seen.bridgeId);
      effects.push({ kind: 'tell', event: { type: 'bridged', connectionId: id, bridgeId } });
    }
    return effects;
  }
}

function snapshotOf(seen: Observed): ConnectionSnapshot {
  return {
    connectionId: seen.connectionId,
    device: seen.device,
    direction: seen.direction,
    state: seen.state,
    control: 'observe',
    calling: seen.calling,
    called: seen.called,
    ...(seen.bridgeId === undefined ? {} : { bridgeId: asId<BridgeId>(seen.bridgeId) }),
    ...(seen.hold === 'none' ? {} : { heldByDevice: 'held' as const }),
  };
}
