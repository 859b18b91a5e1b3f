import { type IvrGraph, nodeOf, RETURN } from '@cordboard/cti-core';
import { type IvrProblem, problem } from './problems.js';
import { each } from './ways.js';

/** Calls of flows that are not there, and edges for results that never come. */
export function subflows(graph: IvrGraph, flows: readonly IvrGraph[]): IvrProblem[] {
  return each(graph, (node, name) => {
    if (node.type !== 'subflow') return [];
    const called = node.flow === graph.id ? graph : flows.find(({ id }) => id === node.flow);
    if (called === undefined) return [problem('flow.unknown', { node: name, field: 'flow' }, node.flow)];
    const given = resultsOf(called);
    return Object.keys(node.results)
      .filter((result) => !given.has(result))
      .map((result) => problem('result.unknown', { node: name, field: `results.${result}` }, result));
  });
}

/** The results that a flow can give, whoever calls it. */
function resultsOf(graph: IvrGraph): Set<string> {
  const names = Object.keys(graph.nodes).filter((name) => name !== RETURN);
  return new Set(
    names.flatMap((name) => {
      const node = nodeOf(graph, name);
      return node?.type === 'return' ? [node.result] : [];
    }),
  );
}
