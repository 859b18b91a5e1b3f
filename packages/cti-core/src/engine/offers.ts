import type { AgentId, DeviceId, QueueEntryId, QueueId, ReservationId } from '../contract/ids.js';
import type { BlockingWork, WorkKind } from '../contract/work.js';
import { RESERVATION_MACHINE, type ReservationEvent } from '../machines/reservation.js';
import { applyNext, readyFor } from './agent-wants.js';
import { moveWork, occupy, ringReturns, stopWork } from './agent-work.js';
import { dial } from './dial.js';
import { overflow } from './fired.js';
import { endFlowTaken } from './flows.js';
import { release } from './legs.js';
import { agentConfig, customerConn, isParty } from './lookups.js';
import { endTransfer } from './plans.js';
import { leaveQueue, moveEntry, rankOf } from './queues.js';
import { isResting } from './rest.js';
import { changed, nextId, type Run, step } from './run.js';
import { goalAtSeat, seatGoal, switchOfGoal } from './seat-goals.js';
import type { Agent, Call, Conn, Entry, Reservation } from './state.js';
import { judgeUnanswered, type Unanswered } from './unrung.js';

/** Offers waiting calls to idle agents until one side is used up. */
export function assignWork(run: Run): void {
  for (let queueId = run.hungry.take(); queueId !== undefined; queueId = run.hungry.take()) {
    for (;;) {
      const match = run.ix.router.matchQueue(queueId);
      if (match === undefined || offer(run, match.entryId, match.agentId) === undefined) break;
    }
  }
}

/** An agent has become idle: the best caller of all their queues. */
export function assignAgent(run: Run, agentId: AgentId): void {
  const match = run.ix.router.matchAgent(agentId);
  if (match !== undefined) offer(run, match.entryId, agentId);
}

/** Reserves an agent for an entry and rings the seat. */
export function offer(run: Run, entryId: QueueEntryId, agentId: AgentId): Reservation | undefined {
  const entry = run.s.entries.get(entryId);
  const agent = run.s.agents.get(agentId);
  const call = entry === undefined ? undefined : run.s.calls.get(entry.callId);
  const queue = entry === undefined ? undefined : run.ix.queues.get(entry.queueId);
  if (entry === undefined || agent?.seat === undefined || call === undefined || queue === undefined) return undefined;
  if (moveEntry(run, entry, 'offered') !== 'moved') return undefined;
  const reservation: Reservation = {
    id: nextId<ReservationId>(run, 'r'),
    entryId,
    callId: call.id,
    queueId: entry.queueId,
    agentId,
    startedMs: run.at,
    state: 'dialling',
  };
  run.s.reservations.set(reservation.id, reservation);
  entry.reservationId = reservation.id;
  entry.offers += 1;
  agent.reservationId = reservation.id;
  run.ix.router.removeWaiting(entryId);
  run.ix.router.removeAgent(agentId);
  if (agent.work === 'afterCall') stopWork(run, agent);
  // In a call of their own making they stay busy.
  if (agent.work !== 'busy') moveWork(run, agent, 'reserved');
  const caller = customerConn(run, call);
  const conn = dial(run, call, {
    goal: goalAtSeat(run, agentId, agent.seat),
    ring: {
      purpose: 'offer',
      ringMs: queue.ringTimeoutMs,
      from: call.customer ?? caller?.party ?? call.calling,
      fromName: caller?.partyName,
      autoAnswer: agentConfig(run, agentId)?.answer === 'auto' ? 'ask' : undefined,
    },
    reservationId: reservation.id,
  });
  reservation.connId = conn.id;
  changed(run, call.id, 'offered');
  return reservation;
}

/** Moves a reservation by its table. */
export function moveReservation(run: Run, reservation: Reservation, event: ReservationEvent): 'moved' | 'stayed' {
  const next = step(run, RESERVATION_MACHINE, { state: reservation.state, event });
  if (next === undefined) return 'stayed';
  reservation.state = next;
  return 'moved';
}

/** The agent's phone was answered: the call is theirs. */
export function offerAccepted(run: Run, conn: Conn): void {
  const reservation = conn.reservationId === undefined ? undefined : run.s.reservations.get(conn.reservationId);
  conn.reservationId = undefined;
  conn.purpose = undefined;
  const call = run.s.calls.get(conn.callId);
  if (reservation === undefined || call === undefined || moveReservation(run, reservation, 'connected') !== 'moved') {
    return;
  }
  freeReservation(run, reservation);
  leaveQueue(run, call, 'accepted');
  endFlowTaken(run, call);
  if (call.transfer !== undefined) endTransfer(run, call, 'done');
  holdOwn(run, reservation.agentId);
  occupy(run, reservation.agentId, conn.id);
}

/** Who an agent talked with in a call of their own making waits with music while the caller of a queue is served. */
function holdOwn(run: Run, agentId: AgentId): void {
  for (const id of run.s.agents.get(agentId)?.conns ?? []) {
    const own = run.s.conns.get(id);
    if (own?.state !== 'connected' || own.hold !== undefined || own.leaving !== undefined || !isParty(own)) continue;
    own.hold = 'agent';
    own.setAside = 'setAside';
    run.tend.add(own.callId);
  }
}

/** The agent's phone was not answered: the caller waits on at the old place, the agent by the queue's rule. */
export function offerFailed(run: Run, conn: Conn, why: Unanswered): void {
  const reservation = conn.reservationId === undefined ? undefined : run.s.reservations.get(conn.reservationId);
  if (reservation === undefined || moveReservation(run, reservation, 'failed') !== 'moved') return;
  freeReservation(run, reservation);
  const agent = run.s.agents.get(reservation.agentId);
  if (agent !== undefined) {
    moveWork(run, agent, 'released');
    applyNext(run, agent);
    const rule = run.ix.queues.get(reservation.queueId)?.ringNoAnswer ?? 'ready';
    judgeUnanswered(run, agent, { conn, why, sinceMs: reservation.startedMs, rule });
  }
  const entry = run.s.entries.get(reservation.entryId);
  if (entry === undefined) return;
  entry.reservationId = undefined;
  if (moveEntry(run, entry, 'refused') !== 'moved') return;
  if ((entry.late !== undefined || !run.ix.queues.has(entry.queueId)) && overflow(run, entry) === 'left') return;
  run.ix.router.addWaiting(rankOf(run, entry));
  run.hungry.add(entry.queueId);
  changed(run, entry.callId, 'queued');
}

/** Another phone picked up what rang for an agent: the caller is served, and nothing is said of the agent. */
export function offerTaken(run: Run, call: Call, conn: Conn): void {
  const reservation = conn.reservationId === undefined ? undefined : run.s.reservations.get(conn.reservationId);
  conn.reservationId = undefined;
  if (reservation === undefined || moveReservation(run, reservation, 'withdrawn') !== 'moved') return;
  const entry = run.s.entries.get(reservation.entryId);
  if (entry !== undefined) entry.reservationId = undefined;
  freeReservation(run, reservation);
  const agent = run.s.agents.get(reservation.agentId);
  if (agent !== undefined) {
    moveWork(run, agent, 'released');
    applyNext(run, agent);
  }
  leaveQueue(run, call, 'accepted');
  endFlowTaken(run, call);
  if (call.transfer !== undefined) endTransfer(run, call, 'done');
}

/** The caller left or went elsewhere: the agent's phone stops ringing. */
export function withdrawOffer(run: Run, entry: Entry): void {
  const reservation = entry.reservationId === undefined ? undefined : run.s.reservations.get(entry.reservationId);
  entry.reservationId = undefined;
  if (reservation === undefined || moveReservation(run, reservation, 'withdrawn') !== 'moved') return;
  freeReservation(run, reservation);
  const agent = run.s.agents.get(reservation.agentId);
  if (agent !== undefined) {
    moveWork(run, agent, 'released');
    applyNext(run, agent);
  }
  const conn = reservation.connId === undefined ? undefined : run.s.conns.get(reservation.connId);
  if (conn !== undefined) release(run, conn, 'cancelled');
}

function freeReservation(run: Run, reservation: Reservation): void {
  run.s.reservations.delete(reservation.id);
  const agent = run.s.agents.get(reservation.agentId);
  if (agent?.reservationId === reservation.id) agent.reservationId = undefined;
  if (agent?.conns.length === 0) ringReturns(run, agent);
  run.agents.add(reservation.agentId);
  run.idle.add(reservation.agentId);
}

/** Gives the agents that were touched their place in the routing order, or takes it. */
export function refreshIdle(run: Run): void {
  for (let agentId = run.idle.take(); agentId !== undefined; agentId = run.idle.take()) {
    const agent = run.s.agents.get(agentId);
    const queues = servedQueues(run, agentId);
    if (agent === undefined || queues.length === 0) run.ix.router.removeAgent(agentId);
    else {
      run.ix.router.setIdle({ agentId, idleSinceMs: idleRank(agent), queues });
      assignAgent(run, agentId);
    }
    for (const queueId of queuesOf(run, agentId)) run.staffed.add(queueId);
  }
}

/** Every queue of an agent: the configured ones without those left by hand, and those joined by hand. */
export function queuesOf(run: Run, agentId: AgentId): readonly QueueId[] {
  const agent = run.s.agents.get(agentId);
  const configured = agentConfig(run, agentId)?.queues ?? [];
  if (agent === undefined || (agent.joined.length === 0 && agent.left.length === 0)) return configured;
  const kept = configured.filter((id) => !agent.left.includes(id));
  return [...kept, ...agent.joined.filter((id) => !kept.includes(id))];
}

const NO_QUEUES: readonly QueueId[] = [];

/** The queues that may give an agent work now. */
export function servedQueues(run: Run, agentId: AgentId): readonly QueueId[] {
  const agent = run.s.agents.get(agentId);
  if (agent?.seat === undefined || agent.wants === 'loggedOff') return NO_QUEUES;
  const work = workNow(run, agent);
  if (work === 'other') return NO_QUEUES;
  if (isResting(run, agent)) return NO_QUEUES;
  if (agent.doNotDisturb === 'on') return NO_QUEUES;
  if (run.s.presence.get(agent.seat) === 'unreachable' || !seatUp(run, agent.seat)) return NO_QUEUES;
  return work === 'free' ? queuesOfFree(run, agent) : queuesThrough(run, agent, work);
}

/** The queues of one who is in no work. */
function queuesOfFree(run: Run, agent: Agent): readonly QueueId[] {
  const queues = queuesOf(run, agent.id);
  if (agent.wants === 'ready') {
    const { kinds } = agent;
    return kinds === undefined ? queues : queues.filter((id) => kinds.includes(workOf(run, id)));
  }
  const reason = agent.reason;
  if (reason === undefined) return NO_QUEUES;
  return queues.filter((id) => run.ix.queues.get(id)?.routesToReasons.includes(reason) ?? false);
}

/** The queues that break into the work that an agent is in. */
function queuesThrough(run: Run, agent: Agent, work: BlockingWork): readonly QueueId[] {
  return queuesOf(run, agent.id).filter((id) => letsThrough(run, agent, { id, work }));
}

function workOf(run: Run, id: QueueId): WorkKind {
  return run.ix.queues.get(id)?.work ?? 'inbound';
}

/** Who is in work comes after everybody who is free, whatever the clock says. */
const AFTER_THE_FREE_MS = 2 ** 45;

/** An agent's place in the order of the longest idle. */
export function idleRank(agent: Agent): number {
  return agent.work === 'free' ? agent.idleSinceMs : agent.idleSinceMs + AFTER_THE_FREE_MS;
}

/** Does this queue break into the work of an agent who is ready, or will be at its end? */
function letsThrough(run: Run, agent: Agent, what: { readonly id: QueueId; readonly work: BlockingWork }): boolean {
  const blockedBy = run.ix.queues.get(what.id)?.blockedBy;
  if (blockedBy === undefined || blockedBy.includes(what.work)) return false;
  return readyFor(agent).includes(workOf(run, what.id));
}

/** What an agent is doing, as far as queues choose whether it blocks them. */
function workNow(run: Run, agent: Agent): 'free' | 'other' | BlockingWork {
  if (agent.work === 'free') return 'free';
  if (agent.reservationId !== undefined || agent.returns !== undefined) return 'other';
  if (agent.work === 'afterCall') return 'workingAfterCall';
  if (agent.work !== 'busy' || agent.conns.length === 0) return 'other';
  return agent.conns.every((id) => isOwnTalk(run, agent, run.s.conns.get(id))) ? 'dialled' : 'other';
}

/** A connected call that this agent made, without a consultation in it. */
function isOwnTalk(run: Run, agent: Agent, conn: Conn | undefined): boolean {
  const call = conn === undefined ? undefined : run.s.calls.get(conn.callId);
  if (conn?.talked === undefined || conn.leaving !== undefined || conn.open !== undefined || call === undefined)
    return false;
  const plain = call.consultOf === undefined && call.consultedBy === undefined && conn.agentId === agent.id;
  return plain && call.direction !== 'inbound' && call.madeBy === agent.id;
}

/** Can the seat's phone be rung by us? A switch that carries its calls out by itself rings its phones for its own callers alone. */
function seatUp(run: Run, seat: DeviceId): boolean {
  const state = run.s.switches.get(switchOfGoal(seatGoal(run, seat)));
  return state?.media === 'up' && state.profile !== 'callControl';
}

/** An agent takes no calls any more while one rings: it is offered to the next, and no fault of this agent's. */
export function withdrawFrom(run: Run, agent: Agent): void {
  const reservation = agent.reservationId === undefined ? undefined : run.s.reservations.get(agent.reservationId);
  const conn = reservation?.connId === undefined ? undefined : run.s.conns.get(reservation.connId);
  if (conn === undefined || conn.leaving !== undefined) return;
  offerFailed(run, conn, 'lost');
  conn.reservationId = undefined;
  release(run, conn, 'cancelled');
}

/** A supervisor's or agent's refusal of a ringing offer: the phone stops, the next agent is tried. */
export function refuseOffer(run: Run, conn: Conn): void {
  offerFailed(run, conn, 'refusedByAgent');
  conn.reservationId = undefined;
  release(run, conn, 'rejected');
}
