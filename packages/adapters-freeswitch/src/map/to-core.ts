import { type BridgeId, type ConnectionId, connectionId, type Release, type SwitchId } from '@cordboard/cti-core';
import { digitOf } from './digit.js';
import { type MapEffect, on, outlived, tell } from './effects.js';
import { header, type SwitchEvent } from './event.js';
import { bridgeOfConference, type Leg, legOf, notePark, ownership, type Place } from './leg.js';
import { otherLegOf } from './other-leg.js';
import { phoneHolds } from './phone-hold.js';
import { answered, askedAtPhone, keptForTransfer } from './phone-transfers.js';
import { nativeOf, releaseOf } from './release-cause.js';

/** What the model must know of the switch. */
export interface ModelContext {
  readonly switchId: SwitchId;
}

/**
 * The channels under our control, and what each event means for them. Pure: no I/O, no clock; the same events give the same effects.
 * Events of channels that it does not know, late or doubled ones change nothing: the event name is trusted, never
 * `Channel-Call-State`, which is stale, and never `Event-Sequence`, which is not monotone on the wire.
 */
export class CallModel {
  readonly #switchId: SwitchId;
  readonly #legs = new Map<string, Leg>();
  readonly #byConnection = new Map<ConnectionId, Leg>();
  /** Channels that were ours, were told as ended, and still live: were they to come back, it is as a new connection. */
  readonly #departed = new Map<string, number>();

  constructor(context: ModelContext) {
    this.#switchId = context.switchId;
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

  /** Is this channel ours now? */
  isOurs(id: string): boolean {
    return this.#legs.has(id);
  }

  /** Those in a bridge of the engine. */
  members(bridgeId: BridgeId): Leg[] {
    return [...this.#legs.values()].filter((leg) => leg.bridgeId === bridgeId);
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
    this.#byConnection.delete(leg.connectionId);
  }

  /** What one event of the switch means. */
  apply(event: SwitchEvent): MapEffect[] {
    const id = header(event, 'Unique-ID');
    if (id === undefined) return [];
    switch (event.name) {
      case 'CHANNEL_CREATE':
        return this.#known(id, (leg) => this.tellCreated(leg, event));
      case 'CHANNEL_PROGRESS':
      case 'CHANNEL_PROGRESS_MEDIA':
        return this.#known(id, (leg) => this.#alerting(leg, event));
      case 'CHANNEL_ANSWER':
        // One that we dialled is answered before it is in our hands; until it is parked a command would be undone by that.
        return this.#known(id, (leg) =>
          leg.place.kind === 'before' ? this.#alerting(leg, event) : this.#connected(leg, event),
        );
      case 'CHANNEL_PARK':
        return this.#parked(id, event);
      case 'CHANNEL_BRIDGE':
        return this.#bridged(event);
      case 'CHANNEL_HOLD':
        return this.#known(id, (leg) => this.#hold(leg, 'byDevice', event));
      case 'CHANNEL_UNHOLD':
        return this.#known(id, (leg) => (phoneHolds(event) ? [] : this.#hold(leg, 'none', event)));
      case 'CHANNEL_HANGUP':
        // Of a switch that goes down nothing more may come.
        if (header(event, 'Hangup-Cause') === 'SYSTEM_SHUTDOWN') return this.#destroyed(id, event);
        return this.#known(id, (leg) => {
          leg.ending = 'yes';
          return [{ kind: 'moved', leg }];
        });
      case 'CHANNEL_HANGUP_COMPLETE':
      case 'CHANNEL_DESTROY':
        return this.#destroyed(id, event);
      case 'DTMF':
        return this.#known(id, (leg) => digitOf(leg, event));
      case 'CUSTOM':
        return header(event, 'Event-Subclass') === 'sofia::reinvite'
          ? this.#known(id, (leg) => (leg.hold === 'byDevice' ? [{ kind: 'doubtHold', leg }] : []))
          : this.#conference(id, event);
      default:
        return [];
    }
  }

  /** A leg for a channel that came by itself, found by an event or in a snapshot. Not added yet. */
  legOfChannel(id: string, event: SwitchEvent, direction: 'incoming' | 'outgoing'): Leg {
    const seen = this.#departed.get(id);
    return legOf(event, {
      id,
      connectionId: connectionId(this.#switchId, seen === undefined ? id : `${id}.r${seen}`),
      switchId: this.#switchId,
      direction,
    });
  }

  /** Tells `created` for a leg that nobody was told of. */
  tellCreated(leg: Leg, event?: SwitchEvent): MapEffect[] {
    if (leg.told === 'yes') return [];
    leg.told = 'yes';
    return [
      tell({
        type: 'created',
        ...on(leg, event),
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
    return [...this.tellCreated(leg), ...this.leave(leg), { kind: 'moved', leg }, { kind: 'ended', leg, release }];
  }

  /** Puts a leg into a bridge of the engine, out of the one that it was in. */
  enter(leg: Leg, bridgeId: BridgeId, event?: SwitchEvent): MapEffect[] {
    delete leg.joining;
    if (leg.bridgeId === bridgeId) return [];
    const left = this.leave(leg, event);
    leg.bridgeId = bridgeId;
    return [...left, tell({ type: 'bridged', ...on(leg, event), bridgeId })];
  }

  /** Takes a leg out of its bridge of the engine. */
  leave(leg: Leg, event?: SwitchEvent): MapEffect[] {
    delete leg.leaving;
    const { bridgeId } = leg;
    if (bridgeId === undefined) return [];
    delete leg.bridgeId;
    return [tell({ type: 'unbridged', ...on(leg, event), bridgeId })];
  }

  /** A command of ours is about to move this leg: what its partner does then is no news. */
  detach(leg: Leg): void {
    const partner = leg.place.kind === 'pair' ? this.#legs.get(leg.place.withId) : undefined;
    if (partner?.place.kind === 'pair' && partner.place.withId === leg.id) partner.place = { kind: 'alone' };
    if (leg.place.kind !== 'before') leg.place = { kind: 'alone' };
  }

  /** The id of this channel was told and is used up: were it to come back, it is under another one. Forgotten when it is destroyed. */
  used(id: string): void {
    this.#departed.set(id, (this.#departed.get(id) ?? 1) + 1);
  }

  #known(id: string, then: (leg: Leg) => MapEffect[]): MapEffect[] {
    const leg = this.#legs.get(id);
    if (leg === undefined || leg.gone !== undefined) return [];
    return [...this.tellCreated(leg), ...then(leg)];
  }

  #alerting(leg: Leg, event: SwitchEvent): MapEffect[] {
    if (leg.direction !== 'outgoing' || leg.state !== 'initiated') return [];
    leg.state = 'alerting';
    return [tell({ type: 'alerting', ...on(leg, event) })];
  }

  #connected(leg: Leg, event: SwitchEvent): MapEffect[] {
    if (leg.state === 'connected') return [];
    const rang = this.#alerting(leg, event);
    leg.state = 'connected';
    return [...rang, tell({ type: 'connected', ...on(leg, event) })];
  }

  #parked(id: string, event: SwitchEvent): MapEffect[] {
    const known = this.#legs.get(id);
    if (known === undefined) return this.#arrived(id, event);
    if (known.gone !== undefined || known.ending !== undefined) return [];
    const asked = keptForTransfer(known, event, this.#legs);
    if (asked !== undefined) return this.#left(known, { release: { cause: 'transferred' }, asked, event });
    const effects = this.tellCreated(known, event);
    const { place, leaving } = known;
    notePark(known, header(event, 'Channel-State'));
    known.place = { kind: 'alone' };
    if (place.kind === 'before' || answered(event)) effects.push(...this.#connected(known, event));
    if (leaving !== undefined) effects.push(...this.leave(known, event));
    else if (place.kind === 'pair' && known.joining === undefined) effects.push(...this.#split(known, place));
    return [...effects, { kind: 'moved', leg: known }];
  }

  /**
   * Two were joined, nobody of us took them apart, and one is parked: when the other one lives, somebody else did, or a phone transfers
   * and its channel ends a moment later.
   */
  #split(leg: Leg, place: Extract<Place, { kind: 'pair' }>): MapEffect[] {
    const partner = this.#legs.get(place.withId);
    const lives = partner !== undefined && partner.ending === undefined && partner.gone === undefined;
    return lives ? [{ kind: 'split', leg, partner }] : [];
  }

  /** The moment of doubt is over: two that are both still there, and apart, were taken apart by somebody else. */
  settleSplit(leg: Leg, partner: Leg): MapEffect[] {
    const apart = [leg, partner].every(
      (each) => this.#legs.get(each.id) === each && each.ending === undefined && each.joining === undefined,
    );
    if (!apart || leg.place.kind !== 'alone' || leg.bridgeId === undefined) return [];
    return leg.bridgeId === partner.bridgeId ? [...this.leave(leg), ...this.leave(partner)] : [];
  }

  #arrived(id: string, event: SwitchEvent): MapEffect[] {
    const direction = ownership(event);
    if (direction === undefined) return [];
    const leg = this.legOfChannel(id, event, direction);
    delete leg.bridgeId;
    this.add(leg);
    const effects: MapEffect[] = [...this.tellCreated(leg, event), { kind: 'adopt', leg }];
    return answered(event) ? [...effects, ...this.#connected(leg, event)] : effects;
  }

  #bridged(event: SwitchEvent): MapEffect[] {
    const [a, b] = [header(event, 'Bridge-A-Unique-ID'), header(event, 'Bridge-B-Unique-ID')];
    const first = a ?? header(event, 'Unique-ID');
    const second = b ?? header(event, 'Other-Leg-Unique-ID');
    if (first === undefined || second === undefined) return [];
    const effects: MapEffect[] = [];
    for (const [id, withId] of [
      [first, second],
      [second, first],
    ] as const) {
      const leg = this.#legs.get(id);
      if (leg === undefined || leg.gone !== undefined) continue;
      effects.push(...this.tellCreated(leg, event));
      const old = leg.place.kind === 'pair' ? leg.place.withId : undefined;
      leg.place = { kind: 'pair', withId };
      delete leg.meeting;
      delete leg.parting;
      const other = this.#legs.get(withId);
      if (leg.joining !== undefined) effects.push(...this.enter(leg, leg.joining, event));
      else if (other === undefined) effects.push(...this.#takenOver({ leg, oldId: old, withId }, event));
      effects.push({ kind: 'moved', leg });
    }
    return effects;
  }

  /** Somebody whom we do not know now talks to a party of ours: a pick-up, when the one who did before is being ended for it. */
  #takenOver(
    what: { readonly leg: Leg; readonly oldId: string | undefined; readonly withId: string },
    event: SwitchEvent,
  ): MapEffect[] {
    const old = what.oldId === undefined ? undefined : this.#legs.get(what.oldId);
    const partner = old ?? this.#lastPartner(what.leg);
    if (partner === undefined || partner === what.leg || partner.replacedBy !== undefined) return [];
    const by = this.legOfChannel(what.withId, otherLegOf(event, what.withId), 'incoming');
    by.place = { kind: 'pair', withId: what.leg.id };
    if (partner.callId !== undefined) by.callId = partner.callId;
    else delete by.callId;
    delete by.bridgeId;
    this.add(by);
    partner.replacedBy = by.connectionId;
    const { bridgeId } = what.leg;
    return [
      ...this.tellCreated(by, event),
      tell({ type: 'replaced', ...on(partner, event), by: by.connectionId }),
      ...this.#connected(by, event),
      ...(bridgeId === undefined ? [] : this.enter(by, bridgeId, event)),
      { kind: 'adopt', leg: by },
      ...(partner.gone === undefined ? [] : this.end(partner, { ...partner.gone, cause: 'replaced' })),
    ];
  }

  #lastPartner(leg: Leg): Leg | undefined {
    if (leg.bridgeId === undefined) return undefined;
    const others = this.members(leg.bridgeId).filter((each) => each !== leg && each.ending !== undefined);
    return others.length === 1 ? others[0] : undefined;
  }

  #conference(id: string, event: SwitchEvent): MapEffect[] {
    const name = header(event, 'Conference-Name');
    const action = header(event, 'Action');
    if (header(event, 'Event-Subclass') !== 'conference::maintenance' || name === undefined) return [];
    if (bridgeOfConference(name) === undefined) return [];
    return this.#known(id, (leg) => {
      if (action === 'add-member') {
        leg.place = { kind: 'conference', name };
        const entered = leg.joining === undefined ? [] : this.enter(leg, leg.joining, event);
        return [...entered, { kind: 'moved', leg }];
      }
      if (action !== 'del-member') return [];
      // Kicked by somebody else; where a command of ours takes it out, its place is `alone` already.
      const kicked = leg.place.kind === 'conference' && leg.place.name === name && leg.joining === undefined;
      if (kicked) leg.place = { kind: 'alone' };
      return kicked && leg.ending === undefined ? [...this.leave(leg, event), { kind: 'moved', leg }] : [];
    });
  }

  /** What the phone was found to say of its hold, see {@link phoneHolds}. */
  retrieved(leg: Leg): MapEffect[] {
    return this.#known(leg.id, () => this.#hold(leg, 'none'));
  }

  #hold(leg: Leg, hold: Leg['hold'], event?: SwitchEvent): MapEffect[] {
    if (leg.hold === hold) return [];
    leg.hold = hold;
    return [tell({ type: hold === 'none' ? 'retrievedByDevice' : 'heldByDevice', ...on(leg, event) })];
  }

  #destroyed(id: string, event: SwitchEvent): MapEffect[] {
    if (event.name === 'CHANNEL_DESTROY') this.#departed.delete(id);
    const leg = this.#legs.get(id);
    if (leg === undefined || leg.gone !== undefined) return [];
    leg.ending = 'yes';
    const release = releaseOf(leg, nativeOf(event));
    if (leg.clearing !== undefined || leg.replacedBy !== undefined) return this.end(leg, release);
    // FreeSWITCH ends who is picked off before it joins who did it (1.11.2, recorded).
    if (release.native?.text === 'PICKED_OFF' && leg.bridgeId !== undefined) return outlived(leg, release, 'switch');
    const asked = askedAtPhone(leg, event, this.#legs);
    return asked === undefined ? this.end(leg, release) : this.#left(leg, { release, asked, event });
  }

  /** Its phone has transferred: it waits for the engine. */
  #left(
    leg: Leg,
    how: { readonly release: Release; readonly asked: readonly MapEffect[]; readonly event: SwitchEvent },
  ): MapEffect[] {
    leg.place = { kind: 'alone' };
    const waits = outlived(leg, { ...how.release, cause: 'transferred' }, 'engine');
    return [...this.tellCreated(leg, how.event), ...how.asked, ...waits];
  }
}
