import type { Release } from '../contract/causes.js';
import type { EndPlace, EndView } from '../contract/views.js';
import { without } from './lists.js';
import { connsOf } from './lookups.js';
import { expirePops, popStays } from './pops.js';
import { changed, type Run } from './run.js';
import type { Call, Conn, Ending } from './state.js';
import { agentStream } from './streams.js';

/** Where in its life a call is now. */
export function placeOf(run: Run, call: Call): EndPlace {
  const { flow } = call;
  if (flow !== undefined && flow.machine !== 'suspended' && flow.machine !== 'ended' && call.entryId === undefined) {
    return { kind: 'flow', flow: flow.state.flow, node: flow.state.node };
  }
  if (call.entryId !== undefined) {
    const entry = run.s.entries.get(call.entryId);
    const offered = entry?.reservationId === undefined ? undefined : run.s.reservations.get(entry.reservationId);
    if (offered?.state === 'alerting') return { kind: 'agent', agent: offered.agentId };
    if (entry !== undefined) return { kind: 'queue', queue: entry.queueId };
  }
  const agentConn = connsOf(run, call).find((conn) => conn.agentId !== undefined && conn.role === 'party');
  if (agentConn?.agentId !== undefined) return { kind: 'agent', agent: agentConn.agentId };
  const dialled = connsOf(run, call).find((conn) => conn.purpose !== undefined);
  if (dialled !== undefined) return { kind: 'device', device: dialled.device };
  const last = call.agents.at(-1);
  return last === undefined ? { kind: 'route' } : { kind: 'agent', agent: last };
}

/** Remembers why the call will be over if nobody stays. The first word of a person or a decision wins over what follows from it. */
export function leave(
  run: Run,
  call: Call,
  why: { readonly by: Ending['by']; readonly end: Omit<EndView, 'by'> },
): void {
  call.ending ??= { by: why.by, end: why.end, place: placeOf(run, call) };
}

/** Who a connection is, for the CDR. */
export function sideOf(conn: Conn): 'caller' | 'agent' {
  return conn.agentId === undefined ? 'caller' : 'agent';
}

/** Bookkeeping when a connection has left a call that may live on. */
export function partGone(run: Run, call: Call, gone: { readonly conn: Conn; readonly release: Release }): void {
  const { conn, release } = gone;
  changed(run, call.id, 'partyChanged');
  if (conn.agentId === undefined || connsOf(run, call).some((other) => other.agentId === conn.agentId)) return;
  if (call.conns.length === 0 || popStays(run, call, conn.agentId)) return;
  call.watchers = without(call.watchers, conn.agentId);
  expirePops(run, call, conn.agentId);
  run.ended.push({
    streams: [agentStream(run, conn.agentId)],
    event: { type: 'callEnded', callId: call.id, end: endView(release, byOf(call.ending)), stillLives: 'lives' },
    part: 'part',
  });
}

/** Who ended it, where anybody knows. */
export function byOf(ending: Ending | undefined): EndView['by'] {
  return ending === undefined || ending.by === 'unknown' ? undefined : ending.by;
}

/** A release as clients see it. */
export function endView(release: Release, by?: EndView['by']): EndView {
  const { cause, native, evidence } = release;
  const view: { -readonly [K in keyof EndView]: EndView[K] } = { cause };
  if (native !== undefined) view.native = native;
  if (evidence !== undefined) view.evidence = evidence;
  if (by !== undefined) view.by = by;
  return view;
}
