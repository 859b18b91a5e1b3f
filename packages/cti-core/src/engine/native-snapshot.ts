import type { DriverEvent, SwitchSnapshot } from '../contract/driver-events.js';
import type { ConnectionId } from '../contract/ids.js';
import { nativeCreated, nativeMoved } from './native-calls.js';
import { endNative, nativeHold, nativeParked, nativeState, partOf } from './native-events.js';
import { learnNumbers } from './native-numbers.js';
import { count, type Run } from './run.js';
import type { Call, Leg, SwitchState } from './state.js';

type Shown = SwitchSnapshot['connections'][number];

/**
 * Brings the calls of a switch that carries them out by itself to what it shows after a (re)connect: what is not in it has ended, what is new is shown, and what
 * lives is brought up to date, in the call whose reference it has.
 */
export function nativeSnapshot(
  run: Run,
  state: SwitchState,
  what: { readonly legs: readonly Leg[]; readonly connections: readonly Shown[] },
): void {
  const shown = new Map<ConnectionId, Shown>();
  for (const one of what.connections) shown.set(one.connectionId, one);
  const since = state.downSinceWallMs ?? run.lastWall;
  for (const one of what.connections) {
    const leg = run.s.legs.get(one.connectionId);
    if (leg !== undefined && leg.seen === 'yes') catchUp(run, leg, one);
    else meetNative(run, state, one);
  }
  // What is gone comes last: a call whose parts have all changed meanwhile is the same one as long as its reference lives.
  const left = new Set<Call>();
  for (const leg of what.legs) {
    if (shown.has(leg.id) || leg.seen === 'no') continue;
    const call = partOf(run, leg)?.call;
    if (call !== undefined) left.add(call);
    const never = leg.seen === 'unsure';
    endNative(run, leg, {
      release: { cause: never ? 'failure' : 'lostInOutage' },
      ...(never ? {} : { lostBetweenWallMs: [since, run.wall] as const }),
    });
  }
  // A call that somebody is still in goes on: how it ends is told when it does.
  for (const call of left) {
    if (call.conns.length > 0 && call.ending?.lostBetweenWallMs !== undefined) call.ending = undefined;
  }
}

/** A connection that the model does not know, or only as something that it asked for. */
export function meetNative(run: Run, state: SwitchState, one: Shown): void {
  if (one.control === 'observe') return count(run, 'observed.shown');
  const event: Extract<DriverEvent, { type: 'created' }> = {
    type: 'created',
    connectionId: one.connectionId,
    device: one.device,
    direction: one.direction,
    control: one.control,
    calling: one.calling,
    called: one.called,
    ...(one.nativeCallRef === undefined ? {} : { nativeCallRef: one.nativeCallRef }),
  };
  nativeCreated(run, state.id, event);
  const leg = run.s.legs.get(one.connectionId);
  if (leg !== undefined) catchUp(run, leg, one);
}

function catchUp(run: Run, leg: Leg, one: Shown): void {
  if (one.nativeCallRef !== undefined && one.nativeCallRef !== leg.nativeRef) nativeMoved(run, leg, one.nativeCallRef);
  const part = partOf(run, leg);
  if (part === undefined) return;
  learnNumbers(run, part.call, { leg, conn: part.conn, calling: one.calling, called: one.called });
  if (one.state !== 'initiated' && one.state !== leg.state && leg.state !== 'connected')
    nativeState(run, leg, one.state);
  if ((one.heldByDevice !== undefined) !== (leg.heldByDevice !== undefined)) {
    nativeHold(run, leg, one.heldByDevice === undefined ? 'retrieved' : 'held');
  }
  if (one.parkedAt !== leg.parkedAt) nativeParked(run, leg, one.parkedAt);
  run.tend.add(part.call.id);
}
