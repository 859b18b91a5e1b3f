import type { IvrGraph } from '@cordboard/cti-core';
import { caption, edgeCaption } from './caption.js';
import { type Overlay, type ViewEdge, type ViewNode, viewOf } from './model.js';

/** A flow as the text of a DOT digraph (Graphviz), with what tests or calls went through laid over it. Names and words from outside cannot break out of their labels. */
export function toDot(graph: IvrGraph, overlay: Overlay = {}): string {
  const view = viewOf(graph, overlay);
  const ids = new Map(view.nodes.map(({ name }, index) => [name, `n${index}`]));
  const goals = new Map<string, string>();
  const links: string[] = [];
  for (const node of view.nodes) {
    for (const edge of node.edges) {
      const id = edge.goal === 'node' ? ids.get(edge.to) : undefined;
      const to = id ?? goals.get(edge.to) ?? `g${goals.size}`;
      if (id === undefined && !goals.has(edge.to)) goals.set(edge.to, to);
      links.push(`  ${ids.get(node.name) ?? ''} -> ${to} [${linkStyle(edge)}];`);
    }
  }
  return [
    `digraph ${quoted([view.id])} {`,
    '  rankdir=LR;',
    '  node [shape=box, fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=9];',
    ...view.nodes.map((node) => `  ${ids.get(node.name) ?? ''} [${nodeStyle(node, view.start)}];`),
    ...[...goals].map(([name, id]) => `  ${id} [label=${quoted([name])}, shape=circle];`),
    ...links,
    '}',
    '',
  ].join('\n');
}

function nodeStyle(node: ViewNode, start: string): string {
  const bold = node.name === start ? ', penwidth=2.5' : '';
  const colour =
    node.taken === undefined
      ? ''
      : node.taken > 0
        ? ', style=filled, fillcolor="#d9f2e3", color="#1a7f4b"'
        : ', style="filled,dashed", fillcolor="#fbe3e0", color="#b3261e"';
  return `label=${quoted(caption(node))}, shape=${SHAPES[node.type] ?? 'box'}${bold}${colour}`;
}

const SHAPES: Readonly<Partial<Record<ViewNode['type'], string>>> = {
  menu: 'invtrapezium',
  collect: 'invtrapezium',
  listen: 'invtrapezium',
  hours: 'hexagon',
  mode: 'hexagon',
  area: 'hexagon',
  list: 'hexagon',
  subflow: 'box3d',
  hangup: 'oval',
  return: 'oval',
};

function linkStyle(edge: ViewEdge): string {
  const colour =
    edge.taken === undefined ? '' : edge.taken > 0 ? ', color="#1a7f4b"' : ', color="#b3261e", style=dashed';
  return `label=${quoted([edgeCaption(edge)])}${edge.goal === 'back' && colour === '' ? ', style=dotted' : colour}`;
}

/** A quoted DOT text of several lines: only the quote and the backslash mean something in it. */
function quoted(lines: readonly string[]): string {
  const safe = lines.map((line) =>
    line
      .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"')
      .replaceAll('&', '&amp;'),
  );
  return `"${safe.join('\\n')}"`;
}
