import { BACK, END, edgesOf, type IvrGraph, type IvrNode, RETURN } from '@cordboard/cti-core';
import { backTargets } from './back.js';

/** One edge of a node: its field, what it names, and the number of the node that it leads to; -1 for the reserved names and for what is not there. */
export interface Way {
  readonly field: string;
  readonly to: string | undefined;
  readonly target: number;
}

/** A flow laid out by numbers, so that walking it costs no look-ups of names. */
export interface FlowMap {
  readonly graph: IvrGraph;
  readonly names: readonly string[];
  readonly nodes: readonly IvrNode[];
  readonly ways: readonly (readonly Way[])[];
  /** The number of the first node; -1: there is none. */
  readonly start: number;
  /** Nodes that a caller may come to, so that a node stands before those after it but for loops (reverse post-order). BACK needs no edge here: it leads to where the caller was. */
  readonly order: readonly number[];
  /** Edges of `order` that lead back into the way that led to them: `from * 65536 + index of the edge`. */
  readonly retreats: ReadonlySet<number>;
  /** Where BACK leads from each node that has such an edge and is reached. */
  readonly backs: ReadonlyMap<number, readonly number[]>;
  /** The edge by which each node is reached by the fewest edges. */
  readonly reachedBy: readonly (Step | undefined)[];
}

/** Lays a flow out. */
export function mapFlow(graph: IvrGraph): FlowMap {
  const names = Object.keys(graph.nodes);
  const nodes = Object.values(graph.nodes);
  const numbers = new Map(names.map((name, index) => [name, index]));
  const ways = nodes.map((node) =>
    edgesOf(node).map(({ field, to }): Way => ({ field, to, target: isReserved(to) ? -1 : (numbers.get(to) ?? -1) })),
  );
  const start = numbers.get(graph.start) ?? -1;
  const { order, retreats } = depthFirst(start, ways);
  const map = { graph, names, nodes, ways, start, order, retreats };
  return { ...map, backs: backTargets(map), reachedBy: breadthFirst(start, ways) };
}

/** Is it END, RETURN or BACK? */
export function isReserved(ref: string | undefined): boolean {
  return ref === END || ref === RETURN || ref === BACK;
}

/** The key of an edge in {@link FlowMap.retreats}. */
export function edgeKey(from: number, index: number): number {
  return from * 65_536 + index;
}

/** Where the edges of a node lead within the flow, BACK included. */
export function targetsOf(map: FlowMap, from: number): readonly number[] {
  const direct = (map.ways[from] ?? []).flatMap(({ target }) => (target < 0 ? [] : [target]));
  return [...direct, ...(map.backs.get(from) ?? [])];
}

/** Edges that a way is told by at each end; what lies between the ends of a longer one is left out. */
const MAX_END = 50;

/** An edge that a node was come to by. */
export interface Step {
  readonly from: number;
  readonly field: string;
}

/**
 * The way to a node by the edge that each node was come to by: `node.field` of each edge, in order; of more than 100 edges the last 50. Empty at
 * the start.
 */
export function wayBy(
  names: readonly string[],
  step: (node: number) => Step | undefined,
  target: number,
): readonly string[] {
  const steps: string[] = [];
  for (let at = step(target); at !== undefined; at = step(at.from)) {
    steps.push(`${names[at.from]}.${at.field}`);
    if (steps.length > 2 * MAX_END) return ['...', ...steps.slice(0, MAX_END).reverse()];
  }
  return steps.reverse();
}

/** The shortest way from the start to a node. Empty for the start and for what no way leads to. */
export function wayTo(map: FlowMap, target: number): readonly string[] {
  return wayBy(map.names, (node) => map.reachedBy[node], target);
}

function depthFirst(
  start: number,
  ways: readonly (readonly Way[])[],
): { readonly order: readonly number[]; readonly retreats: ReadonlySet<number> } {
  const post: number[] = [];
  const retreats = new Set<number>();
  const colour = new Uint8Array(ways.length);
  const stack: { readonly node: number; at: number }[] = [];
  const enter = (node: number): void => {
    colour[node] = 1;
    stack.push({ node, at: 0 });
  };
  if (start >= 0) enter(start);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const way = ways[top.node]?.[top.at];
    if (way === undefined) {
      colour[top.node] = 2;
      post.push(top.node);
      stack.pop();
      continue;
    }
    if (way.target >= 0) {
      if (colour[way.target] === 0) enter(way.target);
      else if (colour[way.target] === 1) retreats.add(edgeKey(top.node, top.at));
    }
    top.at += 1;
  }
  return { order: post.reverse(), retreats };
}

function breadthFirst(start: number, ways: readonly (readonly Way[])[]): FlowMap['reachedBy'] {
  const by: (Step | undefined)[] = Array.from({ length: ways.length });
  const seen = new Uint8Array(ways.length);
  const queue = start < 0 ? [] : [start];
  if (start >= 0) seen[start] = 1;
  for (let at = 0; at < queue.length; at += 1) {
    const from = queue[at] ?? -1;
    for (const { field, target } of ways[from] ?? []) {
      if (target < 0 || seen[target] === 1) continue;
      seen[target] = 1;
      by[target] = { from, field };
      queue.push(target);
    }
  }
  return by;
}
