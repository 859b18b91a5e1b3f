import { deviceId } from '../contract/ids.js';
import type { CdrSegment } from '../contract/records.js';
import { placeOf } from '../engine/flow-world.js';
import { connsOf, isParty, legOf } from '../engine/lookups.js';
import type { Run } from '../engine/run.js';
import type { Call, Conn, NativeCall, Segment } from '../engine/state.js';

type Now = Omit<Segment, 'startMs' | 'endMs'>;

/** What goes on in a call now. */
function presentOf(run: Run, call: Call): Now {
  const { flow } = call;
  if (call.watched !== undefined) {
    const [conn] = connsOf(run, call);
    const isUp = conn !== undefined && legOf(run, conn)?.state === 'connected';
    return { kind: isUp ? 'talking' : 'ringing', device: conn?.device };
  }
  if (call.native !== undefined) return nativeOf(run, call, call.native);
  const transferred = call.transfer === undefined ? undefined : partsOf(run, call);
  // Several may talk on while it rings where another one has handed them over.
  if (transferred !== undefined && transferred.joined < 2)
    return { kind: 'transferring', device: transferred.dialled?.device };
  if (call.entryId !== undefined) {
    const entry = run.s.entries.get(call.entryId);
    const offered = entry?.reservationId === undefined ? undefined : run.s.reservations.get(entry.reservationId);
    if (offered?.state === 'alerting') return { kind: 'ringing', agentId: offered.agentId, queueId: offered.queueId };
    return { kind: 'queue', queueId: entry?.queueId };
  }
  if (flow !== undefined && flow.machine === 'running')
    return { kind: 'flow', node: placeOf(run, flow.state.flow, flow.state.node) };
  const { agent, held, joined, second, talker, dialled } = partsOf(run, call);
  const agentId = agent?.agentId;
  const { queueId } = call;
  if (agent?.open !== undefined) return { kind: 'releasing', agentId, queueId };
  if (held) return { kind: call.consultedBy === undefined ? 'held' : 'consulting', agentId, queueId };
  if (joined >= 3) return { kind: 'conference', agentId: talker?.agentId, queueId };
  if (joined === 2) {
    const device = talker === undefined ? second?.device : undefined;
    return { kind: 'talking', agentId: talker?.agentId, queueId, device };
  }
  if (dialled !== undefined) return { kind: 'ringing', agentId: dialled.agentId, device: dialled.device };
  return call.segments.at(-1) ?? { kind: 'route' };
}

/** What goes on in a call that its switch carries out: there are no bridges, its connections say it all. */
function nativeOf(run: Run, call: Call, native: NativeCall): Now {
  const conns = connsOf(run, call);
  const agentId = conns.find((conn) => conn.agentId !== undefined && conn.state !== 'alerting')?.agentId;
  let slot: number | undefined;
  const talking: Conn[] = [];
  for (const conn of conns) {
    const at = legOf(run, conn)?.parkedAt;
    if (at !== undefined) slot = at;
    else if (conn.state === 'connected') talking.push(conn);
  }
  const rung = conns.find((conn) => conn.state === 'alerting') ?? conns.find((conn) => isRung(run, conn));
  // Not one who holds the call meanwhile.
  const talker = talking.find((conn) => conn.agentId !== undefined)?.agentId;
  if (talking.length >= 3) return { kind: 'conference', agentId: talker };
  // Also while the one rings to whom a third has sent them.
  if (talking.length === 2)
    return { kind: 'talking', agentId: talker, device: talker === undefined ? talking[1]?.device : undefined };
  // Between two words of the switch nobody rings: it is still the transfer to whom it was.
  if (native.handed !== undefined)
    return { kind: 'transferring', device: rung?.device ?? native.handed.target?.device };
  if (slot !== undefined) return { kind: 'parked', device: deviceId(call.switchId, 'park', String(slot)) };
  if (conns.some((conn) => conn.state === 'held'))
    return { kind: call.consultedBy === undefined ? 'held' : 'consulting', agentId };
  if (native.alone !== undefined && talking.length > 0)
    return { kind: 'talking', agentId: talker, device: talking[0]?.device };
  if (rung !== undefined) return { kind: 'ringing', agentId: rung.agentId, device: rung.device };
  return call.segments.at(-1) ?? { kind: 'route' };
}

const isRung = (run: Run, conn: Conn): boolean =>
  conn.state === 'initiated' && legOf(run, conn)?.direction === 'outgoing';

/** Who takes part in a call, in one walk over its connections. */
interface Parts {
  /** The first agent that is up. */
  agent?: Conn | undefined;
  held: boolean;
  /** So many hear each other; `second` is the second of them. */
  joined: number;
  second?: Conn | undefined;
  /** The first agent of those. */
  talker?: Conn | undefined;
  /** The first that is being dialled. */
  dialled?: Conn | undefined;
}

function partsOf(run: Run, call: Call): Parts {
  const parts: Parts = {
    agent: undefined,
    held: false,
    joined: 0,
    second: undefined,
    talker: undefined,
    dialled: undefined,
  };
  for (const conn of connsOf(run, call)) {
    if (!isParty(conn) || conn.leaving !== undefined) continue;
    if (conn.purpose !== undefined) {
      if (conn.state !== 'connected') parts.dialled ??= conn;
      continue;
    }
    const leg = legOf(run, conn);
    if (leg?.state !== 'connected') continue;
    if (conn.agentId !== undefined) parts.agent ??= conn;
    if (conn.hold !== undefined || conn.state === 'held') parts.held = true;
    if (call.bridgeId === undefined || leg.bridgeId !== call.bridgeId) continue;
    parts.joined += 1;
    if (parts.joined === 2) parts.second = conn;
    if (conn.agentId !== undefined) parts.talker ??= conn;
  }
  return parts;
}

/** Closes the running segment of a call and opens the next when something else goes on. One without length is forgotten. */
export function markSegment(run: Run, call: Call): void {
  const now = presentOf(run, call);
  const at = run.at - call.startedMs;
  const last = call.segments.at(-1);
  if (last !== undefined && same(last, now)) return;
  if (
    call.native !== undefined &&
    last?.kind === 'transferring' &&
    last.device === undefined &&
    now.kind === last.kind
  ) {
    // The phone has left, and now the switch says whom it has sent the call to.
    last.device = now.device;
    return;
  }
  if (last !== undefined) {
    last.endMs = at;
    if (last.endMs === last.startMs && !isKept(call, last)) {
      call.segments.pop();
      const before = call.segments.at(-1);
      if (before !== undefined && same(before, now)) return;
    }
  }
  const { kind, agentId, device, queueId, node } = now;
  call.segments.push({ kind, startMs: at, endMs: at, agentId, device, queueId, node });
}

/**
 * Writes that a call was answered. A switch may tell that two were joined only when an agent has sent the caller on already or put them on hold, so
 * that no talk is going on any more: one without length is written, since it is what makes the call answered.
 */
export function markTalk(run: Run, call: Call): void {
  markSegment(run, call);
  const last = call.segments.at(-1);
  if (last === undefined || isTalk(last)) return;
  const at = run.at - call.startedMs;
  last.endMs = at;
  const agent = connsOf(run, call).find((conn) => conn.agentId !== undefined && isParty(conn) && isUp(conn));
  const { queueId } = call;
  const talk: Segment = {
    kind: 'talking',
    startMs: at,
    endMs: at,
    agentId: agent?.agentId,
    device: undefined,
    queueId,
    node: undefined,
  };
  call.segments.push(talk);
  if (agent?.agentId !== undefined && !call.agents.includes(agent.agentId)) call.agents.push(agent.agentId);
}

const isUp = (conn: Conn): boolean => conn.state !== 'initiated' && conn.state !== 'alerting';

/** A talk is told even when it was over at once: it is what makes a call answered. */
function isTalk(segment: Segment): boolean {
  return segment.kind === 'talking' || segment.kind === 'conference';
}

/** A switch that joins calls by itself tells it in several words, between which nobody has talked: only the first talk of such a call counts without length. */
function isKept(call: Call, segment: Segment): boolean {
  if (!isTalk(segment)) return false;
  return call.native === undefined || call.segments.find(isTalk) === segment;
}

function same(a: Now, b: Now): boolean {
  return (
    a.kind === b.kind &&
    a.agentId === b.agentId &&
    a.device === b.device &&
    a.queueId === b.queueId &&
    a.node === b.node
  );
}

/** The segments of a call that ends now: without gap or overlap from 0 to its duration. */
export function closeSegments(run: Run, call: Call): CdrSegment[] {
  const at = run.at - call.startedMs;
  const last = call.segments.at(-1);
  if (last !== undefined) last.endMs = at;
  return call.segments.filter((segment) => segment.endMs > segment.startMs || isKept(call, segment)).map(recordOf);
}

function recordOf({ kind, startMs, endMs, agentId, device, queueId, node }: Segment): CdrSegment {
  const record: { -readonly [K in keyof CdrSegment]: CdrSegment[K] } = { kind, startMs, endMs };
  if (agentId !== undefined) record.agentId = agentId;
  if (device !== undefined) record.device = device;
  if (queueId !== undefined) record.queueId = queueId;
  if (node !== undefined) record.node = node;
  return record;
}
