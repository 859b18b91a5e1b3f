import { markSegment, markTalk } from '../cdr/segments.js';
import type { RouteTarget } from '../contract/config.js';
import type { DriverEvent } from '../contract/driver-events.js';
import { type AgentId, type DeviceId, deviceId, type SwitchId } from '../contract/ids.js';
import { normalise } from '../numbers/index.js';
import { newCall } from './calls.js';
import { can } from './commands.js';
import { finishCall } from './finish.js';
import { addConn, addLeg } from './legs.js';
import { agentAt, connsOf, isOutside, legOf } from './lookups.js';
import { checkOps } from './ops.js';
import { askCustomer, offerPop, popsAt } from './pops.js';
import { findRoute } from './route-index.js';
import { changed, type Run } from './run.js';
import type { Call } from './state.js';

type Created = Extract<DriverEvent, { type: 'created' }>;

/** Is it a line at which a unit only watches (caller ID and hook, nothing to answer or end a call with)? */
export function isWatched(run: Run, switchId: SwitchId, event: Created): boolean {
  const state = run.s.switches.get(switchId);
  return state?.profile === 'line' && isOutside(event.device) && !can(run, switchId, 'answer');
}

/**
 * A call on a line that can only be watched: it has a record, and the screen of whom its route names (an agent, or who sits at an extension) pops; its phone
 * is answered by hand. Nothing is ever asked of it.
 */
export function watchCall(run: Run, switchId: SwitchId, event: Created): void {
  const plan = run.s.config.dialPlan;
  const calling = normalise(event.calling, plan);
  const called = normalise(event.called, plan);
  const comes = event.direction === 'incoming';
  const call = newCall(run, {
    switchId,
    direction: comes ? 'inbound' : 'outbound',
    calling,
    called,
    callingName: event.calling.name,
    customer: comes ? calling : called,
  });
  call.watched = 'watched';
  const leg = addLeg(run, {
    id: event.connectionId,
    switchId,
    device: event.device,
    direction: event.direction,
    control: 'observe',
    seen: 'yes',
  });
  addConn(run, leg, { call, party: comes ? calling : called, partyName: event.calling.name });
  askCustomer(run, call);
  if (!comes) return;
  const found = findRoute(run, { number: called, from: 'outside', switchId });
  if (found === undefined || found === 'busy') return;
  popAtOnce(run, call, found.popTo ?? found.to);
}

/** Pops the screen of an agent, or of who is logged on at an extension, although their phone does not ring. They see the call until it is over. */
export function popAtOnce(run: Run, call: Call, to: RouteTarget): void {
  const agentId =
    to.kind === 'agent'
      ? to.agent
      : to.kind === 'extension'
        ? agentAt(run, seatOf(run, call.switchId, to.number))?.id
        : undefined;
  if (agentId === undefined || run.s.agents.get(agentId)?.seat === undefined) return;
  if (!call.watchers.includes(agentId)) call.watchers.push(agentId);
  if (popsAt(run, call, agentId) === 'alerting') pop(run, call, { agentId, at: 'alerting' });
  changed(run, call.id, 'partyChanged');
}

function seatOf(run: Run, switchId: SwitchId, number: string): DeviceId {
  const configured = run.s.config.devices.find((device) => device.id.endsWith(`:extension:${number}`));
  return configured?.id ?? deviceId(switchId, 'extension', number);
}

function pop(run: Run, call: Call, what: { readonly agentId: AgentId; readonly at: 'alerting' | 'connected' }): void {
  const conn = { agentId: what.agentId, role: 'party', leaving: undefined } as const;
  offerPop(run, call, { conn, at: what.at, stays: 'stays' });
}

/** Looks at a watched call: when it is answered, and when it is over. */
export function tendWatched(run: Run, call: Call): void {
  if (call.conns.length === 0) return finishCall(run, call);
  const isUp = connsOf(run, call).some((conn) => legOf(run, conn)?.state === 'connected');
  if (isUp && call.answeredWallMs === undefined) {
    call.answeredWallMs = call.startedWallMs + run.at - call.startedMs;
    markTalk(run, call);
    const [agentId] = call.watchers;
    if (agentId !== undefined) pop(run, call, { agentId, at: popsAt(run, call, agentId) });
  }
  markSegment(run, call);
  checkOps(run, call);
}
