import type { EngineInput } from '../contract/engine-io.js';
import type { AgentId } from '../contract/ids.js';
import { takeReady } from './agent-wants.js';
import type { Run } from './run.js';
import type { Agent } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** Until when a page may be silent. In the index it may be earlier than the truth: it is put right when its turn comes. */
export interface Lease {
  readonly agentId: AgentId;
  readonly untilMs: number;
}

/** Leases: the one that ends first, then by id. */
export function endsBefore(a: Lease, b: Lease): boolean {
  return a.untilMs !== b.untilMs ? a.untilMs < b.untilMs : a.agentId < b.agentId;
}

/** The page of an agent is alive. One timer runs for all leases, to the end of the first: renewing costs neither a timer nor a place in the order. */
export function renewLease(run: Run, agent: Agent): void {
  if (agent.wants === 'loggedOff') return;
  const untilMs = run.at + run.s.config.timers.clientLeaseMs;
  // A place that is too early does no harm, one that is too late does: leases may have become shorter.
  const sooner = agent.leaseUntilMs !== undefined && untilMs < agent.leaseUntilMs;
  agent.leaseUntilMs = untilMs;
  if (sooner || !run.ix.leases.has(agent.id)) run.ix.leases.add({ agentId: agent.id, untilMs });
  const timer = run.s.leaseTimer;
  if (timer === undefined || untilMs < timer.dueAtMs) arm(run, untilMs);
}

/** The first lease may have ended: silent for the whole of it, an agent is not ready any more and the reason says why. */
export function leasesFired(run: Run): void {
  run.s.leaseTimer = undefined;
  const { leases } = run.ix;
  for (let first = leases.first(); first !== undefined; first = leases.first()) {
    const agent = run.s.agents.get(first.agentId);
    const untilMs = agent?.leaseUntilMs;
    if (untilMs !== undefined && untilMs > first.untilMs) leases.add({ agentId: first.agentId, untilMs });
    else if (untilMs !== undefined && untilMs > run.at) return arm(run, untilMs);
    else {
      leases.delete(first.agentId);
      if (agent === undefined || untilMs === undefined) continue;
      agent.leaseUntilMs = undefined;
      takeReady(run, agent, 'connectionLost');
    }
  }
}

/** A client's socket came or went. While none is there the lease runs on. */
export function presence(run: Run, input: Extract<EngineInput, { kind: 'presence' }>): void {
  const agent = input.agentId === undefined ? undefined : run.s.agents.get(input.agentId);
  if (agent === undefined) return;
  const { clientId, state } = input;
  if (state === 'online') {
    if (agent.clients.at(-1) !== clientId) agent.clients = [...agent.clients.filter((id) => id !== clientId), clientId];
    renewLease(run, agent);
    return;
  }
  agent.clients = agent.clients.filter((id) => id !== clientId);
  if (agent.leaseUntilMs === undefined) renewLease(run, agent);
}

/** An agent has logged off: nobody waits for the page. */
export function endLease(run: Run, agent: Agent): void {
  agent.leaseUntilMs = undefined;
  run.ix.leases.delete(agent.id);
  if (run.ix.leases.size > 0) return;
  stopTimer(run, run.s.leaseTimer?.timerId);
  run.s.leaseTimer = undefined;
}

function arm(run: Run, untilMs: number): void {
  stopTimer(run, run.s.leaseTimer?.timerId);
  run.s.leaseTimer = { timerId: startTimer(run, untilMs - run.at, { do: 'leases' }), dueAtMs: untilMs };
}
