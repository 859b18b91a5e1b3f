import { BACK, edgesOf, type IvrEdge, type IvrGraph, type IvrNode, nodeOf, RESERVED_REFS } from '@cordboard/cti-core';
import { type IvrProblem, problem } from './problems.js';

/** Edges that lead nowhere. */
export function unknownTargets(graph: IvrGraph): IvrProblem[] {
  const found = each(graph, (node, name) =>
    edgesOf(node)
      .filter(({ to }) => !RESERVED_REFS.includes(to) && nodeOf(graph, to) === undefined)
      .map(({ field, to }) => problem('target.unknown', { node: name, field }, to)),
  );
  const start =
    nodeOf(graph, graph.start) === undefined ? [problem('start.unknown', { field: 'start' }, graph.start)] : [];
  return [...start, ...found];
}

/** Nodes that no caller ever comes to. */
export function unreachable(graph: IvrGraph): IvrProblem[] {
  const reached = reachable(graph, (node) => edgesOf(node));
  return Object.keys(graph.nodes)
    .filter((name) => !reached.has(name))
    .map((name) => problem('node.unreachable', { node: name }));
}

/** Nodes on a loop that goes round without the caller, an agent or a queue having a say. */
export function loopsWithoutInput(graph: IvrGraph): IvrProblem[] {
  const next = (name: string): readonly string[] => {
    const node = nodeOf(graph, name);
    if (node === undefined) return [];
    // BACK leads to a menu, which asks for input, unless no menu was passed: then to the start.
    const ways = blindEdges(node).map(({ to }) => (to === BACK ? graph.start : to));
    return ways.filter((to) => nodeOf(graph, to) !== undefined);
  };
  return loopMembers(Object.keys(graph.nodes), next).map((name) => problem('loop.noInput', { node: name }));
}

/** Nodes from which a caller can only go round. */
export function endless(graph: IvrGraph): IvrProblem[] {
  const before = new Map<string, string[]>();
  const leads = (from: string, to: string): void => {
    const known = before.get(to);
    if (known === undefined) before.set(to, [from]);
    else known.push(from);
  };
  const ending: string[] = [];
  // BACK leads to a menu or to the start, and the start leads to every menu.
  for (const [name, node] of Object.entries(graph.nodes)) {
    const edges = edgesOf(node);
    if (endsHere(graph, node, edges)) ending.push(name);
    for (const { to } of edges) leads(name, to === BACK ? graph.start : to);
  }
  const ends = closure(ending, (name) => before.get(name) ?? []);
  return [...reachable(graph, edgesOf)]
    .filter((name) => !ends.has(name))
    .map((name) => problem('end.none', { node: name }));
}

function endsHere(graph: IvrGraph, node: IvrNode, edges: readonly IvrEdge[]): boolean {
  if (node.type === 'hangup' || node.type === 'return' || node.type === 'queue' || node.type === 'transfer')
    return true;
  // An unknown target ends the call too, and is a finding of its own.
  return edges.some(({ to }) => to !== BACK && (RESERVED_REFS.includes(to) || nodeOf(graph, to) === undefined));
}

/** Edges that are taken without anybody's doing. A full queue lets nobody wait; what a sub-flow does is its own question. */
function blindEdges(node: IvrNode): readonly IvrEdge[] {
  switch (node.type) {
    case 'menu':
    case 'collect':
    case 'subflow':
      return [];
    case 'queue':
      return edgesOf(node).filter(({ field }) => field === (node.full === undefined ? 'overflow' : 'full'));
    default:
      return edgesOf(node);
  }
}

function reachable(graph: IvrGraph, edges: (node: IvrNode) => readonly IvrEdge[]): Set<string> {
  const start = nodeOf(graph, graph.start) === undefined ? [] : [graph.start];
  return closure(start, (name) => {
    const node = nodeOf(graph, name);
    return node === undefined
      ? []
      : edges(node)
          .map(({ to }) => to)
          .filter((to) => nodeOf(graph, to) !== undefined);
  });
}

function closure(from: readonly string[], next: (name: string) => readonly string[]): Set<string> {
  const seen = new Set(from);
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const to of next(name)) {
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}

/** The names that are on a loop, in their order: members of a strongly connected part of several, and those that lead to themselves (Tarjan 1972, without recursion). */
function loopMembers(names: readonly string[], next: (name: string) => readonly string[]): readonly string[] {
  const found = new Map<string, { readonly index: number; low: number; open: 'open' | 'closed' }>();
  const path: string[] = [];
  const onLoop = new Set<string>();
  for (const root of names) {
    if (found.has(root)) continue;
    const walks: { readonly name: string; readonly ways: readonly string[]; at: number }[] = [];
    const enter = (name: string): void => {
      found.set(name, { index: found.size, low: found.size, open: 'open' });
      path.push(name);
      walks.push({ name, ways: next(name), at: 0 });
    };
    enter(root);
    for (let walk = walks.at(-1); walk !== undefined; walk = walks.at(-1)) {
      const here = found.get(walk.name);
      const to = walk.ways[walk.at];
      walk.at += 1;
      if (here === undefined) break;
      if (to !== undefined) {
        const there = found.get(to);
        if (there === undefined) enter(to);
        else if (there.open === 'open') here.low = Math.min(here.low, there.index);
        if (to === walk.name) onLoop.add(to);
        continue;
      }
      walks.pop();
      const parent = walks.at(-1);
      const above = parent === undefined ? undefined : found.get(parent.name);
      if (above !== undefined) above.low = Math.min(above.low, here.low);
      if (here.low !== here.index) continue;
      const members = path.splice(path.lastIndexOf(walk.name));
      for (const member of members) {
        const one = found.get(member);
        if (one !== undefined) one.open = 'closed';
        if (members.length > 1) onLoop.add(member);
      }
    }
  }
  return names.filter((name) => onLoop.has(name));
}

/** Runs over all nodes in order. */
export function each(graph: IvrGraph, look: (node: IvrNode, name: string) => readonly IvrProblem[]): IvrProblem[] {
  return Object.entries(graph.nodes).flatMap(([name, node]) => look(node, name));
}
