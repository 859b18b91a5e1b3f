import type { Release, ReleaseCause } from '../contract/causes.js';
import type { ConnectionDirection, Control } from '../contract/driver-events.js';
import type { AgentId, ConnectionId, DeviceId, SwitchId } from '../contract/ids.js';
import { CONNECTION_MACHINE, type ConnectionEvent } from '../machines/connection.js';
import { occupy, vacate } from './agent-work.js';
import { send } from './commands.js';
import { without } from './lists.js';
import { connsOfLeg, forgetFoundLegs, isParty, legOf } from './lookups.js';
import { partGone } from './parting.js';
import { changed, count, nextNumber, type Run, step } from './run.js';
import type { Call, Conn, Leg } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** Puts a new leg into the model. */
export function addLeg(
  run: Run,
  what: {
    readonly id: ConnectionId;
    readonly switchId: SwitchId;
    readonly device: DeviceId;
    readonly direction: ConnectionDirection;
    readonly control: Control;
    readonly seen: Leg['seen'];
  },
): Leg {
  // Every field that comes and goes is there from the beginning, here and in `addConn` and `newCall`: objects of one shape.
  const leg: Leg = {
    id: what.id,
    n: nextNumber(run, 'leg'),
    switchId: what.switchId,
    device: what.device,
    direction: what.direction,
    control: what.control,
    seen: what.seen,
    state: 'initiated',
    conns: [],
    nextConn: 0,
    clearing: undefined,
    clearAskedMs: undefined,
    givenBack: undefined,
    bridgeId: undefined,
    askedBridge: undefined,
    askedMs: undefined,
    askedBy: undefined,
    tries: 0,
    refused: undefined,
    notBeforeMs: undefined,
    music: 'off',
    tone: undefined,
    toneStop: undefined,
    answerAsked: undefined,
    heldByDevice: undefined,
    monitor: undefined,
    watch: undefined,
    ringUntilMs: undefined,
    dialAgain: undefined,
    evidence: undefined,
    flash: undefined,
    nativeRef: undefined,
    parkedAt: undefined,
  };
  run.s.legs.set(leg.id, leg);
  forgetFoundLegs(run);
  // Met in a snapshot while it was only known to have begun: from here on it is a leg like any other.
  run.s.limbo.delete(leg.id);
  const known = run.ix.legsOf.get(leg.switchId);
  if (known === undefined) run.ix.legsOf.set(leg.switchId, new Set([leg.id]));
  else known.add(leg.id);
  return leg;
}

/** Puts a CSTA connection of a call on a leg. The first has the leg's id, further ones `+<n>` behind it. */
export function addConn(
  run: Run,
  leg: Leg,
  what: { readonly call: Call; readonly role?: Conn['role'] | undefined } & Pick<Conn, 'party'> &
    Partial<Pick<Conn, 'agentId' | 'partyName' | 'purpose' | 'reservationId' | 'pending' | 'watches'>>,
): Conn {
  const { call } = what;
  const id = (leg.nextConn === 0 ? leg.id : `${leg.id}+${leg.nextConn}`) as ConnectionId;
  leg.nextConn += 1;
  const conn: Conn = {
    id,
    legId: leg.id,
    callId: call.id,
    device: leg.device,
    state: 'initiated',
    role: what.role ?? 'party',
    party: what.party,
    agentId: what.agentId,
    partyName: what.partyName,
    purpose: what.purpose,
    reservationId: what.reservationId,
    hold: undefined,
    pending: what.pending,
    leaving: undefined,
    setAside: undefined,
    open: undefined,
    muted: undefined,
    talked: undefined,
    recorded: undefined,
    spared: undefined,
    mutedBy: undefined,
    watches: what.watches,
    watcher: undefined,
    sinceMs: run.at,
    sinceWallMs: run.wall,
  };
  run.s.conns.set(id, conn);
  leg.conns.push(id);
  call.conns.push(id);
  if (conn.agentId !== undefined) joinAgent(run, call, conn);
  run.tend.add(call.id);
  return conn;
}

/** An agent has a part in a call from now on. */
export function joinAgent(run: Run, call: Call, conn: Conn): void {
  if (conn.agentId === undefined) return;
  if (!call.watchers.includes(conn.agentId)) call.watchers.push(conn.agentId);
  if (conn.purpose !== 'offer') occupy(run, conn.agentId, conn.id);
}

/** Moves a connection by its table. Says whether it moved. */
export function moveConn(run: Run, conn: Conn, event: ConnectionEvent): 'moved' | 'stayed' {
  const next = step(run, CONNECTION_MACHINE, { state: conn.state, event });
  if (next === undefined) return 'stayed';
  conn.state = next;
  conn.sinceMs = run.at;
  conn.sinceWallMs = run.wall;
  run.tend.add(conn.callId);
  return 'moved';
}

/** Takes one connection out of its call and its leg. */
export function endConn(run: Run, conn: Conn, release: Release): void {
  const ringing = conn.state === 'initiated' || conn.state === 'alerting';
  const call = run.s.calls.get(conn.callId);
  if (call !== undefined && release.cause !== 'replaced') noteMissed(call, conn);
  if (conn.purpose !== undefined && ringing && conn.leaving === undefined) moveConn(run, conn, 'failed');
  moveConn(run, conn, 'cleared');
  run.s.conns.delete(conn.id);
  const leg = run.s.legs.get(conn.legId);
  if (leg !== undefined) {
    leg.conns = without(leg.conns, conn.id);
    // The phone is free for what it holds: its calls may be taken back now.
    for (const other of connsOfLeg(run, leg)) changed(run, other.callId, 'partyChanged');
  }
  if (call !== undefined) {
    call.conns = without(call.conns, conn.id);
    partGone(run, call, { conn, release });
  }
  if (conn.agentId !== undefined) {
    vacate(run, conn.agentId, conn);
    awaited(run, conn.agentId);
  }
}

/** What a call of theirs waits for to end may have ended, and with its whole call, so that nothing else looks at the one that waits. */
function awaited(run: Run, agentId: AgentId): void {
  for (const id of run.s.agents.get(agentId)?.conns ?? []) {
    const callId = run.s.conns.get(id)?.callId;
    if (callId !== undefined && run.s.calls.get(callId)?.native?.next !== undefined) run.tend.add(callId);
  }
}

/** A phone that rang for somebody else's call and was not lifted. */
function noteMissed(call: Call, conn: Conn): void {
  const { agentId, purpose } = conn;
  if (conn.state !== 'alerting' || agentId === undefined || !isParty(conn) || conn.spared !== undefined) return;
  if (purpose === undefined || purpose === 'makeSeat' || call.missed?.includes(agentId) === true) return;
  call.missed = [...(call.missed ?? []), agentId];
}

/** Forgets a leg that is gone; its connections must have ended. */
export function dropLeg(run: Run, leg: Leg): void {
  stopTimer(run, leg.watch);
  run.s.legs.delete(leg.id);
  forgetFoundLegs(run);
  run.ix.legsOf.get(leg.switchId)?.delete(leg.id);
}

/**
 * Lets a connection go. The leg is cleared unless other connections lie on it; the model follows when the switch confirms.
 */
export function release(run: Run, conn: Conn, cause: ReleaseCause): void {
  const leg = legOf(run, conn);
  if (leg === undefined || conn.leaving !== undefined) return;
  if (connsOfLeg(run, leg).some((other) => other.id !== conn.id && other.leaving === undefined)) {
    endConn(run, conn, { cause });
    return;
  }
  conn.leaving = 'leaving';
  conn.pending ??= 'clear';
  clearLeg(run, leg, cause);
  changed(run, conn.callId, 'pending');
}

/** Asks the switch to end a leg, now or as soon as the switch can be reached. */
export function clearLeg(run: Run, leg: Leg, cause: ReleaseCause): void {
  leg.clearing ??= cause;
  const sent = send(
    run,
    leg.givenBack === undefined
      ? { type: 'clear', connectionId: leg.id, cause: leg.clearing }
      : { type: 'redirect', connectionId: leg.id },
    { switchId: leg.switchId, legId: leg.id },
  );
  leg.clearAskedMs = sent === undefined ? undefined : run.at;
  watchLeg(run, leg, run.s.config.timers.confirmMs);
}

/** Looks at a leg again after a while: what was asked may never be confirmed. One timer a leg, the sooner of those that are wanted. */
export function watchLeg(run: Run, leg: Leg, inMs: number): void {
  const dueAtMs = leg.watch === undefined ? undefined : run.s.timers.get(leg.watch)?.dueAtMs;
  if (dueAtMs !== undefined && dueAtMs <= run.at + inMs) return;
  stopTimer(run, leg.watch);
  leg.watch = startTimer(run, inMs, { do: 'watchLeg', legId: leg.id });
}

/** All that was asked of a leg is confirmed: nobody needs to look at it again. */
export function unwatchLeg(run: Run, leg: Leg): void {
  const waits = leg.clearing ?? leg.askedBridge ?? leg.ringUntilMs;
  if (leg.watch === undefined || waits !== undefined || leg.seen !== 'yes') return;
  stopTimer(run, leg.watch);
  leg.watch = undefined;
}

const AFTER_END: Readonly<Record<string, ConnectionEvent>> = {
  alerting: 'alerting',
  connected: 'connected',
  heldByDevice: 'held',
  retrievedByDevice: 'retrieved',
  cleared: 'cleared',
};

/** An event for a leg that is not (any more) known: counted, as one that came after the end. */
export function strayEvent(run: Run, type: string): void {
  count(run, `stray.${type}`);
  const event = AFTER_END[type];
  if (event !== undefined) step(run, CONNECTION_MACHINE, { state: 'null', event });
}
