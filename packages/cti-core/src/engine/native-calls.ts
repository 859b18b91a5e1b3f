import type { DriverEvent } from '../contract/driver-events.js';
import { type ConnectionId, parseDeviceId, type SwitchId } from '../contract/ids.js';
import type { PhoneNumber } from '../contract/numbers.js';
import { normalise } from '../numbers/index.js';
import { newCall } from './calls.js';
import { addConn, addLeg, joinAgent } from './legs.js';
import { agentAt, agentConfig, connsOf, connsOfLeg, isOutside } from './lookups.js';
import { consultedOf, mergeCalls, survivorOf } from './merge.js';
import { learnNumbers } from './native-numbers.js';
import { joinHanded } from './native-transfers.js';
import { changed, count, type Run } from './run.js';
import { partyOf } from './seat-goals.js';
import type { Agent, Call, Conn, Leg, NativeCall } from './state.js';
import { stopTimer } from './timers.js';

type Created = Extract<DriverEvent, { type: 'created' }>;

/** A call that its switch carries out by itself: watched and asked for services, never answered, bridged or ended by the engine. */
export type Served = Call & { native: NativeCall };

/** Is it one of a switch of the `callControl` profile? */
export function isNative(call: Call): call is Served {
  return call.native !== undefined;
}

/** Does this switch carry its calls out by itself? */
export function isCallControl(run: Run, switchId: SwitchId): boolean {
  return run.s.switches.get(switchId)?.profile === 'callControl';
}

/** The key of a call of a switch in the index. */
function keyOf(switchId: SwitchId, ref: string): string {
  return `${switchId} ${ref}`;
}

/** Which connections a switch counts to each of its calls; from the legs, for the index. */
export function indexNative(run: Run, leg: Leg): void {
  if (leg.nativeRef === undefined || leg.nativeRef === '') return;
  const key = keyOf(leg.switchId, leg.nativeRef);
  const known = run.ix.nativeCalls.get(key);
  if (known === undefined) run.ix.nativeCalls.set(key, new Set([leg.id]));
  else known.add(leg.id);
}

/** The leg is gone, or belongs to another call: a reference that no leg has means nothing any more, and the switch may give it again. */
export function unindexNative(run: Run, leg: Leg): void {
  if (leg.nativeRef === undefined) return;
  const key = keyOf(leg.switchId, leg.nativeRef);
  const known = run.ix.nativeCalls.get(key);
  known?.delete(leg.id);
  if (known?.size === 0) run.ix.nativeCalls.delete(key);
}

/** The call that a switch means by a reference; `but` is no sign of it. */
function callOfRef(
  run: Run,
  switchId: SwitchId,
  what: { readonly ref: string; readonly but?: ConnectionId },
): Served | undefined {
  for (const id of run.ix.nativeCalls.get(keyOf(switchId, what.ref)) ?? []) {
    if (id === what.but) continue;
    const leg = run.s.legs.get(id);
    const conn = leg === undefined ? undefined : connsOfLeg(run, leg)[0];
    const call = conn === undefined ? undefined : run.s.calls.get(conn.callId);
    if (call !== undefined && isNative(call)) return call;
  }
  return undefined;
}

/** Longer references than this are none of a switch of this world. */
const MAX_REF = 64;

/** The call of a connection whose driver names none is its own. */
function refOf(event: Pick<Created, 'nativeCallRef' | 'connectionId'>): string {
  return (event.nativeCallRef ?? event.connectionId).slice(0, MAX_REF);
}

/** A connection of a call of the switch exists: the call is met, or it has one part more. */
export function nativeCreated(run: Run, switchId: SwitchId, event: Created): void {
  const known = run.s.legs.get(event.connectionId);
  const ref = refOf(event);
  if (known !== undefined) return commanded(run, known, { event, ref });
  const call = callOfRef(run, switchId, { ref }) ?? nativeCall(run, { switchId, event });
  const leg = addLeg(run, {
    id: event.connectionId,
    switchId,
    device: event.device,
    direction: event.direction,
    control: event.control,
    seen: 'yes',
  });
  leg.nativeRef = ref;
  indexNative(run, leg);
  const conn = nativePart(run, call, leg);
  joined(run, call, { leg, conn, event });
}

/** Puts the part of a device into a call. An extension is itself; who is behind a line is told, now or later. */
export function nativePart(run: Run, call: Call, leg: Leg): Conn {
  const agent = isOutside(leg.device) ? undefined : agentAt(run, leg.device);
  const address = parseDeviceId(leg.device)?.address ?? '';
  return addConn(run, leg, {
    call,
    party: partyOf(run, isOutside(leg.device) ? '' : address),
    agentId: agent?.id,
    partyName: agentConfig(run, agent?.id)?.name,
  });
}

/** A new call of a switch; who calls whom is learnt from its parts. */
export function nativeCall(
  run: Run,
  what: { readonly switchId: SwitchId; readonly event?: Created; readonly called?: PhoneNumber },
): Served {
  const { switchId, event } = what;
  const plan = run.s.config.dialPlan;
  const call = newCall(run, {
    switchId,
    direction: 'internal',
    calling: event === undefined ? partyOf(run, '') : normalise(event.calling, plan),
    called: what.called ?? (event === undefined ? partyOf(run, '') : normalise(event.called, plan)),
    callingName: event?.calling.name,
  });
  // Nothing of ours ends a call of the switch, however long it takes.
  stopTimer(run, call.maxTimer);
  call.maxTimer = undefined;
  const native: NativeCall = { refs: [] };
  return Object.assign(call, { native });
}

/** What a command of ours asked for has begun: in a call of its own, or in one that was there. */
function commanded(run: Run, leg: Leg, what: { readonly event: Created; readonly ref: string }): void {
  const [conn] = connsOfLeg(run, leg);
  const call = conn === undefined ? undefined : run.s.calls.get(conn.callId);
  if (leg.seen === 'yes' || conn === undefined || call === undefined || !isNative(call)) {
    return count(run, 'ignored.leg.created');
  }
  leg.seen = 'yes';
  leg.direction = what.event.direction;
  stopTimer(run, leg.watch);
  leg.watch = undefined;
  leg.nativeRef = what.ref;
  indexNative(run, leg);
  conn.pending = undefined;
  const there = callOfRef(run, leg.switchId, { ref: what.ref, but: leg.id });
  if (there !== undefined && there !== call) {
    mergeCalls(run, call, there);
    // It was never a call of the switch.
    there.merged = there.merged.filter(({ callId }) => callId !== call.id);
  }
  joined(run, there ?? call, { leg, conn, event: what.event });
  // Who consults waits with a request of the call that is held for it, to which nothing else may happen now.
  if (call.consultOf !== undefined) run.tend.add(call.consultOf);
}

function joined(
  run: Run,
  call: Served,
  what: { readonly leg: Leg; readonly conn: Conn; readonly event: Created },
): void {
  const { leg, conn, event } = what;
  keepRef(call, leg.nativeRef ?? '');
  if (call.native.handedBy === leg.device) call.native.handedBy = undefined;
  const outside = isOutside(leg.device);
  if (outside && call.direction === 'internal')
    call.direction = event.direction === 'incoming' ? 'inbound' : 'outbound';
  if (!outside && event.direction === 'incoming' && call.conns.length === 1) {
    if (call.calling.raw === '') call.calling = conn.party;
    call.madeBy ??= conn.agentId;
    if (conn.agentId !== undefined) linkConsultation(run, call, conn);
  }
  learnNumbers(run, call, { leg, conn, calling: event.calling, called: event.called });
  changed(run, call.id, 'partyChanged');
}

function keepRef({ native }: Served, ref: string): void {
  native.refs = [...native.refs.filter((one) => one !== ref), ref];
}

/** An agent whose phone holds a call and makes another one consults: the customer is the same for both. */
function linkConsultation(run: Run, call: Served, conn: Conn): void {
  const agent = conn.agentId === undefined ? undefined : run.s.agents.get(conn.agentId);
  for (const id of agent?.conns ?? []) {
    const other = id === conn.id ? undefined : run.s.conns.get(id);
    if (other?.state !== 'held' || other.device !== conn.device) continue;
    const main = run.s.calls.get(other.callId);
    if (main === undefined || main === call || !isNative(main)) continue;
    if (main.consultedBy !== undefined || main.consultOf !== undefined || call.consultOf !== undefined) continue;
    main.consultedBy = call.id;
    call.consultOf = main.id;
    call.customer = main.customer ?? call.customer;
    call.match ??= main.match;
    call.data = { ...main.data, ...call.data };
    return changed(run, main.id, 'partyChanged');
  }
}

/** The switch counts a connection to another of its calls: it has joined the two. */
export function nativeMoved(run: Run, leg: Leg, nativeCallRef: string): void {
  const ref = nativeCallRef.slice(0, MAX_REF);
  if (leg.nativeRef === ref) return count(run, 'ignored.movedCall');
  unindexNative(run, leg);
  leg.nativeRef = ref;
  indexNative(run, leg);
  const [conn] = connsOfLeg(run, leg);
  const call = conn === undefined ? undefined : run.s.calls.get(conn.callId);
  if (call === undefined || !isNative(call)) return;
  const there = callOfRef(run, leg.switchId, { ref, but: leg.id });
  if (there === undefined || there === call) return keepRef(call, ref);
  joinServed(run, call, there);
}

/** Two calls are one from now on: the one with the outside party stays, else the older one. */
function joinServed(run: Run, a: Served, b: Served): void {
  const into = survivorOf(run, a, b) === a ? a : b;
  const from = into === a ? b : a;
  const { refs, popTo, handedBy } = from.native;
  const later = consultedOf(into, from);
  const earlier = later === into ? from : into;
  const handed = joinHanded(run, earlier, later);
  const { startedMs } = earlier.native.handed === undefined ? later : earlier;
  if (from.consultOf === into.id || into.consultOf === from.id) {
    from.consultOf = undefined;
    into.consultedBy = undefined;
  }
  mergeCalls(run, from, into);
  const { native } = into;
  native.refs = [...refs.filter((ref) => !native.refs.includes(ref)), ...native.refs];
  native.popTo ??= popTo;
  if (handed !== undefined) native.handed = { ...handed, atMs: atIn(into, startedMs + handed.atMs) };
  native.handedBy ??= handedBy;
  if (connsOf(run, into).length > 2) changed(run, into.id, 'conferenced');
}

/** A time as a record of this call tells it. */
function atIn(call: Call, ms: number): number {
  return Math.max(0, ms - call.startedMs);
}

/** Somebody sits down at a phone that is in a call already: it is theirs. */
export function adoptSeat(run: Run, agent: Agent): void {
  const { seat } = agent;
  const switchId = seat === undefined ? undefined : parseDeviceId(seat)?.switchId;
  if (switchId === undefined || !isCallControl(run, switchId)) return;
  for (const id of run.ix.legsOf.get(switchId) ?? []) {
    const leg = run.s.legs.get(id);
    if (leg === undefined || leg.device !== seat) continue;
    for (const conn of connsOfLeg(run, leg)) {
      const call = run.s.calls.get(conn.callId);
      if (call === undefined || conn.agentId !== undefined) continue;
      conn.agentId = agent.id;
      conn.partyName = agentConfig(run, agent.id)?.name;
      joinAgent(run, call, conn);
      changed(run, call.id, 'partyChanged');
    }
  }
}
