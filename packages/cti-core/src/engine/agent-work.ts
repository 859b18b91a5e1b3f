import type { AgentId, ConnectionId } from '../contract/ids.js';
import { AGENT_WORK_MACHINE, type AgentWorkEvent } from '../machines/agent.js';
import { applyNext } from './agent-wants.js';
import { without } from './lists.js';
import { type Run, step } from './run.js';
import type { Agent, Conn } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** Moves the second axis of an agent. */
export function moveWork(run: Run, agent: Agent, event: AgentWorkEvent): 'moved' | 'stayed' {
  run.agents.add(agent.id);
  run.idle.add(agent.id);
  const next = step(run, AGENT_WORK_MACHINE, { state: agent.work, event });
  if (next === undefined) return 'stayed';
  agent.work = next;
  return 'moved';
}

/** An agent has a connection more (not counting what is only offered). */
export function occupy(run: Run, agentId: AgentId, connId: ConnectionId): void {
  const agent = run.s.agents.get(agentId);
  if (agent === undefined) return;
  if (!agent.conns.includes(connId)) agent.conns.push(connId);
  if (agent.work === 'afterCall') stopWork(run, agent);
  moveWork(run, agent, 'occupied');
}

/** An agent has a connection less; the last one may begin after-call work. */
export function vacate(run: Run, agentId: AgentId, conn: Conn): void {
  const agent = run.s.agents.get(agentId);
  if (agent === undefined || !agent.conns.includes(conn.id)) return;
  agent.conns = without(agent.conns, conn.id);
  run.agents.add(agentId);
  const queueId = run.s.calls.get(conn.callId)?.queueId;
  if (conn.talked !== undefined && queueId !== undefined) agent.lastQueue = queueId;
  if (agent.conns.length > 0) return;
  if (agent.reservationId !== undefined) {
    moveWork(run, agent, 'reserved');
    return;
  }
  ringReturns(run, agent);
  const workMs = agent.lastQueue === undefined ? 0 : (run.ix.queues.get(agent.lastQueue)?.afterCallWorkMs ?? 0);
  agent.lastQueue = undefined;
  agent.idleSinceMs = run.at;
  if (workMs > 0) {
    moveWork(run, agent, 'vacatedWithWork');
    agent.workUntilMs = run.at + workMs;
    agent.workTimer = startTimer(run, workMs, { do: 'afterCallWork', agentId });
    return;
  }
  moveWork(run, agent, 'vacated');
  applyNext(run, agent);
}

/** The seat is free: who waits for it after a failed transfer comes before any other work. */
export function ringReturns(run: Run, agent: Agent): void {
  if (agent.returns === undefined) return;
  run.recalls.push(...agent.returns);
  agent.returns = undefined;
}

/** After-call work is over: by itself, by the agent, or because a call came. */
export function endWork(run: Run, agent: Agent): void {
  stopWork(run, agent);
  if (moveWork(run, agent, 'workDone') === 'moved') {
    agent.idleSinceMs = run.at;
    applyNext(run, agent);
  }
}

/** After-call work gives way to an offer or a call. */
export function stopWork(run: Run, agent: Agent): void {
  stopTimer(run, agent.workTimer);
  agent.workTimer = undefined;
  agent.workUntilMs = undefined;
}
