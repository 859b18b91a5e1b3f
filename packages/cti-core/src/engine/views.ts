import type { CallId, QueueId } from '../contract/ids.js';
import type { AgentView, CallView, ConnectionView, QueueEntryView, QueueView } from '../contract/views.js';
import { actionsOf } from './actions.js';
import { connsOf, legOf } from './lookups.js';
import { queuesOf } from './offers.js';
import { waitingIn } from './queues.js';
import type { Run } from './run.js';
import type { Agent, Call, Conn } from './state.js';

/** Callers of a queue that a published view names; the rest is told as a number. */
export const SHOWN_WAITING = 20;

/** A call as clients see it. Cost: its connections. */
export function callView(run: Run, call: Call): CallView {
  return {
    callId: call.id,
    aliases: [...call.aliases],
    direction: call.direction,
    calling: call.calling,
    called: call.called,
    ...(call.customer === undefined ? {} : { customer: call.customer }),
    startedWallMs: call.startedWallMs,
    ...(call.queueId === undefined ? {} : { queueId: call.queueId }),
    ivrPath: call.ivrPath,
    data: { ...call.data },
    ...(call.match === undefined ? {} : { match: call.match }),
    connections: connsOf(run, call).map((conn) => connectionView(run, call, conn)),
    recordings: call.recordings.map((recordingId) => {
      const state = run.s.recordings.get(recordingId)?.state;
      return {
        recordingId,
        state: state === 'paused' ? 'paused' : state === 'recording' || state === 'asked' ? 'recording' : 'stopped',
      };
    }),
    ...(call.consultOf === undefined ? {} : { consultOf: call.consultOf }),
  };
}

function connectionView(run: Run, call: Call, conn: Conn): ConnectionView {
  return {
    connectionId: conn.id,
    device: conn.device,
    state: conn.state,
    role: conn.role,
    control: legOf(run, conn)?.control ?? 'observe',
    party: conn.party,
    ...(conn.partyName === undefined ? {} : { partyName: conn.partyName }),
    ...(conn.agentId === undefined ? {} : { agentId: conn.agentId }),
    ...(conn.pending === undefined ? {} : { pending: conn.pending }),
    ...(conn.hold === undefined || conn.state !== 'held' ? {} : { heldBy: conn.hold }),
    ...(conn.muted === undefined ? {} : { muted: conn.muted }),
    sinceMs: conn.sinceMs,
    sinceWallMs: conn.sinceWallMs,
    actions: actionsOf(run, call, conn),
  };
}

/** An agent as clients see it. */
export function agentView(run: Run, agent: Agent): AgentView {
  const presence = agent.seat === undefined ? undefined : run.s.presence.get(agent.seat);
  const reservation = agent.reservationId === undefined ? undefined : run.s.reservations.get(agent.reservationId);
  const calls: CallId[] = [];
  for (const id of agent.conns) {
    const callId = run.s.conns.get(id)?.callId;
    if (callId !== undefined && !calls.includes(callId)) calls.push(callId);
  }
  if (reservation !== undefined && !calls.includes(reservation.callId)) calls.push(reservation.callId);
  const { reason } = agent.shown;
  return {
    agentId: agent.id,
    name: run.ix.agents.get(agent.id)?.name ?? agent.id,
    state: agent.shown.state,
    ...(reason === undefined ? {} : { reason }),
    sinceMs: agent.shown.sinceMs,
    sinceWallMs: agent.shown.sinceWallMs,
    ...(agent.next === undefined
      ? {}
      : {
          next: { state: agent.next.state, ...(agent.next.reason === undefined ? {} : { reason: agent.next.reason }) },
        }),
    ...(agent.doNotDisturb === undefined ? {} : { doNotDisturb: agent.doNotDisturb }),
    ...(agent.seat === undefined ? {} : { seat: agent.seat }),
    ...(presence === undefined ? {} : { seatPresence: presence }),
    queues: queuesOf(run, agent.id),
    calls,
    ...(reservation === undefined
      ? {}
      : { reservation: { reservationId: reservation.id, callId: reservation.callId, queueId: reservation.queueId } }),
    ...(agent.workUntilMs === undefined ? {} : { afterCallWorkUntilMs: agent.workUntilMs }),
  };
}

/** A queue as clients see it: the first {@link SHOWN_WAITING} callers by name, all by number. */
export function queueView(run: Run, queueId: QueueId): QueueView {
  const waiting = waitingIn(run, queueId);
  return {
    queueId,
    name: run.ix.queues.get(queueId)?.name ?? queueId,
    waiting: waiting.take(SHOWN_WAITING).flatMap((rank) => entryView(run, rank.entryId)),
    waitingCount: waiting.size,
    agentsReady: run.ix.router.idleCount(queueId),
    agentsLoggedOn: run.ix.loggedOn.get(queueId) ?? 0,
  };
}

function entryView(run: Run, entryId: Parameters<typeof run.s.entries.get>[0]): QueueEntryView[] {
  const entry = run.s.entries.get(entryId);
  const call = entry === undefined ? undefined : run.s.calls.get(entry.callId);
  if (entry === undefined || call === undefined) return [];
  const agentId = entry.reservationId === undefined ? undefined : run.s.reservations.get(entry.reservationId)?.agentId;
  return [
    {
      entryId: entry.id,
      callId: entry.callId,
      caller: call.customer ?? call.calling,
      enqueuedWallMs: entry.enqueuedWallMs,
      priority: entry.priority,
      offers: entry.offers,
      ...(agentId === undefined ? {} : { offeredTo: agentId }),
    },
  ];
}
