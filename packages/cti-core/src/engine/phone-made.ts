import type { DriverEvent } from '../contract/driver-events.js';
import type { ConnectionId } from '../contract/ids.js';
import { goalOf } from './dial.js';
import { addConn, addLeg, endConn, moveConn } from './legs.js';
import { agentAt, agentConfig, connsOfLeg, isOutside, isParty } from './lookups.js';
import { joinCalls } from './merge.js';
import { changed, count, isFailure, type Run } from './run.js';
import type { Conn, Leg } from './state.js';
import { blindTransfer, transferFailed } from './transfers.js';

/** The connection of a leg that is in use: the one that is not held. */
function inUse(run: Run, leg: Leg): Conn | undefined {
  const conns = connsOfLeg(run, leg).filter((conn) => conn.leaving === undefined && isParty(conn));
  return conns.find((conn) => conn.hold === undefined) ?? conns[0];
}

/** A phone put its call on hold: the others hear music. An outside party's network plays its own. */
export function deviceHolds(run: Run, leg: Leg): void {
  if (leg.heldByDevice !== undefined) return count(run, 'ignored.leg.heldByDevice');
  leg.heldByDevice = 'held';
  const conn = inUse(run, leg);
  if (conn === undefined || isOutside(leg.device) || conn.hold !== undefined) return;
  if (moveConn(run, conn, 'held') !== 'moved') return;
  conn.hold = 'device';
  changed(run, conn.callId, 'held');
}

/** A phone took its call back. */
export function deviceRetrieves(run: Run, leg: Leg): void {
  if (leg.heldByDevice === undefined) return count(run, 'ignored.leg.retrievedByDevice');
  leg.heldByDevice = undefined;
  for (const conn of connsOfLeg(run, leg)) {
    if (conn.hold !== 'device') continue;
    conn.hold = undefined;
    run.tend.add(conn.callId);
  }
}

/** A phone asked for a transfer: done by the engine's own plan, as if its agent had commanded it. */
export function deviceTransfers(run: Run, leg: Leg, event: Extract<DriverEvent, { type: 'transferRequested' }>): void {
  const conn = inUse(run, leg);
  const call = conn === undefined ? undefined : run.s.calls.get(conn.callId);
  if (conn === undefined || call === undefined) return count(run, 'ignored.transferRequested');
  const by = conn.agentId ?? 'device';
  if (event.kind === 'attended') {
    const consultLeg = run.s.legs.get(event.consultId);
    const consult = consultLeg === undefined ? undefined : inUse(run, consultLeg);
    if (consult === undefined || consult.callId === call.id) return count(run, 'ignored.transferRequested');
    return joinCalls(run, { a: conn, b: consult, by });
  }
  if (call.transfer !== undefined || call.entryId !== undefined) return count(run, 'ignored.transferRequested');
  const goal = goalOf(run, event.to.number, conn.agentId === undefined ? undefined : agentConfig(run, conn.agentId));
  const to = event.to.number;
  if (!isFailure(goal)) return blindTransfer(run, call, { conn, goal, to, by });
  blindTransfer(run, call, { conn, goal: undefined, to, by });
  transferFailed(run, call, { cause: 'unallocatedNumber' });
}

/** Another connection has taken the place of one: the call and its talk go on. */
export function deviceReplaced(run: Run, leg: Leg, by: ConnectionId): void {
  const limbo = run.s.limbo.get(by);
  run.s.limbo.delete(by);
  let other = run.s.legs.get(by);
  if (other === undefined) {
    if (limbo === undefined) return count(run, 'ignored.replaced');
    other = addLeg(run, {
      id: by,
      switchId: limbo.switchId,
      device: limbo.device,
      direction: limbo.direction,
      control: 'full',
      seen: 'yes',
    });
    other.state = limbo.state;
    other.bridgeId = limbo.bridgeId;
  }
  const agent = agentAt(run, other.device);
  for (const conn of connsOfLeg(run, leg)) {
    const call = run.s.calls.get(conn.callId);
    if (call === undefined || conn.leaving !== undefined) continue;
    const taken = addConn(run, other, {
      call,
      party: conn.party,
      role: conn.role,
      ...(conn.partyName === undefined ? {} : { partyName: conn.partyName }),
      ...((agent?.id ?? conn.agentId) === undefined || isOutside(other.device)
        ? {}
        : { agentId: agent?.id ?? conn.agentId }),
    });
    if (other.state === 'connected' || leg.state === 'connected') moveConn(run, taken, 'connected');
    taken.hold = conn.hold;
    if (conn.hold !== undefined) moveConn(run, taken, 'held');
    if (call.flow?.connId === conn.id) call.flow = { ...call.flow, connId: taken.id };
    endConn(run, conn, { cause: 'replaced' });
    changed(run, call.id, 'replaced');
  }
  if (leg.state === 'connected') other.state = 'connected';
}
