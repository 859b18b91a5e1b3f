import { partsOf } from './fields.js';
import type { SmdrRecord } from './record.js';

/** One call, made of one or several records. */
export interface MergedCall {
  /** The whole call: from the first part's start; talk, hold and cost added up; the last extension that had it. */
  readonly record: SmdrRecord;
  /** What it was made of, in order. */
  readonly parts: readonly SmdrRecord[];
  /** Why they are one: a reference of the PBX, a ring told before its outcome, a transfer; `alone` where there is one part. */
  readonly by: 'callRef' | 'ringing' | 'transfer' | 'alone';
  /** The PBX said that more parts follow, and none came. */
  readonly open?: 'open';
}

/** Longest gap between the end of a part and the start of the next, s. */
const GAP_S = 90;
/** Stamps of whole minutes may make a part begin this much before the one before it ended, s; not as much as it. */
const OVERLAP_S = 60;

interface Group {
  readonly parts: SmdrRecord[];
  by: MergedCall['by'];
}

const secondsOf = (stamp: string | undefined): number | undefined => {
  const parts = stamp === undefined ? undefined : partsOf(stamp);
  return parts && Date.UTC(parts.day.year, parts.day.month - 1, parts.day.day) / 1000 + parts.seconds;
};

function endOf(record: SmdrRecord): number | undefined {
  const start = secondsOf(record.start);
  return start === undefined ? undefined : start + ((record.durationMs ?? 0) + (record.ringMs ?? 0)) / 1000;
}

/** The record of the whole call, after the one that told its answer: their rings began within a minute, which is what stamps tell. */
function isSameRing(last: SmdrRecord, next: SmdrRecord): boolean {
  const [first, second] = [secondsOf(last.start), secondsOf(next.start)];
  if (next.code === 'RC' || next.code === 'AN' || next.code === 'NA' || next.durationMs === undefined) return false;
  return first !== undefined && second !== undefined && Math.abs(second - first) < 2 * OVERLAP_S;
}

/** Could `next` be what became of `last`, which was on the same line? */
function follows(last: SmdrRecord, next: SmdrRecord): MergedCall['by'] | undefined {
  // The DBS prints `T` for a part that was taken by transfer, whichever way the call came.
  const sameWay = last.direction === next.direction || (next.direction === 'unknown' && next.transfer === 'from');
  if (!sameWay) return undefined;
  if (last.number !== undefined && next.number !== undefined && last.number !== next.number) return undefined;
  const [end, start] = [endOf(last), secondsOf(next.start)];
  if (last.code === 'AN' && isSameRing(last, next)) return 'ringing';
  if (end === undefined || start === undefined || start - end > GAP_S || start - end <= -OVERLAP_S) return undefined;
  if (last.code === 'RC' && (next.code === 'AN' || next.code === 'NA')) return 'ringing';
  return last.transfer === 'to' || next.transfer === 'from' ? 'transfer' : undefined;
}

/**
 * Puts the records of one call together: segments with one reference (IP Office), a ring and its outcome (KX-TD `RC` before `AN` or `NA`), and transfers on
 * one line that go on where the one before ended. A part that would fit two calls is left alone. Pure; the order of the calls is that of their first parts.
 */
export function mergeCalls(records: readonly SmdrRecord[]): readonly MergedCall[] {
  const groups: Group[] = [];
  const byRef = new Map<string, Group>();
  const byLine = new Map<string, Group[]>();
  for (const record of records) {
    const ref = record.callRef === undefined ? undefined : byRef.get(record.callRef);
    if (ref !== undefined) {
      ref.parts.push(record);
      ref.by = 'callRef';
      if (record.callRef !== undefined && record.continues === undefined) byRef.delete(record.callRef);
      continue;
    }
    const group = record.callRef === undefined ? joined(record, byLine) : undefined;
    if (group !== undefined) continue;
    const fresh: Group = { parts: [record], by: 'alone' };
    groups.push(fresh);
    if (record.callRef !== undefined && record.continues !== undefined) byRef.set(record.callRef, fresh);
    if (record.callRef === undefined && record.line !== undefined) {
      // A line has one call at a time; a few are kept because records come in the order of their ends.
      const list = byLine.get(record.line) ?? [];
      byLine.set(record.line, [...list.slice(-3), fresh]);
    }
  }
  return groups.map(callOf);
}

function joined(record: SmdrRecord, byLine: ReadonlyMap<string, readonly Group[]>): Group | undefined {
  const fitting = (byLine.get(record.line ?? '') ?? []).flatMap((group) => {
    const last = group.parts.at(-1);
    const by = last === undefined ? undefined : follows(last, record);
    return by === undefined ? [] : [{ group, by }];
  });
  const [only, more] = fitting;
  if (only === undefined || more !== undefined) return undefined;
  only.group.parts.push(record);
  only.group.by = only.by;
  return only.group;
}

function sum(
  parts: readonly SmdrRecord[],
  field: 'durationMs' | 'holdMs' | 'parkMs' | 'costMinor' | 'pulses',
): Partial<SmdrRecord> {
  const told = parts.flatMap((part) => part[field] ?? []);
  return told.length === 0 ? {} : { [field]: told.reduce((total, one) => total + one, 0) };
}

function callOf({ parts, by }: Group): MergedCall {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined || parts.length === 1) {
    const alone = first as SmdrRecord;
    return { record: alone, parts, by: 'alone', ...(alone.continues === undefined ? {} : { open: 'open' as const }) };
  }
  // What the last part lacks is taken from the one before it.
  const known: SmdrRecord = Object.assign({}, ...parts);
  const { continues: _continues, ringMs: _ring, part: _part, end: _end, ...whole } = known;
  const { transferredFrom: _from, transferredTo: _to, ...rest } = whole;
  const ring = parts.find(({ ringMs }) => ringMs !== undefined)?.ringMs;
  const record: SmdrRecord = {
    ...rest,
    direction: first.direction,
    ...(first.start === undefined ? {} : { start: first.start }),
    ...(ring === undefined ? {} : { ringMs: by === 'ringing' ? (last.ringMs ?? ring) : ring }),
    ...sum(parts, 'durationMs'),
    ...sum(parts, 'holdMs'),
    ...sum(parts, 'parkMs'),
    ...sum(parts, 'costMinor'),
    ...sum(parts, 'pulses'),
    ...(last.end === undefined ? {} : { end: last.end }),
    ...(parts.some(({ answered }) => answered === 'answered') ? { answered: 'answered' as const } : {}),
    doubts: [...new Set(parts.flatMap(({ doubts }) => doubts))],
    raw: parts.map(({ raw }) => raw).join('\n'),
  };
  return { record, parts, by, ...(last.continues === undefined ? {} : { open: 'open' as const }) };
}
