import type { AgentConfig, QueueConfig } from '../contract/config.js';
import { type AgentId, type CallId, type ConnectionId, type DeviceId, deviceKindOf } from '../contract/ids.js';
import type { PhoneNumber } from '../contract/numbers.js';
import type { Run } from './run.js';
import type { Agent, Call, Conn, Leg } from './state.js';

/** A live call by its id or by the id of a call that was merged into it. */
export function callOf(run: Run, id: CallId): Call | undefined {
  return run.s.calls.get(id) ?? run.s.calls.get(run.s.aliases.get(id) ?? id);
}

/** The live connections of a call, oldest first: as they are now, whatever becomes of them while the list is walked. */
export function connsOf(run: Run, call: Call): readonly Conn[] {
  const { last } = run;
  const { conns: ids } = call;
  // Asked for again and again while one call is looked at. It holds as long as neither the call's own list nor the table has changed.
  if (last.ids === ids && last.count === ids.length && last.all === run.s.conns.size) return last.conns;
  const found = connsNamed(run, ids);
  const legs = new Array<Leg | undefined>(found.length);
  let at = 0;
  for (const conn of found) {
    legs[at] = run.s.legs.get(conn.legId);
    at += 1;
  }
  last.ids = ids;
  last.count = ids.length;
  last.all = run.s.conns.size;
  last.conns = found;
  last.legs = legs;
  return found;
}

/** Those of these ids that live. The list is made in its length: to one that grows, its first member brings places for sixteen more. */
function connsNamed(run: Run, ids: readonly ConnectionId[]): Conn[] {
  const found = new Array<Conn>(ids.length);
  let count = 0;
  for (const id of ids) {
    const conn = run.s.conns.get(id);
    if (conn === undefined) continue;
    found[count] = conn;
    count += 1;
  }
  if (count < found.length) found.length = count;
  return found;
}

/** The leg of a connection. */
export function legOf(run: Run, conn: Conn): Leg | undefined {
  const { conns, legs } = run.last;
  // Nearly always one of the call that is looked at: found without its key, as long as no leg has come or gone.
  for (let at = 0; at < legs.length; at += 1) if (conns[at] === conn) return legs[at];
  return run.s.legs.get(conn.legId);
}

const NO_LEGS: readonly Leg[] = [];

/** A leg has come or gone: what {@link connsOf} found last is not to be relied on. */
export function forgetFoundLegs(run: Run): void {
  run.last.legs = NO_LEGS;
  run.last.count = -1;
}

/** The connections of a leg, oldest first. */
export function connsOfLeg(run: Run, leg: Leg): Conn[] {
  return connsNamed(run, leg.conns);
}

/** Supervision is a role; everyone else takes part. */
export function isParty(conn: Conn): boolean {
  return conn.role === 'party' || conn.role === 'consult';
}

/** This agent's own connection of a call, on its way out or not. */
export function connOfAgent(run: Run, call: Call, agentId: AgentId): Conn | undefined {
  return connsOf(run, call).find((conn) => conn.agentId === agentId && conn.leaving === undefined);
}

/** Parties that are up and not on their way out. */
export function upParties(run: Run, call: Call): Conn[] {
  return connsOf(run, call).filter(
    (conn) => isParty(conn) && conn.leaving === undefined && legOf(run, conn)?.state === 'connected',
  );
}

/** Does it belong to its call by itself: a party that is not being dialled any more, nor on its way out? */
export function isAnchor(conn: Conn): boolean {
  return isParty(conn) && conn.leaving === undefined && (conn.purpose === undefined || conn.purpose === 'makeSeat');
}

/** The parties that belong to the call by themselves: not the ones that are still being dialled. */
export function anchorsOf(run: Run, call: Call): Conn[] {
  return connsOf(run, call).filter(isAnchor);
}

/** Is there one of {@link anchorsOf}? */
export function hasAnchor(run: Run, call: Call): boolean {
  for (const conn of connsOf(run, call)) if (isAnchor(conn)) return true;
  return false;
}

/** The agent that sits at a device now. */
export function agentAt(run: Run, device: DeviceId): Agent | undefined {
  const agentId = run.ix.seats.get(device);
  return agentId === undefined ? undefined : run.s.agents.get(agentId);
}

/** The configuration of an agent. */
export function agentConfig(run: Run, agentId: AgentId | undefined): AgentConfig | undefined {
  return agentId === undefined ? undefined : run.ix.agents.get(agentId);
}

/** The configuration of the queue that a call came by; a consultation is about the call that waits for it. */
export function queueConfig(run: Run, call: Call | undefined): QueueConfig | undefined {
  const waits = call?.consultOf === undefined ? undefined : run.s.calls.get(call.consultOf);
  const queueId = call?.queueId ?? waits?.queueId;
  return queueId === undefined ? undefined : run.ix.queues.get(queueId);
}

/** Is the device outside of the site? */
export function isOutside(device: DeviceId): boolean {
  const kind = deviceKindOf(device);
  return kind === 'trunk' || kind === 'line' || kind === 'external';
}

/** What a number is compared by: e164, else as the switch said it. */
export function keyOf(number: PhoneNumber): string {
  return number.e164 ?? number.raw;
}

/** The other end of a talk with an agent: the outside party, else the first other one. */
export function customerConn(run: Run, call: Call, besides?: ConnectionId): Conn | undefined {
  const others = connsOf(run, call).filter(
    (conn) => isParty(conn) && conn.id !== besides && conn.leaving === undefined && conn.purpose === undefined,
  );
  return (
    others.find((conn) => isOutside(conn.device)) ?? others.find((conn) => conn.agentId === undefined) ?? others[0]
  );
}

/** Is there anybody else in the call of a connection, or somebody to come by a queue? A flow speaks with the one for whom it began, and with nobody in their place. */
export function hasOthers(run: Run, conn: Conn): boolean {
  const call = run.s.calls.get(conn.callId);
  if (call === undefined) return false;
  if (call.entryId !== undefined) return true;
  return connsOf(run, call).some((other) => other.id !== conn.id && isParty(other) && other.leaving === undefined);
}
