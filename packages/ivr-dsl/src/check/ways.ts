import { BACK, END, edgesOf, nodeOf, RETURN } from '@cordboard/cti-core';
import type { View } from './check.js';
import { type FlowMap, isReserved } from './flow-map.js';
import { type Found, found } from './problems.js';

/** Edges that lead nowhere, and outcomes without an edge. */
export function targets({ map }: View): Found[] {
  const { graph, names, nodes, ways } = map;
  const start =
    nodeOf(graph, graph.start) === undefined ? [found('start.unknown', { field: 'start' }, graph.start)] : [];
  const wrong = nodes.flatMap((node, at) =>
    (ways[at] ?? []).flatMap(({ field, to, target }) => {
      const place = { node: names[at] ?? '', field };
      // A flow that was written without types may lack any edge.
      if (to === undefined)
        return [found(node.type === 'http' && field === 'failed' ? 'http.failure' : 'edge.missing', place)];
      return target >= 0 || isReserved(to) ? [] : [found('target.unknown', place, to)];
    }),
  );
  return [...start, ...wrong];
}

/** Nodes that no caller ever comes to. */
export function unreachable({ map }: View): Found[] {
  const reached = new Set(map.order);
  return map.names.flatMap((node, at) => (reached.has(at) ? [] : [found('node.unreachable', { node })]));
}

/** Nodes from which a caller can only go round. */
export function endless({ map }: View): Found[] {
  const ends = endingNodes(map);
  const reached = new Set(map.order);
  return map.names.flatMap((node, at) => (reached.has(at) && !ends.has(at) ? [found('end.none', { node })] : []));
}

/** Nodes from which some way leads to an end, a queue, a transfer or an order desk. */
export function endingNodes(map: FlowMap): ReadonlySet<number> {
  const { graph, nodes, ways, order } = map;
  const before: number[][] = nodes.map(() => []);
  const ends = new Set<number>();
  const open: number[] = [];
  const mark = (at: number): void => {
    if (ends.has(at)) return;
    ends.add(at);
    open.push(at);
  };
  for (const at of order) {
    const node = nodes[at];
    if (node === undefined) continue;
    const leaves = ['hangup', 'return', 'queue', 'transfer', 'orderDesk'].includes(node.type);
    // An unknown target ends the call too, and is a finding of its own.
    if (
      leaves ||
      edgesOf(node).some(({ to }) => to !== BACK && (to === END || to === RETURN || nodeOf(graph, to) === undefined))
    )
      mark(at);
    for (const { target } of ways[at] ?? []) if (target >= 0) before[target]?.push(at);
    for (const target of map.backs.get(at) ?? []) before[target]?.push(at);
  }
  for (let at = open.pop(); at !== undefined; at = open.pop()) for (const from of before[at] ?? []) mark(from);
  return ends;
}
