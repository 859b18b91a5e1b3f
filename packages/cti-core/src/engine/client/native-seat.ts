import type { DeviceId, SwitchId } from '../../contract/ids.js';
import { deviceId, parseDeviceId } from '../../contract/ids.js';
import type { PhoneNumber } from '../../contract/numbers.js';
import { planDial } from '../../numbers/index.js';
import { isUp } from '../commands.js';
import { noteConsent } from '../consent.js';
import { agentGoal, type Goal, goalOf } from '../dial.js';
import { agentConfig, connsOf, isOutside } from '../lookups.js';
import { act, type BringingBody, bring, expectPart } from '../native-ask.js';
import { isNative, nativeCall, type Served } from '../native-calls.js';
import { pairOf, seatSwitch } from '../native-seats.js';
import { offers, type Service } from '../planner.js';
import { changed, type Failure, failure, isFailure, type Run } from '../run.js';
import type { Agent, Conn, Leg } from '../state.js';
import { type Asker, type Asking, type Said, wrongState } from './asking.js';
import { askFor, isSlot, mineServed, unreachable, wait } from './native-commands.js';

interface AtSeat {
  readonly agent: Agent;
  readonly seat: DeviceId;
  readonly switchId: SwitchId;
}

/** The acting agent at their phone, free for something new, where its switch can do that. */
function atSeat(asking: Asker, service: Service): AtSeat | Failure {
  const { run, actor } = asking;
  const agent = actor.agentId === undefined ? undefined : run.s.agents.get(actor.agentId);
  if (agent === undefined) return failure('agent.notFound', 'this user is no agent');
  const { seat } = agent;
  if (seat === undefined) return failure('agent.state', 'log on first');
  const switchId = seatSwitch(run, agent);
  if (switchId === undefined) return failure('command.notSupported', 'the switch of this seat cannot do that');
  if (!isUp(run, switchId)) return failure('driver.linkLost', 'the switch cannot be reached now');
  if (!offers(run, switchId, service)) return failure('command.notSupported', 'the switch cannot do that now');
  if (agent.reservationId !== undefined || agent.conns.some((id) => run.s.conns.get(id)?.state !== 'held')) {
    return failure('agent.state', 'a call is under way at this seat');
  }
  return { agent, seat, switchId };
}

/** Digits as the switch takes them: without the code that a person at a phone dials for a line. */
interface Digits {
  readonly to: string;
  readonly trunk?: DeviceId;
}

const DIGITS = /^[0-9*#A-D]{1,32}$/u;

function digitsOf(run: Run, goal: Goal, switchId: SwitchId): Digits | Failure {
  if (goal.kind !== 'device') return failure('argument.invalid', 'this switch cannot send a call there');
  const { address } = parseDeviceId(goal.device) ?? { address: '' };
  if (!isOutside(goal.device)) {
    return DIGITS.test(address)
      ? { to: address }
      : failure('argument.number', 'cannot dial that: not a number of this switch');
  }
  const { outsidePrefix: _code, ...plan } = run.s.config.dialPlan;
  const decision = planDial(goal.party.e164 ?? goal.party.raw, plan);
  if (decision.kind !== 'outside' || !DIGITS.test(decision.digits)) {
    return failure('argument.number', 'cannot dial that: not a number of this site');
  }
  const { digits: to, trunk } = decision;
  return trunk !== undefined && parseDeviceId(trunk)?.switchId === switchId ? { to, trunk } : { to };
}

/** What an agent dials at a phone of the switch, by the rules for who may dial what. */
export function dialledAt(
  run: Run,
  what: {
    readonly to: string;
    readonly agent: Agent | undefined;
    readonly seat: DeviceId;
    readonly switchId: SwitchId;
  },
): { readonly goal: Extract<Goal, { kind: 'device' }>; readonly digits: Digits } | Failure {
  const { to, agent, seat, switchId } = what;
  const goal = goalOf(run, to, { ...(agentConfig(run, agent?.id) ?? { mayDial: 'any' as const }), switchId });
  if (isFailure(goal)) return goal;
  if (goal.kind !== 'device') return failure('argument.invalid', 'this switch cannot send a call there');
  if (goal.device === seat) return failure('argument.invalid', 'this is the own seat');
  const digits = digitsOf(run, goal, switchId);
  return isFailure(digits) ? digits : { goal, digits };
}

/** A call that a phone begins, with the connection that it will have. */
function begin(asking: Asker, at: AtSeat, what: { readonly body: BringingBody; readonly call: Served }): Said {
  const { run } = asking;
  const { call } = what;
  const conn = expectPart(run, call, at.seat);
  const sent = bring(run, conn, { body: what.body });
  if (sent === undefined) return unreachable();
  wait(asking, call, { sent, until: [{ is: 'seen', legId: conn.legId }], resultCallId: call.id });
  return 'waiting';
}

/** The phone itself calls: no seat is rung first. */
export function make(asking: Asking<'call.make'>): Said {
  const { run, command } = asking;
  const at = atSeat(asking, 'makeCall');
  if (isFailure(at)) return at;
  if (at.agent.conns.length > 0) return failure('agent.state', 'a call is under way at this seat');
  const dialled = dialledAt(run, { ...at, to: command.to });
  if (isFailure(dialled)) return dialled;
  const { goal, digits } = dialled;
  if (run.s.mode === 'draining' && goal.emergency === undefined)
    return failure('server.draining', 'no new calls are taken');
  const call = ownCall(run, at, goal.party);
  if (isOutside(goal.device)) {
    call.direction = 'outbound';
    call.customer = goal.party;
  }
  call.data = { ...command.data };
  noteConsent(run, call, { data: call.data, by: 'agent' });
  return begin(asking, at, { body: { type: 'makeCall', ...digits }, call });
}

function ownCall(run: Run, { agent, switchId }: AtSeat, called?: PhoneNumber): Served {
  const call = called === undefined ? nativeCall(run, { switchId }) : nativeCall(run, { switchId, called });
  call.madeBy = agent.id;
  call.callingName = agentConfig(run, agent.id)?.name;
  return call;
}

/** The last outside number of the phone once more. */
export function redial(asking: Asking<'call.redial'>): Said {
  const at = atSeat(asking, 'redial');
  if (isFailure(at)) return at;
  if (agentConfig(asking.run, at.agent.id)?.mayDial !== 'any')
    return failure('call.blocked', 'this agent may not dial outside numbers');
  return begin(asking, at, { body: { type: 'redial' }, call: ownCall(asking.run, at) });
}

/** Speaks through the loudspeakers of a zone. */
export function page(asking: Asking<'call.page'>): Said {
  const { zone } = asking.command;
  if (!Number.isInteger(zone) || zone < 0 || zone > 9)
    return failure('argument.invalid', 'a zone is a number from 0 to 9');
  const at = atSeat(asking, 'page');
  if (isFailure(at)) return at;
  const call = ownCall(asking.run, at);
  call.native.alone = 'page';
  return begin(asking, at, { body: { type: 'page', zone }, call });
}

/** Takes whoever waits on a park slot. */
export function unpark(asking: Asking<'call.unpark'>): Said {
  const { run, command } = asking;
  if (!isSlot(command.slot)) return failure('argument.invalid', 'a slot is a number from 1 to 255');
  const at = atSeat(asking, 'unpark');
  if (isFailure(at)) return at;
  const call = callWhere(run, at.switchId, (leg) => leg.parkedAt === command.slot);
  if (call === undefined) return failure('call.notFound', 'nobody waits on this slot');
  return begin(asking, at, { body: { type: 'unpark', slot: command.slot }, call });
}

/** Takes what rings at another phone, or anywhere in the own group. */
export function pickUp(asking: Asking<'call.pickUp'>): Said {
  const { run, command } = asking;
  const at = atSeat(asking, 'pickUp');
  if (isFailure(at)) return at;
  if (command.from === undefined)
    return begin(asking, at, { body: { type: 'pickUp' }, call: nativeCall(run, { switchId: at.switchId }) });
  const from = ringingAt(run, at, command.from);
  if (isFailure(from)) return from;
  const call = callWhere(run, at.switchId, (leg) => leg.device === from && leg.state === 'alerting');
  if (call === undefined) return wrongState('nothing rings there');
  return begin(asking, at, { body: { type: 'pickUp', from }, call });
}

/** The phone that is meant by an extension's number or an agent's name. */
function ringingAt(run: Run, at: AtSeat, from: string): DeviceId | Failure {
  const agentId = /^agent:(.{1,128})$/su.exec(from)?.[1];
  if (agentId === undefined) {
    const number = from.replace(/[\s().-]/gu, '');
    return DIGITS.test(number)
      ? deviceId(at.switchId, 'extension', number)
      : failure('argument.number', 'this is no extension');
  }
  const seat = [...run.s.agents.values()].find((agent) => agent.id === agentId)?.seat;
  return seat ?? failure('agent.state', 'the agent is not logged on');
}

function callWhere(run: Run, switchId: SwitchId, fits: (leg: Leg) => boolean): Served | undefined {
  for (const id of run.ix.legsOf.get(switchId) ?? []) {
    const leg = run.s.legs.get(id);
    if (leg === undefined || !fits(leg)) continue;
    const conn = run.s.conns.get(leg.conns[0] ?? leg.id);
    const call = conn === undefined ? undefined : run.s.calls.get(conn.callId);
    if (call !== undefined && isNative(call)) return call;
  }
  return undefined;
}

/** Holds the call, and calls another party from the same phone when it is held. */
export function consult(asking: Asking<'call.consult'>): Said {
  const { run, command } = asking;
  const found = mineServed(asking, command.callId, 'consult');
  if (isFailure(found)) return found;
  const { call, conn } = found;
  if (conn.state !== 'connected' && conn.state !== 'held') return wrongState('the call is not being talked in');
  if (pairOf(run, conn) !== undefined || call.consultedBy !== undefined || call.consultOf !== undefined) {
    return wrongState('a consultation is under way');
  }
  const agent = conn.agentId === undefined ? undefined : run.s.agents.get(conn.agentId);
  const dialled = dialledAt(run, { to: command.to, agent, seat: conn.device, switchId: call.switchId });
  if (isFailure(dialled)) return dialled;
  if (command.note !== undefined) call.data = { ...call.data, note: command.note.slice(0, 1000) };
  const other = nativeCall(run, { switchId: call.switchId, called: dialled.goal.party });
  other.direction = isOutside(dialled.goal.device) ? 'outbound' : 'internal';
  other.calling = conn.party;
  other.callingName = conn.partyName;
  other.madeBy = conn.agentId;
  other.customer = call.customer;
  other.match = call.match;
  other.data = { ...call.data };
  other.consultOf = call.id;
  call.consultedBy = other.id;
  const own = expectPart(run, other, conn.device);
  return holdThenDial(asking, { call, conn, other, own, digits: dialled.digits });
}

function holdThenDial(
  asking: Asker,
  what: {
    readonly call: Served;
    readonly conn: Conn;
    readonly other: Served;
    readonly own: Conn;
    readonly digits: Digits;
  },
): Said {
  const { run } = asking;
  const { call, conn, other, own, digits } = what;
  const until = [{ is: 'seen', legId: own.legId }] as const;
  if (conn.state === 'held') {
    const sent = bring(run, own, { body: { type: 'makeCall', ...digits }, about: call.id });
    if (sent === undefined) return unreachable();
    wait(asking, call, { sent, until, resultCallId: other.id });
    return 'waiting';
  }
  const sent = act(run, conn, { type: 'hold' });
  if (sent === undefined) return unreachable();
  conn.pending = 'hold';
  call.native.next = { do: 'makeCall', connId: conn.id, legId: own.legId, dial: digits };
  changed(run, call.id, 'pending');
  wait(asking, call, { sent, until, resultCallId: other.id });
  return 'waiting';
}

/** The other party goes there, which rings; I leave at once. */
export function transfer(asking: Asking<'call.transfer'>): Said {
  const { run, command } = asking;
  const found = mineServed(asking, command.callId, 'blindTransfer');
  if (isFailure(found)) return found;
  const { call, conn } = found;
  if (conn.state !== 'connected' && conn.state !== 'held') return wrongState('the call is not being talked in');
  if (connsOf(run, call).length !== 2) return wrongState('only a call of two can be transferred so');
  const to = leadsTo(asking, found, command.to);
  if (isFailure(to)) return to;
  if (command.note !== undefined) call.data = { ...call.data, note: command.note.slice(0, 1000) };
  call.native.transferTo = command.to;
  const until = [{ is: 'connGone', connId: conn.id }] as const;
  return askFor(asking, found, {
    body: { type: 'singleStepTransfer', to },
    pending: 'transfer',
    until,
    resultCallId: call.id,
  });
}

/** Another one is called in. */
export function addParty(asking: Asking<'call.addParty'>): Said {
  const { run, command } = asking;
  const found = mineServed(asking, command.callId, 'addParty');
  if (isFailure(found)) return found;
  const { call, conn } = found;
  if (conn.state !== 'connected') return wrongState('the call is not being talked in');
  const to = leadsTo(asking, found, command.to);
  if (isFailure(to)) return to;
  const until = [{ is: 'newPart', callId: call.id, after: run.s.ids.leg ?? 0 }] as const;
  return askFor(asking, found, { body: { type: 'singleStepConference', to }, until });
}

function leadsTo(
  asking: Asker,
  { call, conn }: { readonly call: Served; readonly conn: Conn },
  to: string,
): string | Failure {
  const { run } = asking;
  const agent = conn.agentId === undefined ? undefined : run.s.agents.get(conn.agentId);
  const dialled = dialledAt(run, { to, agent, seat: conn.device, switchId: call.switchId });
  if (isFailure(dialled)) return dialled;
  const { goal, digits } = dialled;
  // Whoever is busy is not rung by this: the caller would be lost to a busy tone.
  const checked = goal.agentId === undefined ? goal : agentGoal(run, goal.agentId);
  return isFailure(checked) ? checked : digits.to;
}
