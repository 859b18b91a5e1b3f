import { BACK } from '@cordboard/cti-core';
import { add, type Bits, bitsOf, joinInto, membersOf, remove } from './bits.js';
import { dominators } from './dominators.js';
import type { FlowMap } from './flow-map.js';

/** Most edges that BACK may stand for in one flow. A flow with more is looked at as if BACK ended it: nothing is found by those edges. */
const MAX_BACK_EDGES = 200_000;

/**
 * Where BACK may lead from each node that has such an edge: the menus that can have been the last on the way there, and the start where none
 * was passed. A menu that is entered again forgets the menus after it: so a menu that is on every way to another one is never led to from
 * itself by that other.
 */
export function backTargets(
  map: Pick<FlowMap, 'nodes' | 'ways' | 'start' | 'order'>,
): ReadonlyMap<number, readonly number[]> {
  const { nodes, ways, start, order } = map;
  const leavers = order.filter((node) => ways[node]?.some(({ to }) => to === BACK));
  const found = new Map<number, readonly number[]>();
  if (leavers.length === 0 || start < 0) return found;
  const spanOf = dominators(map);
  // In the order of their places: the menus that a menu is always passed before stand right after it.
  const menus = order
    .filter((node) => nodes[node]?.type === 'menu')
    .sort((one, other) => spanOf(one).from - spanOf(other).from);
  const numbers = new Map(menus.map((menu, index) => [menu, index]));
  // The last one stands for "no menu was passed".
  const size = menus.length + 1;
  const last: Bits[] = [];
  for (const node of order) last[node] = bitsOf(size);
  add(last[start] ?? bitsOf(size), menus.length);
  const places = menus.map((menu) => spanOf(menu).from);
  const forget = (menus: Bits, menu: number): void => {
    const { to } = spanOf(menu);
    for (let index = numbers.get(menu) ?? size; (places[index] ?? Infinity) <= to; index += 1) remove(menus, index);
  };
  let open = new Set(order);
  while (open.size > 0) {
    const now = open;
    open = new Set();
    for (const node of order) {
      if (!now.has(node)) continue;
      const own = numbers.get(node);
      const carried = own === undefined ? (last[node] ?? bitsOf(size)) : bitsOf(size);
      if (own !== undefined) add(carried, own);
      for (const { target } of ways[node] ?? []) {
        const into = target < 0 ? undefined : last[target];
        if (into === undefined) continue;
        const coming = nodes[target]?.type === 'menu' ? carried.slice() : carried;
        if (coming !== carried) forget(coming, target);
        if (joinInto(into, coming, 'either') === 'changed') open.add(target);
      }
    }
  }
  let edges = 0;
  for (const node of leavers) {
    const targets = membersOf(last[node] ?? bitsOf(0)).map((index) => menus[index] ?? start);
    edges += targets.length;
    if (edges > MAX_BACK_EDGES) return new Map();
    found.set(node, [...new Set(targets)]);
  }
  return found;
}
