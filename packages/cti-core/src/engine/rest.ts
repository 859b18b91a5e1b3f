import type { SwitchId } from '../contract/ids.js';
import type { Run } from './run.js';
import { switchOfDevice } from './seat-goals.js';
import type { Agent, Conn } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** The first rest of an agent whose phone could not be rung; each further one is twice as long. */
const FIRST_REST_MS = 1000;
const MAX_REST_MS = 30_000;

/** What was so long ago is another trouble. */
const FORGET_MS = 120_000;

/** Refusals of several phones within so long are one trouble. */
const TOGETHER_MS = 10_000;

/** So many refusals in a row are the phone's own where the others ring, or where no other one was tried: the ninth would come two minutes after the first. */
const AMONG_OTHERS = 3;
const ALONE = 8;

/** Phones of a switch whose last ringing is remembered. */
const MAX_PHONES = 64;

/** An agent's phone was not rung, by nobody's fault that is known: it is not tried again for a while, longer each time. The agent stays ready. */
export function restPhone(run: Run, agent: Agent): void {
  const before = agent.rest !== undefined && run.at - agent.rest.untilMs < FORGET_MS ? agent.rest : undefined;
  stopTimer(run, agent.rest?.timer);
  const strikes = (before?.strikes ?? 0) + 1;
  const restMs = Math.min(FIRST_REST_MS * 2 ** (strikes - 1), MAX_REST_MS);
  agent.rest = {
    strikes,
    sinceMs: before?.sinceMs ?? run.at,
    untilMs: run.at + restMs,
    timer: startTimer(run, restMs, { do: 'rest', agentId: agent.id }),
  };
  run.idle.add(agent.id);
}

/** The rest is over: the phone may be tried again, and what has been is remembered until it rings. */
export function restFired(run: Run, agent: Agent): void {
  if (agent.rest !== undefined) agent.rest.timer = undefined;
  run.idle.add(agent.id);
}

/** The phone has rung, or somebody says that it will. */
export function endRest(run: Run, agent: Agent): void {
  if (agent.rest === undefined) return;
  stopTimer(run, agent.rest.timer);
  agent.rest = undefined;
  run.idle.add(agent.id);
}

/** Is the agent's phone left alone for now? */
export function isResting(run: Run, agent: Agent): boolean {
  return agent.rest !== undefined && run.at < agent.rest.untilMs;
}

/** A switch can be reached again: what it refused before says nothing of now. */
export function endRests(run: Run, switchId: SwitchId): void {
  const state = run.s.switches.get(switchId);
  if (state !== undefined) state.phones = undefined;
  for (const agent of run.s.agents.values()) {
    if (agent.rest !== undefined && agent.seat !== undefined && switchOfDevice(agent.seat) === switchId)
      endRest(run, agent);
  }
}

/** A phone rings, or was answered at once. Remembered only while others are refused. */
export function phoneRang(run: Run, conn: Conn, switchId: SwitchId): void {
  const agent = conn.agentId === undefined ? undefined : run.s.agents.get(conn.agentId);
  if (agent?.rest !== undefined) endRest(run, agent);
  if (run.s.switches.get(switchId)?.phones !== undefined) notePhone(run, conn, { switchId, outcome: 'rang' });
}

/** A phone could not be rung. */
export function phoneRefused(run: Run, conn: Conn, switchId: SwitchId): void {
  notePhone(run, conn, { switchId, outcome: 'refused' });
}

function notePhone(
  run: Run,
  conn: Conn,
  what: { readonly switchId: SwitchId; readonly outcome: 'rang' | 'refused' },
): void {
  const state = run.s.switches.get(what.switchId);
  if (state === undefined) return;
  const { device } = conn;
  const phones = (state.phones ?? []).filter((one) => one.device !== device && run.at - one.atMs < FORGET_MS);
  phones.push({ device, outcome: what.outcome, atMs: run.at });
  state.phones = phones.some(({ outcome }) => outcome === 'refused') ? phones.slice(-MAX_PHONES) : undefined;
}

/** Is it the phone that cannot be rung, and not the switch that rings none? Asked of an agent who rests. */
export function isPhonesOwn(run: Run, agent: Agent, switchId: SwitchId): boolean {
  const { rest } = agent;
  if (rest === undefined || rest.strikes < AMONG_OTHERS) return false;
  let rang = 0;
  let refused = 0;
  for (const { device, outcome, atMs } of run.s.switches.get(switchId)?.phones ?? []) {
    if (device === agent.seat) continue;
    if (outcome === 'rang' && atMs >= rest.sinceMs) rang += 1;
    if (outcome === 'refused' && atMs >= rest.sinceMs - TOGETHER_MS) refused += 1;
  }
  return rang === 0 && refused === 0 ? rest.strikes >= ALONE : rang > 2 * refused;
}
