import {
  type Clock,
  type ConnectionId,
  connectionId,
  type DeviceId,
  type DriverEvent,
  deviceId,
  type NativeCause,
  type RawParty,
  type RecordingId,
  type ReleaseCause,
  TurnoverMap,
} from '@cordboard/cti-core';
import { type RandomStream, randomStream } from '../random.js';
import { timerOn } from '../scheduler.js';
import { none, without } from './lists.js';
import { endPlaybacks } from './media.js';
import { type Bridge, type Leg, runningOf, type SwitchFaults, type SwitchOptions, type VirtualParty } from './model.js';
import { type LegSpec, newLeg } from './new-leg.js';
import { OrderDraws } from './order-draws.js';
import type { OrderGroup, OrderVariant } from './orders.js';
import { isEngaged, presenceOf } from './presence.js';
import { type Created, stampedEvent } from './stamped.js';
import { UsedIds } from './used-ids.js';
import { Wire } from './wire.js';

const NO_FAULTS: SwitchFaults = {};
const RING_DELAY_MS = { from: 20, to: 180 } as const;
const MAX_KEPT_RECORDINGS = 10_000;
/** See `freshId`: wall clock and number. */
const GIVEN_ID = /~[\d.]+\.(\d+)$/;

/** A recording that has ended, as its file would show it. */
export interface FinishedRecording {
  readonly recordingId: RecordingId;
  readonly files: readonly string[];
  readonly durationMs: number;
}

/** What is true on the switch: parties, connections, bridges, recordings, and what becomes of them. Each change is told over the wire in its own time. */
export class SwitchFloor {
  readonly clock: Clock;
  readonly options: SwitchOptions;
  readonly wire: Wire;
  readonly trunk: DeviceId;
  readonly legs = new TurnoverMap<ConnectionId, Leg>();
  readonly bridges = new TurnoverMap<string, Bridge>();
  readonly recordings = new Map<RecordingId, FinishedRecording>();
  protected readonly random: RandomStream;
  readonly #phones = new Map<string, VirtualParty>();
  /** Everybody outside who was ever named. */
  readonly #outside = new Map<string, VirtualParty>();
  /** Ids that clients chose. */
  readonly #chosenIds = new UsedIds();
  readonly #orders: OrderDraws;
  #nativeIds = 0;

  constructor(options: SwitchOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
    this.wire = new Wire(clock, options.faults ?? NO_FAULTS);
    this.trunk = deviceId(options.switchId, 'trunk', options.trunks?.[0] ?? 'carrier');
    this.#orders = new OrderDraws(options.orders ?? 'drawn');
    this.random = randomStream(options.seed, `switch:${options.switchId}`);
    for (const address of options.extensions) this.#phones.set(address, this.#newParty(address, 'extension'));
  }

  /** The phone of an extension, or the party of an outside number, which comes to be when first named. */
  party(address: string): VirtualParty {
    const known = this.#phones.get(address) ?? this.#outside.get(address);
    if (known !== undefined) return known;
    const party = this.#newParty(address, 'external');
    this.#outside.set(address, party);
    return party;
  }

  /** The phone of an extension; `undefined` for what is none. */
  extension(address: string): VirtualParty | undefined {
    return this.#phones.get(address);
  }

  /** All phones of the switch. */
  get extensions(): readonly VirtualParty[] {
    return [...this.#phones.values()];
  }

  /** Draws an order variation and counts it. */
  order<G extends OrderGroup>(group: G, random: RandomStream): OrderVariant<G> {
    return this.#orders.draw(group, random);
  }

  /** How often each order variation came up. */
  get reached(): ReadonlyMap<OrderVariant, number> {
    return this.#orders.reached;
  }

  /** As {@link order}, drawn from a stream of this party and group. */
  orderFor<G extends OrderGroup>(party: VirtualParty, group: G): OrderVariant<G> {
    return this.order(group, randomStream(this.options.seed, `${group}:${party.address}#${party.legCount}`));
  }

  /** Makes the connection that the switch dials, and rings the party after a while. */
  ringOut(spec: {
    readonly connectionId: ConnectionId;
    readonly party: VirtualParty;
    readonly device: DeviceId;
    readonly calling: RawParty;
    readonly callId: Leg['callId'];
    readonly ringTimeoutMs: number;
    readonly autoAnswer: 'ask' | undefined;
    readonly exists: 'exists' | 'unknown';
  }): Leg {
    const { party } = spec;
    const random = this.legRandom(party);
    const leg = this.addLeg(party, random, {
      connectionId: spec.connectionId,
      device: spec.device,
      direction: 'outgoing',
      control: 'full',
      calling: spec.calling,
      called: { number: party.address, presentation: 'allowed' },
    });
    this.#chosenIds.add(spec.connectionId);
    if (spec.callId !== undefined) leg.callId = spec.callId;
    this.tellCreated(leg);
    const delayMs = random.int(RING_DELAY_MS.from, RING_DELAY_MS.to);
    // What cannot be reached is known at once; a phone takes its time to ring.
    const isVain = spec.exists === 'unknown' || party.registered === 'unregistered';
    leg.ringTimer = timerOn(this.clock, isVain ? random.int(0, 4) : delayMs, () => {
      if (spec.exists === 'unknown') return this.end(leg, 'unallocatedNumber', { q850: 1, sip: 404 });
      if (party.registered === 'unregistered') return this.end(leg, 'deviceUnreachable', { q850: 20, sip: 480 });
      if (party.doNotDisturb) return this.end(leg, 'rejected', { q850: 21, sip: 603 });
      if (isEngaged(party, leg)) return this.end(leg, 'busy', { q850: 17, sip: 486 });
      this.ring(leg, spec.ringTimeoutMs - delayMs);
    });
    return leg;
  }

  /** The connection is answered. */
  connect(leg: Leg, options: { readonly lagMs?: number } = {}): void {
    if (leg.state === 'ended' || leg.state === 'connected') return;
    leg.ringTimer?.cancel();
    leg.state = 'connected';
    const late = this.order('answer', leg.random) === 'connected.late' ? leg.random.int(20, 250) : 0;
    this.tell(
      leg,
      { type: 'connected', connectionId: leg.connectionId },
      (options.lagMs ?? leg.random.int(0, 4)) + late,
    );
    this.presenceChanged(leg.party);
    leg.party.hooks.connected?.(leg);
  }

  /** The connection is over, for whatever reason. All that hangs on it ends before it. */
  end(leg: Leg, cause: ReleaseCause, native?: NativeCause): void {
    if (leg.state === 'ended') return;
    leg.ringTimer?.cancel();
    leg.release = native === undefined ? { cause } : { cause, native };
    endPlaybacks(this, leg);
    for (const { recordingId } of leg.recordings) this.endRecording(leg, recordingId);
    let notBeforeMs = leg.tellFromMs;
    for (const watcher of leg.watchers) {
      this.setMonitor(watcher, undefined);
      notBeforeMs = Math.max(notBeforeMs, watcher.tellFromMs);
    }
    if (leg.monitor) {
      const { target } = leg.monitor;
      target.watchers = without(target.watchers, leg);
      leg.monitor = undefined;
    }
    if (leg.bridge)
      this.leave(leg, this.order('bridgeEnd', leg.random) === 'unbridged.beforeCleared' ? 'tell' : 'silent');
    leg.state = 'ended';
    leg.tellFromMs = Math.max(leg.tellFromMs, notBeforeMs);
    const lagMs =
      leg.random.int(0, 4) + (this.order('clearedOrder', leg.random) === 'cleared.late' ? leg.random.int(20, 400) : 0);
    this.tell(leg, { type: 'cleared', connectionId: leg.connectionId, release: leg.release }, lagMs);
    this.legs.delete(leg.connectionId);
    leg.party.legs = without(leg.party.legs, leg);
    this.presenceChanged(leg.party);
    leg.party.hooks.cleared?.(leg);
    if (leg.peer) {
      const { peer } = leg;
      leg.peer = undefined;
      this.end(peer, cause === 'normalClearing' || cause === 'cancelled' ? 'normalClearing' : cause, native);
    }
  }

  /** Puts a connection into a bridge. */
  join(leg: Leg, bridge: Bridge, lagMs: number): void {
    if (leg.bridge !== undefined && leg.bridge !== bridge) this.leave(leg, 'tell');
    leg.bridge = bridge;
    leg.music = undefined;
    if (!bridge.members.includes(leg)) bridge.members = [...bridge.members, leg];
    this.tell(leg, { type: 'bridged', connectionId: leg.connectionId, bridgeId: bridge.bridgeId }, lagMs);
    leg.party.hooks.bridged?.(leg);
  }

  /** Takes a connection out of its bridge. An empty bridge is gone. */
  leave(leg: Leg, mode: 'tell' | 'silent'): void {
    const { bridge } = leg;
    if (bridge === undefined) return;
    leg.bridge = undefined;
    bridge.members = without(bridge.members, leg);
    if (bridge.members.length === 0) this.bridges.delete(bridge.bridgeId);
    if (mode === 'tell')
      this.tell(leg, { type: 'unbridged', connectionId: leg.connectionId, bridgeId: bridge.bridgeId });
    leg.party.hooks.unbridged?.(leg);
  }

  /** Sets, switches or ends what a supervisor's connection watches. */
  setMonitor(leg: Leg, monitor: Leg['monitor']): void {
    const before = leg.monitor;
    if (before !== undefined) before.target.watchers = without(before.target.watchers, leg);
    leg.monitor = monitor;
    if (monitor !== undefined) monitor.target.watchers = [...monitor.target.watchers, leg];
    const targetId = (monitor ?? before)?.target.connectionId;
    if (targetId === undefined) return;
    if (monitor?.mode === 'barge') {
      const { bridge } = monitor.target;
      if (bridge) this.join(leg, bridge, 2);
    }
    this.tell(leg, { type: 'monitoring', connectionId: leg.connectionId, targetId, mode: monitor?.mode ?? null });
    if (monitor?.mode !== 'barge' && leg.bridge) this.leave(leg, 'tell');
  }

  /** No file can be kept any more: everything that is recorded now has failed. @returns how many that were */
  loseRecordings(): number {
    let lost = 0;
    for (const leg of this.legs.values()) {
      const { connectionId } = leg;
      for (const { recordingId } of leg.recordings) {
        this.tell(leg, { type: 'recordingFinished', connectionId, recordingId, outcome: 'failed', files: [] });
        lost++;
      }
      leg.recordings = none();
    }
    return lost;
  }

  /** Ends a recording and keeps what its files would hold. */
  endRecording(leg: Leg, recordingId: RecordingId): void {
    const recording = runningOf(leg, recordingId);
    if (recording === undefined) return;
    leg.recordings = without(leg.recordings, recording);
    const durationMs =
      recording.takenMs + (recording.sinceMs === undefined ? 0 : this.clock.nowMs() - recording.sinceMs);
    const files =
      recording.tracks === 'mixed' ? [`${recordingId}.wav`] : [`${recordingId}-in.wav`, `${recordingId}-out.wav`];
    this.recordings.set(recordingId, { recordingId, files, durationMs });
    for (const oldest of this.recordings.keys()) {
      if (this.recordings.size <= MAX_KEPT_RECORDINGS) break;
      this.recordings.delete(oldest);
    }
    this.tell(leg, {
      type: 'recordingFinished',
      connectionId: leg.connectionId,
      recordingId,
      outcome: 'done',
      files,
      durationMs,
    });
  }

  /** Tells an event of a connection; what is past us is not told. */
  tell(leg: Leg, event: DriverEvent, lagMs = leg.random.int(0, 4)): void {
    if (leg.hidden) return;
    this.wire.tell(leg, stampedEvent(event, this.clock.wallMs()), lagMs);
  }

  /** Tells that a connection exists. */
  tellCreated(leg: Leg): void {
    const { connectionId, device, direction, control, calling, called, callId, nativeCallRef } = leg;
    const lagMs = leg.random.int(0, 4);
    if (leg.hidden) return;
    const nativeAtMs = this.clock.wallMs();
    const event: Created = { nativeAtMs, type: 'created', connectionId, device, direction, control, calling, called };
    if (callId !== undefined) event.callId = callId;
    if (nativeCallRef !== undefined) event.nativeCallRef = nativeCallRef;
    this.wire.tell(leg, event, lagMs);
  }

  /** Tells what a phone is doing when that has changed. */
  presenceChanged(party: VirtualParty): void {
    if (party.kind !== 'extension') return;
    const presence = presenceOf(party);
    if (presence === party.presence) return;
    party.presence = presence;
    const lagMs = this.order('presence', this.random) === 'presence.before' ? 0 : this.random.int(5, 40);
    this.wire.tell(party, { type: 'devicePresence', device: party.device, presence }, lagMs);
  }

  /** Has this id been used since the switch was made? */
  isUsed(id: string): boolean {
    return this.#chosenIds.has(id) || this.#isGiven(id);
  }

  /** Is it one that the switch gave to a connection itself? Those are known by their form, and need not be kept. */
  #isGiven(id: string): boolean {
    const n = GIVEN_ID.exec(id)?.[1];
    return n !== undefined && Number(n) < this.#nativeIds;
  }

  /** The party's device begins to ring. */
  ring(leg: Leg, forMs: number): void {
    leg.state = 'alerting';
    // Phones of the switch always say that they ring; what lies behind a trunk may not.
    if (leg.party.kind === 'extension' || this.order('alerting', leg.random) === 'alerting.told') {
      this.tell(leg, { type: 'alerting', connectionId: leg.connectionId });
    }
    leg.ringTimer = timerOn(this.clock, forMs, () => this.end(leg, 'noAnswer', { q850: 19 }));
    this.presenceChanged(leg.party);
    leg.party.hooks.ringing?.(leg);
  }

  /** A new connection of a party. */
  addLeg(party: VirtualParty, random: RandomStream, spec: LegSpec): Leg {
    const leg = newLeg({ party, random, nowMs: this.clock.nowMs() }, spec);
    this.legs.set(leg.connectionId, leg);
    party.legs = [...party.legs, leg];
    return leg;
  }

  #newParty(address: string, kind: 'extension' | 'external'): VirtualParty {
    return {
      address,
      kind,
      device: deviceId(this.options.switchId, kind, address),
      legs: none(),
      registered: 'registered',
      hooks: {},
      heard: '',
      legCount: 0,
      presence: 'idle',
      tellFromMs: 0,
    };
  }

  /** Named by the party and how many connections it had, so that a day without one call draws the same for the others. */
  legRandom(party: VirtualParty): RandomStream {
    return randomStream(this.options.seed, `leg:${party.address}#${party.legCount++}`);
  }

  /** An id as the switch gives it to connections that come to it. */
  freshId(): ConnectionId {
    return connectionId(this.options.switchId, `${this.clock.wallMs()}.${this.#nativeIds++}`);
  }
}
