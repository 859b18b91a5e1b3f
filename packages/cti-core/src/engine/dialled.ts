import type { Release } from '../contract/causes.js';
import { answerCaller, connectMake } from './calls.js';
import { flowTransferDone, flowTransferFailed } from './flows.js';
import { moveConn, release } from './legs.js';
import { connsOf, isParty, legOf } from './lookups.js';
import { moveReservation, offerAccepted, offerFailed } from './offers.js';
import { leave } from './parting.js';
import { endTransfer } from './plans.js';
import { offerPop, popsAt } from './pops.js';
import { phoneRang } from './rest.js';
import { changed, type Run } from './run.js';
import type { Call, Conn } from './state.js';
import { transferFailed } from './transfers.js';
import { judgeUnanswered } from './unrung.js';

/** A dialled device rings. */
export function dialledAlerting(run: Run, call: Call, conn: Conn): void {
  if (moveConn(run, conn, 'alerting') !== 'moved') return;
  conn.pending = undefined;
  noteRang(run, conn);
  const reservation = conn.reservationId === undefined ? undefined : run.s.reservations.get(conn.reservationId);
  if (reservation !== undefined) moveReservation(run, reservation, 'alerting');
  changed(run, call.id, 'alerting');
  if (popsAt(run, call, conn.agentId) === 'alerting') offerPop(run, call, { conn, at: 'alerting' });
}

/** A dialled device was answered. */
export function dialledConnected(run: Run, call: Call, conn: Conn): void {
  if (moveConn(run, conn, 'connected') !== 'moved') return;
  conn.pending = undefined;
  noteRang(run, conn);
  changed(run, call.id, 'connected');
  dialledAnswered(run, call, conn);
}

/** What follows when what was dialled is answered: there, or by a phone that picked it up. */
export function dialledAnswered(run: Run, call: Call, conn: Conn): void {
  const { purpose } = conn;
  if (purpose === 'offer') offerAccepted(run, conn);
  conn.purpose = undefined;
  switch (purpose) {
    case 'route':
    case 'party':
      answerCaller(run, call);
      break;
    case 'makeSeat':
      connectMake(run, call, conn);
      break;
    case 'transfer':
      endTransfer(run, call, 'done');
      answerCaller(run, call);
      break;
    case 'return':
      endTransfer(run, call, 'failed');
      break;
    case 'flow':
      flowTransferDone(run, call);
      break;
    case 'add':
      changed(run, call.id, 'conferenced');
      break;
    default:
      break;
  }
  offerPop(run, call, { conn, at: popsAt(run, call, conn.agentId) });
}

function noteRang(run: Run, conn: Conn): void {
  const leg = legOf(run, conn);
  if (leg !== undefined) phoneRang(run, conn, leg.switchId);
}

/** Why a dialled device did not answer: what the switch said, or that nobody knows. */
export interface DialFailure extends Release {
  readonly how?: 'lost' | 'unsure' | undefined;
}

/** A dialled device was not answered; the connection has left the call already. */
export function dialledFailed(
  run: Run,
  call: Call,
  what: { readonly conn: Conn; readonly failure: DialFailure },
): void {
  const { conn, failure } = what;
  if (conn.leaving !== undefined && conn.purpose !== 'transfer') return;
  switch (conn.purpose) {
    case 'offer':
      offerFailed(run, conn, failure.how ?? failure.cause);
      return;
    case 'return': {
      const agent = conn.agentId === undefined ? undefined : run.s.agents.get(conn.agentId);
      if (agent !== undefined && failure.how === undefined) {
        judgeUnanswered(run, agent, { conn, why: failure.cause, sinceMs: conn.sinceMs, rule: 'notReady' });
      }
      transferFailed(run, call, failure);
      return;
    }
    case 'transfer':
      transferFailed(run, call, failure);
      return;
    case 'flow':
      flowTransferFailed(run, call, failure.cause);
      return;
    case 'makeSeat':
      call.make = undefined;
      leave(run, call, { by: conn.agentId === undefined ? 'system' : 'agent', end: failure });
      return;
    case 'route':
    case 'party':
    case 'consult':
      if (parties(run, call) < 2) leave(run, call, { by: 'system', end: failure });
      return;
    default:
      return;
  }
}

function parties(run: Run, call: Call): number {
  return connsOf(run, call).filter((conn) => isParty(conn) && conn.leaving === undefined).length;
}

/** Stops everything that a call is dialling for the same purpose. */
export function stopDialling(run: Run, call: Call, purpose: Conn['purpose']): void {
  for (const conn of connsOf(run, call)) {
    if (conn.purpose === purpose && legOf(run, conn)?.state !== 'connected') release(run, conn, 'cancelled');
  }
}
