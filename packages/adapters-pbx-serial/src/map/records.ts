import type { SwitchCallEnd } from '@cordboard/cti-core';
import type { SmdrRecord } from '../smdr/record.js';
import type { MessageOf } from '../wire/kts/index.js';

/** A call record of the PBX with the place that it has in the PBX's memory: the pair that makes it the same one when it comes again. */
export interface PlacedRecord {
  /** Which memory. 0 to 2^32-1; a PBX whose memory was wiped has another one. */
  readonly store: number;
  /** Counts every record of that memory, from 1, without a hole. */
  readonly record: number;
  readonly smdr: SmdrRecord;
}

const UNANSWERED: ReadonlySet<string> = new Set(['abandoned', 'noanswer', 'busy', 'rejected', 'barred', 'failed']);

/** Words of the wire for how it ended; `unknown` is none. */
const ENDS: Readonly<Record<string, SwitchCallEnd>> = {
  normal: 'normal',
  busy: 'busy',
  noanswer: 'noAnswer',
  rejected: 'rejected',
  failed: 'failed',
  transferred: 'transferred',
  abandoned: 'abandoned',
  cut: 'cut',
  barred: 'barred',
};

/** A record of kts-1 in the form of all call records. Source: docs/protocols/kts-1.md, 12. */
export function recordOf(message: MessageOf<'cdr'>): PlacedRecord {
  const { store, record, start, durationS, dir, end } = message;
  const { call, part, more, estimated, ringS, heldS, ext, line, number, name, peer, account, charge, pulses, from } =
    message;
  const isDirection = dir === 'in' || dir === 'out' || dir === 'internal';
  const isHidden = number?.includes('.') === true;
  return {
    store,
    record,
    smdr: {
      start,
      durationMs: durationS * 1_000,
      direction: isDirection ? dir : 'unknown',
      ...answerOf(message),
      ...(ENDS[end] === undefined ? {} : { end: ENDS[end] }),
      recordNo: `${store}.${record}`,
      code: end.toUpperCase(),
      ...(ringS === undefined ? {} : { ringMs: ringS * 1_000 }),
      ...(heldS === undefined ? {} : { holdMs: heldS * 1_000 }),
      ...(ext === undefined ? {} : { extension: ext }),
      ...(line === undefined ? {} : { line: String(line) }),
      ...(number === undefined || number === '' ? {} : { number }),
      ...(name === undefined || name === '' ? {} : { name }),
      ...(account === undefined || account === '' ? {} : { accountCode: account }),
      ...(charge === undefined ? {} : { costMinor: charge }),
      ...(pulses === undefined ? {} : { pulses }),
      ...(call === undefined ? {} : { callRef: String(call) }),
      ...(part === undefined ? {} : { part }),
      ...(peer === undefined || end !== 'transferred' ? {} : { transferredTo: peer }),
      ...(from === undefined ? {} : { transferredFrom: from }),
      ...(more === true ? { continues: 'continues' } : {}),
      ...(peer !== undefined && end === 'transferred'
        ? { transfer: 'to' }
        : from === undefined
          ? {}
          : { transfer: 'from' }),
      doubts: [
        ...(isHidden ? (['digitsHidden'] as const) : []),
        ...(estimated === true ? (['durationEstimated'] as const) : []),
      ],
      raw: JSON.stringify(message),
    },
  };
}

/** Of a call that a loss of power cut before its first second was noted nobody knows whether it was answered. */
function answerOf({ durationS, end }: MessageOf<'cdr'>): Pick<SmdrRecord, 'answered'> {
  if (durationS > 0 || !(UNANSWERED.has(end) || end === 'cut')) return { answered: 'answered' };
  return end === 'cut' ? {} : { answered: 'unanswered' };
}
