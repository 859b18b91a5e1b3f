import type { DriverEvent } from '../contract/driver-events.js';
import { joinAgent } from './legs.js';
import { agentAt, agentConfig, connOfAgent, connsOf, connsOfLeg, isParty, legOf } from './lookups.js';
import { hasPlan } from './plans.js';
import { changed, count, type Run } from './run.js';
import type { Call, Conn, Leg } from './state.js';

/** The switch tells what a supervisor hears and who hears them. `null`: nobody is watched any more, as when the watched connection ends. */
export function monitoring(run: Run, leg: Leg, event: Extract<DriverEvent, { type: 'monitoring' }>): void {
  const { monitor } = leg;
  if (monitor === undefined) return count(run, 'ignored.monitoring');
  monitor.mode = event.mode ?? undefined;
  // Who was in the talk does not leave it by the end of the connection that they came in by.
  if (event.mode !== null) monitor.talks = event.mode === 'barge' ? 'talks' : undefined;
  for (const conn of connsOfLeg(run, leg)) {
    if (conn.pending === 'monitor') conn.pending = undefined;
    if (event.mode !== null) conn.role = event.mode;
    changed(run, conn.callId, 'supervised');
  }
}

/**
 * The switch would not let a supervisor hear or speak: they leave. Who talks already, with the watched connection gone, waits for the word of its end, which
 * makes them a party.
 */
export function waitsForEnd(leg: Leg, code: string): boolean {
  return code === 'gone' && leg.monitor?.talks !== undefined;
}

/**
 * The watched agent has left one other party who talked with a supervisor as well: supervisors who barge stay as parties (A9), the others are let go. Not where
 * the system or a supervisor ends the call, nor where the agent sent the party somewhere.
 */
export function keepTalkers(run: Run, call: Call): 'kept' | 'none' {
  if (hasPlan(call) || call.ending?.by === 'system' || call.ending?.by === 'supervisor') return 'none';
  const left = connsOf(run, call).filter((conn) => isParty(conn) && conn.leaving === undefined);
  const [party] = left;
  if (party === undefined || left.length > 1 || party.purpose !== undefined) return 'none';
  if (legOf(run, party)?.state !== 'connected') return 'none';
  const talkers = connsOf(run, call).filter((conn) => talksAlone(run, call, conn));
  for (const conn of talkers) takePart(run, call, conn);
  return talkers.length > 0 ? 'kept' : 'none';
}

function talksAlone(run: Run, call: Call, conn: Conn): boolean {
  if (isParty(conn) || conn.leaving !== undefined || conn.watches === undefined) return false;
  const leg = legOf(run, conn);
  if (leg?.state !== 'connected' || leg.monitor?.talks === undefined || leg.monitor.asked !== 'barge') return false;
  return connOfAgent(run, call, conn.watches) === undefined;
}

function takePart(run: Run, call: Call, conn: Conn): void {
  const leg = legOf(run, conn);
  if (leg !== undefined) leg.monitor = undefined;
  conn.role = 'party';
  conn.watches = undefined;
  if (conn.pending === 'monitor') conn.pending = undefined;
  // Whoever ended their own part did not end the call.
  call.ending = undefined;
  const agentId = conn.agentId ?? agentAt(run, conn.device)?.id;
  if (agentId !== undefined && conn.agentId === undefined) {
    conn.agentId = agentId;
    conn.partyName = agentConfig(run, agentId)?.name;
    joinAgent(run, call, conn);
  }
  changed(run, call.id, 'partyChanged');
}
