import type { Release, ReleaseCause } from '../contract/causes.js';
import type { DriverEvent } from '../contract/driver-events.js';
import type { EndPlace } from '../contract/views.js';
import { dropLeg, endConn, moveConn } from './legs.js';
import { connsOf, connsOfLeg, isOutside } from './lookups.js';
import { isNative, nativeMoved, type Served, unindexNative } from './native-calls.js';
import { learnNumbers } from './native-numbers.js';
import { handedOver } from './native-transfers.js';
import { changed, count, type Run } from './run.js';
import type { Conn, Ending, Leg } from './state.js';
import { stopTimer } from './timers.js';

/** Events of one connection of a driver, but its `created`. */
export type LegEvent = Exclude<
  Extract<DriverEvent, { connectionId: unknown }>,
  { type: 'created' | 'recordingStarted' | 'recordingFinished' }
>;

/** The part of a leg in its call. */
export function partOf(run: Run, leg: Leg): { readonly call: Served; readonly conn: Conn } | undefined {
  const [conn] = connsOfLeg(run, leg);
  const call = conn === undefined ? undefined : run.s.calls.get(conn.callId);
  return conn === undefined || call === undefined || !isNative(call) ? undefined : { call, conn };
}

/** Takes what a switch of the `callControl` profile tells of one connection: the model follows, nothing is asked. */
export function nativeEvent(run: Run, leg: Leg, event: LegEvent): void {
  const part = partOf(run, leg);
  if (part === undefined) {
    count(run, `stray.${event.type}`);
    return event.type === 'cleared' ? endNative(run, leg, { release: event.release }) : undefined;
  }
  switch (event.type) {
    case 'alerting':
    case 'connected':
      return nativeState(run, leg, event.type);
    case 'heldByDevice':
      return nativeHold(run, leg, 'held');
    case 'retrievedByDevice':
      return nativeHold(run, leg, 'retrieved');
    case 'identified':
      learnNumbers(run, part.call, { leg, conn: part.conn, calling: event.calling, called: event.called });
      return changed(run, part.call.id, 'identified');
    case 'movedCall':
      return nativeMoved(run, leg, event.nativeCallRef);
    case 'parked':
      return nativeParked(run, leg, event.slot ?? undefined);
    case 'cleared':
      return endNative(run, leg, { release: event.release });
    case 'replaced':
      // Whose place it is taken of was rung with it: that is no missed call. Its own end follows.
      part.conn.spared = 'spared';
      return;
    default:
      return count(run, `ignored.native.${event.type}`);
  }
}

/** It rings, or was answered. */
export function nativeState(run: Run, leg: Leg, state: 'alerting' | 'connected'): void {
  const part = partOf(run, leg);
  if (part === undefined) return;
  const { call, conn } = part;
  if (state === 'connected' || leg.state === 'initiated') leg.state = state;
  if (moveConn(run, conn, state) !== 'moved') return;
  if (conn.pending === 'answer' || conn.pending === 'originate') conn.pending = undefined;
  changed(run, call.id, state);
}

/** Its phone holds it, or has taken it back; by itself, or because it was asked. */
export function nativeHold(run: Run, leg: Leg, event: 'held' | 'retrieved'): void {
  const part = partOf(run, leg);
  if (part === undefined) return;
  const { call, conn } = part;
  leg.heldByDevice = event === 'held' ? 'held' : undefined;
  if (moveConn(run, conn, event) !== 'moved') return;
  const asked = conn.pending === 'hold';
  if (conn.pending === 'hold' || conn.pending === 'retrieve') conn.pending = undefined;
  if (event === 'retrieved' && call.native.handed?.device === leg.device) {
    // Who takes it back has joined two calls to talk in them, and left nobody.
    call.native.handed = undefined;
    call.native.handedBy = undefined;
  }
  conn.hold = event === 'retrieved' ? undefined : asked ? 'agent' : 'device';
  changed(run, call.id, event);
}

/** It waits on a slot, or somebody has taken it from there. */
export function nativeParked(run: Run, leg: Leg, slot: number | undefined): void {
  const part = partOf(run, leg);
  if (part === undefined || leg.parkedAt === slot) return count(run, 'ignored.native.parked');
  leg.parkedAt = slot;
  // Whoever left it there has transferred nobody.
  part.call.native.handed = undefined;
  changed(run, part.call.id, slot === undefined ? 'unparked' : 'parked');
}

/** How a connection of a switch's own call ended. */
interface NativeEnd {
  readonly release: Release;
  readonly lostBetweenWallMs?: readonly [number, number];
}

/** A connection is gone. */
export function endNative(run: Run, leg: Leg, end: NativeEnd): void {
  const part = partOf(run, leg);
  unindexNative(run, leg);
  stopTimer(run, leg.watch);
  leg.watch = undefined;
  if (part !== undefined) {
    const { call, conn } = part;
    noteMissed(run, call, { leg, conn, cause: end.release.cause });
    if (leg.seen === 'yes') noteEnding(run, call, { leg, conn, end });
    else if (call.conns.length === 1) call.ending ??= { by: 'system', end: end.release, place: { kind: 'route' } };
    endConn(run, conn, end.release);
    if (end.release.cause === 'transferred') handedOver(run, call, { leg, conn });
    run.tend.add(call.id);
  }
  dropLeg(run, leg);
}

/** Ends of who was rung only, which say nothing of why the call will be over. */
const SAYS_NOTHING: ReadonlySet<ReleaseCause> = new Set([
  'cancelled',
  'answeredElsewhere',
  'normalClearing',
  'unknown',
]);

/** Who has left remains the reason until the call is of two again; who was only rung is none where somebody else is left. */
function noteEnding(
  run: Run,
  call: Served,
  what: { readonly leg: Leg; readonly conn: Conn; readonly end: NativeEnd },
): void {
  const { leg, conn, end } = what;
  const { cause } = end.release;
  const last = call.conns.length === 1;
  const rung = leg.direction === 'outgoing' && (conn.state === 'initiated' || conn.state === 'alerting');
  if (!last && (cause === 'transferred' || cause === 'replaced' || (rung && SAYS_NOTHING.has(cause)))) return;
  call.ending ??= {
    by: end.lostBetweenWallMs === undefined ? sideOf(call, { leg, conn, rung }) : 'unknown',
    end: end.release,
    place: placeOf(run, call, conn),
    lostBetweenWallMs: end.lostBetweenWallMs,
  };
}

function sideOf(
  call: Served,
  { leg, conn, rung }: { readonly leg: Leg; readonly conn: Conn; readonly rung: boolean },
): Ending['by'] {
  if (rung) return conn.agentId === undefined ? 'system' : 'agent';
  if (conn.agentId !== undefined) return 'agent';
  const isCaller = leg.direction === 'incoming' && (call.direction !== 'inbound' || isOutside(leg.device));
  return isCaller ? 'caller' : 'unknown';
}

function placeOf(run: Run, call: Served, conn: Conn): EndPlace {
  const inside = connsOf(run, call).filter((other) => !isOutside(other.device));
  const agent = conn.agentId ?? inside.find((other) => other.agentId !== undefined)?.agentId;
  if (agent !== undefined) return { kind: 'agent', agent };
  const phone = inside.find((other) => other !== conn) ?? inside[0];
  return phone === undefined ? { kind: 'route' } : { kind: 'device', device: phone.device };
}

/** An agent's phone rang for a call, and neither they nor another one who was rung with them took it then. */
function noteMissed(
  run: Run,
  call: Served,
  what: { readonly leg: Leg; readonly conn: Conn; readonly cause: ReleaseCause },
): void {
  const { leg, conn, cause } = what;
  const { agentId } = conn;
  if (agentId === undefined || conn.state !== 'alerting' || leg.direction !== 'outgoing' || conn.spared !== undefined)
    return;
  if (cause === 'answeredElsewhere' || cause === 'replaced' || cause === 'lostInOutage') return;
  const calls = call.direction === 'inbound' ? undefined : call.conns[0];
  const taken = connsOf(run, call).some(
    (other) => other !== conn && other.id !== calls && !isOutside(other.device) && other.state === 'connected',
  );
  if (taken || call.missed?.includes(agentId) === true) return;
  call.missed = [...(call.missed ?? []), agentId];
}
