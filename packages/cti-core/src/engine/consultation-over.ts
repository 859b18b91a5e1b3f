import { connsOf, isParty } from './lookups.js';
import { hasPlan } from './plans.js';
import { changed, type Run } from './run.js';
import type { Call, Conn } from './state.js';

/**
 * A consultation is one for as long as somebody has a part in it and in the call that waits for it: whoever that is may join the two, or take the waiting one
 * back. When nobody has, because they left one of the two or handed it over at the phone, both are calls like any other: about the other's customer they
 * learn nothing more, and each may be held, transferred and released as if there had been no consultation.
 */
export function endConsultations(run: Run, call: Call): void {
  if (call.consultOf !== undefined) endIfOver(run, run.s.calls.get(call.consultOf), call);
  if (call.consultedBy !== undefined) endIfOver(run, call, run.s.calls.get(call.consultedBy));
}

function endIfOver(run: Run, main: Call | undefined, consultation: Call | undefined): void {
  if (main === undefined || consultation === undefined || consultation.consultOf !== main.id) return;
  const waiting = stayingIn(run, main);
  const consulting = stayingIn(run, consultation);
  // Who is left alone in a consultation is let go as one who was consulted: no survey, no waiting for a release by hand.
  if (consulting.length < 2 && !hasPlan(consultation)) return;
  if (consulting.some((conn) => waiting.some((other) => isSame(conn, other)))) return;
  consultation.consultOf = undefined;
  changed(run, consultation.id, 'partyChanged');
  if (main.consultedBy !== consultation.id) return;
  main.consultedBy = undefined;
  changed(run, main.id, 'partyChanged');
}

function stayingIn(run: Run, call: Call): Conn[] {
  return connsOf(run, call).filter((conn) => isParty(conn) && conn.leaving === undefined);
}

/** On one line, or of one agent: a phone with two lines has a connection on each. */
function isSame(a: Conn, b: Conn): boolean {
  return a.legId === b.legId || (a.agentId !== undefined && a.agentId === b.agentId);
}
