import type { Cdr } from '@cordboard/cti-core';
import { Histogram } from './histogram.js';

/** What of a call's record the counting looks at. */
export type CountedCall = Pick<Cdr, 'ivrPath' | 'endedAt' | 'endedBy'> & {
  readonly segments: readonly Pick<Cdr['segments'][number], 'kind' | 'node' | 'startMs' | 'endMs'>[];
};

/** What calls did in one node. */
export interface NodeTraffic {
  /** Times that a caller came in. */
  readonly entered: number;
  /** Callers who laid the phone down there; in a queue node: while they waited. */
  readonly hungUp: number;
  /** Calls that the flow ended there. */
  readonly ended: number;
  /** How long callers stayed, by the records' segments; absent where no record has one with this node. */
  readonly dwell?: { readonly stays: number; readonly p50Ms: number; readonly p95Ms: number };
}

/** What calls did in one flow. */
export interface FlowTraffic {
  /** Calls that came to it. */
  readonly calls: number;
  readonly nodes: Readonly<Record<string, NodeTraffic>>;
  /** Node -> the node that callers came to next, in this flow -> how often. */
  readonly steps: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Counts {
  calls: number;
  readonly nodes: Map<string, { entered: number; hungUp: number; ended: number; readonly dwell: Histogram }>;
  readonly steps: Map<string, Map<string, number>>;
}

/**
 * Counts calls by the nodes that they went through, from the records of calls (`ivrPath`, `segments`, `endedAt`). Records tell nodes, not edges: between the
 * same two nodes they are counted together. Of a call of more than 200 nodes the record keeps the last 200. Memory grows with nodes, not with calls.
 */
export class TrafficCounter {
  readonly #flows = new Map<string, Counts>();

  /** Counts one call. */
  add(call: CountedCall): this {
    const before = new Map<string, string>();
    let last: Place | undefined;
    for (const entry of call.ivrPath) {
      const place = placeOf(entry);
      if (place === undefined) continue;
      last = place;
      const counts = this.#countsOf(place.flow);
      const from = before.get(place.flow);
      if (from === undefined) counts.calls += 1;
      else step(counts, from, place.node);
      before.set(place.flow, place.node);
      nodeOf(counts, place.node).entered += 1;
    }
    for (const { kind, node, startMs, endMs } of call.segments) {
      const place = kind === 'flow' && node !== undefined ? placeOf(node) : undefined;
      if (place !== undefined) nodeOf(this.#countsOf(place.flow), place.node).dwell.add(endMs - startMs);
    }
    this.#ends(call, last);
    return this;
  }

  /** The counts of a flow; `undefined` when no call came to it. */
  of(flow: string): FlowTraffic | undefined {
    const counts = this.#flows.get(flow);
    if (counts === undefined) return undefined;
    const nodes = [...counts.nodes].map(([name, { dwell, ...rest }]): [string, NodeTraffic] => [
      name,
      dwell.count === 0
        ? rest
        : { ...rest, dwell: { stays: dwell.count, p50Ms: dwell.quantile(0.5), p95Ms: dwell.quantile(0.95) } },
    ]);
    const steps = [...counts.steps].map(([from, to]): [string, Record<string, number>] => [
      from,
      Object.fromEntries(to),
    ]);
    return { calls: counts.calls, nodes: Object.fromEntries(nodes), steps: Object.fromEntries(steps) };
  }

  #ends(call: CountedCall, last: Place | undefined): void {
    const { endedAt, endedBy } = call;
    if (endedAt.kind === 'flow') {
      const node = nodeOf(this.#countsOf(endedAt.flow), endedAt.node);
      if (endedBy === 'caller') node.hungUp += 1;
      else node.ended += 1;
    } else if (endedAt.kind === 'queue' && endedBy === 'caller' && last !== undefined) {
      nodeOf(this.#countsOf(last.flow), last.node).hungUp += 1;
    }
  }

  #countsOf(flow: string): Counts {
    const known = this.#flows.get(flow);
    if (known !== undefined) return known;
    const made: Counts = { calls: 0, nodes: new Map(), steps: new Map() };
    this.#flows.set(flow, made);
    return made;
  }
}

interface Place {
  readonly flow: string;
  readonly node: string;
}

/** `flow/node`, perhaps with a note why it went no further (`!endless`). */
function placeOf(entry: string): Place | undefined {
  if (entry.includes('!')) return undefined;
  const slash = entry.lastIndexOf('/');
  return slash <= 0 ? undefined : { flow: entry.slice(0, slash), node: entry.slice(slash + 1) };
}

function nodeOf(counts: Counts, name: string) {
  const known = counts.nodes.get(name);
  if (known !== undefined) return known;
  const made = { entered: 0, hungUp: 0, ended: 0, dwell: new Histogram() };
  counts.nodes.set(name, made);
  return made;
}

function step(counts: Counts, from: string, to: string): void {
  const known = counts.steps.get(from) ?? new Map<string, number>();
  counts.steps.set(from, known);
  known.set(to, (known.get(to) ?? 0) + 1);
}
