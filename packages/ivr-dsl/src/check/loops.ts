import { RETURN } from '@cordboard/cti-core';
import type { View } from './check.js';
import { type FlowMap, targetsOf, type Way } from './flow-map.js';
import { loopsOf } from './loops-of.js';
import { type Found, found } from './problems.js';
import type { Program } from './program.js';
import { endingNodes } from './ways.js';

/** How a caller can be moved on: by nobody's doing (`blind`), or without a key or a word of theirs (`silent`, which is more). */
type Manner = 'blind' | 'silent';

/** Nodes on a loop that goes round without the caller, an agent or a queue having a say. */
export function loopsWithoutInput(view: View): Found[] {
  const { map } = view;
  const loops = loopsOf(map.nodes.length, (at) => moves(view.program, map, { at, manner: 'blind' }));
  return map.names.flatMap((node, at) => (loops[at] === -1 ? [] : [found('loop.noInput', { node })]));
}

/** Nodes that ask, on a loop in which a caller who does nothing is asked for ever. */
export function silentNodes({ map, program }: View): readonly number[] {
  const blind = loopsOf(map.nodes.length, (at) => moves(program, map, { at, manner: 'blind' }));
  const loops = loopsOf(map.nodes.length, (at) => moves(program, map, { at, manner: 'silent' }));
  // That a loop which nobody ever leaves has no bound goes without saying.
  const ends = endingNodes(map);
  return map.order.filter((at) => loops[at] !== -1 && blind[at] === -1 && ends.has(at) && asks(map.nodes[at]?.type));
}

/** The same as findings, where the flow has no bound of its own. */
export function silentLoops(view: View): Found[] {
  const { map } = view;
  if (map.graph.bounds?.maxMs !== undefined) return [];
  return silentNodes(view).map((at) => found('loop.silent', { node: map.names[at] ?? '' }));
}

function asks(type: string | undefined): boolean {
  return type === 'menu' || type === 'collect' || type === 'listen' || type === 'record' || type === 'subflow';
}

/** Where a caller goes from a node in this manner. */
function moves(
  program: Program,
  map: FlowMap,
  from: { readonly at: number; readonly manner: Manner },
): readonly number[] {
  const { at } = from;
  const ways = waysOf(program, map, from);
  if (ways.length === map.ways[at]?.length) return targetsOf(map, at);
  const direct = ways.flatMap(({ target }) => (target < 0 ? [] : [target]));
  return ways.some(({ to }) => to === 'BACK') ? [...direct, ...(map.backs.get(at) ?? [])] : direct;
}

function waysOf(
  program: Program,
  map: FlowMap,
  { at, manner }: { readonly at: number; readonly manner: Manner },
): readonly Way[] {
  const node = map.nodes[at];
  const ways = map.ways[at] ?? [];
  const by = (...fields: readonly string[]): readonly Way[] => ways.filter(({ field }) => fields.includes(field));
  const silent = manner === 'silent';
  switch (node?.type) {
    case 'menu':
    case 'collect':
      return silent ? by('noInput') : [];
    case 'listen':
      return silent ? by('noInput', 'failed') : [];
    case 'record':
      // A recording of silence is one: it runs until its bound.
      return silent ? ways : by('failed');
    case 'queue':
      // A full queue lets nobody wait; who waits has people at the other end.
      return by(node.full === undefined ? 'overflow' : 'full');
    case 'orderDesk':
      return by('failed');
    case 'subflow': {
      const results = passages(program, node.flow, manner);
      return ways.filter(({ field }) =>
        field === 'otherwise'
          ? [...results].some((result) => !Object.hasOwn(node.results, result))
          : results.has(field.slice('results.'.length)),
      );
    }
    default:
      return ways;
  }
}

const memory = new WeakMap<Program, Map<string, ReadonlySet<string>>>();

/** The results that a called flow may come to in this manner; none for a flow that is not known: what it does is its own question. */
function passages(program: Program, flow: string, manner: Manner): ReadonlySet<string> {
  const known = memory.get(program) ?? new Map<string, ReadonlySet<string>>();
  memory.set(program, known);
  const key = `${manner} ${flow}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const results = new Set<string>();
  // Flows that call one another: the inner call is taken for one that does not come back.
  known.set(key, results);
  const map = program.flows.get(flow);
  if (map === undefined || map.start < 0) return results;
  const seen = new Set([map.start]);
  const open = [map.start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const node = map.nodes[at];
    if (node?.type === 'return') results.add(node.result);
    for (const { to } of waysOf(program, map, { at, manner })) if (to === RETURN) results.add(RETURN);
    for (const target of moves(program, map, { at, manner })) {
      if (seen.has(target)) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return results;
}
