import { markSegment, markTalk } from '../cdr/segments.js';
import { endConsultations } from './consultation-over.js';
import { finishCall } from './finish.js';
import { connsOf } from './lookups.js';
import { tendNext } from './native-ask.js';
import type { Served } from './native-calls.js';
import { tendPops } from './native-numbers.js';
import { endHanded, isParked, tendHanded } from './native-transfers.js';
import { checkOps } from './ops.js';
import { changed, type Run } from './run.js';
import type { Conn } from './state.js';

/** Those of a switch's own call who hear each other now. */
export function talkersOf(run: Run, call: Served): readonly Conn[] {
  return connsOf(run, call).filter((conn) => conn.state === 'connected' && !isParked(run, conn));
}

/** Looks at a call that its switch carries out: what the record says of it, whose screen pops, and whether it is over. Nothing is ever asked of the switch. */
export function tendNative(run: Run, call: Served): void {
  if (call.conns.length === 0) {
    endHanded(call, 'failed');
    return finishCall(run, call);
  }
  if (call.conns.length > 1 && call.ending?.by !== 'supervisor') call.ending = undefined;
  const talkers = talkersOf(run, call);
  if (talkers.length > 1 || (call.native.alone !== undefined && talkers.length > 0)) talk(run, call, talkers);
  else if (call.answeredWallMs === undefined && hasTalked(run, call)) answer(run, call);
  tendNext(run, call);
  tendHanded(run, call);
  endConsultations(run, call);
  tendPops(run, call);
  markSegment(run, call);
  checkOps(run, call);
}

function talk(run: Run, call: Served, talkers: readonly Conn[]): void {
  let fresh: 'fresh' | undefined;
  for (const conn of talkers) {
    const { agentId } = conn;
    if (agentId !== undefined && !call.agents.includes(agentId)) call.agents.push(agentId);
    if (conn.talked !== undefined) continue;
    conn.talked = 'talked';
    fresh = 'fresh';
    if (agentId !== undefined && agentId === call.madeBy) run.idle.add(agentId);
  }
  if (call.answeredWallMs === undefined) answer(run, call);
  if (fresh !== undefined) changed(run, call.id, 'bridged');
}

/** Only who was talked with can be held or wait on a slot: the talk itself was over when the switch could tell of it again. */
function hasTalked(run: Run, call: Served): boolean {
  const conns = connsOf(run, call);
  const up = conns.filter((conn) => conn.state === 'connected' || conn.state === 'held');
  return (up.length > 1 && up.some((conn) => conn.state === 'held')) || conns.some((conn) => isParked(run, conn));
}

function answer(run: Run, call: Served): void {
  // By the monotone stamp: a jump of the wall clock must not put the answer before the start.
  call.answeredWallMs = call.startedWallMs + run.at - call.startedMs;
  markTalk(run, call);
}
