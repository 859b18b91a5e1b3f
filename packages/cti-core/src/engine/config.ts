import type { RouteTarget, TenantConfig } from '../contract/config.js';
import { CtiError } from '../contract/errors.js';
import type { AgentId, QueueId } from '../contract/ids.js';
import { newAgent, wish } from './agent-wants.js';
import { overflow } from './fired.js';
import { graphKey } from './flow-world.js';
import { reindex } from './indexing.js';
import { keepModes, modeViews } from './modes.js';
import type { Run } from './run.js';
import type { Entry } from './state.js';

/**
 * Refuses a configuration whose names lead nowhere.
 * @throws {CtiError} `config.unresolved` with `where` and `name` in the details
 */
export function checkConfig(config: TenantConfig): void {
  const queues = new Set<string>(config.queues.map((queue) => queue.id));
  const flows = new Set<string>(config.flows.map((flow) => flow.id));
  const agents = new Set<string>(config.agents.map((agent) => agent.id));
  const groups = new Set(Object.keys(config.groups ?? {}));
  const modes = new Set(Object.keys(config.modes ?? {}));
  const lists = new Set(Object.keys(config.lists ?? {}));
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
  for (const [index, queue] of config.queues.entries()) {
    target(queue.overflow, `queues.${index}.overflow`);
    if (queue.survey !== undefined) need(flows, queue.survey, `queues.${index}.survey`);
  }
  for (const [index, route] of config.routes.entries()) {
    target(route.to, `routes.${index}.to`);
    if (route.popTo !== undefined) target(route.popTo, `routes.${index}.popTo`);
  }
  const { refuse = [], favour = [], outbound = [] } = config.firewall ?? {};
  for (const name of [...refuse, ...favour.map(({ list }) => list), ...outbound]) need(lists, name, 'firewall');
  for (const flow of config.flows) {
    for (const [name, node] of Object.entries(flow.nodes)) {
      const where = `flows.${flow.id}.nodes.${name}`;
      if (node.type === 'queue') need(queues, node.queue, where);
      if (node.type === 'subflow') need(flows, node.flow, where);
      if (node.type === 'transfer' && node.to.kind === 'agent') need(agents, node.to.agent, where);
      if (node.type === 'transfer' && node.to.kind === 'group') need(groups, node.to.group, where);
      if (node.type === 'orderDesk') need(groups, node.group, where);
      if (node.type === 'callback') need(queues, node.queue, where);
      if (node.type === 'mode') need(modes, node.mode, where);
      if (node.type === 'list') for (const rule of node.rules) need(lists, rule.list, where);
    }
  }
}

/** Puts a configuration in force. Calls keep the version of their flow; who or what is no more ends in order. */
export function useConfig(run: Run, config: TenantConfig): void {
  const before = run.s.config;
  const modes = modeViews(run);
  keepGraphs(run, before);
  run.s.config = config;
  const agents = new Set<AgentId>(config.agents.map((agent) => agent.id));
  for (const agentId of [...run.s.agents.keys()].sort()) {
    const agent = run.s.agents.get(agentId);
    if (agent === undefined || agents.has(agentId)) continue;
    if (agent.wants !== 'loggedOff') wish(run, agent, { state: 'loggedOff' });
    else run.s.agents.delete(agentId);
  }
  addAgents(run, config);
  reindex(run);
  keepModes(run, modes);
  rehome(run, before);
  for (const agent of config.agents) {
    run.agents.add(agent.id);
    run.idle.add(agent.id);
  }
  for (const queue of config.queues) {
    run.queues.add(queue.id);
    run.hungry.add(queue.id);
  }
}

/**
 * Callers of a queue that is no more: who waits goes where its overflow led, a caller that a flow put there back into the flow; for
 * whom a phone rings it rings on. Where the overflow was to hang up, or is gone as well, the route of the call says where its callers go now.
 */
function rehome(run: Run, before: TenantConfig): void {
  for (const entry of [...run.s.entries.values()].sort((a, b) => a.n - b.n)) {
    entry.homeless = undefined;
    if (run.ix.queues.has(entry.queueId)) continue;
    entry.homeless = elsewhere(run, before, entry);
    if (entry.state === 'waiting') overflow(run, entry);
  }
}

function elsewhere(run: Run, before: TenantConfig, entry: Entry): RouteTarget | undefined {
  const tried = new Set<QueueId>();
  let to: RouteTarget | undefined = { kind: 'queue', queue: entry.queueId };
  while (to?.kind === 'queue' && !run.ix.queues.has(to.queue)) {
    const gone: QueueId = to.queue;
    if (tried.has(gone)) break;
    tried.add(gone);
    to = before.queues.find((queue) => queue.id === gone)?.overflow;
  }
  if (to !== undefined && to.kind !== 'hangup' && stands(run, to)) return to;
  const routeId = run.s.calls.get(entry.callId)?.routeId;
  return run.s.config.routes.find((route) => route.id === routeId)?.to;
}

function stands(run: Run, to: RouteTarget): boolean {
  if (to.kind === 'queue') return run.ix.queues.has(to.queue);
  if (to.kind === 'agent') return run.ix.agents.has(to.agent);
  return to.kind !== 'ivr' || run.s.config.flows.some((graph) => graph.id === to.flow);
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
