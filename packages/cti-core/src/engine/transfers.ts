import type { Release } from '../contract/causes.js';
import type { AgentId } from '../contract/ids.js';
import { isUp } from './commands.js';
import { dial, type Goal, ownGoalOf } from './dial.js';
import { endFlow, feedFlow, inFlow, startFlow } from './flows.js';
import { release } from './legs.js';
import { agentConfig, anchorsOf, connsOf, customerConn } from './lookups.js';
import { leave } from './parting.js';
import { endTransfer } from './plans.js';
import { joinQueue } from './queues.js';
import { changed, isFailure, note, type Run } from './run.js';
import { seatGoal } from './seat-goals.js';
import type { Call, Conn, Transfer } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** Sends the others of a call to a goal; the transferor leaves at once. What was said of it is in the data already. */
export function blindTransfer(
  run: Run,
  call: Call,
  what: { readonly conn: Conn; readonly goal: Goal | undefined; readonly to: string; readonly by: Transfer['by'] },
): void {
  const { conn, goal, to, by } = what;
  const transfer: Transfer = {
    kind: 'blind',
    by,
    agentId: conn.agentId,
    seat: conn.device,
    to,
    backTo: call.lastEntry,
    stage: 'ringing',
    atMs: run.at - call.startedMs,
  };
  if (inFlow(call)) endFlow(run, call);
  call.transfer = transfer;
  conn.pending = 'transfer';
  release(run, conn, 'transferred');
  changed(run, call.id, 'transferred');
  if (goal !== undefined) sendTo(run, call, goal);
}

/** Carries out the second half: the goal of a transfer is dialled, queued or begun. */
export function sendTo(run: Run, call: Call, goal: Goal): void {
  const customer = customerConn(run, call);
  if (customer === undefined) return;
  if (goal.kind === 'queue') {
    if (joinQueue(run, call, { queueId: goal.queueId, origin: 'transfer' }) === 'joined')
      endTransfer(run, call, 'done');
    else transferFailed(run, call, { cause: 'congestion' });
    return;
  }
  if (goal.kind === 'flow') {
    endTransfer(run, call, 'done');
    const { flow } = call;
    if (flow?.machine === 'suspended' && flow.state.flow === goal.flow && flow.state.phase === 'queued') {
      feedFlow(run, call, { back: { type: 'queueResult', result: 'returned' } });
    } else startFlow(run, call, { conn: customer, flow: goal.flow });
    return;
  }
  dial(run, call, {
    goal,
    ring: {
      purpose: 'transfer',
      ringMs: run.s.config.timers.ringMs,
      from: customer.party,
      fromName: customer.partyName,
    },
  });
}

/**
 * Nobody answered where a call was transferred to: the transferor's seat rings again, then the queue it came from, then it ends. Where several
 * talk on without the transferor nothing else follows: none of them waits for anybody.
 */
export function transferFailed(run: Run, call: Call, why: Release): void {
  const { transfer } = call;
  if (transfer === undefined) return;
  const customer = customerConn(run, call);
  if (customer === undefined) return;
  if (anchorsOf(run, call).length > 1) return endTransfer(run, call, 'failed');
  if (transfer.stage !== 'returning' && !isUp(run, call.switchId)) {
    transfer.deferred = 'outage';
    return;
  }
  transfer.deferred = undefined;
  if (transfer.stage !== 'returning' && ringBack(run, call, { transfer, customer }) === 'rings') return;
  if (transfer.stage !== 'returning' && awaitSeat(run, call, transfer) === 'waits') return;
  returnFailed(run, call, why.cause);
}

/** The transferor cannot take the caller back: the queue that it came from, at the head; without one it ends. */
export function returnFailed(run: Run, call: Call, cause: Release['cause']): void {
  const { transfer } = call;
  endTransfer(run, call, 'failed');
  backToQueue(run, call, { backTo: transfer?.backTo, cause });
}

/** How long a caller with no queue to go back to waits for a transferor who is in another call. */
const SEAT_WAIT_MS = 600_000;

/** A caller without a queue waits with music for a transferor who is busy; when the seat is free it rings before any other work. */
function awaitSeat(run: Run, call: Call, transfer: Transfer): 'waits' | 'cannot' {
  if (transfer.backTo !== undefined && run.ix.queues.has(transfer.backTo.queueId)) return 'cannot';
  const agent = transfer.agentId === undefined ? undefined : run.s.agents.get(transfer.agentId);
  if (agent?.seat === undefined) return 'cannot';
  if (agent.returns?.includes(call.id) !== true) agent.returns = [...(agent.returns ?? []), call.id];
  if (transfer.stage === 'waiting') return 'waits';
  transfer.stage = 'waiting';
  const caller = customerConn(run, call);
  if (caller !== undefined) caller.pending = 'transfer';
  transfer.waitTimer = startTimer(run, SEAT_WAIT_MS, { do: 'returnWait', callId: call.id });
  note(run, 'transfer.waits', call.id);
  changed(run, call.id, 'transferred');
  return 'waits';
}

function ringBack(
  run: Run,
  call: Call,
  what: { readonly transfer: Transfer; readonly customer: Conn },
): 'rings' | 'cannot' {
  const { transfer, customer } = what;
  const leaving =
    transfer.seat === undefined
      ? undefined
      : connsOf(run, call).find((conn) => conn.device === transfer.seat && conn.leaving !== undefined);
  if (leaving !== undefined) {
    transfer.waitsFor = leaving.legId;
    return 'rings';
  }
  transfer.waitsFor = undefined;
  const goal = seatOf(run, transfer);
  if (goal === undefined) return 'cannot';
  transfer.stage = 'returning';
  customer.pending = undefined;
  stopTimer(run, transfer.waitTimer);
  transfer.waitTimer = undefined;
  note(run, 'transfer.returned', call.id);
  const bound = call.queueId === undefined ? undefined : run.ix.queues.get(call.queueId)?.ringTimeoutMs;
  dial(run, call, {
    goal,
    ring: {
      purpose: 'return',
      ringMs: bound ?? run.s.config.timers.ringMs,
      from: customer.party,
      fromName: customer.partyName,
      autoAnswer: goal.agentId !== undefined && agentConfig(run, goal.agentId)?.answer === 'auto' ? 'ask' : undefined,
    },
  });
  return 'rings';
}

function seatOf(run: Run, transfer: Transfer): Extract<Goal, { kind: 'device' }> | undefined {
  if (transfer.agentId !== undefined) {
    const goal = ownGoalOf(run, transfer.agentId as AgentId);
    if (!isFailure(goal)) return goal.kind === 'device' ? goal : undefined;
    // Logged off since: with no queue to go back to, the phone at which they sat, unless somebody else sits there.
    const isFree = transfer.seat !== undefined && !run.ix.seats.has(transfer.seat);
    const isGone = run.s.agents.get(transfer.agentId)?.seat === undefined;
    const hasQueue = transfer.backTo !== undefined && run.ix.queues.has(transfer.backTo.queueId);
    return isFree && isGone && !hasQueue && transfer.seat !== undefined ? seatGoal(run, transfer.seat) : undefined;
  }
  return transfer.seat === undefined ? undefined : seatGoal(run, transfer.seat);
}

/** Puts a caller back at the head of the queue it came from; without one the call ends. */
export function backToQueue(
  run: Run,
  call: Call,
  how: { readonly backTo: Transfer['backTo']; readonly cause: Release['cause'] },
): void {
  const { backTo, cause } = how;
  if (
    backTo !== undefined &&
    joinQueue(run, call, { queueId: backTo.queueId, origin: 'transfer', returned: backTo }) === 'joined'
  ) {
    return;
  }
  leave(run, call, { by: 'system', end: { cause } });
  for (const conn of anchorsOf(run, call)) release(run, conn, cause);
}
