import { agentConfig, connsOf, isParty, legOf } from './lookups.js';
import { changed, type Run } from './run.js';
import type { Call, Conn } from './state.js';

/**
 * Does the connection of an agent who was left alone stay until it is released by hand (A2)? Only after a talk, where nothing else lies on the leg, and not
 * where the system or a supervisor ended the call. A server that drains waits for nobody who is alone.
 */
export function staysOpen(run: Run, call: Call, conn: Conn): boolean {
  if (agentConfig(run, conn.agentId)?.release !== 'manual' || run.s.mode === 'draining') return false;
  if (conn.talked === undefined || conn.leaving !== undefined || !isParty(conn)) return false;
  const leg = legOf(run, conn);
  if (leg?.state !== 'connected' || leg.conns.length > 1 || leg.control !== 'full' || leg.clearing !== undefined)
    return false;
  return call.consultOf === undefined && call.ending?.by !== 'system' && call.ending?.by !== 'supervisor';
}

/** Everybody else has left: the agent hears silence, and clients are told what is waited for. */
export function keepOpen(run: Run, call: Call, conn: Conn): void {
  if (conn.open !== undefined) return;
  conn.open = 'open';
  // A phone that waits to be put down is no talk that a queue may break into.
  if (conn.agentId !== undefined) run.idle.add(conn.agentId);
  // There is nobody to hold any more; what the phone holds is the phone's.
  if (conn.hold === 'agent') {
    conn.hold = undefined;
    conn.setAside = undefined;
  }
  changed(run, call.id, 'partyChanged');
}

/** The server begins to drain: nobody is waited for who is alone in a call. */
export function closeOpen(run: Run): void {
  for (const call of run.s.calls.values()) {
    if (connsOf(run, call).some((conn) => conn.open !== undefined)) run.tend.add(call.id);
  }
}
