import type { CallAction } from '../contract/views.js';
import { connsOf, isOutside } from './lookups.js';
import type { Served } from './native-calls.js';
import { pairOf } from './native-seats.js';
import { isParked } from './native-transfers.js';
import { type Service, servicesOf } from './planner.js';
import type { Run } from './run.js';
import type { Conn, Leg } from './state.js';

/** What may be done with an agent's connection of a call that its switch carries out; with others nothing. */
export function nativeActions(
  run: Run,
  call: Served,
  { conn, leg }: { readonly conn: Conn; readonly leg: Leg },
): CallAction[] {
  if (conn.agentId === undefined || leg.seen !== 'yes') return [];
  const services = servicesOf(run, leg.switchId);
  const can = (service: Service): boolean => services.has(service);
  if (conn.state === 'alerting' || conn.state === 'initiated') {
    const rung = leg.direction === 'outgoing';
    const actions: CallAction[] = rung && conn.state === 'alerting' && can('answer') ? ['answer'] : [];
    if (can('clear')) actions.push(rung ? 'reject' : 'clear');
    return actions;
  }
  const actions: CallAction[] = can('clear') ? ['clear'] : [];
  const others = connsOf(run, call).filter((other) => other !== conn);
  const pair = pairOf(run, conn);
  if (conn.state === 'held') {
    if (can('retrieve') && pair === undefined) actions.push('retrieve');
    if (can('consult') && pair === undefined && call.consultedBy === undefined) actions.push('consult');
  } else if (others.length > 0) actions.push(...talkActions(run, call, { others, can, free: pair === undefined }));
  if (pair?.active.conn === conn) pairActions(others, { can, actions });
  if (others.length > 0 && can('clear')) actions.push('forceRelease');
  actions.push('setData');
  return actions;
}

function talkActions(
  run: Run,
  call: Served,
  what: { readonly others: readonly Conn[]; readonly can: (service: Service) => boolean; readonly free: boolean },
): CallAction[] {
  const { others, can, free } = what;
  const actions: CallAction[] = [];
  const [other] = others;
  const two = others.length === 1 && other?.state === 'connected' && !isParked(run, other);
  if (can('hold')) actions.push('hold');
  if (can('sendDigits')) actions.push('sendDigits');
  if (can('flash') && others.some((one) => isOutside(one.device))) actions.push('flash');
  if (free && can('consult') && call.consultOf === undefined && call.consultedBy === undefined) actions.push('consult');
  if (free && two && can('blindTransfer')) actions.push('transfer');
  if (free && two && can('park')) actions.push('park');
  if (can('addParty')) actions.push('addParty');
  return actions;
}

/** With another call on hold at the same phone. */
function pairActions(
  others: readonly Conn[],
  { can, actions }: { readonly can: (service: Service) => boolean; readonly actions: CallAction[] },
): void {
  if (others.length > 0 && can('completeTransfer')) actions.push('completeTransfer');
  if (can('clear') && can('retrieve')) actions.push('cancelConsult');
  if (!others.some((other) => other.state === 'connected')) return;
  if (can('alternate')) actions.push('alternate');
  if (can('conference')) actions.push('conference');
}
