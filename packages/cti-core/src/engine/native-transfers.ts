import { connsOf, isOutside } from './lookups.js';
import type { Served } from './native-calls.js';
import { changed, type Run } from './run.js';
import type { Call, Conn, Handed, Leg } from './state.js';

/**
 * A phone has left a call as one who transfers it (or parks it, which is told beside). To whom is seen from who is in the call, now or later; a second connection of the
 * same phone that leaves with the first one is part of the same.
 */
export function handedOver(run: Run, call: Served, what: { readonly leg: Leg; readonly conn: Conn }): void {
  const { leg, conn } = what;
  const { native } = call;
  if (native.handedBy === leg.device || connsOf(run, call).some((one) => isParked(run, one))) return;
  native.handedBy = leg.device;
  native.handed = {
    by: conn.agentId ?? 'device',
    device: leg.device,
    atMs: run.at - call.startedMs,
    to: native.transferTo,
    target: undefined,
  };
  native.transferTo = undefined;
  changed(run, call.id, 'transferred');
}

/** Does it wait on a park slot? */
export function isParked(run: Run, conn: Conn): boolean {
  return run.s.legs.get(conn.legId)?.parkedAt !== undefined;
}

/** Looks at a transfer of a phone that is under way: done when somebody has answered, failed when it comes back to that phone. */
export function tendHanded(run: Run, call: Served): void {
  const { handed } = call.native;
  if (handed === undefined) return;
  if (isBack(run, call, handed)) return endHanded(run, call, 'failed');
  const conns = connsOf(run, call);
  if (conns.some((conn) => conn.device === handed.device && conn.state === 'alerting'))
    return endHanded(run, call, 'failed');
  const others = conns.filter((conn) => conn.device !== handed.device);
  const stays = others.find((conn) => isOutside(conn.device)) ?? others[0];
  const target = others.findLast((conn) => conn !== stays);
  if (target === undefined) return;
  const name = nameOf(target);
  if (handed.target?.id !== target.id || handed.target.name !== name)
    call.native.handed = { ...handed, target: { id: target.id, device: target.device, name } };
  if (target.state === 'connected' || target.state === 'held') endHanded(run, call, 'done');
}

/** Has the phone that sent a call away taken it again by itself, from where it rings or waits? Its connections of before are on their way out. */
function isBack(run: Run, call: Served, { device }: Handed): boolean {
  if (call.native.handedBy === device) return false;
  return connsOf(run, call).some((conn) => conn.device === device && conn.state === 'connected');
}

/** Writes down how a transfer of a phone went. */
export function endHanded(run: Run, call: Served, outcome: 'done' | 'failed'): void {
  const { handed } = call.native;
  if (handed === undefined) return;
  call.native.handed = undefined;
  const legs = connsOf(run, call).flatMap((conn) => run.s.legs.get(conn.legId) ?? []);
  const moved = legs.some((leg) => leg.moved !== undefined);
  for (const leg of legs) leg.moved = undefined;
  call.transfers.push({
    kind: moved ? 'attended' : 'blind',
    by: handed.by,
    to: handed.target?.name ?? handed.to ?? '',
    outcome,
    atMs: handed.atMs,
  });
}

function nameOf(target: Conn): Call['transfers'][number]['to'] {
  return target.agentId === undefined ? target.party.raw : `agent:${target.agentId}`;
}
