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

/** A record of kts-1 in the form of all call records. Source: docs/protocols/kts-1.md, 12. */
export function recordOf(message: MessageOf<'cdr'>): PlacedRecord {
  const { store, record, start, durationS, dir, end } = message;
  const { call, more, ringS, heldS, ext, line, number, name, peer, account, charge, pulses, from } = message;
  const isDirection = dir === 'in' || dir === 'out' || dir === 'internal';
  const isHidden = number?.includes('.') === true;
  return {
    store,
    record,
    smdr: {
      start,
      durationMs: durationS * 1_000,
      direction: isDirection ? dir : 'unknown',
      answered: durationS === 0 && UNANSWERED.has(end) ? 'unanswered' : 'answered',
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
      ...(more === true ? { continues: 'continues' } : {}),
      ...(peer !== undefined && end === 'transferred'
        ? { transfer: 'to' }
        : from === undefined
          ? {}
          : { transfer: 'from' }),
      doubts: isHidden ? ['digitsHidden'] : [],
      raw: JSON.stringify(message),
    },
  };
}
