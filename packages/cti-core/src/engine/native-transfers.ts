import type { DeviceId } from '../contract/ids.js';
import { connsOf, isOutside } from './lookups.js';
import type { Served } from './native-calls.js';
import { changed, type Run } from './run.js';
import type { Conn, Handed, Leg } from './state.js';

/**
 * A phone has left a call as one who transfers it (or parks it, which is told beside). To whom is seen from who is in the call, now or later; a second connection of the
 * same phone that leaves with the first one is part of the same.
 */
export function handedOver(run: Run, call: Served, what: { readonly leg: Leg; readonly conn: Conn }): void {
  const { leg, conn } = what;
  const { native } = call;
  if (native.handedBy === leg.device || connsOf(run, call).some((one) => isParked(run, one))) return;
  endHanded(call, 'failed');
  native.handedBy = leg.device;
  const conns = connsOf(run, call);
  const up = conns.filter((one) => one.device !== leg.device && isUp(one));
  const stays = up.find((one) => isOutside(one.device)) ?? up[0];
  const left = up.findLast((one) => one !== stays);
  native.handed = {
    by: conn.agentId ?? 'device',
    device: leg.device,
    kind: conns.some((one) => one.device === leg.device) ? 'attended' : 'blind',
    atMs: run.at - call.startedMs,
    to: native.transferTo,
    among: up.map((one) => one.device),
    target: left === undefined ? undefined : targetOf(left),
  };
  native.transferTo = undefined;
  changed(run, call.id, 'transferred');
}

/** Does it wait on a park slot? */
export function isParked(run: Run, conn: Conn): boolean {
  return run.s.legs.get(conn.legId)?.parkedAt !== undefined;
}

/**
 * Looks at a transfer of a phone that is under way: done when somebody has answered who was not in the talk with that phone, failed when it comes back to it. Where nobody
 * new comes, those who talked with it were left to each other.
 */
export function tendHanded(run: Run, call: Served): void {
  const { handed } = call.native;
  if (handed === undefined) return;
  if (isBack(run, call, handed)) return endHanded(call, 'failed');
  const conns = connsOf(run, call);
  const own = conns.filter((conn) => conn.device === handed.device);
  if (own.some((conn) => conn.state === 'alerting')) return endHanded(call, 'failed');
  // Its other connection is still to leave.
  if (own.length > 0) return;
  const fresh = conns.filter((conn) => !handed.among.includes(conn.device));
  const target = fresh.findLast(isUp) ?? fresh.at(-1);
  if (target === undefined) {
    if (isLeft(handed) && conns.filter((conn) => conn.state === 'connected').length < 2) endHanded(call, 'done');
    return;
  }
  if (conns.length < 2) return;
  call.native.handed = { ...handed, target: targetOf(target) };
  if (isUp(target)) endHanded(call, 'done');
}

const isUp = (conn: Conn): boolean => conn.state === 'connected' || conn.state === 'held';

/** Were two who talked with the phone left to each other, and has nobody new come? */
function isLeft({ among, target }: Handed): boolean {
  return target !== undefined && among.includes(target.device);
}

/**
 * What is kept of a transfer under way when the switch joins two calls. It is by the phone that transfers where that is or was in both: who was in the later one is then whom
 * it hands the earlier one to. In any other joining nobody comes whom it meant.
 */
export function joinHanded(run: Run, earlier: Served, later: Served): Handed | undefined {
  const handed = earlier.native.handed ?? later.native.handed;
  if (handed === undefined) return undefined;
  const { device } = handed;
  const upIn = (call: Served): DeviceId[] =>
    connsOf(run, call).flatMap((conn) => (conn.device !== device && isUp(conn) ? conn.device : []));
  const isOwn = [earlier, later].every(
    (call) => call.native.handed?.device === device || connsOf(run, call).some((conn) => conn.device === device),
  );
  if (!isOwn) return { ...handed, among: [...handed.among, ...upIn(earlier), ...upIn(later)] };
  return { ...handed, kind: 'attended', among: earlier.native.handed?.among ?? upIn(earlier), target: undefined };
}

/** Has the phone that sent a call away taken it again by itself, from where it rings or waits? Its connections of before are on their way out. */
function isBack(run: Run, call: Served, { device }: Handed): boolean {
  if (call.native.handedBy === device) return false;
  return connsOf(run, call).some((conn) => conn.device === device && conn.state === 'connected');
}

/** Writes down how a transfer of a phone went; those who were left to each other have been transferred, whatever follows. */
export function endHanded(call: Served, outcome: 'done' | 'failed'): void {
  const { handed } = call.native;
  if (handed === undefined) return;
  call.native.handed = undefined;
  call.transfers.push({
    kind: handed.kind,
    by: handed.by,
    to: handed.target?.name ?? handed.to ?? '',
    outcome: isLeft(handed) ? 'done' : outcome,
    atMs: handed.atMs,
  });
}

function targetOf({ device, agentId, party }: Conn): NonNullable<Handed['target']> {
  return { device, name: agentId === undefined ? party.raw : `agent:${agentId}` };
}
