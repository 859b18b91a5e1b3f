import { RETURN, referencesIn } from '@cordboard/cti-core';
import { add, type Bits, bitsOf, has, joinInto, remove } from './bits.js';
import { flowThrough } from './data-flow.js';
import type { FlowMap, Way } from './flow-map.js';
import { CONSENT, type Program } from './program.js';
import { writesBy, writesOf } from './variables-of.js';

/** What may hold when a node is entered, on one way at least. */
export interface Perhaps {
  /** May the variable hold what was collected or answered under a mask, or was made of it? */
  isMasked(node: number, variable: number): boolean;
  /** May it hold what the caller keyed in under a mask, or was made of it? What a service answers is for the caller's ear. */
  isKeyedIn(node: number, variable: number): boolean;
  /** May it hold the caller's number? */
  isNumber(node: number, variable: number): boolean;
  /** May consent have been taken back since it was given? */
  tookBack(node: number): boolean;
}

/**
 * Where masked values and the caller's number may come to: through `set`, through what services answer, through loops and called flows. What a
 * called flow never sets is after the call as it was before it.
 */
export function perhapsOf(program: Program): (flow: string) => Perhaps | undefined {
  const count = program.variables.size;
  const size = 3 * count + 1;
  const gone = 3 * count;
  const numberOf = (name: string): number => program.variables.get(name) ?? 0;
  const touched = touchedBy(program, { size, gone, numberOf });
  const entries = new Map<string, Bits>();
  const ends = new Map<string, Map<string, Bits>>();
  const states = new Map<string, readonly (Bits | undefined)[]>();
  const base = bitsOf(size);
  add(base, count + numberOf('call.number'));
  for (const id of program.entries) entries.set(id, base.slice());

  const along =
    (map: FlowMap) =>
    (at: number, way: Way, before: Bits): Bits | undefined => {
      const node = map.nodes[at];
      if (node === undefined) return before;
      if (node.type === 'subflow') {
        if (!program.flows.has(node.flow)) return before;
        const known = ends.get(node.flow) ?? new Map<string, Bits>();
        const named = way.field === 'otherwise' ? undefined : way.field.slice('results.'.length);
        const results =
          named === undefined ? [...known.keys()].filter((name) => !Object.hasOwn(node.results, name)) : [named];
        const mask = touched.get(node.flow) ?? bitsOf(size);
        let after = named === undefined && results.length === 0 ? before : undefined;
        for (const result of results) {
          const end = known.get(result);
          if (end === undefined) continue;
          const one = before.map(
            (word, index) => (word & ~(mask[index] ?? 0)) | ((end[index] ?? 0) & (mask[index] ?? 0)),
          );
          if (after === undefined) after = one;
          else joinInto(after, one, 'either');
        }
        return after;
      }
      const names = writesBy(node, way.field);
      if (names.length === 0) return before;
      const after = before.slice();
      const put = (index: number, value: 'yes' | 'no'): void =>
        value === 'yes' ? add(after, index) : remove(after, index);
      for (const name of names) {
        const own = numberOf(name);
        const parts = node.type === 'set' ? referencesIn(node.assign[name] ?? '').map(numberOf) : [];
        const keyedIn =
          parts.some((part) => has(after, 2 * count + part)) || (node.type === 'collect' && node.masked === true);
        const masked =
          keyedIn ||
          parts.some((part) => has(after, part)) ||
          ('masked' in node && Array.isArray(node.masked) && node.masked.includes(name));
        const number = parts.some((part) => has(after, count + part));
        put(own, masked ? 'yes' : 'no');
        put(count + own, number ? 'yes' : 'no');
        put(2 * count + own, keyedIn ? 'yes' : 'no');
        if (name === CONSENT) put(gone, node.type === 'set' && node.assign[name] === 'yes' ? 'no' : 'yes');
      }
      return after;
    };

  for (let open = new Set<string>(program.entries); open.size > 0; ) {
    const now = open;
    open = new Set();
    for (const map of program.order) {
      const { id } = map.graph;
      const entry = entries.get(id);
      if (!now.has(id) || entry === undefined) continue;
      const state = flowThrough(map, { join: 'either', size, entry, along: along(map), back: 'joined' });
      states.set(id, state);
      for (const called of enterCalled(map, state, { program, entries })) open.add(called);
      if (leave(map, state, { along: along(map), ends }) === 'changed')
        for (const caller of callersOf(program, id)) open.add(caller);
    }
  }
  return (flow) => {
    const state = states.get(flow);
    if (state === undefined) return undefined;
    const holds = (node: number, index: number): boolean => state[node] !== undefined && has(state[node], index);
    return {
      isMasked: holds,
      isNumber: (node, variable) => holds(node, count + variable),
      isKeyedIn: (node, variable) => holds(node, 2 * count + variable),
      tookBack: (node) => holds(node, gone),
    };
  };
}

function enterCalled(
  map: FlowMap,
  state: readonly (Bits | undefined)[],
  { program, entries }: { readonly program: Program; readonly entries: Map<string, Bits> },
): readonly string[] {
  return map.order.flatMap((at) => {
    const node = map.nodes[at];
    const before = state[at];
    if (node?.type !== 'subflow' || before === undefined || !program.flows.has(node.flow)) return [];
    const into = entries.get(node.flow);
    if (into === undefined) entries.set(node.flow, before.slice());
    else if (joinInto(into, before, 'either') === 'same') return [];
    return [node.flow];
  });
}

function leave(
  map: FlowMap,
  state: readonly (Bits | undefined)[],
  given: {
    readonly along: (node: number, way: Way, before: Bits) => Bits | undefined;
    readonly ends: Map<string, Map<string, Bits>>;
  },
): 'changed' | 'same' {
  const { along, ends } = given;
  const own = ends.get(map.graph.id) ?? new Map<string, Bits>();
  ends.set(map.graph.id, own);
  let changed: 'changed' | 'same' = 'same';
  const end = (result: string, after: Bits | undefined): void => {
    if (after === undefined) return;
    const known = own.get(result);
    if (known === undefined) own.set(result, after.slice());
    else if (joinInto(known, after, 'either') === 'same') return;
    changed = 'changed';
  };
  for (const at of map.order) {
    const node = map.nodes[at];
    const before = state[at];
    if (node === undefined || before === undefined) continue;
    if (node.type === 'return') end(node.result, before);
    for (const way of map.ways[at] ?? []) if (way.to === RETURN) end(RETURN, along(at, way, before));
  }
  return changed;
}

function callersOf(program: Program, id: string): readonly string[] {
  return program.order
    .filter(({ nodes, order }) => order.some((at) => nodes[at]?.type === 'subflow' && nodes[at].flow === id))
    .map(({ graph }) => graph.id);
}

/** What each flow may change, itself or by the flows that it calls. */
function touchedBy(
  program: Program,
  sets: { readonly size: number; readonly gone: number; readonly numberOf: (name: string) => number },
): ReadonlyMap<string, Bits> {
  const { size, gone, numberOf } = sets;
  const touched = new Map<string, Bits>();
  for (const { graph, nodes, order } of program.order) {
    const own = bitsOf(size);
    for (const at of order) {
      const node = nodes[at];
      for (const name of node === undefined ? [] : writesOf(node)) {
        add(own, numberOf(name));
        add(own, program.variables.size + numberOf(name));
        add(own, 2 * program.variables.size + numberOf(name));
        if (name === CONSENT) add(own, gone);
      }
    }
    touched.set(graph.id, own);
  }
  for (let changed = true; changed; ) {
    changed = false;
    for (const { graph, nodes, order } of program.order) {
      const own = touched.get(graph.id);
      for (const at of order) {
        const node = nodes[at];
        const other = node?.type === 'subflow' ? touched.get(node.flow) : undefined;
        if (own !== undefined && other !== undefined && joinInto(own, other, 'either') === 'changed') changed = true;
      }
    }
  }
  return touched;
}
