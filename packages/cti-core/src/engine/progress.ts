import type { Evidence, Release, ReleaseCause } from '../contract/causes.js';
import type { ProgressResult } from '../contract/records.js';
import { connsOfLeg, isOutside } from './lookups.js';
import { changed, type Run } from './run.js';
import type { Leg } from './state.js';

/** From here on an answer is told as one: what sound can show at best. Below it, an announcement of the network sounds the same. */
const SURE = 0.9;

/** Tones of machines that answer. */
const MACHINES: Readonly<Record<string, ProgressResult>> = { ced: 'fax', cng: 'fax', fax: 'fax', modem: 'modem' };

const ENDS: Partial<Record<ReleaseCause, ProgressResult>> = {
  busy: 'busy',
  congestion: 'congestion',
  unallocatedNumber: 'unallocated',
  noAnswer: 'noAnswer',
  deviceUnreachable: 'noDialTone',
  cancelled: 'cancelled',
};

/** A line rings at the far end, or was answered there, as far as can be heard. */
export function heardOf(
  run: Run,
  leg: Leg,
  what: { readonly state: 'alerting' | 'connected'; readonly evidence: Evidence },
): void {
  leg.evidence = what.evidence;
  for (const conn of connsOfLeg(run, leg)) changed(run, conn.callId, what.state);
  if (what.state !== 'connected') return;
  const machine = MACHINES[what.evidence.tone ?? ''];
  const result = machine ?? (what.evidence.confidence < SURE ? 'answeredOrAnnouncement' : 'answered');
  noteProgress(run, leg, { result, evidence: what.evidence });
}

/** A dialled line has ended before its answer: what was heard then is the result. */
export function heardEnd(run: Run, leg: Leg, release: Release): void {
  if (leg.direction !== 'outgoing' || leg.state === 'connected' || release.evidence === undefined) return;
  noteProgress(run, leg, { result: ENDS[release.cause] ?? 'failed', evidence: release.evidence });
}

function noteProgress(
  run: Run,
  leg: Leg,
  progress: { readonly result: ProgressResult; readonly evidence: Evidence },
): void {
  if (leg.direction !== 'outgoing' || !isOutside(leg.device)) return;
  for (const conn of connsOfLeg(run, leg)) {
    const call = run.s.calls.get(conn.callId);
    if (call !== undefined) call.progress = progress;
  }
}
