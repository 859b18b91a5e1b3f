import { endFlow, inFlow } from './flows.js';
import { connsOf } from './lookups.js';
import { leaveQueue } from './queues.js';
import type { Run } from './run.js';
import type { Call } from './state.js';
import { stopTimer } from './timers.js';

/** Is something under way that keeps a call alive although nobody talks in it? */
export function hasPlan(call: Call): boolean {
  return inFlow(call) || call.entryId !== undefined || call.transfer !== undefined || call.make !== undefined;
}

/** Whom the plans were for has left: waiting, flow, transfer and dialling end with it. */
export function cancelPlans(run: Run, call: Call): void {
  if (call.entryId !== undefined) leaveQueue(run, call, 'abandoned');
  if (call.flow !== undefined) endFlow(run, call);
  if (call.transfer !== undefined) endTransfer(run, call, 'failed');
  call.make = undefined;
}

/** Writes down how a transfer went; it is over. */
export function endTransfer(run: Run, call: Call, outcome: 'done' | 'failed'): void {
  const { transfer } = call;
  if (transfer === undefined) return;
  call.transfer = undefined;
  stopTimer(run, transfer.waitTimer);
  for (const conn of connsOf(run, call)) {
    if (conn.pending === 'transfer' && conn.leaving === undefined) conn.pending = undefined;
  }
  call.transfers.push({
    kind: transfer.kind,
    by: transfer.by,
    to: transfer.to,
    outcome,
    atMs: run.at - call.startedMs,
  });
}
