import { edgesOf, type IvrGraph, type IvrNode } from '@cordboard/cti-core';

/** An edge by its sign. */
export interface TracedEdge {
  readonly flow: string;
  readonly node: string;
  readonly field: string;
  readonly to: string;
}

/** A graph whose edges hold signs in place of references, and what the signs stand for: so it shows which of several edges between the same two nodes was taken. */
export interface TracedGraph {
  readonly graph: IvrGraph;
  readonly edges: ReadonlyMap<string, TracedEdge>;
}

/** Puts a sign in the place of each reference. The graph keeps its id and version: it is the same flow. */
export function traced(graph: IvrGraph): TracedGraph {
  const edges = new Map<string, TracedEdge>();
  const nodes = Object.entries(graph.nodes).map(([name, node]): [string, IvrNode] => {
    const signs = edgesOf(node).map(({ field, to }): [string, string] => {
      const sign = `\u0000${graph.id} ${edges.size}`;
      edges.set(sign, { flow: graph.id, node: name, field, to });
      return [field, sign];
    });
    return [name, signed(node, signs)];
  });
  return { graph: { ...graph, nodes: Object.fromEntries(nodes) }, edges };
}

function signed(node: IvrNode, signs: readonly (readonly [string, string])[]): IvrNode {
  const copy = structuredClone(node) as unknown as Record<string, unknown>;
  for (const [field, sign] of signs) {
    const dot = field.indexOf('.');
    if (dot < 0) copy[field] = sign;
    else {
      const inside = copy[field.slice(0, dot)] as Record<string, unknown>;
      const key = field.slice(dot + 1);
      // `rules.3.goTo` stands in the fourth rule; a key of `keys`, `ways` or `results` may hold dots of its own.
      if (Array.isArray(inside)) (inside[Number(key.split('.')[0])] as Record<string, unknown>).goTo = sign;
      else inside[key] = sign;
    }
  }
  return copy as unknown as IvrNode;
}
