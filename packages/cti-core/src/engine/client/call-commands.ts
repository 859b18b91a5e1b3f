import { newCall } from '../calls.js';
import { isUp, send } from '../commands.js';
import { noteConsent } from '../consent.js';
import { addressOfDevice, dial, goalOf } from '../dial.js';
import { release } from '../legs.js';
import { agentConfig, callOf, connsOf, customerConn, legOf } from '../lookups.js';
import { refuseOffer } from '../offers.js';
import { isAwaited, waitFor } from '../ops.js';
import { leave } from '../parting.js';
import { offers, wordFor } from '../planner.js';
import { changed, failure, isFailure } from '../run.js';
import { partyOf, seatGoal, switchOfDevice } from '../seat-goals.js';
import { type Asking, mine, mineNow, type Said, wrongState } from './asking.js';

/** Rings the agent's own seat, then dials. */
export function make(asking: Asking<'call.make'>): Said {
  const { run, actor, command } = asking;
  const agent = actor.agentId === undefined ? undefined : run.s.agents.get(actor.agentId);
  if (agent === undefined) return failure('agent.notFound', 'this user is no agent');
  if (agent.seat === undefined) return failure('agent.state', 'log on first');
  if (agent.conns.length > 0 || agent.reservationId !== undefined)
    return failure('agent.state', 'a call is under way at this seat');
  const goal = goalOf(run, command.to, agentConfig(run, agent.id));
  const emergency = !isFailure(goal) && goal.kind === 'device' && goal.emergency !== undefined;
  if (run.s.mode === 'draining' && !emergency) return failure('server.draining', 'no new calls are taken');
  if (isFailure(goal)) return goal;
  const seat = seatGoal(run, agent.seat);
  if (goal.kind === 'device' && goal.device === seat.device) return failure('argument.invalid', 'this is the own seat');
  const switchId = switchOfDevice(seat.target.kind === 'device' ? seat.target.device : seat.target.trunk);
  if (!isUp(run, switchId)) return failure('driver.linkLost', 'the switch cannot be reached now');
  if (!offers(run, switchId, 'makeCall')) return failure('command.notSupported', 'the switch cannot make calls');
  const outside = goal.kind === 'device' && addressOfDevice(goal.device).outside;
  const called = goal.kind === 'device' ? goal.party : partyOf(run, '');
  const call = newCall(run, {
    switchId,
    direction: outside ? 'outbound' : 'internal',
    calling: seat.party,
    called,
    callingName: agentConfig(run, agent.id)?.name,
    data: { ...command.data },
    ...(outside ? { customer: called } : {}),
  });
  noteConsent(run, call, { data: call.data, by: 'agent' });
  call.madeBy = agent.id;
  call.make = { to: command.to, agentId: agent.id };
  const conn = dial(run, call, {
    goal: { ...seat, agentId: agent.id, name: agentConfig(run, agent.id)?.name },
    ring: {
      purpose: 'makeSeat',
      ringMs: run.s.config.timers.ringMs,
      from: called,
      autoAnswer: agentConfig(run, agent.id)?.answer === 'auto' ? 'ask' : undefined,
    },
  });
  waitFor(run, asking, { call, until: [{ is: 'seen', legId: conn.legId }], resultCallId: call.id });
  return 'waiting';
}

/** Answers my alerting connection where the phone lets itself be told. */
export function answer(asking: Asking<'call.answer'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run } = asking;
  const { call, conn } = found;
  const leg = legOf(run, conn);
  if (leg === undefined || conn.state !== 'alerting') return wrongState('it does not ring');
  if (!offers(run, leg.switchId, 'answer')) return failure('command.notSupported', 'lift the phone by hand');
  // A second word of the same agent waits for the answer to the first one.
  if (conn.pending !== 'answer' || !isAwaited(run, call, { is: 'up', legId: leg.id })) {
    conn.pending = 'answer';
    send(run, { type: 'answer', connectionId: leg.id }, { switchId: leg.switchId, legId: leg.id, callId: call.id });
    changed(run, call.id, 'pending');
  }
  waitFor(run, asking, { call, until: [{ is: 'up', legId: leg.id }] });
  return 'waiting';
}

/** Refuses my alerting connection. */
export function reject(asking: Asking<'call.reject'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run } = asking;
  const { call, conn } = found;
  if (conn.state !== 'alerting' && conn.state !== 'initiated') return wrongState('it does not ring');
  waitFor(run, asking, { call, until: [{ is: 'connGone', connId: conn.id }] });
  if (conn.purpose === 'offer') refuseOffer(run, conn);
  else {
    leave(run, call, { by: 'agent', end: { cause: 'rejected' } });
    release(run, conn, 'rejected');
  }
  return 'waiting';
}

/** Clears my connection; a call of two ends. */
export function clear(asking: Asking<'call.clear'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run } = asking;
  const { call, conn } = found;
  waitFor(run, asking, { call, until: [{ is: 'connGone', connId: conn.id }] });
  if (conn.purpose === 'offer') refuseOffer(run, conn);
  else {
    const others = connsOf(run, call).filter(
      (other) => other.id !== conn.id && other.role === 'party' && other.leaving === undefined,
    );
    if (others.length < 2) leave(run, call, { by: 'agent', end: { cause: 'normalClearing' } });
    release(run, conn, 'normalClearing');
  }
  return 'waiting';
}

/** Adds to what is known of a call: agents in it, supervisors anywhere. */
export function setData(asking: Asking<'call.setData'>): Said {
  const { run, actor, command } = asking;
  const call = callOf(run, command.callId);
  if (call === undefined) return failure('call.notFound', 'no such live call');
  if (actor.role === 'agent') {
    const own = mine(asking, command.callId);
    if (isFailure(own)) return own;
  }
  const next = { ...call.data };
  for (const [key, value] of Object.entries(command.data)) next[key] = value.slice(0, 1000);
  if (Object.keys(next).length > 64) return failure('argument.invalid', 'a call holds at most 64 keys of data');
  call.data = next;
  noteConsent(run, call, { data: command.data, by: 'agent' });
  changed(run, call.id, 'data');
  return 'done';
}

/** My own voice is (not) heard. */
export function mute(asking: Asking<'call.mute'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  return muteConn(asking, found.call, found.conn);
}

/** A member of a conference that I am in. */
export function mutePart(asking: Asking<'call.mutePart'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const part = connsOf(asking.run, found.call).find((conn) => conn.id === asking.command.connectionId);
  return part === undefined ? failure('call.notFound', 'no such member') : muteConn(asking, found.call, part);
}

function muteConn(
  asking: Asking<'call.mute'> | Asking<'call.mutePart'>,
  call: Parameters<typeof customerConn>[1],
  conn: NonNullable<ReturnType<typeof customerConn>>,
): Said {
  const { run } = asking;
  const leg = legOf(run, conn);
  if (leg?.state !== 'connected') return wrongState('it is not connected');
  if (!offers(run, leg.switchId, 'mute')) return failure('command.notSupported', 'the switch cannot mute');
  const { mode } = asking.command;
  const commandId = send(
    run,
    { type: 'mute', connectionId: leg.id, mode },
    { switchId: leg.switchId, legId: leg.id, callId: call.id, mode },
  );
  if (commandId === undefined) return failure('driver.linkLost', 'the switch cannot be reached now');
  if (conn.agentId === undefined) conn.mutedBy = mode === 'mute' ? asking.actor.agentId : undefined;
  waitFor(run, asking, { call, until: [{ is: 'reply', commandId }] });
  return 'waiting';
}

/** Tones to the other end of my talk. */
export function sendDigits(asking: Asking<'call.sendDigits'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run, command } = asking;
  const { call, conn } = found;
  if (!/^[0-9*#A-D]{1,64}$/u.test(command.digits)) return failure('argument.invalid', 'digits are 1-64 of 0-9*#A-D');
  const other = customerConn(run, call, conn.id);
  const leg = other === undefined ? undefined : legOf(run, other);
  if (leg?.state !== 'connected' || conn.state !== 'connected') return wrongState('nobody is connected');
  if (!offers(run, leg.switchId, 'sendDigits')) return failure('command.notSupported', 'the switch cannot send digits');
  const commandId = send(
    run,
    { type: 'sendDigits', connectionId: leg.id, digits: command.digits, toneMs: 100, gapMs: 100 },
    { switchId: leg.switchId, legId: leg.id, callId: call.id },
  );
  if (commandId === undefined) return failure('driver.linkLost', 'the switch cannot be reached now');
  const settle = wordFor(run, leg.switchId, 'sendDigits');
  waitFor(run, asking, { call, until: [{ is: 'reply', commandId }], settle });
  return 'waiting';
}
