import type { ParameterAt, ParameterValue } from '@cordboard/cti-core';
import { KTS_PARAMETER_BY_ID, type KtsParameter } from './catalogue.js';
import { maxBytesOf } from './wire-values.js';

/** A parameter that was asked for, with where it stands in the answer. */
export interface Wanted extends ParameterAt {
  readonly at: number;
  readonly parameter: KtsParameter;
  readonly value?: ParameterValue;
}

/** Places of one parameter without a gap, which one request can carry. */
export interface Run {
  readonly parameter: KtsParameter;
  readonly first: number;
  readonly wanted: readonly Wanted[];
}

/** Values of one request, source: docs/protocols/kts-1.md, section 13. */
const MAX_COUNT = 64;
/** Bytes of a payload that values may fill; the rest is for the fields around them. */
const ROOM = 960;
/** The switch puts what it takes into lasting memory before it answers, and has 5 s for it. */
const MAX_WRITES = 16;

/** What of them can be written or read by one request each, in the order given. */
export function runsOf(wanted: readonly Wanted[], for_: 'read' | 'write'): Run[] {
  const runs: { parameter: KtsParameter; first: number; wanted: Wanted[] }[] = [];
  for (const one of wanted) {
    const run = runs.at(-1);
    const most = Math.min(
      for_ === 'read' ? MAX_COUNT : MAX_WRITES,
      Math.floor(ROOM / (2 + maxBytesOf(one.parameter.type))),
    );
    const follows = run !== undefined && run.parameter === one.parameter && run.first + run.wanted.length === one.index;
    if (follows && run.wanted.length < most) run.wanted.push(one);
    else runs.push({ parameter: one.parameter, first: one.index, wanted: [one] });
  }
  return runs;
}

/** Looks each up in the catalogue. Ids that are not in it are told by `unknown`. */
export function lookUp(what: readonly (ParameterAt & { readonly value?: ParameterValue })[]): {
  readonly wanted: readonly Wanted[];
  readonly unknown: readonly string[];
} {
  const unknown: string[] = [];
  const wanted = what.flatMap((one, at): readonly Wanted[] => {
    const parameter = KTS_PARAMETER_BY_ID.get(one.id);
    if (parameter !== undefined) return [{ ...one, at, parameter }];
    unknown.push(one.id);
    return [];
  });
  return { wanted, unknown };
}
