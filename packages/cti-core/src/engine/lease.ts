import type { EngineInput } from '../contract/engine-io.js';
import { takeReady } from './agent-wants.js';
import type { Run } from './run.js';
import type { Agent } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** The page of an agent is alive. The running timer is left alone: when it fires it looks at the time that is left. */
export function renewLease(run: Run, agent: Agent): void {
  if (agent.wants === 'loggedOff') return;
  agent.leaseUntilMs = run.at + run.s.config.timers.clientLeaseMs;
  agent.leaseTimer ??= startTimer(run, run.s.config.timers.clientLeaseMs, { do: 'lease', agentId: agent.id });
}

/** The lease timer has fired: silent for the whole of it, an agent is not ready any more and the reason says why. */
export function leaseFired(run: Run, agent: Agent): void {
  agent.leaseTimer = undefined;
  if (agent.leaseUntilMs === undefined) return;
  const left = agent.leaseUntilMs - run.at;
  if (left > 0) {
    agent.leaseTimer = startTimer(run, left, { do: 'lease', agentId: agent.id });
    return;
  }
  agent.leaseUntilMs = undefined;
  takeReady(run, agent, 'connectionLost');
}

/** A client's socket came or went. While none is there the lease runs on. */
export function presence(run: Run, input: Extract<EngineInput, { kind: 'presence' }>): void {
  const agent = input.agentId === undefined ? undefined : run.s.agents.get(input.agentId);
  if (agent === undefined) return;
  agent.clients = agent.clients.filter((id) => id !== input.clientId);
  if (input.state === 'online') {
    agent.clients.push(input.clientId);
    renewLease(run, agent);
  } else if (agent.leaseUntilMs === undefined) renewLease(run, agent);
}

/** An agent has logged off: nobody waits for the page. */
export function endLease(run: Run, agent: Agent): void {
  stopTimer(run, agent.leaseTimer);
  agent.leaseTimer = undefined;
  agent.leaseUntilMs = undefined;
}
