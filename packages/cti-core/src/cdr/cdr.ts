import type { CallOutcome, Cdr } from '../contract/records.js';
import type { Run } from '../engine/run.js';
import type { Call, Ending } from '../engine/state.js';
import { closeSegments } from './segments.js';

/** The one record of a call that ends now. */
export function buildCdr(run: Run, call: Call, ending: Ending): Cdr {
  const segments = closeSegments(run, call);
  return {
    callId: call.id,
    tenant: run.s.config.tenant,
    direction: call.direction,
    calling: call.calling,
    called: call.called,
    ...(call.customer === undefined ? {} : { customer: call.customer }),
    startedWallMs: call.startedWallMs,
    ...(call.answeredWallMs === undefined ? {} : { answeredWallMs: call.answeredWallMs }),
    endedWallMs: call.startedWallMs + run.at - call.startedMs,
    durationMs: run.at - call.startedMs,
    outcome: outcomeOf(call, ending),
    cause: ending.end.cause,
    ...(ending.end.native === undefined ? {} : { native: ending.end.native }),
    endedBy: ending.by,
    endedAt: ending.place,
    ...(ending.lostBetweenWallMs === undefined ? {} : { lostBetweenWallMs: ending.lostBetweenWallMs }),
    ...(call.queueId === undefined ? {} : { queueId: call.queueId }),
    agents: call.agents,
    ...(call.missed === undefined ? {} : { missedBy: call.missed }),
    ivrPath: call.ivrPath,
    data: { ...call.data },
    segments,
    merged: call.merged,
    recordings: call.recordings,
    transfers: call.transfers.map((transfer) => ({ ...transfer })),
  };
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
