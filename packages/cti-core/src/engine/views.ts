import type { CallId, QueueId } from '../contract/ids.js';
import type { AgentView, CallView, ConnectionView, QueueEntryView, QueueView } from '../contract/views.js';
import type { WaitingEntry } from '../routing/longest-idle.js';
import { actionsOf } from './actions.js';
import { connsOf, legOf } from './lookups.js';
import { seatServices } from './native-seats.js';
import { queuesOf } from './offers.js';
import { waitingIn } from './queues.js';
import type { Run } from './run.js';
import type { Agent, Call, Conn } from './state.js';

/** Callers of a queue that a published view names; the rest is told as a number. */
export const SHOWN_WAITING = 20;

/** A view whose optional fields are filled in where they are: cheaper than a spread for each of them. */
type Filling<T> = { -readonly [K in keyof T]: T[K] };

const NONE: readonly never[] = [];

/** A call as clients see it. Cost: its connections. */
export function callView(run: Run, call: Call): CallView {
  const view: Filling<CallView> = {
    callId: call.id,
    aliases: call.aliases.length === 0 ? NONE : [...call.aliases],
    direction: call.direction,
    calling: call.calling,
    called: call.called,
    startedWallMs: call.startedWallMs,
    ivrPath: call.ivrPath,
    data: call.data,
    connections: connectionViews(run, call),
    recordings: call.recordings.length === 0 ? NONE : recordingViews(run, call),
  };
  if (call.customer !== undefined) view.customer = call.customer;
  if (call.queueId !== undefined) view.queueId = call.queueId;
  if (call.match !== undefined) view.match = call.match;
  const nativeCallRef = call.native?.refs.at(-1);
  if (nativeCallRef !== undefined) view.nativeCallRef = nativeCallRef;
  if (call.consultOf !== undefined) view.consultOf = call.consultOf;
  return view;
}

function connectionViews(run: Run, call: Call): ConnectionView[] {
  const conns = connsOf(run, call);
  const [only] = conns;
  // Callers who are alone with a flow or in a queue: the views that are made most often.
  if (only !== undefined && conns.length === 1) return [connectionView(run, call, only)];
  return conns.map((conn) => connectionView(run, call, conn));
}

function recordingViews(run: Run, call: Call): CallView['recordings'] {
  return call.recordings.map((recordingId) => {
    const state = run.s.recordings.get(recordingId)?.state;
    return {
      recordingId,
      state: state === 'paused' ? 'paused' : state === 'recording' || state === 'asked' ? 'recording' : 'stopped',
    };
  });
}

function connectionView(run: Run, call: Call, conn: Conn): ConnectionView {
  const leg = legOf(run, conn);
  const view: Filling<ConnectionView> = {
    connectionId: conn.id,
    device: conn.device,
    state: conn.state,
    role: conn.role,
    control: leg?.control ?? 'observe',
    party: conn.party,
    sinceMs: conn.sinceMs,
    sinceWallMs: conn.sinceWallMs,
    actions: actionsOf(run, call, conn),
  };
  if (conn.partyName !== undefined) view.partyName = conn.partyName;
  if (conn.agentId !== undefined) view.agentId = conn.agentId;
  if (conn.pending !== undefined) view.pending = conn.pending;
  if (conn.hold !== undefined && conn.state === 'held') view.heldBy = conn.hold;
  if (leg?.parkedAt !== undefined) view.parkedAt = leg.parkedAt;
  if (conn.muted !== undefined) view.muted = conn.muted;
  if (leg?.evidence !== undefined) view.evidence = leg.evidence;
  if (conn.open !== undefined) view.awaits = 'release';
  return view;
}

/** An agent as clients see it. */
export function agentView(run: Run, agent: Agent): AgentView {
  const { shown, next } = agent;
  const reservation = agent.reservationId === undefined ? undefined : run.s.reservations.get(agent.reservationId);
  const view: Filling<AgentView> = {
    agentId: agent.id,
    name: run.ix.agents.get(agent.id)?.name ?? agent.id,
    state: shown.state,
    sinceMs: shown.sinceMs,
    sinceWallMs: shown.sinceWallMs,
    queues: queuesOf(run, agent.id),
    calls: callsOf(run, agent, reservation?.callId),
  };
  if (shown.reason !== undefined) view.reason = shown.reason;
  if (next !== undefined) {
    view.next = next.reason === undefined ? { state: next.state } : { state: next.state, reason: next.reason };
    if (next.kinds !== undefined) view.next = { ...view.next, readyFor: next.kinds };
  }
  if (agent.kinds !== undefined) view.readyFor = agent.kinds;
  if (agent.doNotDisturb !== undefined) view.doNotDisturb = agent.doNotDisturb;
  if (agent.seat !== undefined) {
    view.seat = agent.seat;
    const presence = run.s.presence.get(agent.seat);
    if (presence !== undefined) view.seatPresence = presence;
    const services = seatServices(run, agent);
    if (services.length > 0) view.services = services;
  }
  if (reservation !== undefined) {
    const { id: reservationId, callId, queueId } = reservation;
    view.reservation = { reservationId, callId, queueId };
  }
  if (agent.workUntilMs !== undefined) view.afterCallWorkUntilMs = agent.workUntilMs;
  return view;
}

/** The calls that an agent has a part in, and the one that is on offer. */
function callsOf(run: Run, agent: Agent, offered: CallId | undefined): readonly CallId[] {
  if (agent.conns.length === 0) return offered === undefined ? NONE : [offered];
  const calls: CallId[] = [];
  for (const id of agent.conns) {
    const callId = run.s.conns.get(id)?.callId;
    if (callId !== undefined && !calls.includes(callId)) calls.push(callId);
  }
  if (offered !== undefined && !calls.includes(offered)) calls.push(offered);
  return calls;
}

/** A queue as clients see it: the first {@link SHOWN_WAITING} callers by name, all by number. */
export function queueView(run: Run, queueId: QueueId): QueueView {
  const waiting = waitingIn(run, queueId);
  return {
    queueId,
    name: run.ix.queues.get(queueId)?.name ?? queueId,
    waiting: waiting.size === 0 ? NONE : entryViews(run, waiting.take(SHOWN_WAITING)),
    waitingCount: waiting.size,
    agentsReady: run.ix.router.idleCount(queueId),
    agentsLoggedOn: run.ix.loggedOn.get(queueId) ?? 0,
  };
}

function entryViews(run: Run, ranks: readonly WaitingEntry[]): readonly QueueEntryView[] {
  const views: QueueEntryView[] = [];
  for (const { entryId } of ranks) {
    const entry = run.s.entries.get(entryId);
    const call = entry === undefined ? undefined : run.s.calls.get(entry.callId);
    if (entry === undefined || call === undefined) continue;
    const view: Filling<QueueEntryView> = {
      entryId: entry.id,
      callId: entry.callId,
      caller: call.customer ?? call.calling,
      enqueuedWallMs: entry.enqueuedWallMs,
      priority: entry.priority,
      offers: entry.offers,
    };
    const agentId =
      entry.reservationId === undefined ? undefined : run.s.reservations.get(entry.reservationId)?.agentId;
    if (agentId !== undefined) view.offeredTo = agentId;
    views.push(view);
  }
  return views;
}
