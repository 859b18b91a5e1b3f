import { RETURN, SYSTEM_VARIABLES } from '@cordboard/cti-core';
import { add, type Bits, bitsOf, has, joinInto, remove } from './bits.js';
import { flowThrough } from './data-flow.js';
import type { FlowMap, Way } from './flow-map.js';
import { CONSENT, type Program } from './program.js';
import { writesBy } from './variables-of.js';

/** What a flow does to what is known, by the result that it ends with: `none` holds afterwards if nothing held before, `all` if everything did. */
type Ends = ReadonlyMap<string, { readonly none: Bits; readonly all: Bits }>;

/** What surely holds when a node is entered, whatever way was taken to it. */
export interface Sure {
  /** Has the variable a value, by its number in the program? */
  isSet(node: number, variable: number): boolean;
  /** Has the caller agreed to be recorded? */
  agreed(node: number): boolean;
}

/** What is sure in every flow, with what is sure of the calls of it. */
export interface SureProgram {
  of(flow: string): Sure | undefined;
  /** May a flow that is called come to a node of these although the caller had not agreed before? */
  comesTo(flow: string, places: (map: FlowMap, node: number) => boolean): boolean;
}

/**
 * Which variables are set on every way, and whether consent was given on every way. A flow that is called is understood once for all its calls
 * (what it sets by each of its results), so that one caller's variables are not held against another's.
 */
export function sureOf(program: Program, known: readonly string[]): SureProgram {
  const size = program.variables.size + 1;
  const consent = program.variables.size;
  const ends = new Map<string, Ends>();
  const along =
    (map: FlowMap) =>
    (at: number, way: Way, before: Bits): Bits | undefined => {
      const node = map.nodes[at];
      if (node === undefined) return before;
      if (node.type === 'subflow') return afterCall(program, ends, { node, field: way.field, before, size });
      const names = writesBy(node, way.field);
      if (names.length === 0) return before;
      const after = before.slice();
      for (const name of names) {
        add(after, program.variables.get(name) ?? 0);
        if (name !== CONSENT) continue;
        if (node.type === 'set' && node.assign[CONSENT] === 'yes') add(after, consent);
        else remove(after, consent);
      }
      return after;
    };
  const run = (map: FlowMap, entry: Bits): readonly (Bits | undefined)[] =>
    flowThrough(map, { join: 'both', size, entry, along: along(map) });
  settle(program, ends, (map) =>
    endsOf(map, along(map), { none: run(map, bitsOf(size)), all: run(map, bitsOf(size, 'full')) }),
  );

  const base = bitsOf(size);
  for (const name of [...SYSTEM_VARIABLES, ...known]) add(base, program.variables.get(name) ?? 0);
  const entries = new Map<string, Bits>();
  for (const id of program.entries) entries.set(id, base.slice());
  const states = new Map<string, readonly (Bits | undefined)[]>();
  const callers = program.order.toReversed();
  for (let open = new Set(callers); open.size > 0; ) {
    const now = open;
    open = new Set();
    for (const map of callers) {
      const entry = entries.get(map.graph.id);
      if (entry === undefined || !(now.has(map) || open.delete(map))) continue;
      const state = run(map, entry);
      states.set(map.graph.id, state);
      for (const at of map.order) {
        const node = map.nodes[at];
        const before = state[at];
        const called = node?.type === 'subflow' ? program.flows.get(node.flow) : undefined;
        if (called === undefined || before === undefined) continue;
        const into = entries.get(called.graph.id);
        if (into === undefined) entries.set(called.graph.id, before.slice());
        else if (joinInto(into, before, 'both') === 'same') continue;
        open.add(called);
      }
    }
  }
  return {
    of: (flow) => {
      const state = states.get(flow);
      return state === undefined
        ? undefined
        : {
            isSet: (node, variable) => state[node] === undefined || has(state[node], variable),
            agreed: (node) => state[node] === undefined || has(state[node], consent),
          };
    },
    comesTo: (flow, places) => {
      const map = program.flows.get(flow);
      if (map === undefined) return false;
      const state = run(map, bitsOf(size));
      return map.order.some((at) => state[at] !== undefined && !has(state[at], consent) && places(map, at));
    },
  };
}

/** Works out what every flow does, again and again where flows call one another. */
function settle(program: Program, ends: Map<string, Ends>, look: (map: FlowMap) => Ends): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const map of program.order) {
      const found = look(map);
      const before = ends.get(map.graph.id);
      ends.set(map.graph.id, found);
      changed ||= before !== undefined && !sameEnds(before, found);
      changed ||= before === undefined && callsLater(program, map);
    }
  }
}

/** Does it call a flow that was not looked at before it? */
function callsLater(program: Program, map: FlowMap): boolean {
  const own = program.order.indexOf(map);
  return map.order.some((at) => {
    const node = map.nodes[at];
    const called = node?.type === 'subflow' ? program.flows.get(node.flow) : undefined;
    return called !== undefined && program.order.indexOf(called) >= own;
  });
}

function sameEnds(one: Ends, other: Ends): boolean {
  const same = (left: Bits, right: Bits): boolean => left.every((word, index) => word === right[index]);
  return (
    one.size === other.size &&
    [...one].every(([result, { none, all }]) => {
      const there = other.get(result);
      return there !== undefined && same(none, there.none) && same(all, there.all);
    })
  );
}

/** The reserved name RETURN stands for "no result". */
function endsOf(
  map: FlowMap,
  along: (node: number, way: Way, before: Bits) => Bits | undefined,
  { none, all }: Readonly<Record<'none' | 'all', readonly (Bits | undefined)[]>>,
): Ends {
  const ends = new Map<string, { readonly none: Bits; readonly all: Bits }>();
  const end = (result: string, low: Bits | undefined, high: Bits | undefined): void => {
    if (low === undefined || high === undefined) return;
    const known = ends.get(result);
    if (known === undefined) ends.set(result, { none: low.slice(), all: high.slice() });
    else {
      joinInto(known.none, low, 'both');
      joinInto(known.all, high, 'both');
    }
  };
  for (const at of map.order) {
    const node = map.nodes[at];
    const [low, high] = [none[at], all[at]];
    if (node === undefined || low === undefined || high === undefined) continue;
    if (node.type === 'return') end(node.result, low, high);
    for (const way of map.ways[at] ?? []) {
      if (way.to === RETURN) end(RETURN, along(at, way, low), along(at, way, high));
    }
  }
  return ends;
}

function afterCall(
  program: Program,
  ends: ReadonlyMap<string, Ends>,
  call: {
    readonly node: Extract<FlowMap['nodes'][number], { type: 'subflow' }>;
    readonly field: string;
    readonly before: Bits;
    readonly size: number;
  },
): Bits | undefined {
  const { node, field, before, size } = call;
  // What a flow does that nobody knows cannot be held against anyone.
  if (!program.flows.has(node.flow)) return bitsOf(size, 'full');
  const known = ends.get(node.flow);
  if (known === undefined) return undefined;
  const results =
    field === 'otherwise'
      ? [...known.keys()].filter((name) => !Object.hasOwn(node.results, name))
      : [field.slice('results.'.length)];
  let after: Bits | undefined;
  for (const result of results) {
    const end = known.get(result);
    if (end === undefined) continue;
    const one = end.none.map((word, index) => word | ((before[index] ?? 0) & (end.all[index] ?? 0)));
    if (after === undefined) after = one;
    else joinInto(after, one, 'both');
  }
  // Without such a result the edge is for a flow that is not there, or too deep: nothing was done.
  return after ?? (field === 'otherwise' ? before : undefined);
}
