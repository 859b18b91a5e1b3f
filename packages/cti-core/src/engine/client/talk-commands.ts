import { newCall } from '../calls.js';
import { addressOfDevice, agentGoal, dial, type Goal, goalOf } from '../dial.js';
import { flashTo } from '../flash.js';
import { inFlow, startFlow } from '../flows.js';
import { addConn, endConn, moveConn, release } from '../legs.js';
import { agentConfig, connsOf, connsOfLeg, customerConn, hasOthers, isParty, legOf, upParties } from '../lookups.js';
import { joinCalls, mergeCalls, survivorOf } from '../merge.js';
import { supersede, waitFor } from '../ops.js';
import { leave } from '../parting.js';
import { offers } from '../planner.js';
import { isFull, joinQueue } from '../queues.js';
import { changed, type Failure, failure, isFailure, type Run } from '../run.js';
import { partyOf } from '../seat-goals.js';
import type { Call, Conn, Until } from '../state.js';
import { blindTransfer } from '../transfers.js';
import { type Asker, type Asking, type AskingAny, mineNow, type Said, wrongState } from './asking.js';
import { transferByFlash } from './flash-transfer.js';

const unsupported = (): Failure => failure('command.notSupported', 'the switch cannot do that now');

const queueFull = (): Failure => failure('call.blocked', 'the queue takes no more callers');

function can(asking: Asker, conn: Conn, service: Parameters<typeof offers>[2]): boolean {
  const leg = legOf(asking.run, conn);
  return leg !== undefined && offers(asking.run, leg.switchId, service);
}

/** My connection, talking. */
function talking(asking: AskingAny, callId: Call['id']): { readonly call: Call; readonly conn: Conn } | Failure {
  const found = mineNow(asking, callId);
  if (isFailure(found)) return found;
  if (!isParty(found.conn)) return wrongState('a supervising connection cannot do that');
  if (found.conn.state !== 'connected' || found.conn.hold !== undefined)
    return wrongState('the call is not being talked in');
  if (found.call.transfer !== undefined) return wrongState('a transfer is under way');
  return found;
}

/** Puts the others on hold with music. */
export function hold(asking: Asking<'call.hold'>): Said {
  const found = talking(asking, asking.command.callId);
  if (isFailure(found)) return found;
  if (!can(asking, found.conn, 'hold')) return unsupported();
  if (upParties(asking.run, found.call).length < 2) return wrongState('nobody else is connected');
  putOnHold(asking.run, found.call, found.conn);
  waitFor(asking.run, asking, { call: found.call, until: [{ is: 'state', connId: found.conn.id, state: 'held' }] });
  return 'waiting';
}

function putOnHold(run: Run, call: Call, conn: Conn): void {
  supersede(run, call, { connId: conn.id, state: 'connected' });
  conn.hold = 'agent';
  conn.pending = 'hold';
  changed(run, call.id, 'pending');
}

/** Takes a held call back. */
export function retrieve(asking: Asking<'call.retrieve'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { call, conn } = found;
  if (conn.hold === undefined) return wrongState('the call is not held');
  if (conn.hold === 'device') return wrongState('the phone holds it; take it back at the phone');
  if (inFlow(call)) return wrongState('the caller is in a flow');
  if (otherInUse(asking.run, conn) !== undefined)
    return wrongState('another call is being talked in; alternate instead');
  if (!can(asking, conn, 'retrieve')) return unsupported();
  takeBack(asking.run, call, conn);
  waitFor(asking.run, asking, { call, until: [{ is: 'state', connId: conn.id, state: 'connected' }] });
  return 'waiting';
}

function takeBack(run: Run, call: Call, conn: Conn): void {
  supersede(run, call, { connId: conn.id, state: 'held' });
  conn.hold = undefined;
  conn.setAside = undefined;
  if (conn.state === 'held') conn.pending = 'retrieve';
  changed(run, call.id, 'pending');
}

function otherInUse(run: Run, conn: Conn): Conn | undefined {
  const leg = legOf(run, conn);
  const conns = leg === undefined ? [] : connsOfLeg(run, leg);
  return conns.find((other) => other.id !== conn.id && other.hold === undefined && other.leaving === undefined);
}

/** Holds the call and calls another party from the same seat. */
export function consult(asking: Asking<'call.consult'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run, command } = asking;
  const { call, conn } = found;
  if (!isParty(conn) || (conn.state !== 'connected' && conn.state !== 'held') || conn.hold === 'device') {
    return wrongState('the call is not being talked in');
  }
  if (call.consultedBy !== undefined || call.consultOf !== undefined || otherInUse(run, conn) !== undefined) {
    return wrongState('a consultation is under way');
  }
  if (call.transfer !== undefined || inFlow(call)) return wrongState('a transfer is under way');
  if (!can(asking, conn, 'consult')) return unsupported();
  const goal = goalOf(run, command.to, agentConfig(run, conn.agentId));
  if (isFailure(goal)) return goal;
  if (goal.kind === 'flow') return failure('argument.invalid', 'a flow cannot be consulted');
  if (goal.kind === 'queue' && isFull(run, goal.queueId)) return queueFull();
  if (goal.kind === 'device' && goal.device === conn.device) return failure('argument.invalid', 'this is the own seat');
  const leg = legOf(run, conn);
  if (leg === undefined) return wrongState('the connection has ended');
  if (command.note !== undefined) call.data = { ...call.data, note: command.note.slice(0, 1000) };
  if (conn.hold === undefined) putOnHold(run, call, conn);
  const outside = goal.kind === 'device' && addressOfDevice(goal.device).outside;
  const other = newCall(run, {
    switchId: call.switchId,
    direction: outside ? 'outbound' : 'internal',
    calling: conn.party,
    called: goal.kind === 'device' ? goal.party : partyOf(run, ''),
    callingName: conn.partyName,
    consultOf: call.id,
    data: { ...call.data },
    ...(call.customer === undefined ? {} : { customer: call.customer }),
  });
  other.match = call.match;
  other.ivrPath = [...call.ivrPath];
  call.consultedBy = other.id;
  const own = addConn(run, leg, { call: other, party: conn.party, agentId: conn.agentId, partyName: conn.partyName });
  moveConn(run, own, 'connected');
  if (goal.kind === 'queue') {
    joinQueue(run, other, { queueId: goal.queueId, origin: 'transfer' });
    return { callId: other.id };
  }
  const target = consultDial(run, other, { goal, from: call, own });
  waitFor(run, asking, { call: other, until: [{ is: 'seen', legId: target.legId }], resultCallId: other.id });
  return 'waiting';
}

function consultDial(
  run: Run,
  other: Call,
  what: { readonly goal: Extract<Goal, { kind: 'device' }>; readonly from: Call; readonly own: Conn },
): Conn {
  return dial(run, other, {
    goal: what.goal,
    ring: {
      purpose: 'consult',
      ringMs: run.s.config.timers.ringMs,
      from: what.own.party,
      fromName: what.own.partyName,
    },
  });
}

/** Both calls of a consultation with my connections in them, on one line if there is such a pair; named by either call. */
function pair(
  asking: AskingAny,
  callId: Call['id'],
): { readonly main: Call; readonly mainConn: Conn; readonly other: Call; readonly otherConn: Conn } | Failure {
  const found = mineNow(asking, callId);
  if (isFailure(found)) return found;
  const { run } = asking;
  const { call } = found;
  const partnerId = call.consultOf ?? call.consultedBy;
  const partner = partnerId === undefined ? undefined : run.s.calls.get(partnerId);
  const agentId = found.conn.agentId;
  if (partner === undefined || agentId === undefined) return wrongState('no consultation is under way');
  const own = partsOf(run, call, agentId);
  const theirs = partsOf(run, partner, agentId);
  // Whose other line was consulted and took the place of who asked is in that call twice.
  const conn = own.find((one) => theirs.some((other) => other.legId === one.legId)) ?? found.conn;
  const partnerConn = theirs.find((other) => other.legId === conn.legId) ?? theirs[0];
  if (partnerConn === undefined) return wrongState('no consultation is under way');
  return call.consultOf === undefined
    ? { main: call, mainConn: conn, other: partner, otherConn: partnerConn }
    : { main: partner, mainConn: partnerConn, other: call, otherConn: conn };
}

function partsOf(run: Run, call: Call, agentId: Conn['agentId']): Conn[] {
  return connsOf(run, call).filter((conn) => conn.agentId === agentId && conn.leaving === undefined);
}

/** Ends my part in one of two calls: its line is hung up unless it is that of the other one. */
function endPart(run: Run, conn: Conn, other: Conn): void {
  if (conn.legId === other.legId) endConn(run, conn, { cause: 'normalClearing' });
  else release(run, conn, 'normalClearing');
}

/** Joins the held call's others with the consulted party; I leave. */
export function completeTransfer(asking: Asking<'call.completeTransfer'>): Said {
  const found = pair(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run } = asking;
  const { main, mainConn, other, otherConn } = found;
  if (!can(asking, mainConn, 'completeTransfer')) return unsupported();
  if (upParties(run, main).length < 2) return wrongState('the held party has left');
  if (!hasOthers(run, otherConn)) return wrongState('whom you consulted has left');
  const into = survivorOf(run, main, other);
  const until: Until[] = [
    { is: 'connGone', connId: mainConn.id },
    { is: 'connGone', connId: otherConn.id },
  ];
  waitFor(run, asking, { call: into, until, resultCallId: into.id });
  joinCalls(run, { a: mainConn, b: otherConn, by: mainConn.agentId ?? 'system' });
  return 'waiting';
}

/** Ends the consultation and takes the held call back. */
export function cancelConsult(asking: Asking<'call.cancelConsult'>): Said {
  const found = pair(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run } = asking;
  const { main, mainConn, other, otherConn } = found;
  leave(run, other, { by: 'agent', end: { cause: 'normalClearing' } });
  endPart(run, otherConn, mainConn);
  for (const conn of connsOf(run, other))
    release(run, conn, conn.purpose === undefined ? 'normalClearing' : 'cancelled');
  takeBack(run, main, mainConn);
  waitFor(run, asking, {
    call: main,
    until: [{ is: 'state', connId: mainConn.id, state: 'connected' }],
    resultCallId: main.id,
  });
  return 'waiting';
}

/** Swaps held and active. */
export function alternate(asking: Asking<'call.alternate'>): Said {
  const found = pair(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run } = asking;
  const { main, mainConn, other, otherConn } = found;
  if (!can(asking, mainConn, 'alternate')) return unsupported();
  const [on, off] = mainConn.hold === undefined ? [mainConn, otherConn] : [otherConn, mainConn];
  if (off.hold !== 'agent') return wrongState('the phone holds it; take it back at the phone');
  const [onCall, offCall] = on === mainConn ? [main, other] : [other, main];
  if (upParties(run, onCall).length < 2) return wrongState('the other party has not answered');
  putOnHold(run, onCall, on);
  takeBack(run, offCall, off);
  waitFor(run, asking, {
    call: offCall,
    until: [
      { is: 'state', connId: off.id, state: 'connected' },
      { is: 'state', connId: on.id, state: 'held' },
    ],
    resultCallId: offCall.id,
  });
  return 'waiting';
}

/** Joins held call and consultation with me in it. */
export function conference(asking: Asking<'call.conference'>): Said {
  const found = pair(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run } = asking;
  const { main, mainConn, other, otherConn } = found;
  if (!can(asking, mainConn, 'conference')) return unsupported();
  if (upParties(run, other).length < 2) return wrongState('the other party has not answered');
  const into = survivorOf(run, main, other);
  const [stays, goes] = into === main ? [mainConn, otherConn] : [otherConn, mainConn];
  mergeCalls(run, into === main ? other : main, into);
  endPart(run, goes, stays);
  stays.hold = undefined;
  stays.pending = undefined;
  changed(run, into.id, 'conferenced');
  waitFor(run, asking, { call: into, until: [{ is: 'talking', callId: into.id }], resultCallId: into.id });
  return 'waiting';
}

/** Blind transfer: I leave at once. */
export function transfer(asking: Asking<'call.transfer'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run, command } = asking;
  const { call, conn } = found;
  if (!isParty(conn) || (conn.state !== 'connected' && conn.state !== 'held'))
    return wrongState('the call is not being talked in');
  if (call.transfer !== undefined || call.entryId !== undefined) return wrongState('a transfer is under way');
  if (call.consultedBy !== undefined || call.consultOf !== undefined) return wrongState('a consultation is under way');
  if (upParties(run, call).length !== 2) return wrongState('only a call of two can be transferred so');
  const flash = flashTo(run, call, command.to);
  if (flash !== undefined) return transferByFlash(asking, { ...flash, call, by: conn.agentId ?? 'system' });
  if (!can(asking, conn, 'blindTransfer')) return unsupported();
  const goal = goalOf(run, command.to, agentConfig(run, conn.agentId));
  if (isFailure(goal)) return goal;
  if (goal.kind === 'device' && goal.device === conn.device) return failure('argument.invalid', 'this is the own seat');
  if (goal.kind === 'queue' && isFull(run, goal.queueId)) return queueFull();
  if (command.note !== undefined) call.data = { ...call.data, note: command.note.slice(0, 1000) };
  waitFor(run, asking, { call, until: [{ is: 'connGone', connId: conn.id }], resultCallId: call.id });
  blindTransfer(run, call, { conn, goal, to: command.to, by: conn.agentId ?? 'system' });
  return 'waiting';
}

/** Dials another member into the call. */
export function addParty(asking: Asking<'call.addParty'>): Said {
  const found = talking(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run, command } = asking;
  const { call, conn } = found;
  if (!can(asking, conn, 'addParty')) return unsupported();
  const goal = goalOf(run, command.to, agentConfig(run, conn.agentId));
  if (isFailure(goal)) return goal;
  if (goal.kind !== 'device') return failure('argument.invalid', 'only a person can be added');
  const checked = goal.agentId === undefined ? goal : agentGoal(run, goal.agentId);
  if (isFailure(checked)) return checked;
  const from = call.customer ?? conn.party;
  const added = dial(run, call, { goal, ring: { purpose: 'add', ringMs: run.s.config.timers.ringMs, from } });
  waitFor(run, asking, { call, until: [{ is: 'seen', legId: added.legId }] });
  return 'waiting';
}

/** Lets a member of a conference go. */
export function dropParty(asking: Asking<'call.dropParty'>): Said {
  const found = mineNow(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run, command } = asking;
  const { call } = found;
  const member = connsOf(run, call).find((conn) => conn.id === command.connectionId);
  if (member === undefined) return failure('call.notFound', 'no such member');
  const parties = connsOf(run, call).filter((conn) => isParty(conn) && conn.leaving === undefined);
  if (isParty(member) && parties.length < 3) return wrongState('a call of two is cleared, not shrunk');
  waitFor(run, asking, { call, until: [{ is: 'connGone', connId: member.id }] });
  release(run, member, 'normalClearing');
  return 'waiting';
}

/** Sends the caller into a flow and takes them back when it ends. */
export function toFlow(asking: Asking<'call.toFlow'>): Said {
  const found = talking(asking, asking.command.callId);
  if (isFailure(found)) return found;
  const { run, command } = asking;
  const { call, conn } = found;
  if (!can(asking, conn, 'toFlow')) return unsupported();
  if (call.consultedBy !== undefined || call.consultOf !== undefined) return wrongState('a consultation is under way');
  const goal = goalOf(run, `ivr:${command.flow}`);
  if (isFailure(goal)) return goal;
  const customer = customerConn(run, call, conn.id);
  if (customer === undefined || goal.kind !== 'flow' || upParties(run, call).length !== 2) {
    return wrongState('only a call of two can go into a flow');
  }
  putOnHold(run, call, conn);
  startFlow(run, call, { conn: customer, flow: goal.flow, returnTo: conn.id });
  waitFor(run, asking, { call, until: [{ is: 'state', connId: conn.id, state: 'held' }] });
  return 'waiting';
}
