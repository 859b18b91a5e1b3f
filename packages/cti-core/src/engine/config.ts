import type { RouteTarget, TenantConfig } from '../contract/config.js';
import { CtiError } from '../contract/errors.js';
import type { AgentId, QueueId } from '../contract/ids.js';
import { newAgent, wish } from './agent-wants.js';
import { graphKey } from './flows.js';
import { reindex } from './indexing.js';
import { release } from './legs.js';
import { connsOf } from './lookups.js';
import { leave } from './parting.js';
import { cancelPlans } from './plans.js';
import { leaveQueue } from './queues.js';
import type { Run } from './run.js';

/**
 * Refuses a configuration whose names lead nowhere.
 * @throws {CtiError} `config.unresolved` with `where` and `name` in the details
 */
export function checkConfig(config: TenantConfig): void {
  const queues = new Set<string>(config.queues.map((queue) => queue.id));
  const flows = new Set<string>(config.flows.map((flow) => flow.id));
  const agents = new Set<string>(config.agents.map((agent) => agent.id));
  const need = (known: ReadonlySet<string>, name: string, where: string): void => {
    if (!known.has(name))
      throw new CtiError('config.unresolved', `a name in the configuration leads nowhere: ${where}`, {
        details: { where, name },
      });
  };
  const target = (to: RouteTarget, where: string): void => {
    if (to.kind === 'ivr') need(flows, to.flow, where);
    if (to.kind === 'queue') need(queues, to.queue, where);
    if (to.kind === 'agent') need(agents, to.agent, where);
  };
  for (const [index, agent] of config.agents.entries()) {
    for (const queue of agent.queues) need(queues, queue, `agents.${index}.queues`);
  }
  for (const [index, queue] of config.queues.entries()) target(queue.overflow, `queues.${index}.overflow`);
  for (const [index, route] of config.routes.entries()) target(route.to, `routes.${index}.to`);
  for (const flow of config.flows) {
    for (const [name, node] of Object.entries(flow.nodes)) {
      const where = `flows.${flow.id}.nodes.${name}`;
      if (node.type === 'queue') need(queues, node.queue, where);
      if (node.type === 'subflow') need(flows, node.flow, where);
      if (node.type === 'transfer' && node.to.kind === 'agent') need(agents, node.to.agent, where);
    }
  }
}

/** Puts a configuration in force. Calls keep the version of their flow; who or what is no more ends in order. */
export function useConfig(run: Run, config: TenantConfig): void {
  const before = run.s.config;
  keepGraphs(run, before);
  run.s.config = config;
  const queues = new Set<QueueId>(config.queues.map((queue) => queue.id));
  for (const entry of [...run.s.entries.values()].sort((a, b) => a.n - b.n)) {
    if (queues.has(entry.queueId)) continue;
    const call = run.s.calls.get(entry.callId);
    if (call === undefined) continue;
    leaveQueue(run, call, 'withdrawn');
    cancelPlans(run, call);
    leave(run, call, { by: 'system', end: { cause: 'failure' } });
    for (const conn of connsOf(run, call)) release(run, conn, 'failure');
  }
  const agents = new Set<AgentId>(config.agents.map((agent) => agent.id));
  for (const agentId of [...run.s.agents.keys()].sort()) {
    const agent = run.s.agents.get(agentId);
    if (agent === undefined || agents.has(agentId)) continue;
    if (agent.wants !== 'loggedOff') wish(run, agent, { state: 'loggedOff' });
    else run.s.agents.delete(agentId);
  }
  addAgents(run, config);
  reindex(run);
  for (const agent of config.agents) {
    run.agents.add(agent.id);
    run.idle.add(agent.id);
  }
  for (const queue of config.queues) {
    run.queues.add(queue.id);
    run.hungry.add(queue.id);
  }
}

/** Makes the agents of a configuration that the model does not know yet. */
export function addAgents(run: Run, config: TenantConfig): void {
  for (const { id } of config.agents) if (!run.s.agents.has(id)) run.s.agents.set(id, newAgent(run, id));
}

/** Old versions live as long as a call is in them. */
function keepGraphs(run: Run, before: TenantConfig): void {
  const inUse = new Set<string>();
  for (const call of run.s.calls.values()) {
    const state = call.flow?.state;
    if (state === undefined) continue;
    inUse.add(graphKey(state.flow, state.version));
    for (const { flow, version } of state.stack) inUse.add(graphKey(flow, version));
  }
  for (const graph of before.flows) {
    const key = graphKey(graph.id, graph.version);
    if (inUse.has(key)) run.s.graphs.set(key, graph);
  }
  for (const key of [...run.s.graphs.keys()]) if (!inUse.has(key)) run.s.graphs.delete(key);
}
