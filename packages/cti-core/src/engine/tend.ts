import { markSegment, markTalk } from '../cdr/segments.js';
import type { CallId } from '../contract/ids.js';
import { answerCaller } from './calls.js';
import { send } from './commands.js';
import { obeyConsent, stopForbidden } from './consent.js';
import { endConsultations } from './consultation-over.js';
import { finishCall } from './finish.js';
import { clearLeg, moveConn, release } from './legs.js';
import { connOfAgent, connsOf, hasAnchor, isParty, legOf, upParties } from './lookups.js';
import { countMembers, isMember, settleMedia } from './media.js';
import { isNative } from './native-calls.js';
import { tendNative } from './native-tend.js';
import { checkOps } from './ops.js';
import { cancelPlans, hasPlan } from './plans.js';
import { recordByRule } from './recording.js';
import { keepOpen, staysOpen } from './release.js';
import { changed, type Run } from './run.js';
import type { Call, Conn, Leg } from './state.js';
import { keepTalkers } from './supervision.js';
import { beginSurvey } from './survey.js';
import { tendWatched } from './watched.js';

/** Looks at every call that something happened to until nothing more follows. */
export function tendAll(run: Run): void {
  // Each round makes progress towards fewer connections or confirmed states; the bound only guards against a defect.
  for (let round = 0; round < 100 && run.tend.size > 0; round += 1) {
    if (run.tend.size > 1) {
      for (const callId of run.tend.takeAll()) tendById(run, callId);
      continue;
    }
    const only = run.tend.take();
    if (only !== undefined) tendById(run, only);
  }
}

function tendById(run: Run, callId: CallId): void {
  const call = run.s.calls.get(callId);
  if (call !== undefined) tendCall(run, call);
}

function tendCall(run: Run, call: Call): void {
  if (call.watched !== undefined) return tendWatched(run, call);
  if (isNative(call)) return tendNative(run, call);
  if (hasPlan(call) && !hasAnchor(run, call)) cancelPlans(run, call);
  if (call.conns.length === 0) {
    finishCall(run, call);
    return;
  }
  waitForAdded(run, call);
  partLonely(run, call);
  if (call.conns.length === 0) {
    run.tend.add(call.id);
    return;
  }
  endConsultations(run, call);
  askAgain(run, call);
  unmute(run, call);
  stopForbidden(run, call);
  settleMedia(run, call);
  confirm(run, call);
  recordByRule(run, call);
  obeyConsent(run, call);
  markSegment(run, call);
  checkOps(run, call);
}

/**
 * The last agent has left a caller to one whose phone still rings: from here on it is a transfer of that agent's, which may fail. The caller is not
 * let go by it.
 */
function waitForAdded(run: Run, call: Call): void {
  if (hasPlan(call) || call.agents.length === 0) return;
  if (!connsOf(run, call).some((conn) => conn.purpose === 'add')) return;
  const parties = connsOf(run, call).filter((conn) => isParty(conn) && conn.leaving === undefined);
  const [caller, ...more] = parties.filter((conn) => conn.purpose === undefined);
  const [added, ...others] = parties.filter((conn) => conn.purpose === 'add');
  if (caller === undefined || caller.agentId !== undefined || more.length > 0 || added === undefined) return;
  for (const other of others) release(run, other, 'cancelled');
  const agentId = call.agents.at(-1);
  if (agentId === undefined) return;
  added.purpose = 'transfer';
  call.ending = undefined;
  call.transfer = {
    kind: 'blind',
    by: agentId,
    agentId,
    seat: run.s.agents.get(agentId)?.seat,
    to: added.agentId === undefined ? added.party.raw : `agent:${added.agentId}`,
    backTo: call.lastEntry,
    stage: 'ringing',
    atMs: run.at - call.startedMs,
  };
  changed(run, call.id, 'transferred');
}

/** Nobody talks with nobody: who is left alone without a plan is let go, supervisors with them. */
function partLonely(run: Run, call: Call): void {
  const conns = connsOf(run, call);
  let count = 0;
  let watchers = 0;
  for (const conn of conns) {
    if (conn.leaving !== undefined) continue;
    if (isParty(conn)) count += 1;
    else watchers += 1;
  }
  if (count === 1 && watchers > 0 && keepTalkers(run, call) === 'kept') return partLonely(run, call);
  for (const conn of conns) {
    if (isParty(conn) || conn.leaving !== undefined) continue;
    const watched = conn.watches === undefined ? undefined : connOfAgent(run, call, conn.watches);
    if (watched === undefined || count === 0) release(run, conn, 'normalClearing');
  }
  if (hasPlan(call) || count >= 2) {
    for (const conn of conns) {
      if (conn.open === undefined || !isParty(conn) || conn.leaving !== undefined) continue;
      conn.open = undefined;
      if (conn.agentId !== undefined) run.idle.add(conn.agentId);
    }
    return;
  }
  const parties = conns.filter((conn) => isParty(conn) && conn.leaving === undefined);
  const [lone] = parties;
  if (lone !== undefined && beginSurvey(run, call, lone) === 'begun') return;
  const ending = call.ending;
  const told = ending?.by === 'system' || ending?.by === 'supervisor' ? ending.end.cause : 'normalClearing';
  for (const conn of parties) {
    if (staysOpen(run, call, conn)) keepOpen(run, call, conn);
    else release(run, conn, conn.purpose === undefined ? told : 'cancelled');
  }
}

/** What could not be asked while the switch was away is asked now. */
function askAgain(run: Run, call: Call): void {
  for (const conn of connsOf(run, call)) {
    const leg = legOf(run, conn);
    if (leg === undefined) continue;
    if (leg.clearing !== undefined && leg.clearAskedMs === undefined) clearLeg(run, leg, leg.clearing);
    if (leg.direction === 'incoming' && leg.state !== 'connected' && needsAnswer(run, call)) answerCaller(run, call);
    if (call.flow?.collectAgainMs !== undefined && call.flow.connId === conn.id) collectAgain(run, call, leg);
    if (leg.state === 'connected' && leg.monitor !== undefined && conn.leaving === undefined) monitor(run, call, conn);
  }
}

function collectAgain(run: Run, call: Call, leg: Leg): void {
  const { flow } = call;
  if (flow?.collectAgainMs === undefined || flow.collectAgainMs > run.at) return;
  flow.collectAgainMs = undefined;
  if (flow.collecting === undefined) return;
  const about = { switchId: leg.switchId, legId: leg.id, callId: call.id, mode: 'start' } as const;
  send(run, { type: 'collectDigits', connectionId: leg.id, mode: 'start' }, about);
}

/** Does anybody or anything wait for a caller who is not answered yet? */
function needsAnswer(run: Run, call: Call): boolean {
  return call.flow !== undefined || call.entryId !== undefined || upParties(run, call).length > 0;
}

/** Whoever comes next must be able to hear one whom somebody muted that has left. */
function unmute(run: Run, call: Call): void {
  for (const conn of connsOf(run, call)) {
    if (conn.muted === undefined || conn.mutedBy === undefined) continue;
    const leg = legOf(run, conn);
    if (leg === undefined || connOfAgent(run, call, conn.mutedBy) !== undefined) continue;
    const sent = send(
      run,
      { type: 'mute', connectionId: leg.id, mode: 'unmute' },
      { switchId: leg.switchId, legId: leg.id, callId: call.id, mode: 'unmute' },
    );
    if (sent !== undefined) conn.mutedBy = undefined;
  }
}

function monitor(run: Run, call: Call, conn: Conn): void {
  const leg = legOf(run, conn);
  if (leg?.monitor === undefined || conn.watches === undefined || conn.pending === 'monitor') return;
  if (leg.monitor.mode === leg.monitor.asked) return;
  const watched = connOfAgent(run, call, conn.watches);
  const target = watched === undefined ? undefined : legOf(run, watched);
  if (target === undefined) return;
  leg.monitor.targetId = target.id;
  const sent = send(
    run,
    { type: 'monitor', connectionId: leg.id, targetId: target.id, mode: leg.monitor.asked },
    { switchId: leg.switchId, legId: leg.id, callId: call.id },
  );
  if (sent !== undefined) conn.pending = 'monitor';
}

/** States follow what the switch has confirmed of the media. */
function confirm(run: Run, call: Call): void {
  for (const conn of connsOf(run, call)) {
    const leg = isParty(conn) ? legOf(run, conn) : undefined;
    if (leg?.state !== 'connected') continue;
    const heard = hears(run, call, { conn, leg });
    if (conn.hold !== undefined && conn.state !== 'held' && !heard) {
      if (moveConn(run, conn, 'held') === 'moved') settled(run, conn, 'held');
    } else if (conn.hold === undefined && conn.state === 'held' && (heard || countMembers(run, call) === 1)) {
      if (moveConn(run, conn, 'retrieved') === 'moved') settled(run, conn, 'retrieved');
    }
    if (heard && call.bridgeReturns !== undefined) call.bridgeReturns = undefined;
    // Who talked in a call that became part of this one has not talked in this one yet.
    const isNew = conn.talked === undefined || call.answeredWallMs === undefined;
    const talks = isNew && (heard || hearsSupervisor(run, call, { conn, leg }));
    // It may be told late, of one who is on the way out of the talk: they have had their part in it.
    if (talks && (conn.leaving !== undefined || isMember(run, conn))) {
      conn.talked = 'talked';
      if (conn.agentId !== undefined && !call.agents.includes(conn.agentId)) call.agents.push(conn.agentId);
      if (call.answeredWallMs === undefined) {
        // By the monotone stamp: a jump of the wall clock must not put the answer before the start.
        call.answeredWallMs = call.startedWallMs + run.at - call.startedMs;
        markTalk(run, call);
      }
      if (conn.agentId !== undefined && conn.agentId === call.madeBy) run.idle.add(conn.agentId);
      changed(run, call.id, 'bridged');
    }
  }
}

/** Is another party in the call's bridge with this one? */
function hears(run: Run, call: Call, one: { readonly conn: Conn; readonly leg: Leg }): boolean {
  const { bridgeId } = one.leg;
  if (bridgeId === undefined || bridgeId !== call.bridgeId) return false;
  for (const other of connsOf(run, call)) {
    const leg = other === one.conn || !isParty(other) ? undefined : legOf(run, other);
    if (leg?.bridgeId === bridgeId && leg.state === 'connected') return true;
  }
  // One who takes somebody's place talks before it is told whose place that is.
  if (run.s.limbo.size === 0) return false;
  for (const limbo of run.s.limbo.values()) if (limbo.bridgeId === bridgeId && limbo.state === 'connected') return true;
  return false;
}

/**
 * Is a supervisor who speaks to all in the call's bridge with this one? Whoever hears them is talked to, though the one who answered is told of late; whom the supervisor
 * watches, and nobody else hears, is not.
 */
function hearsSupervisor(run: Run, call: Call, one: { readonly conn: Conn; readonly leg: Leg }): boolean {
  const { bridgeId } = one.leg;
  if (bridgeId === undefined || bridgeId !== call.bridgeId) return false;
  return connsOf(run, call).some(
    (conn) =>
      conn.watches !== undefined && conn.watches !== one.conn.agentId && legOf(run, conn)?.bridgeId === bridgeId,
  );
}

function settled(run: Run, conn: Conn, change: 'held' | 'retrieved'): void {
  if (conn.pending === 'hold' || conn.pending === 'retrieve') conn.pending = undefined;
  changed(run, conn.callId, change);
}
