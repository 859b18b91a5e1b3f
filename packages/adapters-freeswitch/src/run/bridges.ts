import type { BridgeId, DriverCommand, DriverReply } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import { commandText } from '../map/command-text.js';
import { header } from '../map/event.js';
import { conferenceText, parkText, setVariable } from '../map/from-core.js';
import { BRIDGE, INTERNAL, type Leg } from '../map/leg.js';
import { replyOf } from '../map/reply.js';
import { dumpOf } from '../map/survey.js';
import type { Kit } from './kit.js';
import type { Monitors } from './monitors.js';
import type { Quiet } from './quiet.js';

/** The key that keeps everything about one bridge in order. */
export function bridgeLane(bridgeId: string): string {
  return `bridge ${bridgeId}`;
}

/** What {@link Bridges} works with. */
export interface BridgeParts {
  readonly quiet: Quiet;
  readonly monitors: Monitors;
}

/**
 * The bridges of the engine. FreeSWITCH has no such thing: one member is parked, two are joined (`uuid_bridge`), three and more are in a conference, where
 * those who are left stay. Which bridge a channel is in stands on the channel itself.
 */
export class Bridges {
  readonly #kit: Kit;
  readonly #parts: BridgeParts;

  constructor(kit: Kit, parts: BridgeParts) {
    this.#kit = kit;
    this.#parts = parts;
  }

  async join(
    command: Pick<Extract<DriverCommand, { type: 'bridge' }>, 'bridgeId'>,
    legs: readonly Leg[],
    signal: AbortSignal,
  ): Promise<DriverReply> {
    if (legs.some((leg) => leg.place.kind === 'before' || leg.state !== 'connected')) return refused('conflict');
    const members = this.#kit.model.members(command.bridgeId).filter((leg) => leg.gone === undefined);
    const coming = [...new Set(legs)].filter((leg) => !members.includes(leg));
    if (coming.length === 0) return ACCEPTED;
    await Promise.all(coming.map((leg) => this.#ready(leg, signal)));
    await Promise.all(members.map((leg) => this.#parts.quiet.hush(leg, signal)));
    const replies = await Promise.all(
      coming.map((leg) => this.#kit.api(setVariable(leg.id, BRIDGE, command.bridgeId), signal)),
    );
    for (const body of replies) {
      const reply = replyOf(body);
      if (reply.outcome === 'refused') return reply;
    }
    return this.#put(command.bridgeId, { members, coming, signal });
  }

  async leave(leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    if (leg.bridgeId === undefined) return refused('conflict');
    if (leg.gone !== undefined) return this.#tellLeft(leg);
    await this.#parts.quiet.hush(leg, signal);
    if (leg.bridgeId === undefined) return ACCEPTED;
    void this.#kit.tidy(setVariable(leg.id, BRIDGE));
    if (leg.place.kind === 'alone') return this.#tellLeft(leg);
    leg.leaving = 'yes';
    const reply = await this.park(leg, signal);
    if (reply.outcome === 'refused') delete leg.leaving;
    return reply;
  }

  /** Takes a channel out of what it is in, and waits until it is parked. */
  async park(leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    const { place } = leg;
    const partner = this.#partnerOf(leg);
    this.#kit.model.detach(leg);
    leg.parking = 'yes';
    if (partner !== undefined) partner.parting = 'yes';
    const reply = replyOf(await this.#kit.api(parkText(leg.id), signal));
    if (reply.outcome === 'refused') {
      delete leg.parking;
      if (partner !== undefined) this.#out(partner);
      leg.place = place;
      return reply;
    }
    await this.#kit.moves.until(leg, () => leg.parking !== 'yes', signal);
    if (isParkedEarly(leg)) await this.#parkedAgain(leg, signal);
    if (partner !== undefined) await this.#parted(partner, signal);
    return leg.ending === undefined ? ACCEPTED : refused('gone');
  }

  /** The transfer to the park comes after the switch's own park; what played before it would be ended by it. */
  async #parkedAgain(leg: Leg, signal: AbortSignal): Promise<void> {
    await this.#soon(leg, () => leg.parking === undefined, signal);
    delete leg.parking;
  }

  /**
   * Each of two who were joined breaks off what the other one plays as its own thread leaves the bridge (`switch_ivr_bridge.c`, `SWITCH_SIG_BREAK`), which one
   * whose phone is renegotiating does 60 ms after the other one was parked (seen on 1.11.2): hold music that had begun by then was over.
   */
  async #parted(partner: Leg, signal: AbortSignal): Promise<void> {
    await this.#soon(partner, () => partner.parting === undefined, signal);
    this.#out(partner);
  }

  #out(partner: Leg): void {
    delete partner.parting;
    this.#kit.moves.moved(partner);
  }

  /** Waits for what the switch does within two frames of sound when it does it at all. */
  async #soon(leg: Leg, there: () => boolean, signal: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const cancel = this.#kit.later(AGAIN_MS, () => enough.abort());
    await this.#kit.moves.until(leg, there, AbortSignal.any([signal, enough.signal]));
    cancel();
  }

  /** Who talks to it now, while it goes on. */
  #partnerOf({ id, place }: Leg): Leg | undefined {
    const partner = place.kind === 'pair' ? this.#kit.model.leg(place.withId) : undefined;
    const isJoined = partner?.place.kind === 'pair' && partner.place.withId === id;
    return isJoined && partner.ending === undefined && partner.gone === undefined ? partner : undefined;
  }

  #tellLeft(leg: Leg): DriverReply {
    this.#kit.follow(this.#kit.model.leave(leg));
    return ACCEPTED;
  }

  async #put(
    bridgeId: BridgeId,
    how: { readonly members: readonly Leg[]; readonly coming: readonly Leg[]; readonly signal: AbortSignal },
  ): Promise<DriverReply> {
    const { coming, signal } = how;
    await this.#free([...how.members, ...coming], signal);
    const members = how.members.filter((leg) => leg.bridgeId === bridgeId && leg.ending === undefined);
    const all = [...members, ...coming];
    const name = `${INTERNAL}${bridgeId}`;
    const mixed = members.some((leg) => leg.place.kind === 'conference');
    const [first, second] = all;
    if (!mixed && all.length === 1 && first !== undefined) return this.#alone(first, bridgeId, signal);
    if (!mixed && all.length === 2 && first !== undefined && second !== undefined) {
      return this.#pair([first, second], { bridgeId, coming, signal });
    }
    for (const leg of all) {
      if (leg.place.kind === 'conference' && leg.place.name === name) continue;
      this.#kit.model.detach(leg);
      if (coming.includes(leg)) leg.joining = bridgeId;
      const reply = replyOf(
        await this.#kit.api(conferenceText(leg.id, name, this.#kit.options.conferenceProfile), signal),
      );
      if (reply.outcome === 'refused') return this.#giveUp(coming, reply);
    }
    return this.#arrived(coming, { bridgeId, signal });
  }

  /**
   * Waits until none of them is on its way into another bridge: a leg that is taken away from a `uuid_bridge` leaves the other one to nobody, who is then hung up
   * (`DESTINATION_OUT_OF_ORDER`, seen on 1.11.2). From here on nothing is awaited until the legs are marked as on their way.
   */
  async #free(legs: readonly Leg[], signal: AbortSignal): Promise<void> {
    const busy = (): Leg | undefined => legs.find((leg) => leg.pairing !== undefined && leg.ending === undefined);
    for (let leg = busy(); leg !== undefined && !signal.aborted; leg = busy()) {
      const { pairing } = leg;
      const one = leg;
      await this.#kit.moves.until(one, () => one.pairing !== pairing, signal);
    }
  }

  /** A bridge of one: nothing to join it with yet. */
  async #alone(leg: Leg, bridgeId: BridgeId, signal: AbortSignal): Promise<DriverReply> {
    if (leg.place.kind !== 'alone') {
      const reply = await this.park(leg, signal);
      if (reply.outcome === 'refused') return reply;
    }
    this.#kit.follow(this.#kit.model.enter(leg, bridgeId));
    return ACCEPTED;
  }

  async #pair(
    [first, second]: readonly [Leg, Leg],
    how: { readonly bridgeId: BridgeId; readonly coming: readonly Leg[]; readonly signal: AbortSignal },
  ): Promise<DriverReply> {
    const { bridgeId, coming, signal } = how;
    const both = [first, second];
    if (first.meeting === second.id) await this.#met(first, second, signal);
    if (hear(first, second) && hear(second, first)) {
      for (const leg of coming) this.#kit.follow(this.#kit.model.enter(leg, bridgeId));
      return ACCEPTED;
    }
    // FreeSWITCH hangs up the other one too when one of the two is on its way out.
    if (both.some((leg) => leg.clearing !== undefined)) return this.#giveUp(coming, refused('gone'));
    for (const leg of both) {
      this.#kit.model.detach(leg);
      leg.pairing = 'yes';
    }
    for (const leg of coming) leg.joining = bridgeId;
    try {
      const reply = replyOf(await this.#kit.api(commandText('uuid_bridge', first.id, second.id), signal));
      if (reply.outcome === 'refused') return this.#giveUp(coming, reply);
      const arrived = await this.#arrived(coming, { bridgeId, signal });
      if (arrived.outcome === 'accepted') await this.#settled(second, signal);
      return arrived;
    } finally {
      for (const leg of both) {
        delete leg.pairing;
        this.#kit.moves.moved(leg);
      }
    }
  }

  /**
   * `CHANNEL_BRIDGE` comes before the joining is done. Whoever is taken away from it then, or given something to play, is hung up with the other one by what
   * is still to come (`DESTINATION_OUT_OF_ORDER`, seen on 1.11.2): until the second one is in the exchange of media nothing else is asked of the two.
   */
  async #settled(second: Leg, signal: AbortSignal): Promise<void> {
    for (let look = 0; look < MOST_LOOKS && second.ending === undefined; look += 1) {
      const dump = dumpOf(await this.#kit.api(`${commandText('uuid_dump', second.id)} json`, signal));
      if (dump === undefined || !ON_THE_WAY.has(header(dump, 'Channel-State') ?? '')) return;
      const enough = new AbortController();
      const cancel = this.#kit.later(LOOK_EVERY_MS, () => enough.abort());
      await this.#kit.moves.until(second, () => false, AbortSignal.any([signal, enough.signal]));
      cancel();
    }
  }

  /** Waits until the switch has joined the two of its own accord, or has had its time. */
  async #met(first: Leg, second: Leg, signal: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const cancel = this.#kit.later(MEETING_MS, () => enough.abort());
    const either = AbortSignal.any([signal, enough.signal]);
    await this.#kit.moves.until(first, () => first.meeting === undefined, either);
    cancel();
    delete first.meeting;
    delete second.meeting;
  }

  /** Waits until the switch has said of each that it is there: `+OK` comes before FreeSWITCH has begun, and also when it can not. */
  async #arrived(
    coming: readonly Leg[],
    how: { readonly bridgeId: BridgeId; readonly signal: AbortSignal },
  ): Promise<DriverReply> {
    const { bridgeId, signal } = how;
    const there = await Promise.all(
      coming.map((leg) => this.#kit.moves.until(leg, () => leg.bridgeId === bridgeId, signal)),
    );
    if (there.every((is) => is)) return ACCEPTED;
    return this.#giveUp(coming, refused(coming.some((leg) => leg.ending !== undefined) ? 'gone' : 'timeout'));
  }

  #giveUp(coming: readonly Leg[], reply: DriverReply): DriverReply {
    for (const leg of coming) {
      delete leg.joining;
      if (leg.bridgeId === undefined && leg.ending === undefined) void this.#kit.tidy(setVariable(leg.id, BRIDGE));
    }
    return reply;
  }

  async #ready(leg: Leg, signal: AbortSignal): Promise<void> {
    await this.#parts.quiet.hush(leg, signal);
    await this.#parts.monitors.release(leg, signal);
  }
}

/** States of a channel that a `uuid_bridge` takes it through. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['CS_HIBERNATE', 'CS_RESET', 'CS_SOFT_EXECUTE', 'CS_CONSUME_MEDIA']);
/** One frame of sound is 20 ms. */
const LOOK_EVERY_MS = 20;
const MOST_LOOKS = 10;
/** A transfer that was accepted is carried out within two frames of sound; one that never is must not hold up what comes next. */
const AGAIN_MS = 500;
/** FreeSWITCH joins the far ends of an attended transfer in 30 ms on 1.11.2. */
const MEETING_MS = 1_000;

function isParkedEarly(leg: Leg): boolean {
  return leg.parking === 'soon';
}

function hear(leg: Leg, other: Leg): boolean {
  return leg.place.kind === 'pair' && leg.place.withId === other.id && leg.ending === undefined;
}
