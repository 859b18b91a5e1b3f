import { type Bits, bitsOf, type Join, joinInto } from './bits.js';
import type { FlowMap, Way } from './flow-map.js';

/** What a caller of {@link flowThrough} says of the nodes. */
export interface Rules {
  readonly join: Join;
  /** Size of the sets. */
  readonly size: number;
  /** What holds at the start. */
  readonly entry: Bits;
  /** What holds after an edge, given what held before its node; `undefined`: the edge is never taken. May return `before` itself. */
  readonly along: (node: number, way: Way, before: Bits) => Bits | undefined;
  /** What holds where BACK leads to; absent: BACK adds nothing to what its target knows already. */
  readonly back?: 'joined';
}

/**
 * What holds whenever a node is entered, for each node that can be entered (`undefined` for the others). Nodes are looked at in their order until
 * nothing changes, each only when something before it did.
 */
export function flowThrough(map: FlowMap, rules: Rules): readonly (Bits | undefined)[] {
  const { along, join, size } = rules;
  const states: (Bits | undefined)[] = Array.from({ length: map.nodes.length });
  if (map.start < 0) return states;
  states[map.start] = rules.entry.slice();
  const place = new Int32Array(map.nodes.length);
  for (const [index, node] of map.order.entries()) place[node] = index;
  let open = new Uint8Array(map.nodes.length);
  open[map.start] = 1;
  for (let again = true; again; ) {
    again = false;
    const later = new Uint8Array(map.nodes.length);
    for (const [index, node] of map.order.entries()) {
      if (open[node] !== 1) continue;
      const before = states[node] ?? bitsOf(size);
      const into = (target: number, after: Bits): void => {
        const known = states[target];
        if (known === undefined) states[target] = after.slice();
        else if (joinInto(known, after, join) === 'same') return;
        if ((place[target] ?? 0) > index) open[target] = 1;
        else {
          later[target] = 1;
          again = true;
        }
      };
      for (const way of map.ways[node] ?? []) {
        const isBack = way.to === 'BACK';
        if (way.target < 0 && !(isBack && rules.back === 'joined')) continue;
        const after = along(node, way, before);
        if (after === undefined) continue;
        if (isBack) for (const target of map.backs.get(node) ?? []) into(target, after);
        else into(way.target, after);
      }
    }
    open = later;
  }
  return states;
}
