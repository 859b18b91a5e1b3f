import type { AgentId, DeviceId, QueueId } from '../../contract/ids.js';
import { parseDeviceId } from '../../contract/ids.js';
import type { WorkKind } from '../../contract/work.js';
import { readyFor, logOn as sitDown, wish } from '../agent-wants.js';
import { endWork } from '../agent-work.js';
import { tellSlots } from '../devices.js';
import { renewLease } from '../lease.js';
import { agentConfig, callOf } from '../lookups.js';
import { adoptSeat } from '../native-calls.js';
import { offer, queuesOf, withdrawFrom, withdrawOffer } from '../offers.js';
import { rankOf } from '../queues.js';
import { type Failure, failure, isFailure, type Run } from '../run.js';
import { switchOfDevice } from '../seat-goals.js';
import type { Agent } from '../state.js';
import type { Asker, Asking, Said } from './asking.js';

function self(asking: Asker): Agent | Failure {
  const { agentId } = asking.actor;
  const agent = agentId === undefined ? undefined : asking.run.s.agents.get(agentId);
  return agent ?? failure('agent.notFound', 'this user is no agent');
}

/** Sits down at a seat, not ready. */
export function logOn(asking: Asking<'agent.logOn'>): Said {
  const { run, command } = asking;
  const agent = self(asking);
  if (isFailure(agent)) return agent;
  const config = agentConfig(run, agent.id);
  const seat: DeviceId | undefined = command.seat ?? agent.seat ?? config?.seat;
  if (seat === undefined) return failure('agent.seat', 'no seat was named and none is configured');
  if (parseDeviceId(seat) === undefined) return failure('agent.seat', 'this is no device');
  const allowed = config?.allowedSeats ?? [];
  if (allowed.length > 0 ? !allowed.includes(seat) : seat !== config?.seat && !isSeat(run, seat)) {
    return failure('agent.seat', 'this agent may not sit there');
  }
  const other = run.ix.seats.get(seat);
  if (other !== undefined && other !== agent.id) return failure('agent.seat', 'another agent sits there');
  if (agent.seat !== undefined && agent.seat !== seat && agent.work !== 'free') {
    return failure('agent.state', 'the seat cannot change during a call');
  }
  sitDown(run, agent, seat);
  adoptSeat(run, agent);
  tellSlots(run, seat);
  if (agent.clients.length > 0) renewLease(run, agent);
  return 'done';
}

/** A place to sit at: an extension of a switch of ours, or a device that the configuration names and can be rung. */
function isSeat(run: Run, seat: DeviceId): boolean {
  const kind = parseDeviceId(seat)?.kind;
  const configured = run.s.config.devices.find((device) => device.id === seat);
  if (configured !== undefined) return configured.dial !== undefined || kind === 'extension' || kind === 'line';
  return kind === 'extension' && run.s.config.switches.some((one) => one.id === switchOfDevice(seat));
}

/** Changes what an agent wants: by themselves. */
export function ready(asking: Asking<'agent.ready'>): Said {
  const agent = self(asking);
  return isFailure(agent) ? agent : want(asking, agent, { state: 'ready', kinds: asking.command.kinds });
}

/** Not ready, with one of the configured reasons. */
export function notReady(asking: Asking<'agent.notReady'>): Said {
  const agent = self(asking);
  if (isFailure(agent)) return agent;
  const { reason, kinds } = asking.command;
  return wrongReason(asking, reason) ?? takeKinds(asking, agent, { reason, kinds });
}

/** People give the reasons of the configuration alone; the others are the system's own. */
function wrongReason({ run }: Asker, reason: string): Failure | undefined {
  const isKnown = run.s.config.notReadyReasons.includes(reason);
  return isKnown ? undefined : failure('argument.invalid', 'no such not-ready reason is configured');
}

/** Takes kinds of work away, all of them or these; with the last one the agent is not ready. */
function takeKinds(
  asking: Asker,
  agent: Agent,
  what: { readonly reason: string; readonly kinds: readonly WorkKind[] | undefined },
): Said {
  const { reason, kinds } = what;
  if (kinds === undefined) return want(asking, agent, { state: 'notReady', reason });
  if (agent.wants === 'loggedOff') return failure('agent.state', 'log on first');
  const before = readyFor(agent);
  if (before.length === 0) return 'done';
  const left = before.filter((kind) => !kinds.includes(kind));
  return want(asking, agent, left.length === 0 ? { state: 'notReady', reason } : { state: 'ready', kinds: left });
}

/** At once when free, else after the call. */
export function logOff(asking: Asking<'agent.logOff'>): Said {
  const agent = self(asking);
  if (isFailure(agent)) return agent;
  if (agent.wants === 'loggedOff') return 'done';
  return want(asking, agent, { state: 'loggedOff' });
}

function want(asking: Asker, agent: Agent, wanted: Parameters<typeof wish>[2]): Said {
  const { run } = asking;
  if (agent.wants === 'loggedOff') return failure('agent.state', 'log on first');
  if (agent.work === 'afterCall') endWork(run, agent);
  wish(run, agent, wanted);
  return 'done';
}

/** Lets nobody ring this agent, or again everybody who may. */
export function doNotDisturb(asking: Asking<'agent.doNotDisturb'>): Said {
  const { run, command } = asking;
  const agent = self(asking);
  if (isFailure(agent)) return agent;
  if (agent.wants === 'loggedOff') return failure('agent.state', 'log on first');
  const wanted = command.mode === 'on' ? 'on' : undefined;
  if (agent.doNotDisturb === wanted) return 'done';
  agent.doNotDisturb = wanted;
  if (wanted === 'on' && agent.work === 'reserved') withdrawFrom(run, agent);
  // One who comes back from it stands where one who has just become ready stands.
  if (wanted === undefined && agent.work === 'free') agent.idleSinceMs = run.at;
  run.agents.add(agent.id);
  run.idle.add(agent.id);
  return 'done';
}

/** The page is alive. */
export function lease(asking: Asking<'agent.lease'>): Said {
  const agent = self(asking);
  if (isFailure(agent)) return agent;
  renewLease(asking.run, agent);
  return 'done';
}

/** A supervisor sets the state of an agent. */
export function agentState(asking: Asking<'supervise.agentState'>): Said {
  const { run, command } = asking;
  const agent = run.s.agents.get(command.agentId);
  if (agent === undefined) return failure('agent.notFound', 'no such agent');
  const { kinds, reason } = command;
  switch (command.state) {
    case 'loggedOff':
      if (kinds !== undefined) return failure('argument.invalid', 'kinds of work go with ready and not ready alone');
      return agent.wants === 'loggedOff' ? 'done' : want(asking, agent, { state: 'loggedOff' });
    case 'notReady': {
      const wrong = reason === undefined ? undefined : wrongReason(asking, reason);
      return wrong ?? takeKinds(asking, agent, { reason: reason ?? 'supervisorForced', kinds });
    }
    case 'ready':
      return want(asking, agent, { state: 'ready', kinds });
  }
}

/** Joins an agent to a queue or takes them out, until the configuration changes that. */
export function membership(asking: Asking<'queue.membership'>): Said {
  const { run, command } = asking;
  const agent = run.s.agents.get(command.agentId);
  if (agent === undefined) return failure('agent.notFound', 'no such agent');
  if (!run.ix.queues.has(command.queueId)) return failure('queue.notFound', 'no such queue');
  const before = queuesOf(run, agent.id).includes(command.queueId);
  const { queueId } = command;
  const without = (list: readonly QueueId[]): QueueId[] => list.filter((id) => id !== queueId);
  agent.joined = without(agent.joined);
  agent.left = without(agent.left);
  const configured = agentConfig(run, agent.id)?.queues.includes(queueId) ?? false;
  if (command.mode === 'join' && !configured) agent.joined.push(queueId);
  if (command.mode === 'leave' && configured) agent.left.push(queueId);
  const after = queuesOf(run, agent.id).includes(queueId);
  if (before !== after && agent.shown.state !== 'loggedOff') {
    run.ix.loggedOn.set(queueId, (run.ix.loggedOn.get(queueId) ?? 0) + (after ? 1 : -1));
  }
  run.agents.add(agent.id);
  run.idle.add(agent.id);
  run.queues.add(queueId);
  return 'done';
}

/** A supervisor gives a waiting caller to an agent, out of order. */
export function pickWaiting(asking: Asking<'supervise.pickWaiting'>): Said {
  const { run, command } = asking;
  const call = callOf(run, command.callId);
  const entry = call?.entryId === undefined ? undefined : run.s.entries.get(call.entryId);
  if (call === undefined || entry === undefined) return failure('call.state', 'this call waits in no queue');
  if (!run.ix.queues.has(entry.queueId)) return failure('queue.notFound', 'the queue of this call is no more');
  const agent = run.s.agents.get(command.toAgent);
  if (agent === undefined) return failure('agent.notFound', 'no such agent');
  if (agent.seat === undefined || agent.work !== 'free') return failure('agent.state', 'the agent is not free');
  if (agent.doNotDisturb === 'on') return failure('agent.state', 'the agent takes no calls now');
  if (entry.state === 'offered') {
    withdrawOffer(run, entry);
    entry.state = 'waiting';
    run.ix.router.addWaiting(rankOf(run, entry));
  }
  return offer(run, entry.id, agent.id as AgentId) === undefined
    ? failure('agent.state', 'the agent cannot be rung')
    : 'done';
}
