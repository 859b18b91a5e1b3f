import type { ReleaseCause } from '../contract/causes.js';
import type { RouteTarget } from '../contract/config.js';
import type { DriverEvent } from '../contract/driver-events.js';
import { type CallId, parseDeviceId, type SwitchId } from '../contract/ids.js';
import { normalise, planDial } from '../numbers/index.js';
import { can, send } from './commands.js';
import { agentGoal, dial, diallerAt, type Goal, goalOf } from './dial.js';
import { screenCaller } from './firewall.js';
import { startFlow } from './flows.js';
import { addConn, addLeg, moveConn, release, watchLeg } from './legs.js';
import { agentAt, agentConfig, connsOf, connsOfLeg, isAnchor, isOutside, legOf } from './lookups.js';
import { leave } from './parting.js';
import { askCustomer } from './pops.js';
import { joinQueue, roomIn } from './queues.js';
import { findRoute } from './route-index.js';
import { changed, count, type Failure, isFailure, nextNumber, type Run } from './run.js';
import type { Call, Conn, Leg } from './state.js';
import { startTimer } from './timers.js';
import { popAtOnce } from './watched.js';

type Created = Extract<DriverEvent, { type: 'created' }>;

/** Puts a new call into the model. */
export function newCall(
  run: Run,
  what: Pick<Call, 'direction' | 'calling' | 'called' | 'switchId'> &
    Partial<Pick<Call, 'customer' | 'data' | 'consultOf' | 'callingName'>>,
): Call {
  const n = nextNumber(run, 'c');
  const call: Call = {
    id: `${run.s.epoch}-c${n}` as CallId,
    n,
    switchId: what.switchId,
    direction: what.direction,
    calling: what.calling,
    called: what.called,
    aliases: [],
    callingName: what.callingName,
    customer: what.customer,
    startedMs: run.at,
    startedWallMs: run.wall,
    answeredWallMs: undefined,
    watched: undefined,
    native: undefined,
    progress: undefined,
    routeId: undefined,
    queueId: undefined,
    lastEntry: undefined,
    ivrPath: [],
    data: what.data ?? {},
    match: undefined,
    consent: undefined,
    conns: [],
    watchers: [],
    agents: [],
    missed: undefined,
    bridgeId: undefined,
    bridgeReturns: undefined,
    consultOf: what.consultOf,
    consultedBy: undefined,
    make: undefined,
    flow: undefined,
    entryId: undefined,
    transfer: undefined,
    transfers: [],
    segments: [],
    merged: [],
    recordings: [],
    surveyed: undefined,
    recordNotBeforeMs: undefined,
    madeBy: undefined,
    pops: [],
    ops: [],
    ending: undefined,
    maxTimer: undefined,
    outage: undefined,
  };
  run.s.calls.set(call.id, call);
  const { maxCallMs } = run.s.config.timers;
  if (maxCallMs > 0) call.maxTimer = startTimer(run, maxCallMs, { do: 'maxCall', callId: call.id });
  changed(run, call.id, 'partyChanged');
  return call;
}

/**
 * A device calls: a call of its own, routed by the number that it dialled. While the server drains, the switch's own dialplan takes it where
 * it can; an emergency call is never given away.
 */
export function incoming(run: Run, switchId: SwitchId, event: Created): void {
  const plan = run.s.config.dialPlan;
  const calling = normalise(event.calling, plan);
  const called = normalise(event.called, plan);
  const outside = isOutside(event.device);
  const call = newCall(run, {
    switchId,
    direction: outside ? 'inbound' : 'internal',
    calling,
    called,
    callingName: event.calling.name,
    customer: outside ? calling : undefined,
  });
  const leg = addLeg(run, {
    id: event.connectionId,
    switchId,
    device: event.device,
    direction: 'incoming',
    control: event.control,
    seen: 'yes',
  });
  const agent = outside ? undefined : agentAt(run, event.device);
  const conn = addConn(run, leg, {
    call,
    party: calling,
    partyName: event.calling.name,
    agentId: agent?.id,
  });
  if (agent !== undefined) call.madeBy = agent.id;
  const draining = run.s.mode === 'draining' && can(run, switchId, 'redirect');
  if (draining && (outside || !isEmergencyCall(run, event.called.number))) return giveBack(run, call, conn);
  admit(run, call, conn);
}

function isEmergencyCall(run: Run, number: string): boolean {
  const decision = planDial(number, run.s.config.dialPlan);
  return decision.kind === 'outside' && decision.emergency !== undefined;
}

function giveBack(run: Run, call: Call, conn: Conn): void {
  const leg = legOf(run, conn);
  if (leg === undefined) return;
  leg.givenBack = 'asked';
  count(run, 'givenBack');
  leave(run, call, { by: 'system', end: { cause: 'transferred' } });
  release(run, conn, 'transferred');
}

/** The switch would not take a call back that came while the server drains: it is served as any other. */
export function keepAfterAll(run: Run, leg: Leg): void {
  leg.givenBack = undefined;
  leg.clearing = undefined;
  leg.clearAskedMs = undefined;
  for (const conn of connsOfLeg(run, leg)) {
    const call = run.s.calls.get(conn.callId);
    if (call === undefined) continue;
    conn.leaving = undefined;
    conn.pending = undefined;
    call.ending = undefined;
    admit(run, call, conn);
  }
}

/** Takes charge of an incoming call and sends it where the number that was dialled leads. Emergency numbers before everything else (L15). */
function admit(run: Run, call: Call, conn: Conn): void {
  const outside = isOutside(conn.device);
  const { switchId, called } = call;
  send(
    run,
    { type: 'claim', connectionId: conn.legId, mark: { callId: call.id } },
    { switchId, legId: conn.legId, callId: call.id },
  );
  const screened = outside ? screenCaller(run, call.calling) : {};
  if (screened === 'refused') {
    count(run, 'firewall.refused');
    return refuse(run, call, { conn, cause: 'blocked' });
  }
  if (outside) askCustomer(run, call);
  if (!outside && isEmergencyCall(run, called.raw)) return dialledByPhone(run, call, { conn, number: called.raw });
  const found = findRoute(run, { number: called, from: outside ? 'outside' : 'inside', switchId });
  if (found === 'busy') return refuse(run, call, { conn, cause: 'busy' });
  if (found !== undefined) {
    call.routeId = found.id;
    run.ix.routeCalls.set(found.id, (run.ix.routeCalls.get(found.id) ?? 0) + 1);
    if (found.popTo !== undefined) popAtOnce(run, call, found.popTo);
    return routeTo(run, call, { conn, to: found.to, priority: screened.priority ?? found.priority });
  }
  if (outside) return refuse(run, call, { conn, cause: 'unallocatedNumber' });
  dialledByPhone(run, call, { conn, number: called.raw });
}

/** A phone dialled by itself: an extension, or an outside number where the agent at it may. */
function dialledByPhone(run: Run, call: Call, what: { readonly conn: Conn; readonly number: string }): void {
  const { conn, number } = what;
  const goal = goalOf(run, number, diallerAt(run, conn.device, conn.agentId));
  if (isFailure(goal)) return refuse(run, call, { conn, cause: causeOf(goal) });
  toGoal(run, call, { conn, goal });
}

/** What a caller hears of a goal that cannot be dialled. */
function causeOf({ fail }: Failure): ReleaseCause {
  if (fail === 'agent.state') return 'busy';
  return fail === 'call.blocked' ? 'blocked' : 'unallocatedNumber';
}

function toGoal(
  run: Run,
  call: Call,
  what: { readonly conn: Conn; readonly goal: Goal; readonly ringMs?: number },
): void {
  const { conn, goal } = what;
  if (goal.kind === 'queue') return routeTo(run, call, { conn, to: { kind: 'queue', queue: goal.queueId } });
  if (goal.kind === 'flow') return routeTo(run, call, { conn, to: { kind: 'ivr', flow: goal.flow } });
  if (goal.device === conn.device) return refuse(run, call, { conn, cause: 'busy' });
  if (isOutside(goal.device)) {
    call.direction = call.direction === 'internal' ? 'outbound' : call.direction;
    call.customer ??= goal.party;
  }
  const leg = legOf(run, conn);
  if (leg?.state === 'initiated' && leg.direction === 'incoming') {
    send(run, { type: 'ring', connectionId: leg.id }, { switchId: leg.switchId, legId: leg.id, callId: call.id });
  }
  dial(run, call, {
    goal,
    ring: {
      purpose: 'route',
      ringMs: what.ringMs ?? run.s.config.timers.ringMs,
      from: call.calling,
      fromName: call.callingName,
    },
  });
}

/** Sends a call where a route, an overflow or a flow says. */
export function routeTo(
  run: Run,
  call: Call,
  what: { readonly conn: Conn; readonly to: RouteTarget; readonly priority?: number },
): void {
  const { conn, to } = what;
  switch (to.kind) {
    case 'hangup':
      return refuse(run, call, { conn, cause: 'normalClearing' });
    case 'ivr':
      startFlow(run, call, { conn, flow: to.flow });
      return answerCaller(run, call);
    case 'queue': {
      const found = roomIn(run, to.queue);
      if (found === undefined) return refuse(run, call, { conn, cause: 'congestion' });
      if (found.kind !== 'queue') return routeTo(run, call, { conn, to: found });
      joinQueue(run, call, {
        queueId: found.queue,
        origin: 'route',
        priority: what.priority === undefined || what.priority === 0 ? undefined : what.priority,
      });
      return answerCaller(run, call);
    }
    case 'agent': {
      const goal = agentGoal(run, to.agent);
      if (isFailure(goal)) return refuse(run, call, { conn, cause: 'busy' });
      return toGoal(run, call, { conn, goal });
    }
    case 'extension':
    case 'outside': {
      const goal = goalOf(run, to.number);
      if (isFailure(goal)) return refuse(run, call, { conn, cause: causeOf(goal) });
      return toGoal(run, call, { conn, goal });
    }
  }
}

/** Takes an incoming connection that is not answered yet off the hook. */
export function answerCaller(run: Run, call: Call): void {
  for (const conn of connsOf(run, call)) {
    const leg = isAnchor(conn) ? legOf(run, conn) : undefined;
    if (leg === undefined || leg.direction !== 'incoming' || leg.state === 'connected' || leg.answerAsked !== undefined)
      continue;
    if (leg.clearing !== undefined || (leg.notBeforeMs ?? 0) > run.at) continue;
    const sent = send(
      run,
      { type: 'answer', connectionId: leg.id },
      { switchId: leg.switchId, legId: leg.id, callId: call.id },
    );
    if (sent === undefined) continue;
    leg.answerAsked = 'asked';
    watchLeg(run, leg, run.s.config.timers.confirmMs);
  }
}

/**
 * How often the switch may refuse to take a caller off the hook, and the first pause between; each is twice the one before. When none is ever
 * confirmed, at 10 s each, it rings for 43.5 s: an exchange lets it ring for three minutes (ITU-T Q.931, T301).
 */
const MAX_ANSWERS = 4;
const ANSWER_AGAIN_MS = 500;

/** The switch would not answer a caller, or never confirmed it: asked again after a pause; in the end the system lets the caller go. */
export function answerRefused(run: Run, leg: Leg): void {
  leg.answerAsked = undefined;
  if (leg.state === 'connected' || leg.clearing !== undefined) return;
  if (leg.refused !== 'answer') leg.tries = 0;
  leg.refused = 'answer';
  const pauseMs = ANSWER_AGAIN_MS * 2 ** leg.tries;
  leg.tries += 1;
  leg.notBeforeMs = run.at + pauseMs;
  for (const conn of connsOfLeg(run, leg)) {
    const call = run.s.calls.get(conn.callId);
    if (call === undefined) continue;
    if (leg.tries >= MAX_ANSWERS) refuse(run, call, { conn, cause: 'failure' });
    else startTimer(run, pauseMs, { do: 'retry', callId: call.id });
  }
}

/** Ends a call by decision of the system. */
export function refuse(run: Run, call: Call, what: { readonly conn: Conn; readonly cause: ReleaseCause }): void {
  leave(run, call, { by: 'system', end: { cause: what.cause } });
  count(run, `refused.${what.cause}`);
  release(run, what.conn, what.cause);
}

/** The seat of one who makes a call was answered: now the other side is dialled. */
export function connectMake(run: Run, call: Call, conn: Conn): void {
  const { make } = call;
  call.make = undefined;
  if (make === undefined) return;
  const goal = goalOf(run, make.to, agentConfig(run, make.agentId));
  if (isFailure(goal)) return refuse(run, call, { conn, cause: 'unallocatedNumber' });
  if (goal.kind === 'queue') {
    return routeTo(run, call, { conn, to: { kind: 'queue', queue: goal.queueId } });
  }
  if (goal.kind === 'flow') return startFlow(run, call, { conn, flow: goal.flow });
  dial(run, call, {
    goal,
    ring: { purpose: 'party', ringMs: run.s.config.timers.ringMs, from: call.calling, fromName: call.callingName },
  });
}

/** An incoming caller was answered by us. */
export function callerConnected(run: Run, call: Call, conn: Conn): void {
  if (moveConn(run, conn, 'connected') !== 'moved') return;
  conn.pending = undefined;
  if (call.entryId !== undefined) moveConn(run, conn, 'queued');
  changed(run, call.id, 'connected');
}

/** The address of a device without switch and kind. */
export function addressOf(device: Conn['device']): string {
  return parseDeviceId(device)?.address ?? '';
}
