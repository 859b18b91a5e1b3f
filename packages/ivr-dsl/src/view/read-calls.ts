import type { Cdr } from '@cordboard/cti-core';
import type { CountedCall } from './traffic.js';

/** Longest way of one call that is counted, and most of its segments; records of the product hold 200 nodes. */
const MAX_PARTS = 10_000;

/** What counting needs of a call's record as it came from a file or a server; `undefined` for what is no record. Names and numbers are not looked at. */
export function readCall(value: unknown): CountedCall | undefined {
  if (!isRecord(value) || !Array.isArray(value.ivrPath) || !Array.isArray(value.segments)) return undefined;
  const { endedAt, endedBy } = value;
  if (!isRecord(endedAt) || typeof endedAt.kind !== 'string' || typeof endedBy !== 'string') return undefined;
  if (endedAt.kind === 'flow' && (typeof endedAt.flow !== 'string' || typeof endedAt.node !== 'string'))
    return undefined;
  const ivrPath = value.ivrPath.slice(-MAX_PARTS).filter((entry) => typeof entry === 'string');
  const segments = value.segments.slice(0, MAX_PARTS).flatMap((segment: unknown) => {
    if (!isRecord(segment)) return [];
    const { kind, node, startMs, endMs } = segment;
    if (kind !== 'flow' || typeof node !== 'string' || typeof startMs !== 'number' || typeof endMs !== 'number')
      return [];
    return Number.isFinite(endMs - startMs) ? [{ kind: 'flow' as const, node, startMs, endMs }] : [];
  });
  return { ivrPath, segments, endedAt: endedAt as Cdr['endedAt'], endedBy: endedBy as Cdr['endedBy'] };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
