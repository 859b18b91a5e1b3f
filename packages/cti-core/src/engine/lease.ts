import type { EngineInput } from '../contract/engine-io.js';
import { takeReady } from './agent-wants.js';
import type { Run } from './run.js';
import type { Agent } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/**
 * The page of an agent is alive. One timer runs for all leases, to the end of the one that ended first when it was set: what is renewed needs neither a
 * timer nor a place in an order.
 */
export function renewLease(run: Run, agent: Agent): void {
  if (agent.wants === 'loggedOff') return;
  const untilMs = run.at + run.s.config.timers.clientLeaseMs;
  agent.leaseUntilMs = untilMs;
  const timer = run.s.leaseTimer;
  if (timer === undefined || untilMs < timer.dueAtMs) arm(run, untilMs);
}

/**
 * The first lease may have ended: silent for the whole of it, an agent is not ready any more and the reason says why. All are looked at, which costs less than
 * what their pages have said since it was done last.
 */
export function leasesFired(run: Run): void {
  run.s.leaseTimer = undefined;
  const silent: Agent[] = [];
  let nextMs: number | undefined;
  for (const agent of run.s.agents.values()) {
    const { leaseUntilMs: untilMs } = agent;
    if (untilMs === undefined) continue;
    if (untilMs <= run.at) silent.push(agent);
    else if (nextMs === undefined || untilMs < nextMs) nextMs = untilMs;
  }
  for (const agent of silent.sort(byEnd)) {
    agent.leaseUntilMs = undefined;
    takeReady(run, agent, 'connectionLost');
  }
  if (nextMs !== undefined) arm(run, nextMs);
}

/** The one whose lease ends first, then by id. */
function byEnd(a: Agent, b: Agent): number {
  return (a.leaseUntilMs ?? 0) - (b.leaseUntilMs ?? 0) || (a.id < b.id ? -1 : 1);
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
  for (const other of run.s.agents.values()) if (other.leaseUntilMs !== undefined) return;
  stopTimer(run, run.s.leaseTimer?.timerId);
  run.s.leaseTimer = undefined;
}

function arm(run: Run, untilMs: number): void {
  stopTimer(run, run.s.leaseTimer?.timerId);
  run.s.leaseTimer = { timerId: startTimer(run, untilMs - run.at, { do: 'leases' }), dueAtMs: untilMs };
}
