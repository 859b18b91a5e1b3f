import { send } from '../commands.js';
import { dial } from '../dial.js';
import { release } from '../legs.js';
import { agentConfig, callOf, connOfAgent, connsOf, customerConn, isParty, legOf, upParties } from '../lookups.js';
import { waitFor } from '../ops.js';
import { leave } from '../parting.js';
import { offers } from '../planner.js';
import { acknowledgePop, claimPop } from '../pops.js';
import { liveRecording, mayNot, startRecording } from '../recording.js';
import { type Failure, failure, isFailure } from '../run.js';
import { seatGoal, switchOfDevice } from '../seat-goals.js';
import type { Call, Conn } from '../state.js';
import { type Asker, type Asking, mineNow, type Said, wrongState } from './asking.js';

/** Starts, stops, pauses or resumes the recording of my call. */
export function record(asking: Asking<'call.record'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  return controlRecording(asking, { call: found.call, conn: found.conn, mode: asking.command.mode, cause: 'agent' });
}

/** A supervisor has a call recorded, or stops that. */
export function superviseRecord(asking: Asking<'supervise.record'>): Said {
  const call = callOf(asking.run, asking.command.callId);
  if (call === undefined) return failure('call.notFound', 'no such live call');
  const conn = connsOf(asking.run, call).find((one) => one.agentId !== undefined && isParty(one));
  return controlRecording(asking, { call, conn, mode: asking.command.mode, cause: 'supervisor' });
}

function controlRecording(
  asking: Asker,
  what: {
    readonly call: Call;
    readonly conn: Conn | undefined;
    readonly mode: 'start' | 'stop' | 'pause' | 'resume';
    readonly cause: 'agent' | 'supervisor';
  },
): Said {
  const { run } = asking;
  const { call, conn, mode, cause } = what;
  const live = liveRecording(run, call);
  if (mode === 'start') {
    if (live !== undefined) return 'done';
    if (mayNot(run, call)) return failure('call.blocked', 'this call may not be recorded');
    const customer = customerConn(run, call, conn?.id);
    const leg = customer === undefined ? undefined : legOf(run, customer);
    if (customer === undefined || leg?.state !== 'connected') return wrongState('nobody is connected');
    if (!offers(run, leg.switchId, 'record')) return failure('command.notSupported', 'the switch cannot record');
    const recording = startRecording(run, call, { conn: customer, agentId: conn?.agentId, cause });
    if (recording === undefined) return failure('driver.linkLost', 'the switch cannot be reached now');
    waitFor(run, asking, {
      call,
      until: [{ is: 'recording', recordingId: recording.id, states: ['recording', 'paused', 'done'] }],
    });
    return 'waiting';
  }
  if (live === undefined) return failure('recording.notFound', 'this call is not being recorded');
  const leg = run.s.legs.get(live.legId);
  if (leg === undefined) return wrongState('the recorded connection has ended');
  if (mode === 'pause' && live.state === 'paused') return 'done';
  if (mode === 'resume' && live.state === 'recording') return 'done';
  const sent = send(
    run,
    { type: 'controlRecording', connectionId: leg.id, recordingId: live.id, mode },
    { switchId: leg.switchId, legId: leg.id, callId: call.id, recordingId: live.id, mode },
  );
  if (sent === undefined) return failure('driver.linkLost', 'the switch cannot be reached now');
  const states =
    mode === 'stop'
      ? (['done', 'failed'] as const)
      : mode === 'pause'
        ? (['paused'] as const)
        : (['recording'] as const);
  waitFor(run, asking, { call, until: [{ is: 'recording', recordingId: live.id, states }] });
  return 'waiting';
}

/** Joins a call with the supervisor's own seat, or switches the mode. */
export function monitor(asking: Asking<'supervise.monitor'>): Said {
  const { run, actor, command } = asking;
  const call = callOf(run, command.callId);
  if (call === undefined) return failure('call.notFound', 'no such live call');
  const watched = connOfAgent(run, call, command.agentId);
  const target = watched === undefined ? undefined : legOf(run, watched);
  if (watched === undefined || target === undefined || !isParty(watched))
    return failure('call.notFound', 'the agent has no part in the call');
  if (target.state !== 'connected') return wrongState('the agent is not connected');
  if (!offers(run, target.switchId, command.mode))
    return failure('command.notSupported', 'the switch cannot do that now');
  const seat = seatOf(asking);
  if (isFailure(seat)) return seat;
  const present = connsOf(run, call).find(
    (conn) => !isParty(conn) && conn.device === seat && conn.leaving === undefined,
  );
  const presentLeg = present === undefined ? undefined : legOf(run, present);
  if (present !== undefined && presentLeg?.monitor !== undefined) {
    if (present.watcher !== actor.userId) return failure('agent.seat', 'somebody else supervises at this seat');
    present.watches = command.agentId;
    presentLeg.monitor.asked = command.mode;
    run.tend.add(call.id);
    waitFor(run, asking, { call, until: [{ is: 'monitoring', legId: presentLeg.id, mode: command.mode }] });
    return 'waiting';
  }
  if (seat === watched.device) return failure('agent.seat', 'an agent cannot watch the own call');
  const agentId = actor.agentId;
  const agent = agentId === undefined ? undefined : run.s.agents.get(agentId);
  if (agent !== undefined && (agent.conns.length > 0 || agent.reservationId !== undefined)) {
    return failure('agent.state', 'a call is under way at this seat');
  }
  const goal = seatGoal(run, seat);
  if (switchOfDevice(seat) !== target.switchId) return failure('command.notSupported', 'the seat is on another switch');
  const conn = dial(run, call, {
    goal:
      agentId !== undefined && agent?.seat === seat
        ? { ...goal, agentId, name: agentConfig(run, agentId)?.name }
        : goal,
    ring: { purpose: 'monitor', ringMs: run.s.config.timers.ringMs, from: watched.party, autoAnswer: 'ask' },
    role: command.mode,
    watches: command.agentId,
  });
  conn.watcher = actor.userId;
  const leg = legOf(run, conn);
  if (leg !== undefined) leg.monitor = { targetId: target.id, asked: command.mode };
  waitFor(run, asking, { call, until: [{ is: 'monitoring', legId: conn.legId, mode: command.mode }], within: 'ring' });
  return 'waiting';
}

function seatOf(asking: Asking<'supervise.monitor'>): Conn['device'] | Failure {
  const { run, actor, command } = asking;
  if (command.seat !== undefined) return command.seat;
  const agent = actor.agentId === undefined ? undefined : run.s.agents.get(actor.agentId);
  const seat = agent?.seat ?? (actor.agentId === undefined ? undefined : agentConfig(run, actor.agentId)?.seat);
  return seat ?? failure('agent.seat', 'name the seat to listen at');
}

/** The supervisor's own connection leaves; the watched call goes on, and so does who else listens to it. */
export function stopMonitor(asking: Asking<'supervise.stop'>): Said {
  const { run, actor } = asking;
  const call = callOf(run, asking.command.callId);
  if (call === undefined) return failure('call.notFound', 'no such live call');
  // One who barged and was left with the other party is a party now, and leaves by the same word.
  const leaving = connsOf(run, call).filter((conn) => conn.leaving === undefined && conn.watcher === actor.userId);
  if (leaving.length === 0) return wrongState('this user does not supervise the call');
  waitFor(run, asking, { call, until: leaving.map((conn) => ({ is: 'connGone' as const, connId: conn.id })) });
  if (leaving.some(isParty) && upParties(run, call).length <= 2)
    leave(run, call, { by: 'supervisor', end: { cause: 'normalClearing' } });
  for (const conn of leaving) release(run, conn, 'normalClearing');
  return 'waiting';
}

/** Ends the customer's part; the agent returns to a known state. */
export function forceRelease(asking: Asking<'supervise.forceRelease'>): Said {
  const { run } = asking;
  const call = callOf(run, asking.command.callId);
  if (call === undefined) return failure('call.notFound', 'no such live call');
  const customer = customerConn(run, call) ?? connsOf(run, call)[0];
  if (customer === undefined) return wrongState('nobody is connected');
  leave(run, call, { by: 'supervisor', end: { cause: 'forcedRelease' } });
  waitFor(run, asking, { call, until: [{ is: 'connGone', connId: customer.id }] });
  for (const conn of connsOf(run, call)) release(run, conn, 'forcedRelease');
  return 'waiting';
}

/** One tab takes the pop. */
export function popClaim(asking: Asking<'pop.claim'>): Said {
  const { run, actor, command } = asking;
  const pop = run.s.pops.get(command.popId);
  if (pop === undefined || pop.agentId !== actor.agentId) return failure('pop.gone', 'this pop is over');
  return claimPop(run, pop, command.tab) ?? 'done';
}

/** The tab says what became of it. */
export function popAcknowledge(asking: Asking<'pop.acknowledge'>): Said {
  const { run, actor, command } = asking;
  const pop = run.s.pops.get(command.popId);
  if (pop === undefined || pop.agentId !== actor.agentId) return failure('pop.gone', 'this pop is over');
  return acknowledgePop(run, pop, { tab: command.tab, outcome: command.outcome }) ?? 'done';
}

/** Pauses or enables a route by hand; kept until it is set again. */
export function routeSet(asking: Asking<'route.set'>): Said {
  const { run, command } = asking;
  if (!run.s.config.routes.some((route) => route.id === command.routeId))
    return failure('resource.notFound', 'no such route');
  run.s.routes.set(command.routeId, command.enabled);
  return 'done';
}
