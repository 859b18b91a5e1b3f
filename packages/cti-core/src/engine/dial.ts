import type { AgentConfig, RouteTarget } from '../contract/config.js';
import type { DialTarget } from '../contract/driver-commands.js';
import {
  type AgentId,
  type ConnectionId,
  connectionId,
  type DeviceId,
  deviceId,
  type FlowId,
  parseDeviceId,
  type QueueId,
  type SwitchId,
} from '../contract/ids.js';
import type { PhoneNumber } from '../contract/numbers.js';
import { isOwnNumber, maskNumber, planDial } from '../numbers/index.js';
import { behindOf } from './behind.js';
import { send } from './commands.js';
import { mayDialOut } from './firewall.js';
import { addConn, addLeg, watchLeg } from './legs.js';
import { agentAt, agentConfig, callOf, isOutside } from './lookups.js';
import { findRoute } from './route-index.js';
import { changed, count, type Failure, failure, isFailure, nextId, type Run } from './run.js';
import { goalAtSeat, partyOf, seatGoal, switchOfDevice, switchOfGoal } from './seat-goals.js';
import type { Call, Conn, DialAgain, DialPurpose, Leg } from './state.js';
import { stopTimer } from './timers.js';

/** Where a text or a route leads. */
export type Goal =
  | {
      readonly kind: 'device';
      readonly device: DeviceId;
      readonly target: DialTarget;
      /** Of the target, where it was found already. */
      readonly switchId?: SwitchId | undefined;
      readonly party: PhoneNumber;
      readonly name?: string | undefined;
      readonly agentId?: AgentId | undefined;
      readonly emergency?: 'emergency' | undefined;
    }
  | { readonly kind: 'queue'; readonly queueId: QueueId }
  | { readonly kind: 'flow'; readonly flow: FlowId };

/** A device as a goal. */
export type SeatGoal = Extract<Goal, { kind: 'device' }>;

/** How long a phone may ring and what it is shown. */
export interface Ring {
  readonly purpose: DialPurpose;
  readonly ringMs: number;
  readonly from: PhoneNumber;
  readonly fromName?: string | undefined;
  readonly autoAnswer?: 'ask' | undefined;
}

/** Who dials: an agent's configuration, or what a phone may dial at which nobody is logged on. */
export interface Dialler {
  readonly id?: AgentId;
  readonly mayDial: AgentConfig['mayDial'];
  /** The switch whose phone dials and finds a line by itself. */
  readonly switchId?: SwitchId;
}

/** The order of {@link Dialler.mayDial}, from the strictest. */
const STRICTNESS = ['none', 'internal', 'any'] as const;

/** Whose rules hold for what is dialled at a phone: those of the agent logged on there, else of the agents whose seat it is (the strictest), else of the site. */
export function diallerAt(run: Run, device: DeviceId, agentId: AgentId | undefined): Dialler {
  const agent = agentConfig(run, agentId);
  if (agent !== undefined) return agent;
  const rules = (run.ix.owners.get(device) ?? []).map((owner) => owner.mayDial);
  const site = run.s.config.phones?.mayDial ?? 'internal';
  return { mayDial: STRICTNESS.find((rule) => rules.includes(rule)) ?? site };
}

/**
 * Reads what was dialled: `agent:<id>`, `queue:<id>`, `ivr:<flow>`, `ref:<callId>` (the customer of a live call of the agent who asks), an
 * extension, a number, or `speed:<code>` of a speed dial list. An own number with a route leads where that route leads, without a line. No `by`: the site itself, unrestricted.
 */
export function goalOf(run: Run, to: string, by?: Dialler): Goal | Failure {
  const named = /^(agent|queue|ivr|ref):(.{1,128})$/su.exec(to);
  if (named !== null) return namedGoal(run, { kind: named[1] ?? '', name: named[2] ?? '' }, by);
  const spoken = speedNumber(run, to, by);
  if (isFailure(spoken)) return spoken;
  const number = spoken ?? to;
  return ownGoal(run, number, by) ?? numberGoal(run, number, by);
}

/** The number under a code of the speed dial lists: the agent's own list before the site's. */
function speedNumber(run: Run, to: string, by: Dialler | undefined): string | Failure | undefined {
  const find = (code: string): string | undefined =>
    (by?.id === undefined ? undefined : run.ix.speedDial.get(by.id)?.get(code)) ?? run.ix.speedDial.get('')?.get(code);
  const named = /^speed:([0-9*#]{1,8})$/u.exec(to)?.[1];
  if (named !== undefined) return find(named) ?? failure('argument.number', 'no such speed dial');
  const prefix = run.s.config.dialPlan.speedDialPrefix;
  return prefix === undefined || !to.startsWith(prefix) ? undefined : find(to.slice(prefix.length));
}

/** Nobody pays for two lines to reach the own queue. */
function ownGoal(run: Run, to: string, by: Dialler | undefined): Goal | Failure | undefined {
  const plan = run.s.config.dialPlan;
  const decision = planDial(to, plan);
  if (decision.kind !== 'outside' || decision.emergency !== undefined || !isOwnNumber(decision.number, plan)) {
    return undefined;
  }
  const route = findRoute(run, { number: decision.number, from: 'outside' });
  if (route === undefined) return undefined;
  if (by?.mayDial === 'none') return failure('call.blocked', 'this agent may not dial');
  return route === 'busy' ? failure('call.blocked', 'the number takes no more calls') : targetGoal(run, route.to);
}

function targetGoal(run: Run, to: RouteTarget): Goal | Failure {
  switch (to.kind) {
    case 'ivr':
      return { kind: 'flow', flow: to.flow };
    case 'queue':
      return { kind: 'queue', queueId: to.queue };
    case 'agent':
      return agentGoal(run, to.agent);
    case 'extension':
    case 'outside':
      return numberGoal(run, to.number, undefined);
    case 'hangup':
      return failure('call.blocked', 'the number takes no calls');
  }
}

function numberGoal(run: Run, to: string, by: Dialler | undefined): Goal | Failure {
  const behind = behindGoal(run, to);
  if (behind !== undefined) return by?.mayDial === 'none' ? failure('call.blocked', 'this agent may not dial') : behind;
  const decision = planDial(to, run.s.config.dialPlan);
  if (decision.kind === 'invalid')
    return failure('argument.number', 'cannot dial that: not a number of this site', { reason: decision.reason });
  if (decision.kind === 'internal') {
    if (by?.mayDial === 'none') return failure('call.blocked', 'this agent may not dial');
    return extensionGoal(run, decision.number, by?.switchId);
  }
  if (decision.emergency === undefined && by !== undefined && by.mayDial !== 'any') {
    return failure('call.blocked', 'this agent may not dial outside numbers');
  }
  if (decision.emergency === undefined && !mayDialOut(run, decision.number)) {
    return failure('call.blocked', 'this number is on none of the lists of what may be dialled');
  }
  const any = by?.switchId === undefined ? undefined : deviceId(by.switchId, 'trunk', 'any');
  const trunk = decision.trunk ?? any ?? defaultTrunk(run);
  if (trunk === undefined) return failure('device.notFound', 'no trunk for outside numbers is configured');
  return outsideGoal(trunk, decision);
}

/** An extension of a PBX behind a line is keyed on that line, without any prefix. */
function behindGoal(run: Run, to: string): Goal | undefined {
  const behind = behindOf(run, to);
  const trunk = run.s.config.switches.find((one) => one.id === behind?.switchId)?.defaultTrunk;
  if (behind === undefined || trunk === undefined) return undefined;
  const { device, number } = behind;
  return { kind: 'device', device, target: { kind: 'number', trunk, number }, party: partyOf(run, number) };
}

function outsideGoal(
  trunk: DeviceId,
  decision: { readonly digits: string; readonly number: PhoneNumber; readonly emergency?: 'emergency' },
): Goal {
  const switchId = switchOfDevice(trunk);
  return {
    kind: 'device',
    device: deviceId(switchId, 'external', (decision.number.e164 ?? decision.number.raw).slice(0, 64) || 'unknown'),
    target: { kind: 'number', trunk, number: decision.digits },
    party: decision.number,
    emergency: decision.emergency,
  };
}

function namedGoal(
  run: Run,
  { kind, name }: { readonly kind: string; readonly name: string },
  by: Dialler | undefined,
): Goal | Failure {
  if (kind === 'queue') {
    const queueId = name as QueueId;
    return run.ix.queues.has(queueId) ? { kind: 'queue', queueId } : failure('queue.notFound', 'no such queue');
  }
  if (kind === 'ivr') {
    const flow = name as FlowId;
    return run.s.config.flows.some((graph) => graph.id === flow)
      ? { kind: 'flow', flow }
      : failure('flow.notFound', 'no such flow');
  }
  if (kind === 'agent') return agentGoal(run, name as AgentId);
  const call = callOf(run, name as Call['id']);
  const own = by?.id !== undefined && call !== undefined && hadPart(call, by.id);
  if (!own || call?.customer === undefined) return failure('call.notFound', 'no live call of that reference');
  return numberGoal(run, call.customer.e164 ?? call.customer.raw, by);
}

/** Is or was it a call of this agent: in it, rung for it, or talked in it? */
function hadPart(call: Call, agentId: AgentId): boolean {
  return call.watchers.includes(agentId) || call.agents.includes(agentId);
}

/** An agent at the seat where they are logged on. Nobody's phone is rung while they work on another call, or do not want to be disturbed. */
export function agentGoal(run: Run, agentId: AgentId): Goal | Failure {
  return run.s.agents.get(agentId)?.doNotDisturb === 'on' ? undisturbed() : ownGoalOf(run, agentId);
}

function undisturbed(): Failure {
  return failure('agent.state', 'the agent takes no calls now');
}

/** As {@link agentGoal}, for what is the agent's own already: do-not-disturb does not hold against it. */
export function ownGoalOf(run: Run, agentId: AgentId): Goal | Failure {
  const agent = run.s.agents.get(agentId);
  if (agent === undefined) return failure('agent.notFound', 'no such agent');
  if (agent.seat === undefined) return failure('agent.state', 'the agent is not logged on');
  if (agent.conns.length > 0 || agent.reservationId !== undefined) return failure('agent.state', 'the agent is busy');
  return goalAtSeat(run, agentId, agent.seat);
}

function extensionGoal(run: Run, number: string, at?: SwitchId): Goal | Failure {
  const first = run.s.config.switches[0];
  if (first === undefined) return failure('device.notFound', 'no switch is configured');
  const configured = run.s.config.devices.find((device) => {
    const parts = parseDeviceId(device.id);
    return parts?.kind === 'extension' && parts.address === number;
  });
  const device = configured?.id ?? deviceId(at ?? first.id, 'extension', number);
  const agent = agentAt(run, device);
  if (agent?.doNotDisturb === 'on') return undisturbed();
  return {
    ...seatGoal(run, device),
    agentId: agent?.id,
    name: agent === undefined ? undefined : agentConfig(run, agent.id)?.name,
  };
}

function defaultTrunk(run: Run): DeviceId | undefined {
  return run.s.config.switches.find((one) => one.defaultTrunk !== undefined)?.defaultTrunk;
}

/** The address of a device, and whether it is outside of the site. */
export function addressOfDevice(device: DeviceId): { readonly address: string; readonly outside: boolean } {
  return { address: parseDeviceId(device)?.address ?? '', outside: isOutside(device) };
}

/** Dials a device into a call: a new leg and a connection on it. The answer and the failure come to `dialled` by the purpose. */
export function dial(
  run: Run,
  call: Call,
  what: { readonly goal: Extract<Goal, { kind: 'device' }>; readonly ring: Ring } & Partial<
    Pick<Conn, 'role' | 'reservationId' | 'watches'>
  >,
): Conn {
  const { goal, ring } = what;
  const switchId = switchOfGoal(goal);
  const id = connectionId(switchId, nextId<string>(run, 'o')) as ConnectionId;
  const leg: Leg = addLeg(run, {
    id,
    switchId,
    device: goal.device,
    direction: 'outgoing',
    control: 'full',
    seen: 'no',
  });
  const conn = addConn(run, leg, {
    call,
    party: goal.party,
    role: what.role,
    reservationId: what.reservationId,
    watches: what.watches,
    purpose: ring.purpose,
    pending: 'originate',
    partyName: goal.name,
    agentId: goal.agentId,
  });
  if (goal.emergency !== undefined) {
    // However long it takes: no bound of ours ends a call for help.
    stopTimer(run, call.maxTimer);
    call.maxTimer = undefined;
  }
  const { callerNumber, callerName } = callerOf(run, goal, ring);
  leg.ringUntilMs = run.at + ring.ringMs;
  const body: { -readonly [K in keyof DialAgain]: DialAgain[K] } = {
    type: 'originate',
    connectionId: id,
    target: goal.target,
    mark: { callId: call.id },
    ringTimeoutMs: ring.ringMs,
  };
  if (callerNumber !== undefined) body.callerNumber = callerNumber;
  if (callerName !== undefined) body.callerName = callerName;
  if (ring.autoAnswer !== undefined) body.autoAnswer = ring.autoAnswer;
  else if (isSilent(run, goal)) body.ring = 'silent';
  if (FOR_CALLERS.has(ring.purpose)) leg.dialAgain = { ...body };
  const sent = send(run, body, { switchId, legId: id, callId: call.id });
  if (sent === undefined) leg.seen = 'unsure';
  // Of an outside number only what was never sent: no customer is dialled twice.
  else if (goal.target.kind !== 'device') leg.dialAgain = undefined;
  watchLeg(run, leg, run.s.config.timers.confirmMs);
  changed(run, call.id, 'pending');
  return conn;
}

/** What is dialled for a caller who waits for nothing else, unlike the offers of a queue. */
const FOR_CALLERS: ReadonlySet<DialPurpose> = new Set(['route', 'transfer', 'return', 'flow']);

/**
 * The switch can be reached again and knows nothing of this dialling, which was asked for just before or meanwhile: once more, under the same id, so that a
 * switch that did receive it refuses the second one.
 */
export function dialOnceMore(run: Run, leg: Leg): void {
  const { dialAgain } = leg;
  const call = dialAgain === undefined ? undefined : run.s.calls.get(dialAgain.mark.callId);
  if (dialAgain === undefined || call === undefined || leg.clearing !== undefined) return;
  const sent = send(run, { ...dialAgain }, { switchId: leg.switchId, legId: leg.id, callId: call.id });
  if (sent === undefined) return;
  leg.dialAgain = undefined;
  leg.seen = 'no';
  leg.ringUntilMs = run.at + dialAgain.ringTimeoutMs;
  stopTimer(run, leg.watch);
  leg.watch = undefined;
  watchLeg(run, leg, run.s.config.timers.confirmMs);
  count(run, 'dialled.onceMore');
}

/** Only phones of the site can be asked; what a header means behind a trunk is not ours to say. */
function isSilent(run: Run, goal: Extract<Goal, { kind: 'device' }>): boolean {
  return goal.target.kind === 'device' && agentConfig(run, goal.agentId)?.ring === 'silent';
}

/** The caller id on the phone that rings: of the site towards outside numbers, of the other party else, masked for agents who see no numbers. */
function callerOf(
  run: Run,
  goal: Extract<Goal, { kind: 'device' }>,
  ring: Ring,
): { callerNumber?: string; callerName?: string } {
  if (isOutside(goal.device)) {
    const own = run.s.config.switches.find((one) => one.id === switchOfDevice(goal.device))?.callerNumber;
    return own === undefined ? {} : { callerNumber: own };
  }
  if (ring.from.presentation !== 'allowed' || ring.from.raw === '') return {};
  const masked = goal.agentId !== undefined && agentConfig(run, goal.agentId)?.numbers === 'masked';
  const shown = masked ? maskNumber(ring.from).raw : (ring.from.e164 ?? ring.from.raw);
  return { callerNumber: shown, ...(ring.fromName === undefined || masked ? {} : { callerName: ring.fromName }) };
}
