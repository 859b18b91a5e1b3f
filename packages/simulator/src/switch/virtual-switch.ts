import {
  type Clock,
  type ConnectionId,
  type DriverCapability,
  type DriverCommand,
  type DriverEvent,
  TurnoverMap,
} from '@cordboard/cti-core';
import type { RandomStream } from '../random.js';
import { timerOn } from '../scheduler.js';
import type { Job } from '../timer-queue.js';
import { CAPABILITIES } from './capabilities.js';
import { carryOut, refusalOf } from './commands.js';
import { SwitchFloor } from './floor.js';
import type { Leg, SwitchOptions, VirtualParty } from './model.js';
import { isEngaged, rawParty } from './presence.js';
import { snapshotOf } from './snapshot.js';
import type { Answer, Waiting } from './wire.js';

/** A command under way. */
class PassingCommand implements Job {
  readonly waiting: Waiting;
  /** Whose random numbers it draws, and whether it is answered. */
  readonly how: { readonly random: RandomStream; readonly told: 'answered' | 'silent' };
  readonly #arrived: (passing: PassingCommand) => void;

  constructor(waiting: Waiting, how: PassingCommand['how'], arrived: (passing: PassingCommand) => void) {
    this.waiting = waiting;
    this.how = how;
    this.#arrived = arrived;
  }

  run(): void {
    this.#arrived(this);
  }
}

/**
 * A switch that exists in memory alone: phones, trunks, connections, bridges, sounds, recordings, as they really are, and one client link that tells
 * of them late, in varying orders, or not at all. It starts nothing by itself: each act comes from a party, a command or a fault.
 */
export class VirtualSwitch extends SwitchFloor {
  readonly #digits: 'always' | 'onDemand';
  /** Connections that are asked for and not made yet: commands for them queue up behind. */
  readonly #dialledAtMs = new TurnoverMap<ConnectionId, number>();
  #cancelReconnect: (() => void) | undefined;
  #outageUntilMs = 0;
  #bootedMs: number;

  constructor(options: SwitchOptions, clock: Clock) {
    super(options, clock);
    this.#bootedMs = clock.nowMs();
    this.#digits = this.order('digits', this.random) === 'digits.always' ? 'always' : 'onDemand';
  }

  // --- the client's side -----------------------------------------------------------------------------------------

  /** A client starts to listen; the link comes up by itself. */
  open(consumer: (event: DriverEvent) => void): void {
    this.wire.open(consumer);
    this.#connect(0);
  }

  /** The client is gone; calls live on. */
  close(): void {
    this.#cancelReconnect?.();
    this.wire.close();
  }

  /** Takes a command and answers exactly once; never within the call. */
  submit(command: DriverCommand, answer: Answer): void {
    const refused = refusalOf(command);
    const down = this.wire.state === 'closed' ? 'stopped' : this.wire.state === 'up' ? undefined : 'linkLost';
    const code = refused ?? down;
    if (code === undefined) this.#send(command, answer);
    else this.clock.setTimer(0, () => answer({ outcome: 'refused', code }, command));
  }

  #send(command: DriverCommand, answer: Answer): void {
    const fault = this.options.faults?.command?.(command);
    const leg = this.#firstOf(command);
    const random = leg?.random ?? this.random;
    const nowMs = this.clock.nowMs();
    const bounded = fault === 'mute' || fault === 'muteDone' || this.wire.thawed(nowMs) > nowMs;
    const waiting = bounded ? this.wire.expectWithin(command, answer) : this.wire.expect(command, answer);
    if (typeof fault === 'object')
      this.wire.answer(waiting, { outcome: 'refused', code: fault.refuse, native: 'fault' }, 2);
    if (fault === 'lost') this.wire.answer(waiting, { outcome: 'accepted' }, 2);
    if (typeof fault === 'object' || fault === 'lost' || fault === 'mute') return;
    if (leg !== undefined && this.order('stall', random) === 'stall.burst') {
      leg.tellFromMs = Math.max(leg.tellFromMs, nowMs + random.int(300, 2_500));
    }
    const readyMs = this.wire.thawed(nowMs + random.int(1, 3));
    const doAtMs =
      command.type === 'bridge'
        ? this.#turnOfAll(command.connectionIds, readyMs)
        : this.#turnOf(command.connectionId, leg, readyMs);
    if (command.type === 'originate') this.#dialledAtMs.set(command.connectionId, doAtMs);
    const told = fault === 'muteDone' ? 'silent' : 'answered';
    timerOn(this.clock, doAtMs - nowMs, new PassingCommand(waiting, { random, told }, this.#arrived));
  }

  readonly #arrived = ({ waiting, how }: PassingCommand): void => {
    const { command } = waiting;
    if (command.type === 'originate') this.#dialledAtMs.delete(command.connectionId);
    this.#do(waiting, how);
  };

  /** The connection that a command is for; of those that it shall join, the first one that there is. */
  #firstOf(command: DriverCommand): Leg | undefined {
    if (command.type !== 'bridge') return this.legs.get(command.connectionId);
    for (const id of command.connectionIds) {
      const leg = this.legs.get(id);
      if (leg !== undefined) return leg;
    }
    return undefined;
  }

  /** What a connection is told to do it does in that order. @returns when it is this command's turn, `atMs` or later */
  #turnOf(id: ConnectionId, leg: Leg | undefined, atMs: number): number {
    const turnMs = Math.max(atMs, leg?.doFromMs ?? this.#dialledAtMs.get(id) ?? 0);
    if (leg !== undefined) leg.doFromMs = turnMs;
    return turnMs;
  }

  /** As {@link #turnOf}, for what several of them do together. */
  #turnOfAll(ids: readonly ConnectionId[], atMs: number): number {
    let turnMs = atMs;
    for (const id of ids) turnMs = Math.max(turnMs, this.#turnOf(id, this.legs.get(id), atMs));
    for (const id of ids) this.#turnOf(id, this.legs.get(id), turnMs);
    return turnMs;
  }

  /** Breaks the link; the client comes back after `forMs`. */
  cutLink(forMs: number): void {
    const nowMs = this.clock.nowMs();
    this.#outageUntilMs = Math.max(this.#outageUntilMs, nowMs + forMs);
    this.wire.cut('closed', []);
    if (this.wire.state === 'down') this.#connect(this.#outageUntilMs - nowMs);
  }

  /** Goes down with all calls and is back after `forMs`. */
  restart(forMs: number): void {
    this.cutLink(forMs);
    for (const leg of [...this.legs.values()]) this.end(leg, 'shutdown', { q850: 0, text: 'shutdown' });
    this.bridges.clear();
    this.#bootedMs = this.clock.nowMs() + forMs;
  }

  /** Says nothing and does nothing that it is told for `forMs`. */
  freeze(forMs: number): void {
    this.wire.freeze(this.clock.nowMs() + forMs);
  }

  // --- what parties do -------------------------------------------------------------------------------------------

  /** A party dials. `undefined` when the switch took no call: down, not registered, or a number without meaning for this party. */
  dial(party: VirtualParty, number: string): Leg | undefined {
    if (this.clock.nowMs() < this.#bootedMs || party.registered === 'unregistered') return undefined;
    const prefix = this.options.directPrefix ?? '99';
    const direct =
      party.kind === 'extension' && number.startsWith(prefix) && this.extension(number.slice(prefix.length));
    if (direct) return this.#dialDirect(party, direct);
    const random = this.legRandom(party);
    const waits = this.wire.state === 'up' || this.order('whileDown', random) === 'down.callWaits';
    const leg = this.addLeg(party, random, {
      connectionId: this.freshId(),
      device: party.kind === 'extension' ? party.device : this.trunk,
      direction: 'incoming',
      control: 'full',
      calling: rawParty(party),
      called: { number, presentation: 'allowed' },
      hidden: waits ? undefined : 'hidden',
    });
    this.tellCreated(leg);
    this.presenceChanged(party);
    if (leg.hidden) this.clock.setTimer(1_000, () => this.connect(leg));
    return leg;
  }

  /** A party lifts a call that rings at it. */
  lift(leg: Leg): void {
    if (leg.state !== 'alerting') return;
    if (leg.peer && leg.control === 'observe') this.connect(leg.peer);
    this.connect(leg);
  }

  /** A party hangs up, refuses or gives up. */
  hangUp(leg: Leg): void {
    if (leg.state === 'ended') return;
    const untold = leg.direction === 'incoming' && this.order('causeOfIncoming', leg.random) === 'cause.untold';
    if (leg.direction === 'outgoing' && leg.state !== 'connected') this.end(leg, 'rejected', { q850: 21, sip: 603 });
    else if (untold) this.end(leg, 'unknown');
    else if (leg.state === 'connected') this.end(leg, 'normalClearing', { q850: 16 });
    else this.end(leg, 'cancelled', { q850: 127, sip: 487 });
  }

  /** A party presses one key. */
  press(leg: Leg, digit: string): void {
    if (leg.state !== 'connected' || leg.hidden || leg.control === 'observe') return;
    if (this.#digits === 'onDemand' && !leg.collecting) return;
    this.tell(leg, { type: 'digit', connectionId: leg.connectionId, digit, toneMs: 140 });
  }

  /** The phone holds its call, or takes it back. */
  phoneHold(leg: Leg, mode: 'hold' | 'retrieve'): void {
    if (
      leg.state !== 'connected' ||
      leg.party.kind !== 'extension' ||
      (mode === 'hold') === (leg.heldByDevice === 'held')
    )
      return;
    leg.heldByDevice = mode === 'hold' ? 'held' : undefined;
    this.tell(leg, { type: mode === 'hold' ? 'heldByDevice' : 'retrievedByDevice', connectionId: leg.connectionId });
    this.presenceChanged(leg.party);
  }

  /** The phone asks for a blind transfer of its call. */
  phoneTransfer(leg: Leg, number: string): void {
    if (leg.state !== 'connected' || leg.control === 'observe') return;
    const { connectionId } = leg;
    this.tell(leg, { type: 'transferRequested', connectionId, kind: 'blind', to: { number, presentation: 'allowed' } });
  }

  /** The phone joins its two calls. */
  phoneJoin(leg: Leg, consult: Leg): void {
    if (leg.state !== 'connected' || consult.state !== 'connected' || leg.control === 'observe') return;
    leg.tellFromMs = Math.max(leg.tellFromMs, consult.tellFromMs);
    const consultId = consult.connectionId;
    this.tell(leg, { type: 'transferRequested', connectionId: leg.connectionId, kind: 'attended', consultId });
  }

  /** A phone takes over the connection of another one. @returns its own, which has the old one's place */
  pickUp(party: VirtualParty, old: Leg): Leg | undefined {
    if (old.state === 'ended' || old.control === 'observe' || party.registered === 'unregistered') return undefined;
    const random = this.legRandom(party);
    const leg = this.addLeg(party, random, {
      connectionId: this.freshId(),
      device: party.device,
      direction: 'incoming',
      control: 'full',
      calling: rawParty(party),
      called: old.called,
    });
    // It is our call's connection from the first moment: the mark goes with the place.
    if (old.callId !== undefined) leg.callId = old.callId;
    this.tellCreated(leg);
    const upFirst = this.order('replacement', random) === 'replaced.afterConnected';
    if (upFirst) this.connect(leg, { lagMs: 0 });
    old.tellFromMs = Math.max(old.tellFromMs, leg.tellFromMs);
    this.tell(old, { type: 'replaced', connectionId: old.connectionId, by: leg.connectionId });
    if (!upFirst) this.connect(leg, { lagMs: random.int(5, 60) });
    if (old.bridge) this.join(leg, old.bridge, 2);
    this.end(old, 'replaced', { q850: 26 });
    return leg;
  }

  /** A phone comes or goes. Calls of one that goes are lost a little later, as the switch finds out. */
  setRegistered(party: VirtualParty, state: 'registered' | 'unregistered'): void {
    if (party.registered === state) return;
    party.registered = state;
    if (state === 'unregistered') {
      for (const leg of party.legs) this.clock.setTimer(1_000, () => this.end(leg, 'deviceUnreachable', { q850: 27 }));
    }
    this.presenceChanged(party);
  }

  #connect(inMs: number): void {
    this.#cancelReconnect?.();
    this.#cancelReconnect = this.clock.setTimer(inMs, () => {
      const lacking = Math.max(this.#bootedMs, this.#outageUntilMs) - this.clock.nowMs();
      if (lacking > 0) return this.#connect(lacking);
      this.wire.connect({ dialMs: this.random.int(1, 10), askMs: this.random.int(2, 40) }, () => [
        { type: 'snapshot', snapshot: snapshotOf(this) },
        { type: 'linkSynced', linkId: this.wire.linkId, capabilities: [...CAPABILITIES] as DriverCapability[] },
      ]);
    });
  }

  #do(waiting: Waiting, { random, told }: PassingCommand['how']): void {
    if (!this.wire.waits(waiting) && told === 'answered') {
      // The socket broke, or the client gave up, while the command was under way.
      if (this.order('lostCommand', random) === 'lost.notDone') return;
    }
    const order = this.order('reply', random);
    const lagMs = order === 'reply.first' ? random.int(2, 5) : random.int(0, 3);
    const reply = carryOut(this, waiting.command, lagMs);
    if (told === 'silent') return;
    const replyLagMs =
      order === 'reply.first' ? random.int(0, 1) : order === 'reply.last' ? random.int(5, 20) : random.int(1, 3);
    this.wire.answer(waiting, reply, replyLagMs);
  }

  #dialDirect(from: VirtualParty, to: VirtualParty): Leg {
    const ref = `direct-${this.freshId()}`;
    const shared = {
      calling: rawParty(from),
      called: { number: to.address, presentation: 'allowed' as const },
      nativeCallRef: ref,
      control: 'observe' as const,
    };
    const caller = this.addLeg(from, this.legRandom(from), {
      ...shared,
      connectionId: this.freshId(),
      device: from.device,
      direction: 'incoming',
    });
    this.tellCreated(caller);
    this.presenceChanged(from);
    const callee = this.addLeg(to, this.legRandom(to), {
      ...shared,
      connectionId: this.freshId(),
      device: to.device,
      direction: 'outgoing',
    });
    caller.peer = callee;
    callee.peer = caller;
    this.tellCreated(callee);
    callee.ringTimer = timerOn(this.clock, 50, () => {
      if (to.registered === 'unregistered') return this.end(callee, 'deviceUnreachable', { q850: 20 });
      if (isEngaged(to, callee)) return this.end(callee, 'busy', { q850: 17 });
      this.ring(callee, 60_000);
    });
    return caller;
  }
}
