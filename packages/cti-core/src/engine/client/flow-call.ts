import { newCall } from '../calls.js';
import { isUp } from '../commands.js';
import { addressOfDevice, dial, goalOf } from '../dial.js';
import { waitFor } from '../ops.js';
import { offers } from '../planner.js';
import { failure, isFailure } from '../run.js';
import { partyOf, switchOfGoal } from '../seat-goals.js';
import type { Asking, Said } from './asking.js';

/** Dials somebody for a flow. Nobody waits at a phone for it: whoever answers is in the flow. */
export function flowCall(asking: Asking<'flow.call'>): Said {
  const { run, command } = asking;
  const flow = goalOf(run, `ivr:${command.flow}`);
  if (isFailure(flow)) return flow;
  if (run.s.mode === 'draining') return failure('server.draining', 'no new calls are taken');
  const goal = goalOf(run, command.to);
  if (isFailure(goal)) return goal;
  if (goal.kind !== 'device') return failure('argument.number', 'this leads to no telephone');
  if (goal.emergency !== undefined)
    return failure('argument.number', 'an emergency number is never dialled by a machine');
  const switchId = switchOfGoal(goal);
  if (!isUp(run, switchId)) return failure('driver.linkLost', 'the switch cannot be reached now');
  if (!offers(run, switchId, 'makeCall')) return failure('command.notSupported', 'the switch cannot make calls');
  const outside = addressOfDevice(goal.device).outside;
  const own = run.s.config.switches.find((one) => one.id === switchId)?.callerNumber ?? '';
  const call = newCall(run, {
    switchId,
    direction: outside ? 'outbound' : 'internal',
    calling: partyOf(run, own),
    called: goal.party,
    data: { ...command.data },
    ...(outside ? { customer: goal.party } : {}),
  });
  call.make = { to: `ivr:${command.flow}` };
  const conn = dial(run, call, {
    goal,
    ring: { purpose: 'makeSeat', ringMs: run.s.config.timers.ringMs, from: call.calling },
  });
  waitFor(run, asking, { call, until: [{ is: 'seen', legId: conn.legId }], resultCallId: call.id });
  return 'waiting';
}
