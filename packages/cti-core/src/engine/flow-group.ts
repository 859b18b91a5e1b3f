import type { ReleaseCause } from '../contract/causes.js';
import type { IvrAction, IvrInput } from '../contract/ivr-session.js';
import { planDial } from '../numbers/index.js';
import { dial, goalOf, type SeatGoal } from './dial.js';
import { feedFlow } from './flows.js';
import { release } from './legs.js';
import { connsOf } from './lookups.js';
import { isFailure, type Run } from './run.js';
import type { Call, Flow } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** Why nobody of a group came, the strongest word first: somebody's phone rang in vain, all were in talks, none could be rung. */
type Result = Extract<IvrInput, { type: 'transferResult' }>['result'];
const STRENGTH = ['noAnswer', 'busy', 'failed'] as const satisfies readonly Result[];

/** Between two rounds of ringing again and again: all phones may be busy, and refuse at once. */
const AGAIN_MS = 5000;

/** A round of ringing again and again: who comes back to the desk meanwhile is rung in the next one. */
const ROUND_MS = 30_000;

/** A phone is not rung for less than this. */
const SHORTEST_RING_MS = 1000;

/**
 * Rings the phones of a group for the caller of a flow: all at once or one after the other, once, or again and again until somebody answers or the time
 * is over. @returns what the flow is to be told at once, when nobody can be rung
 */
export function ringGroup(
  run: Run,
  of: { readonly call: Call; readonly flow: Flow },
  action: Extract<IvrAction, { type: 'transfer' }>,
): Result | undefined {
  const { call, flow } = of;
  const { to, ringTimeoutMs, untilMs } = action;
  const groups = run.s.config.groups ?? {};
  const group = to.kind === 'group' && Object.hasOwn(groups, to.group) ? groups[to.group] : undefined;
  if (group === undefined) return 'failed';
  const { ringMs } = run.s.config.timers;
  const callId = call.id;
  flow.ringing = {
    members: group.members,
    order: group.ring,
    ringMs: ringTimeoutMs ?? (untilMs === undefined ? ringMs : Math.min(ringMs, ROUND_MS)),
    next: 0,
    result: 'failed',
    untilMs: untilMs === undefined ? undefined : run.at + untilMs,
    over: untilMs === undefined ? undefined : startTimer(run, untilMs, { do: 'groupOver', callId }),
    again: undefined,
  };
  return ringOn(run, call, flow);
}

/** Rings who comes next. @returns how it went, when nobody is left to be rung */
function ringOn(run: Run, call: Call, flow: Flow): Result | undefined {
  const { ringing } = flow;
  if (ringing === undefined) return undefined;
  let rings: 'rings' | 'silent' = 'silent';
  while (ringing.next < ringing.members.length && !(rings === 'rings' && ringing.order === 'inOrder')) {
    const member = ringing.members[ringing.next] ?? '';
    ringing.next += 1;
    const goal = memberGoal(run, call, member);
    if (typeof goal === 'string') {
      ringing.result = stronger(ringing.result, goal);
      continue;
    }
    const leftMs = ringing.untilMs === undefined ? ringing.ringMs : ringing.untilMs - run.at;
    dial(run, call, {
      goal,
      ring: {
        purpose: 'flow',
        ringMs: Math.max(SHORTEST_RING_MS, Math.min(ringing.ringMs, leftMs)),
        from: call.calling,
        fromName: call.callingName,
      },
    });
    rings = 'rings';
  }
  if (rings === 'rings') return undefined;
  const leftMs = ringing.untilMs === undefined ? 0 : ringing.untilMs - run.at;
  if (leftMs < SHORTEST_RING_MS) return stopRinging(run, flow);
  ringing.next = 0;
  ringing.again = startTimer(run, Math.min(AGAIN_MS, leftMs), { do: 'groupAgain', callId: call.id });
  return undefined;
}

/** A member's phone, unless whoever sits there is in a call or will not be disturbed. Nobody rings who rings for this call already. */
function memberGoal(run: Run, call: Call, member: string): SeatGoal | Result {
  // Members are phones of the site: nobody pays for a line because of a mistyped one.
  if (planDial(member, run.s.config.dialPlan).kind !== 'internal') return 'failed';
  const goal = goalOf(run, member);
  if (isFailure(goal)) return goal.fail === 'agent.state' ? 'busy' : 'failed';
  if (goal.kind !== 'device') return 'failed';
  const agent = goal.agentId === undefined ? undefined : run.s.agents.get(goal.agentId);
  if (agent !== undefined && (agent.conns.length > 0 || agent.reservationId !== undefined)) return 'busy';
  const isIn = connsOf(run, call).some((conn) => conn.device === goal.device && conn.leaving === undefined);
  return isIn ? 'busy' : goal;
}

function stronger(a: Result, b: Result): Result {
  return STRENGTH.indexOf(a) < STRENGTH.indexOf(b) ? a : b;
}

function stopRinging(run: Run, flow: Flow): Result {
  const result = flow.ringing?.result ?? 'failed';
  endRinging(run, flow);
  return result;
}

/** Nobody is rung for the group any more. The phones that ring are the caller's to stop. */
export function endRinging(run: Run, flow: Flow): void {
  stopTimer(run, flow.ringing?.over);
  stopTimer(run, flow.ringing?.again);
  flow.ringing = undefined;
}

/** One phone of the group was not answered: the next ones are rung, or the flow hears how it went. */
export function memberFailed(run: Run, call: Call, cause: ReleaseCause): void {
  const { flow } = call;
  if (flow?.ringing === undefined) return;
  flow.ringing.result = stronger(flow.ringing.result, resultOf(cause));
  if (connsOf(run, call).some((conn) => conn.purpose === 'flow' && conn.leaving === undefined)) return;
  const result = ringOn(run, call, flow);
  if (result !== undefined) feedFlow(run, call, { back: { type: 'transferResult', result } });
}

/** A dialling's failure in the words of flows. */
export function resultOf(cause: ReleaseCause): Result {
  if (cause === 'busy' || cause === 'rejected') return 'busy';
  return cause === 'noAnswer' ? 'noAnswer' : 'failed';
}

/** The next round. */
export function groupAgain(run: Run, call: Call): void {
  const { flow } = call;
  if (flow?.ringing === undefined) return;
  flow.ringing.again = undefined;
  const result = ringOn(run, call, flow);
  if (result !== undefined) feedFlow(run, call, { back: { type: 'transferResult', result } });
}

/** The time of ringing again and again is over. */
export function groupOver(run: Run, call: Call): void {
  const { flow } = call;
  if (flow?.ringing === undefined) return;
  endRinging(run, flow);
  for (const conn of connsOf(run, call)) if (conn.purpose === 'flow') release(run, conn, 'noAnswer');
  feedFlow(run, call, { back: { type: 'transferResult', result: 'noAnswer' } });
}
