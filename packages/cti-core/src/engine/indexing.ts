import type { AgentConfig, DeviceConfig, QueueConfig } from '../contract/config.js';
import type { AgentId, ConnectionId, DeviceId, FlowId, QueueId, SwitchId } from '../contract/ids.js';
import type { IvrGraph } from '../contract/ivr-graph.js';
import { LongestIdleRouter } from '../routing/longest-idle.js';
import { indexNative } from './native-calls.js';
import { idleRank, queuesOf, servedQueues } from './offers.js';
import { rankOf, waitingIn } from './queues.js';
import { neverKeys, routeIndex } from './route-index.js';
import type { Index, Run } from './run.js';

/** An index of nothing. */
export function emptyIndex(): Index {
  return {
    router: new LongestIdleRouter(),
    agents: new Map<AgentId, AgentConfig>(),
    queues: new Map<QueueId, QueueConfig>(),
    flows: new Map<FlowId, IvrGraph>(),
    devices: new Map<DeviceId, DeviceConfig>(),
    speedDial: new Map<string, Map<string, string>>(),
    waiting: new Map(),
    loggedOn: new Map(),
    seats: new Map<DeviceId, AgentId>(),
    routes: { exact: new Map(), prefixes: [], found: new Map() },
    routeCalls: new Map(),
    never: new Set(),
    owners: new Map(),
    legsOf: new Map<SwitchId, Set<ConnectionId>>(),
    nativeCalls: new Map<string, Set<ConnectionId>>(),
    services: new Map(),
    toldReady: new Map(),
    streams: { board: undefined, agents: new Map(), queues: new Map() },
    seatGoals: new Map(),
    modes: undefined,
    keptOrder: [],
    keptHead: 0,
  };
}

/** Computes everything in the index from the state. Cost: that of the state; done at start and when the configuration changes. */
export function reindex(run: Run): void {
  const { ix, s } = run;
  Object.assign(ix, emptyIndex());
  for (const agent of s.config.agents) {
    ix.agents.set(agent.id, agent);
    if (agent.seat !== undefined) ix.owners.set(agent.seat, [...(ix.owners.get(agent.seat) ?? []), agent]);
  }
  ix.routes = routeIndex(s.config);
  ix.never = neverKeys(s.config);
  for (const device of s.config.devices) ix.devices.set(device.id, device);
  for (const { agent = '', code, number } of s.config.speedDial ?? []) {
    const list = ix.speedDial.get(agent) ?? new Map<string, string>();
    ix.speedDial.set(agent, list.set(code, number));
  }
  for (const queue of s.config.queues) ix.queues.set(queue.id, queue);
  for (const flow of s.config.flows) if (!ix.flows.has(flow.id)) ix.flows.set(flow.id, flow);
  for (const leg of s.legs.values()) {
    const set = ix.legsOf.get(leg.switchId);
    if (set === undefined) ix.legsOf.set(leg.switchId, new Set([leg.id]));
    else set.add(leg.id);
    indexNative(run, leg);
  }
  for (const call of s.calls.values()) {
    if (call.routeId !== undefined) ix.routeCalls.set(call.routeId, (ix.routeCalls.get(call.routeId) ?? 0) + 1);
  }
  for (const agent of s.agents.values()) {
    if (agent.seat !== undefined) ix.seats.set(agent.seat, agent.id);
  }
  for (const entry of s.entries.values()) {
    waitingIn(run, entry.queueId).add(rankOf(run, entry));
    if (entry.state === 'waiting') ix.router.addWaiting(rankOf(run, entry));
  }
  for (const agent of s.agents.values()) {
    if (agent.shown.state !== 'loggedOff') {
      for (const queueId of queuesOf(run, agent.id)) ix.loggedOn.set(queueId, (ix.loggedOn.get(queueId) ?? 0) + 1);
    }
    const queues = servedQueues(run, agent.id);
    if (queues.length > 0) ix.router.setIdle({ agentId: agent.id, idleSinceMs: idleRank(agent), queues });
  }
  for (const { id } of s.config.queues) ix.toldReady.set(id, ix.router.idleCount(id));
  ix.keptOrder = [...s.kept].sort(([, a], [, b]) => a.n - b.n).map(([key]) => key);
}
