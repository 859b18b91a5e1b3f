import type { CallOutcome, Cdr } from '../contract/records.js';
import type { Run } from '../engine/run.js';
import type { Call, Ending } from '../engine/state.js';
import { closeSegments } from './segments.js';

/** The one record of a call that ends now. */
export function buildCdr(run: Run, call: Call, ending: Ending): Cdr {
  const segments = closeSegments(run, call);
  const cdr: { -readonly [K in keyof Cdr]: Cdr[K] } = {
    callId: call.id,
    tenant: run.s.config.tenant,
    direction: call.direction,
    calling: call.calling,
    called: call.called,
    startedWallMs: call.startedWallMs,
    endedWallMs: call.startedWallMs + run.at - call.startedMs,
    durationMs: run.at - call.startedMs,
    outcome: outcomeOf(call, ending),
    cause: ending.end.cause,
    endedBy: ending.by,
    endedAt: ending.place,
    agents: call.agents,
    ivrPath: call.ivrPath,
    data: call.data,
    segments,
    merged: call.merged,
    recordings: call.recordings,
    transfers: call.transfers.map((transfer) => ({ ...transfer })),
  };
  if (call.customer !== undefined) cdr.customer = call.customer;
  if (call.answeredWallMs !== undefined) cdr.answeredWallMs = call.answeredWallMs;
  if (ending.end.native !== undefined) cdr.native = ending.end.native;
  if (call.progress !== undefined) cdr.progress = call.progress;
  if (ending.lostBetweenWallMs !== undefined) cdr.lostBetweenWallMs = ending.lostBetweenWallMs;
  if (call.queueId !== undefined) cdr.queueId = call.queueId;
  if (call.native !== undefined) cdr.nativeCallRefs = call.native.refs;
  if (call.madeBy !== undefined) cdr.madeBy = call.madeBy;
  if (call.missed !== undefined) cdr.missedBy = call.missed;
  return cdr;
}

function outcomeOf(call: Call, ending: Ending): CallOutcome {
  const { cause } = ending.end;
  if (cause === 'lostInOutage') return 'lostInOutage';
  if (call.answeredWallMs !== undefined) return 'answered';
  if (ending.place.kind === 'flow') return ending.by === 'caller' ? 'droppedInFlow' : 'completedInFlow';
  if (ending.by === 'caller' && (ending.place.kind === 'queue' || call.direction === 'inbound')) return 'abandoned';
  switch (cause) {
    case 'busy':
      return 'busy';
    case 'blocked':
      return 'blocked';
    case 'noAnswer':
    case 'rejected':
    case 'cancelled':
    case 'normalClearing':
      return 'noAnswer';
    default:
      return 'failed';
  }
}
