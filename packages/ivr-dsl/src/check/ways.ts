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
  // BACK leads to a menu, which asks for input, unless no menu was passed: then to the start.
  const beforeAnyMenu = reachable(graph, (node) => (node.type === 'menu' ? [] : edgesOf(node)));
  const next = (name: string): readonly string[] => {
    const node = nodeOf(graph, name);
    if (node === undefined) return [];
    return blindEdges(node).flatMap(({ to }) => {
      if (to !== BACK) return nodeOf(graph, to) === undefined ? [] : [to];
      return beforeAnyMenu.has(name) ? [graph.start] : [];
    });
  };
  return loopMembers(Object.keys(graph.nodes), next).map((name) => problem('loop.noInput', { node: name }));
}

/** Nodes from which a caller can only go round. */
export function endless(graph: IvrGraph): IvrProblem[] {
  const before = new Map<string, string[]>();
  const ending: string[] = [];
  const menus = Object.keys(graph.nodes).filter((name) => nodeOf(graph, name)?.type === 'menu');
  each(graph, (node, name) => {
    const edges = edgesOf(node);
    if (endsHere(graph, node, edges)) ending.push(name);
    for (const { to } of edges) {
      for (const target of to === BACK ? [...menus, graph.start] : [to]) {
        before.set(target, [...(before.get(target) ?? []), name]);
      }
    }
    return [];
  });
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

/** The names that are on a loop: what is left when names without a way on, and then names without a way to, are taken away again and again, and can reach itself. */
function loopMembers(names: readonly string[], next: (name: string) => readonly string[]): readonly string[] {
  const left = new Set(names);
  const prune = (ways: (name: string) => readonly string[]): void => {
    const into = new Map<string, string[]>();
    const count = new Map<string, number>();
    for (const name of left) {
      const onward = ways(name).filter((to) => left.has(to));
      count.set(name, onward.length);
      for (const to of onward) into.set(to, [...(into.get(to) ?? []), name]);
    }
    const open = [...left].filter((name) => count.get(name) === 0);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      left.delete(name);
      for (const from of into.get(name) ?? []) {
        const rest = (count.get(from) ?? 0) - 1;
        count.set(from, rest);
        if (rest === 0) open.push(from);
      }
    }
  };
  prune(next);
  const backwards = new Map<string, string[]>();
  for (const name of left) for (const to of next(name)) backwards.set(to, [...(backwards.get(to) ?? []), name]);
  prune((name) => backwards.get(name) ?? []);
  // What is left lies on loops or between two of them; the few names are walked each.
  return [...left].filter((name) => closure(next(name), next).has(name));
}

/** Runs over all nodes in order. */
export function each(graph: IvrGraph, look: (node: IvrNode, name: string) => readonly IvrProblem[]): IvrProblem[] {
  return Object.entries(graph.nodes).flatMap(([name, node]) => look(node, name));
}
