import type { DriverEvent } from '../contract/driver-events.js';
import type { SwitchId } from '../contract/ids.js';
import { answerCaller } from './calls.js';
import { stopDialling } from './dialled.js';
import { endFlowTaken } from './flows.js';
import { clearGhost } from './leg-end.js';
import { addConn, addLeg, moveConn } from './legs.js';
import { agentAt, agentConfig, connsOf, connsOfLeg, isOutside, isParty } from './lookups.js';
import { withdrawOffer } from './offers.js';
import { endTransfer } from './plans.js';
import { offerPop, popsAt } from './pops.js';
import { leaveQueue } from './queues.js';
import { changed, count, type Run } from './run.js';

type Created = Extract<DriverEvent, { type: 'created' }>;

/** Is it the local phone of a line, lifted without a number dialled? `lifted` says next what for. */
export function isLift(run: Run, switchId: SwitchId, event: Created): boolean {
  const profile = run.s.switches.get(switchId)?.profile;
  return profile === 'line' && event.direction === 'incoming' && event.called.number === '' && !isOutside(event.device);
}

/**
 * A local phone was lifted while its line is in a call with no phone in it: the call is its own from now on, wherever it was: ringing, in a flow, in a
 * queue, or held for a transfer.
 */
export function deviceLifted(run: Run, event: Extract<DriverEvent, { type: 'lifted' }>): void {
  const limbo = run.s.limbo.get(event.connectionId);
  if (limbo === undefined) return count(run, 'ignored.lifted');
  run.s.limbo.delete(event.connectionId);
  const target = run.s.legs.get(event.targetId);
  const wanted = target === undefined ? undefined : connsOfLeg(run, target).find((conn) => conn.leaving === undefined);
  const call = wanted === undefined ? undefined : run.s.calls.get(wanted.callId);
  const taken = call !== undefined && connsOf(run, call).some((conn) => isPhone(conn) && conn.purpose === undefined);
  if (wanted === undefined || call === undefined || taken || target?.flash !== undefined) {
    clearGhost(run, { id: event.connectionId, ...limbo });
    return;
  }
  const { switchId, device, direction, state, bridgeId } = limbo;
  const agentId = agentAt(run, device)?.id;
  const leg = addLeg(run, { id: event.connectionId, switchId, device, direction, control: 'full', seen: 'yes' });
  leg.state = state;
  leg.bridgeId = bridgeId;
  const conn = addConn(run, leg, {
    call,
    party: wanted.party,
    partyName: agentConfig(run, agentId)?.name,
    agentId,
  });
  if (state !== 'initiated') moveConn(run, conn, state);
  const entry = call.entryId === undefined ? undefined : run.s.entries.get(call.entryId);
  if (entry !== undefined) withdrawOffer(run, entry);
  leaveQueue(run, call, 'accepted');
  endFlowTaken(run, call);
  if (call.transfer !== undefined) endTransfer(run, call, 'done');
  for (const purpose of ['route', 'transfer', 'return'] as const) stopDialling(run, call, purpose);
  answerCaller(run, call);
  changed(run, call.id, 'partyChanged');
  offerPop(run, call, { conn, at: popsAt(run, call, agentId) });
}

function isPhone(conn: Parameters<typeof isParty>[0]): boolean {
  return isParty(conn) && conn.leaving === undefined && !isOutside(conn.device);
}
