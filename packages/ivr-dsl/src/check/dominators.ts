import type { FlowMap } from './flow-map.js';

/** Where a node stands in the tree of dominators, and the last place of those below it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Numbers the nodes so that one is on every way from the start to another (a node is on every way to itself) where the place of the second lies in the span of the
 * first. By the method of Cooper, Harvey and Kennedy (2001): each node's nearest such node, refined until nothing changes.
 */
export function dominators({ ways, order }: Pick<FlowMap, 'ways' | 'order'>): (node: number) => Span {
  const place = new Map(order.map((node, index) => [node, index]));
  const before: number[][] = order.map(() => []);
  for (const [index, node] of order.entries()) {
    for (const { target } of ways[node] ?? []) if (target >= 0) before[place.get(target) ?? 0]?.push(index);
  }
  const nearest = new Int32Array(order.length).fill(-1);
  nearest[0] = 0;
  const meet = (one: number, other: number): number => {
    let [left, right] = [one, other];
    while (left !== right) {
      while (left > right) left = nearest[left] ?? 0;
      while (right > left) right = nearest[right] ?? 0;
    }
    return left;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 1; index < order.length; index += 1) {
      let best = -1;
      for (const from of before[index] ?? []) {
        if (nearest[from] === -1) continue;
        best = best === -1 ? from : meet(from, best);
      }
      if (best !== nearest[index]) {
        nearest[index] = best;
        changed = true;
      }
    }
  }
  const { from, to } = intervals(nearest);
  return (node) => {
    const index = place.get(node) ?? 0;
    return { from: from[index] ?? 0, to: to[index] ?? 0 };
  };
}

/** Numbers a tree so that a node's interval holds those of the nodes below it. */
function intervals(parents: Int32Array): { readonly from: Int32Array; readonly to: Int32Array } {
  const size = parents.length;
  const weight = new Int32Array(size).fill(1);
  for (let node = size - 1; node > 0; node -= 1)
    weight[parents[node] ?? 0] = (weight[parents[node] ?? 0] ?? 0) + (weight[node] ?? 0);
  const from = new Int32Array(size);
  const to = new Int32Array(size);
  const next = new Int32Array(size);
  for (let node = 0; node < size; node += 1) {
    const parent = parents[node] ?? 0;
    from[node] = node === 0 ? 0 : (next[parent] ?? 0);
    if (node !== 0) next[parent] = (next[parent] ?? 0) + (weight[node] ?? 0);
    next[node] = (from[node] ?? 0) + 1;
    to[node] = (from[node] ?? 0) + (weight[node] ?? 0) - 1;
  }
  return { from, to };
}
