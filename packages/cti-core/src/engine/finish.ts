import { buildCdr } from '../cdr/cdr.js';
import type { PublishedEvent } from '../contract/engine-io.js';
import { endFlow } from './flows.js';
import { abandonOps } from './ops.js';
import { byOf, endView } from './parting.js';
import { endTransfer } from './plans.js';
import { expirePops } from './pops.js';
import { leaveQueue } from './queues.js';
import { endRecordings } from './recording.js';
import { changed, type Run } from './run.js';
import type { Call, Ending } from './state.js';
import { agentStream, boardStream, queueStream } from './streams.js';
import { stopTimer } from './timers.js';

/** The last connection of a call has gone: its record is written and it is forgotten. */
export function finishCall(run: Run, call: Call): void {
  leaveQueue(run, call, 'abandoned');
  endFlow(run, call);
  endTransfer(run, call, 'failed');
  endRecordings(run, call);
  const ending: Ending = call.ending ?? { by: 'unknown', end: { cause: 'unknown' }, place: { kind: 'route' } };
  run.out.push({ kind: 'record', record: { table: 'cdr', key: call.id, value: buildCdr(run, call, ending) } });
  forgetCall(run, call, { ending });
}

/** Takes a call out of the model and tells those who followed it. */
export function forgetCall(run: Run, call: Call, how: { readonly ending: Ending; readonly mergedInto?: Call }): void {
  const { ending, mergedInto } = how;
  stopTimer(run, call.maxTimer);
  if (mergedInto === undefined) {
    expirePops(run, call);
    abandonOps(run, call);
    for (const alias of call.aliases) run.s.aliases.delete(alias);
  }
  if (call.routeId !== undefined) {
    const live = (run.ix.routeCalls.get(call.routeId) ?? 1) - 1;
    if (live > 0) run.ix.routeCalls.set(call.routeId, live);
    else run.ix.routeCalls.delete(call.routeId);
  }
  const other = call.consultOf === undefined ? undefined : run.s.calls.get(call.consultOf);
  if (other?.consultedBy === call.id) {
    other.consultedBy = undefined;
    changed(run, other.id, 'partyChanged');
  }
  const consultation = call.consultedBy === undefined ? undefined : run.s.calls.get(call.consultedBy);
  if (consultation?.consultOf === call.id) {
    consultation.consultOf = undefined;
    changed(run, consultation.id, 'partyChanged');
  }
  run.s.calls.delete(call.id);
  run.tend.delete(call.id);
  run.changes.delete(call.id);
  const streams = call.watchers.map((agentId) => agentStream(run, agentId));
  if (call.queueId !== undefined) streams.push(queueStream(run, call.queueId));
  streams.push(boardStream(run));
  const callId = call.id;
  const end = endView(ending.end, byOf(ending));
  const event: PublishedEvent =
    mergedInto === undefined
      ? { type: 'callEnded', callId, end }
      : { type: 'callEnded', callId, end, mergedInto: mergedInto.id };
  run.ended.push({ streams, event });
}
