import type { RouteTarget } from '../contract/config.js';
import type { QueueEntryId, QueueId } from '../contract/ids.js';
import { QUEUE_ENTRY_MACHINE, type QueueEntryEvent } from '../machines/queue-entry.js';
import type { WaitingEntry } from '../routing/longest-idle.js';
import { waitsBefore } from '../routing/longest-idle.js';
import { RankedSet } from '../routing/ranked-set.js';
import { moveConn } from './legs.js';
import { connsOf, isParty, legOf } from './lookups.js';
import { withdrawOffer } from './offers.js';
import { changed, nextNumber, type Run, step } from './run.js';
import type { Call, Entry } from './state.js';
import { startTimer, stopTimer } from './timers.js';

/** How a call comes into a queue. */
export interface Joining {
  readonly queueId: QueueId;
  readonly origin: Entry['origin'];
  readonly priority?: number | undefined;
  readonly overflowAfterMs?: number | undefined;
  /** Came back after a failed transfer: before all others, with its old time of arrival. */
  readonly returned?:
    | { readonly enqueuedMs: number; readonly enqueuedWallMs: number; readonly priority: number }
    | undefined;
}

/** Puts a call into a queue. `full` when the queue takes no more callers, `unknown` when there is none of that name. */
export function joinQueue(run: Run, call: Call, how: Joining): 'joined' | 'full' | 'unknown' {
  const queue = run.ix.queues.get(how.queueId);
  if (queue === undefined) return 'unknown';
  if (how.returned === undefined && isFull(run, how.queueId)) return 'full';
  const n = nextNumber(run, 'q');
  const entry: Entry = {
    id: `${run.s.epoch}-q${n}` as QueueEntryId,
    n,
    callId: call.id,
    queueId: how.queueId,
    priority: how.returned?.priority ?? how.priority ?? queue.priority,
    enqueuedMs: how.returned?.enqueuedMs ?? run.at,
    enqueuedWallMs: how.returned?.enqueuedWallMs ?? run.wall,
    returned: how.returned === undefined ? undefined : 'returned',
    origin: how.origin,
    state: 'waiting',
    offers: 0,
  };
  run.s.entries.set(entry.id, entry);
  call.entryId = entry.id;
  call.queueId = how.queueId;
  call.lastEntry = {
    queueId: entry.queueId,
    enqueuedMs: entry.enqueuedMs,
    enqueuedWallMs: entry.enqueuedWallMs,
    priority: entry.priority,
  };
  const rank = rankOf(run, entry);
  waitingIn(run, how.queueId).add(rank);
  run.ix.router.addWaiting(rank);
  const bound = how.overflowAfterMs ?? queue.waitTimeoutMs;
  if (bound > 0) entry.timer = startTimer(run, bound, { do: 'queueWait', entryId: entry.id });
  queueParties(run, call);
  run.queues.add(how.queueId);
  run.hungry.add(how.queueId);
  changed(run, call.id, 'queued');
  return 'joined';
}

/** Who is up and stays in a call that waits in a queue is queued. */
export function queueParties(run: Run, call: Call): void {
  for (const conn of connsOf(run, call)) {
    const stays = isParty(conn) && conn.leaving === undefined && conn.hold === undefined;
    if (stays && conn.state === 'connected' && legOf(run, conn)?.state === 'connected') moveConn(run, conn, 'queued');
  }
}

/** Does a queue take no more callers, or is there none of that name? */
export function isFull(run: Run, queueId: QueueId): boolean {
  const queue = run.ix.queues.get(queueId);
  return queue === undefined || (queue.maxWaiting > 0 && waitingIn(run, queueId).size >= queue.maxWaiting);
}

/**
 * Where a caller for a queue can go: the queue itself, or along its overflows the first queue with room or the first target
 * that is no queue. `undefined` when every queue on the way is full. Each queue is looked at once: a ring of queues has an end.
 */
export function roomIn(run: Run, queueId: QueueId, besides?: QueueId): RouteTarget | undefined {
  if (queueId !== besides && !isFull(run, queueId)) return { kind: 'queue', queue: queueId };
  const tried = new Set<QueueId>(besides === undefined ? [] : [besides]);
  let to: RouteTarget | undefined = { kind: 'queue', queue: queueId };
  while (to?.kind === 'queue') {
    if (tried.has(to.queue)) return undefined;
    tried.add(to.queue);
    if (!isFull(run, to.queue)) return to;
    to = run.ix.queues.get(to.queue)?.overflow;
  }
  return to;
}

/** What the order of service is computed from. */
export function rankOf(run: Run, entry: Entry): WaitingEntry {
  const ageingMs = run.ix.queues.get(entry.queueId)?.ageingMs;
  const rank: { -readonly [K in keyof WaitingEntry]: WaitingEntry[K] } = {
    entryId: entry.id,
    queueId: entry.queueId,
    n: entry.n,
    priority: entry.priority,
    enqueuedMs: entry.enqueuedMs,
  };
  if (ageingMs !== undefined) rank.ageingMs = ageingMs;
  if (entry.returned !== undefined) rank.returned = entry.returned;
  return rank;
}

/** Everyone who waits in a queue or is on offer from it. */
export function waitingIn(run: Run, queueId: QueueId): RankedSet<WaitingEntry> {
  let set = run.ix.waiting.get(queueId);
  if (set === undefined) {
    set = new RankedSet<WaitingEntry>((entry) => entry.entryId, waitsBefore);
    run.ix.waiting.set(queueId, set);
  }
  return set;
}

/** Moves an entry by its table. */
export function moveEntry(run: Run, entry: Entry, event: QueueEntryEvent): 'moved' | 'stayed' {
  const next = step(run, QUEUE_ENTRY_MACHINE, { state: entry.state, event });
  if (next === undefined) return 'stayed';
  entry.state = next;
  run.queues.add(entry.queueId);
  return 'moved';
}

/** The waiting of a call is over: nobody is rung for it any more. */
export function leaveQueue(run: Run, call: Call, how: 'accepted' | 'abandoned' | 'overflowed' | 'withdrawn'): void {
  const entry = call.entryId === undefined ? undefined : run.s.entries.get(call.entryId);
  call.entryId = undefined;
  if (entry === undefined) return;
  moveEntry(run, entry, how);
  if (how !== 'accepted') withdrawOffer(run, entry);
  stopTimer(run, entry.timer);
  run.s.entries.delete(entry.id);
  run.ix.router.removeWaiting(entry.id);
  waitingIn(run, entry.queueId).delete(entry.id);
  for (const conn of connsOf(run, call)) if (conn.state === 'queued') moveConn(run, conn, 'unqueued');
  changed(run, call.id, 'unqueued');
}
