import type { StreamSnapshot } from '../contract/engine-io.js';
import { type AgentId, type CallId, parseDeviceId, type QueueId, type StreamId } from '../contract/ids.js';
import type { CallView } from '../contract/views.js';
import { deviceViews, takenSlots } from './devices.js';
import { modeViews } from './modes.js';
import { popView } from './pops.js';
import { waitingIn } from './queues.js';
import type { Run } from './run.js';
import { agentView, callView, queueView, SHOWN_WAITING } from './views.js';

/** What an agent's or a queue's stream holds now. */
export function streamSnapshot(run: Run, stream: StreamId): StreamSnapshot | undefined {
  const colon = stream.indexOf(':');
  const name = stream.slice(colon + 1);
  if (stream.startsWith('agent:')) return agentSnapshot(run, name as AgentId);
  if (!stream.startsWith('queue:') || !run.ix.queues.has(name as QueueId)) return undefined;
  const queueId = name as QueueId;
  const callIds = waitingIn(run, queueId)
    .take(SHOWN_WAITING)
    .flatMap(({ entryId }) => run.s.entries.get(entryId)?.callId ?? []);
  return { kind: 'queue', queue: queueView(run, queueId), calls: viewsOf(run, callIds) };
}

function agentSnapshot(run: Run, agentId: AgentId): StreamSnapshot | undefined {
  const agent = run.s.agents.get(agentId);
  if (agent === undefined) return undefined;
  const view = agentView(run, agent);
  const slots = takenSlots(run, view.seat === undefined ? undefined : parseDeviceId(view.seat)?.switchId);
  const pops = view.calls
    .flatMap((callId) => run.s.calls.get(callId)?.pops ?? [])
    .flatMap((popId) => run.s.pops.get(popId) ?? []);
  return {
    kind: 'agent',
    agent: view,
    calls: viewsOf(run, view.calls),
    pops: pops.filter((pop) => pop.agentId === agentId).map(popView),
    ...(slots.length === 0 ? {} : { slots }),
  };
}

/** Everything: agents and queues in the order of the configuration, calls by age. */
export function boardSnapshot(run: Run): StreamSnapshot {
  const calls = [...run.s.calls.values()].sort((a, b) => a.n - b.n);
  const modes = modeViews(run);
  const devices = deviceViews(run);
  return {
    kind: 'board',
    agents: run.s.config.agents.flatMap(({ id }) => {
      const agent = run.s.agents.get(id);
      return agent === undefined ? [] : [agentView(run, agent)];
    }),
    queues: run.s.config.queues.map(({ id }) => queueView(run, id)),
    calls: calls.map((call) => callView(run, call)),
    ...(modes.length === 0 ? {} : { modes }),
    ...(devices.length === 0 ? {} : { devices }),
  };
}

function viewsOf(run: Run, callIds: readonly CallId[]): CallView[] {
  return callIds.flatMap((id) => {
    const call = run.s.calls.get(id);
    return call === undefined ? [] : [callView(run, call)];
  });
}
