import { type ConnectionId, connectionId, type Release, type SwitchId } from '@cordboard/cti-core';
import type { AriChannel, AriEvent } from '../wire/ari-messages.js';
import { type MapEffect, on, tell } from './effects.js';
import { endpointOfChannel } from './endpoint.js';
import { engineBridgeOf, isInternal, type Leg, legOf, OUT, protocolIdOf } from './leg.js';
import { PhoneTransfers } from './phone-transfers.js';
import { releaseOf, SHUTDOWN } from './release-cause.js';

/** What the model must know of the switch. */
export interface ModelContext {
  readonly switchId: SwitchId;
  readonly trunks: readonly string[];
}

/**
 * The channels under our control, and what each ARI event means for them. Pure: no I/O, no clock; the same events give
 * the same effects. Events of channels that it does not know, late or doubled ones change nothing.
 */
export class CallModel {
  readonly #switchId: SwitchId;
  readonly #trunks: Set<string>;
  readonly #legs = new Map<string, Leg>();
  readonly #byConnection = new Map<ConnectionId, Leg>();
  /** Channels that were ours, were told as ended, and still live: were they to come back, it is as a new connection. */
  readonly #departed = new Map<string, number>();
  readonly #transfers = new PhoneTransfers(this.#legs);

  constructor(context: ModelContext) {
    this.#switchId = context.switchId;
    this.#trunks = new Set(context.trunks);
  }

  /** Endpoints known as trunks, by option or by what the dialplan told. */
  get trunks(): ReadonlySet<string> {
    return this.#trunks;
  }

  get legs(): IterableIterator<Leg> {
    return this.#legs.values();
  }

  leg(id: string): Leg | undefined {
    return this.#legs.get(id);
  }

  legOf(id: ConnectionId): Leg | undefined {
    return this.#byConnection.get(id);
  }

  /** Is this channel ours, or was it and lives on? */
  isOurs(id: string): boolean {
    return this.#legs.has(id) || this.#departed.has(id);
  }

  learnTrunk(endpoint: string): void {
    this.#trunks.add(endpoint);
  }

  /** Adds a leg: one that is about to be originated, or one found in a snapshot. */
  add(leg: Leg): void {
    this.#legs.set(leg.id, leg);
    this.#byConnection.set(leg.connectionId, leg);
  }

  /** Forgets a leg without a word: an originate that came to nothing, or one that an outage took. */
  drop(id: string): void {
    const leg = this.#legs.get(id);
    if (leg === undefined) return;
    this.#legs.delete(id);
    this.#transfers.gone(id);
    this.#byConnection.delete(leg.connectionId);
  }

  /** What one event of Asterisk means. */
  apply(event: AriEvent): MapEffect[] {
    switch (event.type) {
      case 'StasisStart':
        return this.#stasisStart(event);
      case 'StasisEnd':
        return this.#stasisEnd(event.channel);
      case 'ChannelCreated':
        return this.#known(event.channel, () => []);
      case 'ChannelDestroyed':
        return this.#destroyed(event);
      case 'ChannelHangupRequest':
        return this.#known(event.channel, (leg) => {
          const q850 = event.soft === true && event.cause !== SHUTDOWN ? undefined : event.cause;
          leg.hangup = {
            ...leg.hangup,
            ...(q850 === undefined ? {} : { q850 }),
            ...(event.tech_cause === undefined ? {} : { sip: event.tech_cause }),
          };
          return [];
        });
      case 'ChannelStateChange':
        return this.#known(event.channel, (leg) => this.#state(leg, event.channel.state, event.timestamp));
      case 'Dial':
        return this.#known(event.peer, (leg) => this.#dialled(leg, event.dialstatus, event.timestamp));
      case 'ChannelDtmfReceived':
        return this.#known(event.channel, (leg) =>
          /^[0-9*#A-D]$/.test(event.digit)
            ? [
                tell({
                  type: 'digit',
                  ...on(leg, event.timestamp),
                  digit: event.digit,
                  ...(event.duration_ms === undefined ? {} : { toneMs: event.duration_ms }),
                }),
              ]
            : [],
        );
      case 'ChannelHold':
        return this.#hold(event.channel, 'byDevice', event.timestamp);
      case 'ChannelUnhold':
        return this.#hold(event.channel, 'none', event.timestamp);
      case 'ChannelEnteredBridge':
        return this.#entered(event.channel, event.bridge.id, event.timestamp);
      case 'ChannelLeftBridge':
        return this.#leftBridge(event);
      case 'ChannelTransfer':
        return this.#known(event.referred_by.source_channel, (leg) => this.#transfers.asked(leg, event));
      case 'BridgeBlindTransfer':
        return this.#known(event.channel, (leg) => this.#transfers.blindDone(leg, event));
      case 'BridgeAttendedTransfer':
        return this.#known(event.transferer_first_leg, (leg) => this.#transfers.attendedDone(leg, event));
      // The rest is the business of playbacks, recordings and the link.
      case 'BridgeDestroyed':
      case 'EndpointStateChange':
      case 'PlaybackStarted':
      case 'PlaybackContinuing':
      case 'PlaybackFinished':
      case 'RecordingStarted':
      case 'RecordingFinished':
      case 'RecordingFailed':
      case 'ApplicationReplaced':
      case 'unknown':
        return [];
    }
  }

  /** A leg for a channel that came by itself, found by an event or in a snapshot. Not added yet. */
  legOfChannel(channel: AriChannel, args: readonly string[]): Leg {
    const endpoint = endpointOfChannel(channel.name);
    if (endpoint !== undefined && (args[0] === 'trunk' || args[1] === 'trunk')) this.#trunks.add(endpoint);
    const seen = this.#departed.get(channel.id);
    const native = seen === undefined ? channel.id : `${channel.id}.r${seen}`;
    return legOf(channel, {
      connectionId: connectionId(this.#switchId, native),
      switchId: this.#switchId,
      trunks: this.#trunks,
      direction: args[0] === OUT ? 'outgoing' : 'incoming',
      dialled: args[2],
    });
  }

  /** Tells `created` for a leg that nobody was told of. */
  tellCreated(leg: Leg, timestamp?: string): MapEffect[] {
    if (leg.told === 'yes') return [];
    leg.told = 'yes';
    return [
      tell({
        type: 'created',
        ...on(leg, timestamp),
        device: leg.device,
        direction: leg.direction,
        control: 'full',
        calling: leg.calling,
        called: leg.called,
        ...(leg.callId === undefined ? {} : { callId: leg.callId }),
      }),
    ];
  }

  /** Ends a leg: it is forgotten here, and told by the driver when all that hangs on it has ended. */
  end(leg: Leg, release: Release): MapEffect[] {
    this.drop(leg.id);
    return [...this.tellCreated(leg), ...this.#unbridge(leg), { kind: 'ended', leg, release }];
  }

  #known(channel: AriChannel, then: (leg: Leg) => MapEffect[]): MapEffect[] {
    const leg = this.#legs.get(channel.id);
    if (leg === undefined || leg.place === 'left') return [];
    const protocolId = protocolIdOf(channel);
    if (protocolId !== undefined) leg.protocolId = protocolId;
    const created = this.tellCreated(leg);
    return [...created, ...then(leg)];
  }

  #stasisStart(event: Extract<AriEvent, { type: 'StasisStart' }>): MapEffect[] {
    const { channel, args, timestamp } = event;
    if (isInternal(channel.id)) return [];
    // Snoops, announcers and recorders of others are no device's part in a call.
    if (/^(Snoop|Announcer|Recorder)\//.test(channel.name)) return [];
    if (channel.name.startsWith('Local/') && args[0] !== OUT && !this.#legs.has(channel.id)) {
      this.#transfers.met(channel.id);
      return [];
    }
    const known = this.#legs.get(channel.id);
    if (known !== undefined && known.place !== 'left') return this.#arrives(known, channel, timestamp);
    if (args[0] === OUT && channel.state === 'Down') return [{ kind: 'hangUp', legId: channel.id, why: 'undialled' }];
    const effects: MapEffect[] = known === undefined ? [] : this.#comesBack(known);
    const leg = this.legOfChannel(channel, args);
    leg.state = 'initiated';
    const old = event.replace_channel === undefined ? undefined : this.#legs.get(event.replace_channel.id);
    // It is our call's connection from the first moment: the mark goes with the place.
    if (old?.callId !== undefined) leg.callId = old.callId;
    this.add(leg);
    effects.push(...this.tellCreated(leg, timestamp), { kind: 'adopt', leg });
    if (channel.state === 'Up') effects.push(...this.#connected(leg, timestamp));
    if (old !== undefined) effects.push(...this.#replaced(old, leg, timestamp));
    return effects;
  }

  /** One that we know of enters the application: one that we dial before it rings, which takes no command then. */
  #arrives(leg: Leg, channel: AriChannel, timestamp: string | undefined): MapEffect[] {
    if (leg.dialling === 'givenUp') return [{ kind: 'hangUp', legId: leg.id, why: 'undialled' }];
    const effects = this.tellCreated(leg, timestamp);
    const protocolId = protocolIdOf(channel);
    if (protocolId !== undefined) leg.protocolId = protocolId;
    if (leg.direction === 'incoming' || channel.state === 'Up') leg.place = 'in';
    return channel.state === 'Up' ? [...effects, ...this.#connected(leg, timestamp)] : effects;
  }

  /** It was gone from the application, nothing had said that it ended, and now it is here again. */
  #comesBack(leg: Leg): MapEffect[] {
    this.departed(leg);
    return this.end(leg, { cause: 'transferred' });
  }

  /**
   * INVITE with Replaces: Asterisk puts the new channel where the old one was. In a bridge the old one is left over, in the application and
   * without a word to its phone, so that it is ours to end; one that rings or stands alone Asterisk ends by itself.
   */
  #replaced(old: Leg, by: Leg, timestamp: string | undefined): MapEffect[] {
    old.clearing = 'replaced';
    const told = [...this.tellCreated(old), tell({ type: 'replaced', ...on(old, timestamp), by: by.connectionId })];
    return old.bridgeId === undefined ? told : [...told, { kind: 'hangUp', legId: old.id, why: 'replaced' }];
  }

  #stasisEnd(channel: AriChannel): MapEffect[] {
    this.#transfers.gone(channel.id);
    const leg = this.#legs.get(channel.id);
    if (leg === undefined || leg.place === 'left') return [];
    leg.place = 'left';
    if (leg.redirecting === undefined) return [{ kind: 'left', legId: leg.id }];
    this.departed(leg);
    return this.end(leg, { cause: 'transferred' });
  }

  /** Remembers that a channel lives on without us. Forgotten when it is destroyed. */
  departed(leg: Leg): void {
    this.#departed.set(leg.id, (this.#departed.get(leg.id) ?? 1) + 1);
  }

  #destroyed(event: Extract<AriEvent, { type: 'ChannelDestroyed' }>): MapEffect[] {
    this.#departed.delete(event.channel.id);
    const leg = this.#legs.get(event.channel.id);
    if (leg === undefined) return [];
    const sip = event.tech_cause ?? leg.hangup?.sip;
    const q850 = event.cause ?? leg.hangup?.q850;
    return this.end(
      leg,
      releaseOf(leg, {
        ...(q850 === undefined ? {} : { q850 }),
        ...(sip === undefined ? {} : { sip }),
        ...(event.cause_txt === undefined ? {} : { text: event.cause_txt.slice(0, 128) }),
      }),
    );
  }

  #state(leg: Leg, state: string, timestamp: string | undefined): MapEffect[] {
    if (state === 'Ringing') return this.#alerting(leg, timestamp);
    if (state !== 'Up') return [];
    leg.place = 'in';
    return this.#connected(leg, timestamp);
  }

  #dialled(leg: Leg, dialstatus: string, timestamp: string | undefined): MapEffect[] {
    return dialstatus === 'RINGING' || dialstatus === 'PROGRESS' ? this.#alerting(leg, timestamp) : [];
  }

  #alerting(leg: Leg, timestamp: string | undefined): MapEffect[] {
    if (leg.direction !== 'outgoing' || leg.state !== 'initiated') return [];
    leg.state = 'alerting';
    return [tell({ type: 'alerting', ...on(leg, timestamp) })];
  }

  #connected(leg: Leg, timestamp: string | undefined): MapEffect[] {
    if (leg.state === 'connected') return [];
    leg.state = 'connected';
    return [tell({ type: 'connected', ...on(leg, timestamp) })];
  }

  /** Asterisk says Unhold also before a blind transfer, and twice on some re-INVITEs: only changes count. */
  #hold(channel: AriChannel, hold: Leg['hold'], timestamp: string | undefined): MapEffect[] {
    return this.#known(channel, (leg) => {
      if (leg.hold === hold) return [];
      // Asterisk takes a held leg back when its phone transfers it; nobody at the phone did.
      if (leg.referring !== undefined && hold === 'none') return [];
      leg.hold = hold;
      return [tell({ type: hold === 'byDevice' ? 'heldByDevice' : 'retrievedByDevice', ...on(leg, timestamp) })];
    });
  }

  #entered(channel: AriChannel, bridgeId: string, timestamp: string | undefined): MapEffect[] {
    return this.#known(channel, (leg) => {
      if (leg.bridgeId === bridgeId) return [];
      if (leg.moving === bridgeId) {
        delete leg.moving;
        leg.bridgeId = bridgeId;
        return [];
      }
      const left = this.#unbridge(leg, timestamp);
      if (isInternal(bridgeId)) return left;
      leg.bridgeId = bridgeId;
      return [...left, tell({ type: 'bridged', ...on(leg, timestamp), bridgeId: engineBridgeOf(bridgeId) })];
    });
  }

  #leftBridge(event: Extract<AriEvent, { type: 'ChannelLeftBridge' }>): MapEffect[] {
    const { channel, bridge, timestamp } = event;
    const leg = this.#legs.get(channel.id);
    const leaves = leg !== undefined && leg.bridgeId === bridge.id && leg.moving === undefined;
    const effects = leaves ? this.#unbridge(leg, timestamp) : [];
    const ours = bridge.bridge_class === undefined || bridge.bridge_class === 'stasis';
    if (bridge.channels.length === 0 && ours) effects.push({ kind: 'emptyBridge', bridgeId: bridge.id });
    return effects;
  }

  #unbridge(leg: Leg, timestamp?: string): MapEffect[] {
    if (leg.bridgeId === undefined) return [];
    const bridgeId = engineBridgeOf(leg.bridgeId);
    this.#transfers.left(leg.id, leg.bridgeId);
    delete leg.bridgeId;
    return [tell({ type: 'unbridged', ...on(leg, timestamp), bridgeId })];
  }
}
