import type { RouteTarget } from '../contract/config.js';
import { type AgentId, deviceId } from '../contract/ids.js';
import type { PhoneNumber, RawParty } from '../contract/numbers.js';
import { normalise } from '../numbers/index.js';
import { agentAt, connsOf, isOutside, keyOf, legOf } from './lookups.js';
import { askCustomer, offerPop, popsAt } from './pops.js';
import { findRoute } from './route-index.js';
import { changed, count, type Run } from './run.js';
import type { Call, Conn, Leg, NativeCall } from './state.js';

type Served = Call & { native: NativeCall };

/** What a switch says of who calls whom, at one connection. */
export interface Numbers {
  readonly leg: Leg;
  readonly conn: Conn;
  readonly calling?: RawParty | undefined;
  readonly called?: RawParty | undefined;
}

/** Takes what a switch says of who calls whom, at the beginning or later. What it does not say stays as it is. */
export function learnNumbers(run: Run, call: Served, what: Numbers): void {
  const { leg, conn } = what;
  const calling = read(run, what.calling);
  const called = read(run, what.called);
  const outside = isOutside(leg.device);
  const comes = leg.direction === 'incoming';
  const begins = outside ? comes : comes && call.conns[0] === conn.id;
  if (calling !== undefined && (begins || call.calling.raw === '')) {
    call.calling = calling;
    call.callingName = what.calling?.name ?? call.callingName;
  }
  // What a phone dials may begin with an access code: what goes out on the line is the number.
  const dials = outside ? comes || call.direction === 'outbound' : begins && call.direction === 'internal';
  if (called !== undefined && (dials || call.called.raw === '')) call.called = called;
  const behind = comes ? calling : called;
  if (outside && behind !== undefined) {
    conn.party = behind;
    conn.partyName = (comes ? what.calling?.name : what.called?.name) ?? conn.partyName;
  }
  nameCustomer(run, call);
  if (call.direction === 'inbound') routePop(run, call);
}

function read(run: Run, party: RawParty | undefined): PhoneNumber | undefined {
  if (party === undefined || (party.number === '' && party.presentation !== 'withheld')) return undefined;
  return normalise(party, run.s.config.dialPlan);
}

/** The customer is who is behind the line, of a consultation the one of the call that waits for it. */
function nameCustomer(run: Run, call: Served): void {
  if (call.consultOf !== undefined || call.direction === 'internal') return;
  const line = connsOf(run, call).find((conn) => isOutside(conn.device));
  const told = call.direction === 'inbound' ? call.calling : call.called;
  const number = line === undefined || line.party.raw === '' ? told : line.party;
  const before = call.customer;
  if (before !== undefined && keyOf(before) === keyOf(number) && before.presentation === number.presentation) return;
  call.customer = number;
  changed(run, call.id, 'partyChanged');
}

/**
 * Asks who the customer is when the number is there: of a caller at once, of a number that somebody dials when it is complete, which is when it rings or is
 * answered. A number that is told anew asks anew, and the answer to the one before means nothing.
 */
function ask(run: Run, call: Served): void {
  const { customer, native } = call;
  if (customer === undefined || call.consultOf !== undefined) return;
  const key = keyOf(customer);
  if (key === '' || native.asked?.key === key) return;
  if (call.direction === 'outbound' && !connsOf(run, call).some((conn) => isOutside(conn.device) && isThrough(conn)))
    return;
  if (native.asked?.lookupId !== undefined) run.s.lookups.delete(native.asked.lookupId);
  call.match = undefined;
  native.asked = { key, lookupId: askCustomer(run, call) };
}

const isThrough = (conn: Conn): boolean => conn.state !== 'initiated';

/** Where a route leads can only say whose screen pops: the switch itself rings the phones. */
function routePop(run: Run, call: Served): void {
  const { native } = call;
  if (native.routed !== undefined || call.called.raw === '') return;
  const found = findRoute(run, { number: call.called, from: 'outside', switchId: call.switchId });
  if (found === undefined || found === 'busy') return;
  native.routed = 'routed';
  const to = found.popTo ?? found.to;
  if (to.kind === 'agent' || to.kind === 'extension') native.popTo = agentOf(run, call, to);
  else if (to.kind !== 'hangup') count(run, `ignored.native.route.${to.kind}`);
}

function agentOf(run: Run, call: Call, to: Extract<RouteTarget, { kind: 'agent' | 'extension' }>): AgentId | undefined {
  if (to.kind === 'agent') return to.agent;
  const configured = run.s.config.devices.find((device) => device.id.endsWith(`:extension:${to.number}`));
  return agentAt(run, configured?.id ?? deviceId(call.switchId, 'extension', to.number))?.id;
}

/**
 * Screens pop as soon as a seat's phone rings and the caller is known, at the latest when it is answered; the one that the route names beside. Each once, so that this may
 * be called at any time.
 */
export function tendPops(run: Run, call: Served): void {
  ask(run, call);
  if (call.customer === undefined) return;
  const known = keyOf(call.customer) !== '' || call.customer.presentation === 'withheld';
  for (const conn of connsOf(run, call)) {
    const { agentId, state } = conn;
    if (agentId === undefined) continue;
    // Who dials a number knows whom they call: their screen pops when it is answered.
    const calls = legOf(run, conn)?.direction === 'incoming';
    if (calls ? conn.talked !== undefined : state === 'connected')
      offerPop(run, call, { conn, at: popsAt(run, call, agentId) });
    else if (state === 'alerting' && known && popsAt(run, call, agentId) === 'alerting')
      offerPop(run, call, { conn, at: 'alerting' });
  }
  popByRoute(run, call, known ? 'known' : 'unknown');
}

function popByRoute(run: Run, call: Served, caller: 'known' | 'unknown'): void {
  const agentId = call.native.popTo;
  if (agentId === undefined || run.s.agents.get(agentId)?.seat === undefined) return;
  if (!call.watchers.includes(agentId)) {
    call.watchers.push(agentId);
    changed(run, call.id, 'partyChanged');
  }
  const at = popsAt(run, call, agentId);
  const isTime = call.answeredWallMs !== undefined || (caller === 'known' && at === 'alerting');
  if (isTime) offerPop(run, call, { conn: { agentId, role: 'party', leaving: undefined }, at, stays: 'stays' });
}
