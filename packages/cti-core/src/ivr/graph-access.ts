import { BACK, END, type IvrGraph, type IvrNode, type NodeRef, RETURN } from '../contract/index.js';

/** Reserved references: no node may have such a name. */
export const RESERVED_REFS: readonly string[] = [END, RETURN, BACK];

/** A node by its name; `undefined` for names that the graph does not have, `constructor` and the like included. */
export function nodeOf(graph: IvrGraph, name: string): IvrNode | undefined {
  return Object.hasOwn(graph.nodes, name) ? graph.nodes[name] : undefined;
}

/** One way out of a node: the field it stands in (`keys.1`, `rules.0.goTo`, `next`) and where it leads. */
export interface IvrEdge {
  readonly field: string;
  readonly to: NodeRef;
}

/** Every way out of a node, in the order of its fields. A `return` and a `hangup` have none. */
export function edgesOf(node: IvrNode): readonly IvrEdge[] {
  switch (node.type) {
    case 'play':
    case 'set':
    case 'language':
    case 'message':
    case 'score':
      return [{ field: 'next', to: node.next }];
    case 'menu':
      return [
        ...named('keys', node.keys),
        { field: 'noInput', to: node.noInput },
        { field: 'noMatch', to: node.noMatch },
      ];
    case 'collect':
      return [
        { field: 'next', to: node.next },
        { field: 'noInput', to: node.noInput },
        { field: 'noMatch', to: node.noMatch },
      ];
    case 'hours':
    case 'area':
    case 'list':
      return [
        ...node.rules.map((rule, index) => ({ field: `rules.${index}.goTo`, to: rule.goTo })),
        { field: 'otherwise', to: node.otherwise },
      ];
    case 'mode':
      return [...named('ways', node.ways), { field: 'otherwise', to: node.otherwise }];
    case 'compute':
    case 'query':
      return [...named('ways', node.ways), { field: 'failed', to: node.failed }];
    case 'http':
      return [
        ...named('ways', node.ways),
        { field: 'otherwise', to: node.otherwise },
        { field: 'failed', to: node.failed },
      ];
    case 'fax':
      return [
        { field: 'next', to: node.next },
        { field: 'failed', to: node.failed },
      ];
    case 'record':
      return [
        { field: 'next', to: node.next },
        { field: 'empty', to: node.empty },
        { field: 'failed', to: node.failed },
      ];
    case 'callback':
      return [
        { field: 'next', to: node.next },
        { field: 'refused', to: node.refused },
      ];
    case 'listen':
      return [
        { field: 'next', to: node.next },
        { field: 'noInput', to: node.noInput },
        { field: 'noMatch', to: node.noMatch },
        { field: 'failed', to: node.failed },
      ];
    case 'orderDesk':
      return [
        { field: 'timeout', to: node.timeout },
        { field: 'failed', to: node.failed },
      ];
    case 'queue':
      return [
        { field: 'overflow', to: node.overflow },
        ...(node.full === undefined ? [] : [{ field: 'full', to: node.full }]),
        { field: 'returned', to: node.returned ?? END },
      ];
    case 'transfer':
      return [
        { field: 'busy', to: node.busy },
        { field: 'noAnswer', to: node.noAnswer },
        { field: 'failed', to: node.failed },
      ];
    case 'subflow':
      return [...named('results', node.results), { field: 'otherwise', to: node.otherwise }];
    case 'return':
    case 'hangup':
      return [];
  }
}

function named(field: string, edges: Readonly<Partial<Record<string, NodeRef>>>): IvrEdge[] {
  return Object.entries(edges).flatMap(([key, to]) => (to === undefined ? [] : [{ field: `${field}.${key}`, to }]));
}
