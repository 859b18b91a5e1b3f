import { forgetCall } from './finish.js';
import { endFlow, inFlow } from './flows.js';
import { endConn, release } from './legs.js';
import { without } from './lists.js';
import { connsOf, isOutside, isParty, legOf } from './lookups.js';
import { expirePops } from './pops.js';
import { leaveQueue, queueParties } from './queues.js';
import { changed, type Run } from './run.js';
import type { Call, Conn, Transfer } from './state.js';

/** Which of two calls goes on: the one with an outside party, else the older one. */
export function survivorOf(run: Run, a: Call, b: Call): Call {
  const outside = (call: Call): boolean => connsOf(run, call).some((conn) => isParty(conn) && isOutside(conn.device));
  if (outside(a) !== outside(b)) return outside(a) ? a : b;
  return a.n < b.n ? a : b;
}

/**
 * Puts everything of one call into another; its id stays as an alias, it gets no record of its own. That it was answered does not make the other one answered: a
 * line to which somebody is handed over while it rings may never be, and if it is, that is the time of the answer.
 */
export function mergeCalls(run: Run, from: Call, into: Call): void {
  endFlow(run, from);
  if (into.entryId !== undefined) leaveQueue(run, from, 'withdrawn');
  for (const conn of connsOf(run, from)) {
    conn.callId = into.id;
    into.conns.push(conn.id);
    if (conn.role === 'consult') conn.role = 'party';
    const leg = legOf(run, conn);
    if (leg?.refused === 'in') {
      // With others it is another bridge: that the switch refused the last one says nothing of this one.
      leg.tries = 0;
      leg.notBeforeMs = undefined;
    }
    if (conn.agentId !== undefined && !into.watchers.includes(conn.agentId)) into.watchers.push(conn.agentId);
  }
  from.conns = [];
  const missed = [...(into.missed ?? []), ...(from.missed ?? [])];
  if (missed.length > 0) into.missed = [...new Set(missed)];
  for (const agentId of from.agents) if (!into.agents.includes(agentId)) into.agents.push(agentId);
  for (const key of from.ops) {
    const op = run.s.ops.get(key);
    if (op !== undefined) op.callId = into.id;
  }
  into.ops.push(...from.ops);
  from.ops = [];
  mergePops(run, from, into);
  for (const id of from.recordings) {
    const recording = run.s.recordings.get(id);
    if (recording !== undefined) recording.callId = into.id;
  }
  into.recordings.push(...from.recordings);
  const entry = from.entryId === undefined ? undefined : run.s.entries.get(from.entryId);
  if (entry !== undefined && into.entryId === undefined) {
    entry.callId = into.id;
    into.entryId = entry.id;
    into.queueId = entry.queueId;
    from.entryId = undefined;
    const reservation = entry.reservationId === undefined ? undefined : run.s.reservations.get(entry.reservationId);
    if (reservation !== undefined) reservation.callId = into.id;
  }
  into.queueId ??= from.queueId;
  into.lastEntry ??= from.lastEntry;
  into.customer ??= from.customer;
  into.match ??= from.match;
  if (into.consent === undefined || from.consent?.given === 'no') into.consent = from.consent ?? into.consent;
  into.data = { ...from.data, ...into.data, ...(from.data.note === undefined ? {} : { note: from.data.note }) };
  into.merged.push(...from.merged, {
    callId: from.id,
    startedWallMs: from.startedWallMs,
    mergedWallMs: run.wall,
    called: from.called,
  });
  into.aliases.push(from.id, ...from.aliases);
  for (const alias of [from.id, ...from.aliases]) run.s.aliases.set(alias, into.id);
  mergeLinks(run, from, into);
  forgetCall(run, from, {
    ending: { by: 'system', end: { cause: 'transferred' }, place: { kind: 'route' } },
    mergedInto: into,
  });
  changed(run, into.id, 'merged');
}

/** A consultation that another one of the parties has begun goes on with the call that survives. */
function mergeLinks(run: Run, from: Call, into: Call): void {
  if (into.consultOf === from.id) into.consultOf = undefined;
  if (into.consultedBy === from.id) into.consultedBy = undefined;
  const below =
    from.consultedBy === into.id || from.consultedBy === undefined ? undefined : run.s.calls.get(from.consultedBy);
  if (below !== undefined && into.consultedBy === undefined) {
    into.consultedBy = below.id;
    below.consultOf = into.id;
    from.consultedBy = undefined;
  }
  const above =
    from.consultOf === into.id || from.consultOf === undefined ? undefined : run.s.calls.get(from.consultOf);
  if (above !== undefined && into.consultOf === undefined) {
    into.consultOf = above.id;
    above.consultedBy = into.id;
    from.consultOf = undefined;
  }
}

function mergePops(run: Run, from: Call, into: Call): void {
  for (const popId of [...from.pops]) {
    const pop = run.s.pops.get(popId);
    if (pop === undefined) continue;
    if (into.pops.some((id) => run.s.pops.get(id)?.agentId === pop.agentId)) continue;
    pop.callId = into.id;
    into.pops.push(popId);
    from.pops = without(from.pops, popId);
  }
  expirePops(run, from);
}

/** Who is in a call besides one who leaves it. */
function othersOf(run: Run, call: Call, leaves: Conn): Conn[] {
  return connsOf(run, call).filter((conn) => conn !== leaves && isParty(conn) && conn.leaving === undefined);
}

/** Who is rung in a call where nobody but the one who leaves it has answered: the others are handed to a phone or line that may never be lifted. */
function rungFor(run: Run, call: Call, leaves: Conn): Conn | undefined {
  const others = othersOf(run, call, leaves);
  return others.every((conn) => conn.purpose !== undefined) ? others[0] : undefined;
}

/** Of two calls the one whose party the other one is handed to: never that of a caller from outside, else the later one. */
export function consultedOf<T extends Call>(a: T, b: T): T {
  if ((a.direction === 'inbound') !== (b.direction === 'inbound')) return a.direction === 'inbound' ? b : a;
  return a.n > b.n ? a : b;
}

/** Joins the others of two calls of one phone or agent; both of its connections leave. */
export function joinCalls(run: Run, what: { readonly a: Conn; readonly b: Conn; readonly by: Transfer['by'] }): void {
  const { a, b, by } = what;
  const first = run.s.calls.get(a.callId);
  const second = run.s.calls.get(b.callId);
  if (first === undefined || second === undefined || first === second) return;
  const into = survivorOf(run, first, second);
  const from = into === first ? second : first;
  if (inFlow(into)) {
    // Who is joined with the caller by a phone takes the place of the flow.
    leaveQueue(run, into, 'withdrawn');
    endFlow(run, into);
  }
  const [leavesInto, leavesFrom] = into === first ? [a, b] : [b, a];
  const waits = rungFor(run, from, leavesFrom) ?? rungFor(run, into, leavesInto);
  const asked = consultedOf(first, second);
  const target = waits ?? othersOf(run, asked, asked === first ? a : b)[0];
  const shared = leavesFrom.legId === leavesInto.legId;
  mergeCalls(run, from, into);
  if (shared) endConn(run, leavesFrom, { cause: 'transferred' });
  else {
    leavesFrom.pending = 'transfer';
    release(run, leavesFrom, 'transferred');
  }
  leavesInto.pending = 'transfer';
  release(run, leavesInto, 'transferred');
  const to = target?.agentId === undefined ? (target?.party.raw ?? '') : `agent:${target.agentId}`;
  const atMs = run.at - into.startedMs;
  if (waits !== undefined) {
    // The target has not answered: from here on it is a transfer that may still fail.
    if (waits.purpose !== 'offer') waits.purpose = 'transfer';
    into.transfer = {
      kind: 'attended',
      by,
      agentId: leavesInto.agentId,
      seat: leavesInto.device,
      to,
      backTo: into.lastEntry,
      stage: 'ringing',
      atMs,
    };
  } else if (into.entryId === undefined) {
    into.transfers.push({ kind: 'attended', by, to, outcome: 'done', atMs });
  }
  if (into.entryId !== undefined) queueParties(run, into);
  changed(run, into.id, 'transferred');
}
