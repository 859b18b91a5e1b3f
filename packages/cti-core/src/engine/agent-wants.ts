import type { AgentId, DeviceId } from '../contract/ids.js';
import type { AgentState, SystemReason } from '../contract/views.js';
import { WORK_KINDS, type WorkKind } from '../contract/work.js';
import { AGENT_WANTS_MACHINE, agentStateOf } from '../machines/agent.js';
import { endLease } from './lease.js';
import { withdrawFrom } from './offers.js';
import { endRest } from './rest.js';
import { type Run, step } from './run.js';
import type { Agent } from './state.js';

/** What an agent, a supervisor or the system asks for. */
export interface Wish {
  readonly state: 'ready' | 'notReady' | 'loggedOff';
  readonly reason?: string | undefined;
  /** Of `ready`: these kinds of work alone; absent: all. */
  readonly kinds?: readonly WorkKind[] | undefined;
}

/** The kinds of work in their one order; `undefined` when it is all of them. */
export function kindsOf(wanted: readonly WorkKind[] | undefined): WorkKind[] | undefined {
  const kinds = WORK_KINDS.filter((kind) => wanted?.includes(kind) ?? true);
  return kinds.length === WORK_KINDS.length ? undefined : kinds;
}

/** What an agent is ready for, or will be after the work in hand; none when neither. */
export function readyFor(agent: Agent): readonly WorkKind[] {
  const { state, kinds } = agent.next ?? { state: agent.wants, kinds: agent.kinds };
  return state === 'ready' ? (kinds ?? WORK_KINDS) : [];
}

/** Are two sets of kinds the same? */
export function sameKinds(a: readonly WorkKind[] | undefined, b: readonly WorkKind[] | undefined): boolean {
  return a === b || (a ?? WORK_KINDS).join() === (b ?? WORK_KINDS).join();
}

/** Makes a wish true at once, or after the work that the agent is in. */
export function wish(run: Run, agent: Agent, wanted: Wish): void {
  run.agents.add(agent.id);
  run.idle.add(agent.id);
  endRest(run, agent);
  if (agent.wants === 'loggedOff') return;
  if (agent.work === 'busy' || agent.work === 'reserved') {
    const kinds = wanted.state === 'ready' ? kindsOf(wanted.kinds) : undefined;
    const same = wanted.state === agent.wants && wanted.reason === agent.reason && sameKinds(kinds, agent.kinds);
    agent.next = same ? undefined : { state: wanted.state, reason: wanted.reason, kinds };
    // Who says that they have gone is not waited for: the phone stops and the caller is offered to the next one.
    if (agent.work === 'reserved' && wanted.state !== 'ready' && !same) withdrawFrom(run, agent);
    return;
  }
  agent.next = undefined;
  become(run, agent, wanted);
}

/** What waited for the end of the work comes true, if it is over. */
export function applyNext(run: Run, agent: Agent): void {
  const { next } = agent;
  if (next === undefined || agent.work !== 'free') return;
  agent.next = undefined;
  become(run, agent, next);
}

/** The system takes readiness away: at once when free, else after the work. */
export function takeReady(run: Run, agent: Agent, reason: SystemReason): void {
  if (agent.wants !== 'ready' && agent.next?.state !== 'ready') return;
  wish(run, agent, { state: 'notReady', reason });
}

function become(run: Run, agent: Agent, wanted: Wish): void {
  const event = wanted.state === 'loggedOff' ? 'logOff' : wanted.state;
  const before = agent.wants;
  const kinds = wanted.state === 'ready' ? kindsOf(wanted.kinds) : undefined;
  if (!sameKinds(kinds, agent.kinds)) {
    agent.kinds = kinds;
    run.agents.add(agent.id);
    run.idle.add(agent.id);
  }
  const next = step(run, AGENT_WANTS_MACHINE, { state: before, event });
  if (next === undefined) return;
  agent.wants = next;
  agent.reason = next === 'notReady' ? wanted.reason : undefined;
  if (next === 'ready' && before !== 'ready') agent.idleSinceMs = run.at;
  run.agents.add(agent.id);
  run.idle.add(agent.id);
  if (next === 'loggedOff') leaveSeat(run, agent);
}

/** Sits an agent down. The seat must be free. */
export function logOn(run: Run, agent: Agent, seat: DeviceId): void {
  if (agent.wants === 'loggedOff') {
    agent.wants = step(run, AGENT_WANTS_MACHINE, { state: agent.wants, event: 'logOn' }) ?? agent.wants;
    agent.reason = 'loggedOn';
    agent.idleSinceMs = run.at;
  }
  if (agent.seat !== undefined && agent.seat !== seat) {
    run.ix.seats.delete(agent.seat);
    endRest(run, agent);
  }
  agent.seat = seat;
  run.ix.seats.set(seat, agent.id);
  run.agents.add(agent.id);
  run.idle.add(agent.id);
}

function leaveSeat(run: Run, agent: Agent): void {
  if (agent.seat !== undefined) run.ix.seats.delete(agent.seat);
  agent.seat = undefined;
  agent.doNotDisturb = undefined;
  endLease(run, agent);
}

/** The public state from both axes and the seat. */
export function publicState(
  run: Run,
  agent: Agent,
): { readonly state: AgentState; readonly reason?: string | undefined } {
  const presence = agent.seat === undefined ? undefined : run.s.presence.get(agent.seat);
  const shown = agentStateOf(agent.wants, agent.work, presence === 'unreachable' ? 'down' : 'up');
  return shown.state === 'notReady' && shown.reason === undefined ? { state: 'notReady', reason: agent.reason } : shown;
}

/** A new agent of the configuration. */
export function newAgent(run: Run, id: AgentId): Agent {
  return {
    id,
    wants: 'loggedOff',
    work: 'free',
    joined: [],
    left: [],
    conns: [],
    idleSinceMs: run.at,
    shown: { state: 'loggedOff', sinceMs: run.at, sinceWallMs: run.wall },
    stays: 0,
    clients: [],
  };
}
