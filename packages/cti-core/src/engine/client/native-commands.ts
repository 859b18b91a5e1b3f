import type { CommandId } from '../../contract/ids.js';
import type { ConnectionState } from '../../contract/views.js';
import { connsOf, isOutside } from '../lookups.js';
import { type ActingBody, act } from '../native-ask.js';
import { isNative, type Served } from '../native-calls.js';
import { type Mine, type Pair, pairOf } from '../native-seats.js';
import { talkersOf } from '../native-tend.js';
import { waitFor } from '../ops.js';
import { offers, type Service } from '../planner.js';
import { changed, type Failure, failure, isFailure } from '../run.js';
import type { Conn, Until } from '../state.js';
import { type Asker, type Asking, type AskingAny, mineNow, type Said, wrongState } from './asking.js';

/** My connection of a call of the switch, if it can be acted on and the service can be had there. */
export function mineServed(asking: AskingAny, callId: Served['id'], service: Service): Mine | Failure {
  const found = mineNow(asking, callId);
  if (isFailure(found)) return found;
  const { call, conn } = found;
  if (!isNative(call)) return failure('command.notSupported', 'the switch cannot do that now');
  if (!offers(asking.run, call.switchId, service))
    return failure('command.notSupported', 'the switch cannot do that now');
  return { call, conn };
}

/** Why a service cannot be asked for: the link is down. */
export function unreachable(): Failure {
  return failure('driver.linkLost', 'the switch cannot be reached now; the call lives on');
}

/** Asks for a service, and waits until the switch has taken it and shown that it is done. */
export function askFor(
  asking: Asker,
  mine: Mine,
  what: {
    readonly body: ActingBody;
    readonly pending?: Conn['pending'];
    readonly until: readonly Until[];
    readonly resultCallId?: Served['id'];
  },
): Said {
  const { run } = asking;
  const { call, conn } = mine;
  const sent = act(run, conn, what.body);
  if (sent === undefined) return unreachable();
  if (what.pending !== undefined) conn.pending = what.pending;
  changed(run, call.id, 'pending');
  wait(asking, call, { sent, ...what });
  return 'waiting';
}

/** Waits for the answer to a command and for what shows that it was done. */
export function wait(
  asking: Asker,
  call: Served,
  what: { readonly sent: CommandId; readonly until: readonly Until[]; readonly resultCallId?: Served['id'] },
): void {
  waitFor(asking.run, asking, {
    call,
    // What a switch does may be seen before it has said that it will.
    until: [{ is: what.until.length === 0 ? 'reply' : 'asked', commandId: what.sent }, ...what.until],
    ...(what.resultCallId === undefined ? {} : { resultCallId: what.resultCallId }),
  });
}

const stateOf = (conn: Conn, state: ConnectionState): Until => ({ is: 'state', connId: conn.id, state });

/** My connection, talking. */
function talking(asking: AskingAny, callId: Served['id'], service: Service): Mine | Failure {
  const found = mineServed(asking, callId, service);
  if (isFailure(found)) return found;
  return found.conn.state === 'connected' ? found : wrongState('the call is not being talked in');
}

/** Refuses what rings. */
export function reject(asking: Asking<'call.reject'>): Said {
  const found = mineServed(asking, asking.command.callId, 'clear');
  if (isFailure(found)) return found;
  if (found.conn.state !== 'alerting' && found.conn.state !== 'initiated') return wrongState('it does not ring');
  return end(asking, found, 'rejected');
}

/** Clears my connection. */
export function clear(asking: Asking<'call.clear'>): Said {
  const found = mineServed(asking, asking.command.callId, 'clear');
  return isFailure(found) ? found : end(asking, found, 'normalClearing');
}

function end(asking: Asker, mine: Mine, cause: 'rejected' | 'normalClearing'): Said {
  const until: Until[] = [{ is: 'connGone', connId: mine.conn.id }];
  return askFor(asking, mine, { body: { type: 'clear', cause }, pending: 'clear', until });
}

/** Puts the call on hold. */
export function hold(asking: Asking<'call.hold'>): Said {
  const found = talking(asking, asking.command.callId, 'hold');
  if (isFailure(found)) return found;
  return askFor(asking, found, { body: { type: 'hold' }, pending: 'hold', until: [stateOf(found.conn, 'held')] });
}

/** Takes a held call back, whoever has held it; the switch holds what is talked in meanwhile. */
export function retrieve(asking: Asking<'call.retrieve'>): Said {
  const found = mineServed(asking, asking.command.callId, 'retrieve');
  if (isFailure(found)) return found;
  if (found.conn.state !== 'held') return wrongState('the call is not held');
  const until = [stateOf(found.conn, 'connected')];
  return askFor(asking, found, { body: { type: 'retrieve' }, pending: 'retrieve', until });
}

/** Tones to the other end. */
export function sendDigits(asking: Asking<'call.sendDigits'>): Said {
  const { digits } = asking.command;
  const found = talking(asking, asking.command.callId, 'sendDigits');
  if (isFailure(found)) return found;
  if (!/^[0-9*#A-D]{1,64}$/u.test(digits)) return failure('argument.invalid', 'digits are 1-64 of 0-9*#A-D');
  return askFor(asking, found, { body: { type: 'sendDigits', digits, toneMs: 100, gapMs: 100 }, until: [] });
}

/** A hook flash on the outside line of the call. */
export function flash(asking: Asking<'call.flash'>): Said {
  const found = talking(asking, asking.command.callId, 'flash');
  if (isFailure(found)) return found;
  if (!connsOf(asking.run, found.call).some((conn) => isOutside(conn.device)))
    return wrongState('there is no line in it');
  return askFor(asking, found, { body: { type: 'flash', after: 'stay' }, until: [] });
}

/** The largest number of a park slot that any switch has. */
const MAX_SLOT = 255;

/** Is it the number of a park slot? */
export function isSlot(slot: number): boolean {
  return Number.isInteger(slot) && slot >= 1 && slot <= MAX_SLOT;
}

/** Leaves the other party on a park slot. */
export function park(asking: Asking<'call.park'>): Said {
  const { callId, slot } = asking.command;
  const found = talking(asking, callId, 'park');
  if (isFailure(found)) return found;
  if (slot !== undefined && !isSlot(slot)) return failure('argument.invalid', 'a slot is a number from 1 to 255');
  const { run } = asking;
  if (talkersOf(run, found.call).length !== 2) return wrongState('only a call of two can be parked');
  const body = slot === undefined ? ({ type: 'park' } as const) : ({ type: 'park', slot } as const);
  const until: Until[] = [
    { is: 'connGone', connId: found.conn.id },
    { is: 'parked', callId: found.call.id },
  ];
  return askFor(asking, found, { body, pending: 'park', until, resultCallId: found.call.id });
}

function pairFor(asking: AskingAny, callId: Served['id'], service: Service): Pair | Failure {
  const found = mineServed(asking, callId, service);
  if (isFailure(found)) return found;
  return pairOf(asking.run, found.conn) ?? wrongState('no second call is held');
}

/** Joins the held party with whom I talk with; I leave. */
export function completeTransfer(asking: Asking<'call.completeTransfer'>): Said {
  const pair = pairFor(asking, asking.command.callId, 'completeTransfer');
  if (isFailure(pair)) return pair;
  const { active, held } = pair;
  if (connsOf(asking.run, active.call).length < 2) return wrongState('whom you consulted has left');
  if (connsOf(asking.run, held.call).length < 2) return wrongState('the held party has left');
  const until: Until[] = [
    { is: 'connGone', connId: active.conn.id },
    { is: 'connGone', connId: held.conn.id },
  ];
  const body = { type: 'transfer', heldId: held.conn.legId } as const;
  return askFor(asking, active, { body, pending: 'transfer', until, resultCallId: held.call.id });
}

/** All speak together. */
export function conference(asking: Asking<'call.conference'>): Said {
  const pair = pairFor(asking, asking.command.callId, 'conference');
  if (isFailure(pair)) return pair;
  const { active, held } = pair;
  if (talkersOf(asking.run, active.call).length < 2) return wrongState('the other party has not answered');
  const until: Until[] = [{ is: 'joined', a: active.call.id, b: held.call.id }];
  const body = { type: 'conference', heldId: held.conn.legId } as const;
  return askFor(asking, active, { body, pending: 'conference', until, resultCallId: held.call.id });
}

/** Swaps held and active. */
export function alternate(asking: Asking<'call.alternate'>): Said {
  const pair = pairFor(asking, asking.command.callId, 'alternate');
  if (isFailure(pair)) return pair;
  const { active, held } = pair;
  if (talkersOf(asking.run, active.call).length < 2) return wrongState('the other party has not answered');
  const until = [stateOf(held.conn, 'connected'), stateOf(active.conn, 'held')];
  return askFor(asking, held, { body: { type: 'retrieve' }, pending: 'retrieve', until, resultCallId: held.call.id });
}

/** Ends the consultation; when that is over, the held call is taken back. */
export function cancelConsult(asking: Asking<'call.cancelConsult'>): Said {
  const pair = pairFor(asking, asking.command.callId, 'retrieve');
  if (isFailure(pair)) return pair;
  const { active, held } = pair;
  const sent = act(asking.run, active.conn, { type: 'clear', cause: 'normalClearing' });
  if (sent === undefined) return unreachable();
  active.conn.pending = 'clear';
  changed(asking.run, active.call.id, 'pending');
  held.call.native.next = { do: 'retrieve', connId: held.conn.id, goneId: active.conn.id };
  wait(asking, held.call, { sent, until: [stateOf(held.conn, 'connected')], resultCallId: held.call.id });
  return 'waiting';
}

/** A supervisor ends it: the phones of the site that talk in it are asked to hang up, else whoever is in it. */
export function forceRelease(asking: Asking<'supervise.forceRelease'>, call: Served): Said {
  const { run } = asking;
  const conns = connsOf(run, call);
  const inside = conns.filter((conn) => !isOutside(conn.device) && conn.state !== 'alerting');
  const whom = inside.length > 0 ? inside : conns;
  const until: Until[] = [];
  for (const conn of whom) {
    const sent = act(run, conn, { type: 'clear', cause: 'forcedRelease' });
    if (sent === undefined) return unreachable();
    until.push({ is: 'asked', commandId: sent }, { is: 'connGone', connId: conn.id });
  }
  const agentId = whom.find((conn) => conn.agentId !== undefined)?.agentId;
  const place = agentId === undefined ? ({ kind: 'route' } as const) : ({ kind: 'agent', agent: agentId } as const);
  call.ending = { by: 'supervisor', end: { cause: 'forcedRelease' }, place };
  waitFor(run, asking, { call, until });
  return 'waiting';
}
