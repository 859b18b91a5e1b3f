import type { Release } from '../contract/causes.js';
import { takeReady } from './agent-wants.js';
import type { DialFailure } from './dialled.js';
import { dialledFailed } from './dialled.js';
import { addLeg, clearLeg, dropLeg, endConn } from './legs.js';
import { connsOf, connsOfLeg, isParty, legOf } from './lookups.js';
import { leave, placeOf, sideOf } from './parting.js';
import { hasPlan } from './plans.js';
import { count, type Run } from './run.js';
import { seatGoal } from './seat-goals.js';
import type { Call, Conn, Leg } from './state.js';
import { backToQueue, transferFailed } from './transfers.js';

/** How a leg ended. `how`: `lost` it was not there after an outage, `unsure` nobody knows whether it ever was. */
export interface LegEnd {
  readonly release: Release;
  readonly how?: DialFailure['how'];
  readonly lostBetweenWallMs?: readonly [number, number] | undefined;
}

/** A leg is gone: its connections end, and what they were for fails or is over. */
export function endLeg(run: Run, leg: Leg, end: LegEnd): void {
  endConns(run, leg, end);
  dropLeg(run, leg);
}

/**
 * A dialling of which nobody knows whether it was carried out is over for its call, but may ring all the same: the leg stays without
 * connections, and is cleared again and again, until the switch says that it is gone.
 */
export function giveUp(run: Run, leg: Leg): void {
  clearLeg(run, leg, 'cancelled');
  endConns(run, leg, { release: { cause: 'failure' }, how: 'unsure' });
}

/**
 * A phone has rung for its time, and the switch has told neither its answer nor its end: what it was rung for goes on as when nobody answers, and the leg is
 * cleared like one that was given up.
 */
export function ringOut(run: Run, leg: Leg): void {
  clearLeg(run, leg, 'noAnswer');
  endConns(run, leg, { release: { cause: 'noAnswer' } });
}

/** The switch has a connection that is ours and has no part in anything: cleared like one that was given up. */
export function clearGhost(run: Run, what: Omit<Parameters<typeof addLeg>[1], 'seen' | 'control'>): Leg {
  count(run, 'ghost.cleared');
  const leg = addLeg(run, { ...what, control: 'full', seen: 'yes' });
  clearLeg(run, leg, 'cancelled');
  return leg;
}

function endConns(run: Run, leg: Leg, end: LegEnd): void {
  const conns = connsOfLeg(run, leg);
  const several = conns.length > 1;
  leg.conns = [];
  for (const conn of conns) {
    const call = run.s.calls.get(conn.callId);
    if (call === undefined) continue;
    const early = conn.purpose !== undefined;
    const dropped = !several && !early && isDropped(run, call, { conn, end });
    if (!early && !dropped && conn.leaving === undefined && isParty(conn)) told(run, call, { conn, end });
    const returns =
      conn.leaving === undefined && ((several && conn.state === 'held') || isLost(run, call, { conn, end }));
    endConn(run, conn, end.release);
    if (early) dialledFailed(run, call, { conn, failure: { ...end.release, how: end.how } });
    else if (dropped) waitOn(run, call, conn);
    else if (returns) ringBack(run, call, conn);
    if (call.transfer?.waitsFor === leg.id) run.recalls.push(call.id);
  }
}

/** Somebody left by themselves: remembered as the reason if the call ends by it. */
function told(run: Run, call: Call, what: { readonly conn: Conn; readonly end: LegEnd }): void {
  let others = 0;
  for (const other of connsOf(run, call)) {
    if (other === what.conn || !isParty(other) || other.leaving !== undefined || other.purpose !== undefined) continue;
    others += 1;
  }
  if (others >= 2) return;
  if (what.end.how === undefined) return leave(run, call, { by: sideOf(what.conn), end: what.end.release });
  call.ending ??= {
    by: 'unknown',
    end: what.end.release,
    place: placeOf(run, call),
    lostBetweenWallMs: what.end.lostBetweenWallMs,
  };
}

/** Was an agent's phone put down before caller and agent could hear each other? That is a refusal, however long the phone was lifted. */
function isDropped(run: Run, call: Call, what: { readonly conn: Conn; readonly end: LegEnd }): boolean {
  const { conn, end } = what;
  const from = call.lastEntry;
  if (end.how !== undefined || conn.agentId === undefined || conn.talked !== undefined || conn.leaving !== undefined)
    return false;
  if (!isParty(conn) || from === undefined || !run.ix.queues.has(from.queueId)) return false;
  if (hasPlan(call) || call.consultOf !== undefined || call.ending !== undefined) return false;
  const others = connsOf(run, call).filter((other) => other.id !== conn.id && isParty(other));
  const [caller] = others;
  return (
    caller !== undefined &&
    others.length === 1 &&
    caller.agentId === undefined &&
    caller.leaving === undefined &&
    legOf(run, caller)?.state === 'connected'
  );
}

/** The caller waits on in the old place; the agent has refused. */
function waitOn(run: Run, call: Call, conn: Conn): void {
  const agent = conn.agentId === undefined ? undefined : run.s.agents.get(conn.agentId);
  if (agent !== undefined) takeReady(run, agent, 'rejected');
  backToQueue(run, call, { backTo: call.lastEntry, cause: 'failure' });
}

/** Did the switch lose an agent in mid-talk while it could not be reached? Who talked with the agent must not pay for it. */
function isLost(run: Run, call: Call, what: { readonly conn: Conn; readonly end: LegEnd }): boolean {
  const { conn, end } = what;
  if (end.how !== 'lost' || conn.agentId === undefined || !isParty(conn) || conn.purpose !== undefined) return false;
  if (hasPlan(call) || call.consultOf !== undefined) return false;
  const others = connsOf(run, call).filter((other) => other.id !== conn.id && isParty(other));
  return others.length === 1 && others[0]?.agentId === undefined;
}

/** An agent is gone with a caller on hold and another call on the line, or was lost: the caller is not lost, the seat rings again. */
function ringBack(run: Run, call: Call, conn: Conn): void {
  const customer = connsOf(run, call).find((other) => isParty(other) && legOf(run, other)?.state === 'connected');
  if (customer === undefined || call.transfer !== undefined) return;
  call.ending = undefined;
  call.transfer = {
    kind: 'blind',
    by: 'device',
    agentId: conn.agentId,
    seat: seatGoal(run, conn.device).device,
    to: '',
    backTo: call.lastEntry,
    stage: 'ringing',
    atMs: run.at - call.startedMs,
  };
  run.recalls.push(call.id);
}

/** Rings those seats again whose agents hung up on a held caller; after the leg is gone, so that the seat is free. */
export function recallSeats(run: Run): void {
  for (const callId of run.recalls.splice(0)) {
    const call = run.s.calls.get(callId);
    if (call?.transfer !== undefined) transferFailed(run, call, { cause: 'normalClearing' });
  }
}
