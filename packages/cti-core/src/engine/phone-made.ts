import type { DriverEvent } from '../contract/driver-events.js';
import type { AgentId, ConnectionId } from '../contract/ids.js';
import { diallerAt, goalOf } from './dial.js';
import { dialledAnswered } from './dialled.js';
import { clearGhost } from './leg-end.js';
import { addConn, addLeg, endConn, joinAgent, moveConn, release } from './legs.js';
import { agentAt, agentConfig, connsOf, connsOfLeg, hasOthers, isOutside, isParty } from './lookups.js';
import { joinCalls, mergeCalls } from './merge.js';
import { offerTaken } from './offers.js';
import { cancelPlans } from './plans.js';
import { changed, count, isFailure, note, type Run } from './run.js';
import type { Call, Conn, Leg } from './state.js';
import { blindTransfer, transferFailed } from './transfers.js';

/** The connection of a leg that is in use: the one that is not held. */
function inUse(run: Run, leg: Leg): Conn | undefined {
  const conns = connsOfLeg(run, leg).filter((conn) => conn.leaving === undefined && isParty(conn));
  return conns.find((conn) => conn.hold === undefined) ?? conns[0];
}

/** A phone put its call on hold: the others hear music. An outside party's network plays its own. */
export function deviceHolds(run: Run, leg: Leg): void {
  const conn = inUse(run, leg);
  if (leg.heldByDevice !== undefined) return again(run, conn, 'held');
  leg.heldByDevice = 'held';
  if (conn?.setAside !== undefined && conn.hold === 'agent') {
    // Set aside by us, held by the phone as well: who takes the call back there is taken at their word.
    conn.setAside = undefined;
    conn.hold = 'device';
    return changed(run, conn.callId, 'held');
  }
  if (conn === undefined || isOutside(leg.device) || conn.hold !== undefined) return;
  if (moveConn(run, conn, 'held') !== 'moved') return;
  conn.hold = 'device';
  changed(run, conn.callId, 'held');
}

/** The phone said it before. */
function again(run: Run, conn: Conn | undefined, event: 'held' | 'retrieved'): void {
  if (conn !== undefined && (conn.state === 'held') === (event === 'held')) moveConn(run, conn, event);
  else count(run, `ignored.leg.${event}`);
}

/** A phone took its call back. */
export function deviceRetrieves(run: Run, leg: Leg): void {
  if (leg.heldByDevice === undefined) return again(run, inUse(run, leg), 'retrieved');
  leg.heldByDevice = undefined;
  for (const conn of connsOfLeg(run, leg)) {
    if (conn.hold !== 'device') continue;
    conn.hold = undefined;
    run.tend.add(conn.callId);
  }
}

/**
 * A phone asked for a transfer: done by the engine's own plan, as if its agent had commanded it, or refused. The connection that asked is cleared by what is
 * done; a driver tells the phone that it is refused when that has not come within its bound.
 */
export function deviceTransfers(run: Run, leg: Leg, event: Extract<DriverEvent, { type: 'transferRequested' }>): void {
  // A REFER from the far end of a trunk would have this site dial, and pay, for whoever calls it.
  if (isOutside(leg.device)) return count(run, 'ignored.transferRequested.outside');
  const conn = inUse(run, leg);
  const call = conn === undefined ? undefined : run.s.calls.get(conn.callId);
  if (conn === undefined || call === undefined || conn.open !== undefined) {
    return count(run, 'ignored.transferRequested');
  }
  const by = conn.agentId ?? 'device';
  if (event.kind === 'attended') {
    const consultLeg = run.s.legs.get(event.consultId);
    const consult = consultLeg === undefined ? undefined : consultedFrom(run, { leg, conn, consultLeg });
    if (consult === undefined || consult.callId === call.id) return refuseTransfer(run, call, 'unknown');
    // Whom the phone consulted has hung up meanwhile, or is a menu: there is nobody to hand the caller to.
    if (!hasOthers(run, consult) || !hasOthers(run, conn)) return refuseTransfer(run, call, 'nobody');
    return joinCalls(run, { a: conn, b: consult, by });
  }
  // The page consults on the phone's one line: the phone cannot know which of the two it would send away. The page completes or cancels.
  if (othersOnLeg(run, leg, conn).length > 0) return refuseTransfer(run, call, 'consulting');
  if (call.transfer !== undefined || call.entryId !== undefined) return refuseTransfer(run, call, 'underWay');
  const goal = goalOf(run, event.to.number, diallerAt(run, leg.device, conn.agentId));
  const to = event.to.number;
  if (!isFailure(goal)) return blindTransfer(run, call, { conn, goal, to, by });
  blindTransfer(run, call, { conn, goal: undefined, to, by });
  transferFailed(run, call, { cause: 'unallocatedNumber' });
}

/** The other connection of a REFER with Replaces. One that names the line it comes from completes the page's consultation on it. */
function consultedFrom(
  run: Run,
  what: { readonly leg: Leg; readonly conn: Conn; readonly consultLeg: Leg },
): Conn | undefined {
  const { leg, conn, consultLeg } = what;
  if (consultLeg !== leg) return inUse(run, consultLeg);
  const [other, ...more] = othersOnLeg(run, leg, conn);
  const pair = run.s.calls.get(conn.callId);
  const isPair = other !== undefined && (pair?.consultOf === other.callId || pair?.consultedBy === other.callId);
  return isPair && more.length === 0 && hasOthers(run, conn) ? other : undefined;
}

function othersOnLeg(run: Run, leg: Leg, conn: Conn): Conn[] {
  return connsOfLeg(run, leg).filter((other) => other !== conn && other.leaving === undefined && isParty(other));
}

/** Nothing is changed by it. Why is noted: the phone hears no more than that it was refused. */
function refuseTransfer(run: Run, call: Call, reason: 'consulting' | 'nobody' | 'underWay' | 'unknown'): void {
  note(run, `transferRequested.refused.${reason}`, call.id);
}

/** Another connection has taken the place of one: the call and its talk go on under the same id. */
export function deviceReplaced(run: Run, leg: Leg, by: ConnectionId): void {
  const conns = connsOfLeg(run, leg).filter((conn) => conn.leaving === undefined);
  if (conns.length === 0) return placeGone(run, by);
  const other = run.s.legs.get(by) ?? fromLimbo(run, by);
  if (other === undefined || other === leg) return count(run, 'ignored.replaced');
  const agentId = agentAt(run, other.device)?.id;
  // Whose phone has a part in two calls talks in one of them: what was routed as a call of its own becomes part of that one.
  const talk = inUse(run, leg) ?? conns[0];
  const own = connsOfLeg(run, other).find((one) => one.leaving === undefined && one.callId !== talk?.callId);
  for (const conn of conns) {
    const call = run.s.calls.get(conn.callId);
    if (call === undefined) continue;
    const taken = takeOver(run, call, { other, conn, own: conn === talk ? own : undefined });
    // Who takes a place in a talk talks, though the switch may tell only then that they are up.
    if (conn.state === 'connected' || conn.state === 'held') moveConn(run, taken, 'connected');
    taken.purpose = conn.purpose;
    if (conn.purpose === 'offer') {
      offerTaken(run, call, conn);
      taken.purpose = undefined;
    }
    conn.purpose = undefined;
    if (agentId !== undefined) becomeAgents(run, call, { conn: taken, agentId });
    taken.hold = conn.hold;
    taken.setAside = conn.setAside;
    if (call.flow?.connId === conn.id) call.flow = { ...call.flow, connId: taken.id };
    endConn(run, conn, { cause: 'replaced' });
    if (taken.state === 'connected') dialledAnswered(run, call, taken);
    changed(run, call.id, 'replaced');
  }
}

/** A place was taken that is none any more: who had it has left the call before the switch told of it. Whoever took it would hear nobody. */
export function placeGone(run: Run, by: ConnectionId): void {
  const limbo = run.s.limbo.get(by);
  if (limbo === undefined) return count(run, 'ignored.replaced');
  run.s.limbo.delete(by);
  clearGhost(run, { id: by, ...limbo });
}

function fromLimbo(run: Run, by: ConnectionId): Leg | undefined {
  const limbo = run.s.limbo.get(by);
  if (limbo === undefined) return undefined;
  run.s.limbo.delete(by);
  const { switchId, device, direction, state, bridgeId } = limbo;
  const leg = addLeg(run, { id: by, switchId, device, direction, control: 'full', seen: 'yes' });
  leg.state = state;
  leg.bridgeId = bridgeId;
  return leg;
}

/** The connection that takes the place. It may have been routed as a call of its own: that call becomes part of this one. */
function takeOver(
  run: Run,
  call: Call,
  what: { readonly other: Leg; readonly conn: Conn; readonly own: Conn | undefined },
): Conn {
  const { other, conn, own } = what;
  const fresh = own === undefined ? undefined : run.s.calls.get(own.callId);
  if (own !== undefined && fresh !== undefined) {
    cancelPlans(run, fresh);
    for (const dialled of connsOf(run, fresh)) if (dialled.id !== own.id) release(run, dialled, 'cancelled');
    mergeCalls(run, fresh, call);
    own.party = conn.party;
    own.role = conn.role;
    return own;
  }
  const taken = addConn(run, other, { call, party: conn.party, role: conn.role });
  if (other.state !== 'initiated') moveConn(run, taken, other.state);
  return taken;
}

function becomeAgents(run: Run, call: Call, what: { readonly conn: Conn; readonly agentId: AgentId }): void {
  const { conn, agentId } = what;
  if (conn.agentId === agentId) return;
  conn.agentId = agentId;
  conn.partyName = agentConfig(run, agentId)?.name;
  joinAgent(run, call, conn);
}
