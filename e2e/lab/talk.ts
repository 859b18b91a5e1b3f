import type { CallView } from '@cordboard/cti-core';
import type { ScenarioLab } from '../scenario.js';
import { type Desk, type Floor, goReady, hasCall, inState, own } from './floor.js';
import { type AgentName, SEATS, SUPPORT_NUMBER } from './floor-config.js';
import type { AnyPhone } from './lab-switch.js';
import type { LabCaller } from './party.js';
import { TONE } from './tone-plan.js';
import { PATIENCE_MS, until } from './wait.js';

/** Hold music as it is heard. */
export const MUSIC = [TONE.musicLow, TONE.musicHigh];
/** The customer of every scenario. */
export const CUSTOMER = '13900000001';

/** An agent with desk and phone. */
export interface Seated {
  readonly desk: Desk;
  readonly phone: AnyPhone;
  /** Frequency of the phone's voice. */
  readonly voice: number;
}

/** Starts an agent's phone and logs the agent on, ready unless said otherwise. */
export async function seat(
  lab: ScenarioLab,
  floor: Floor,
  options: { readonly name: AgentName; readonly state?: 'ready' | 'loggedOn' },
): Promise<Seated> {
  const extension = SEATS[options.name];
  const phone = await lab.phone({ extension });
  const desk = await floor.desk(options.name);
  if (options.state === 'loggedOn') {
    await desk.command({ type: 'agent.logOn' });
  } else await goReady(desk);
  return { desk, phone, voice: TONE[extension] };
}

/** A customer who talks with the first agent of the support queue. */
export interface Talk {
  readonly caller: LabCaller;
  readonly call: CallView;
}

/** A customer calls support and `agent` answers; resolves when both hear each other. */
export async function talkWith(lab: ScenarioLab, agent: Seated): Promise<Talk> {
  const caller = await lab.caller({ to: SUPPORT_NUMBER, from: CUSTOMER, voice: TONE.caller1 });
  await agent.phone.rings();
  await agent.phone.answer();
  const call = await inState(agent.desk, 'connected');
  await hearEachOther(caller, agent);
  return { caller, call };
}

/** Resolves when customer and agents hear each other, and nobody else. */
export async function hearEachOther(caller: LabCaller, ...agents: readonly Seated[]): Promise<void> {
  await Promise.all([
    caller.hearing.hears(agents.map((one) => one.voice)),
    ...agents.map((agent) =>
      agent.phone.hears.hears([TONE.caller1, ...agents.filter((other) => other !== agent).map((other) => other.voice)]),
    ),
  ]);
}

/** Resolves when the desk no longer has that call. */
export async function lost(desk: Desk, callId: string): Promise<void> {
  await until(() => !desk.calls().some((call) => call.callId === callId && own(desk, call) !== undefined), {
    what: `${desk.name} to be rid of the call`,
    seen: () => desk.calls().map((call) => call.callId),
  });
}

/** Resolves when the desk's phone is offered a call of this id. */
export function offered(desk: Desk, callId: string, withinMs = PATIENCE_MS): Promise<CallView> {
  return hasCall(desk, (call) => call.callId === callId && own(desk, call) !== undefined, {
    what: `the call ${callId}`,
    withinMs,
  });
}
