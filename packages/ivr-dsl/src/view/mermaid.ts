import type { IvrGraph } from '@cordboard/cti-core';
import { caption, edgeCaption } from './caption.js';
import { type Overlay, type ViewEdge, type ViewNode, viewOf } from './model.js';

/** A flow as the text of a Mermaid flowchart, with what tests or calls went through laid over it. Names and words from outside cannot break out of their labels. */
export function toMermaid(graph: IvrGraph, overlay: Overlay = {}): string {
  const view = viewOf(graph, overlay);
  const ids = new Map(view.nodes.map(({ name }, index) => [name, `n${index}`]));
  const lines = ['flowchart LR'];
  const styles: string[] = [];
  const goals = new Map<string, string>();
  let links = 0;
  const goalOf = (edge: ViewEdge): string => {
    const id = ids.get(edge.to);
    if (edge.goal === 'node' && id !== undefined) return id;
    const made = goals.get(edge.to) ?? `g${goals.size}`;
    if (!goals.has(edge.to)) {
      goals.set(edge.to, made);
      lines.push(
        `  ${made}${edge.goal === 'unknown' ? `["${quoted(`${edge.to} ?`)}"]:::lost` : `(("${quoted(edge.to)}"))`}`,
      );
    }
    return made;
  };
  for (const node of view.nodes) {
    lines.push(
      `  ${ids.get(node.name) ?? ''}${shaped(node, caption(node).map(quoted).join('<br/>'))}${classOf(node, view.start)}`,
    );
  }
  for (const node of view.nodes) {
    for (const edge of node.edges) {
      const arrow = edge.goal === 'back' ? '-.->' : '-->';
      const to = goalOf(edge);
      lines.push(`  ${ids.get(node.name) ?? ''} ${arrow}|"${quoted(edgeCaption(edge))}"| ${to}`);
      if (edge.taken !== undefined) styles.push(`  linkStyle ${links} ${edge.taken > 0 ? TAKEN_LINK : UNTAKEN_LINK}`);
      links += 1;
    }
  }
  const classes = [
    '  classDef start stroke-width:3px',
    '  classDef taken fill:#d9f2e3,stroke:#1a7f4b,color:#0b3d24',
    '  classDef untaken fill:#fbe3e0,stroke:#b3261e,color:#5f1410,stroke-dasharray:5 3',
    '  classDef lost fill:#b3261e,color:#ffffff',
  ];
  return `${[...lines, ...classes, ...styles].join('\n')}\n`;
}

const TAKEN_LINK = 'stroke:#1a7f4b';
const UNTAKEN_LINK = 'stroke:#b3261e,stroke-dasharray:5 3';

function classOf(node: ViewNode, start: string): string {
  if (node.taken !== undefined) return node.taken > 0 ? ':::taken' : ':::untaken';
  return node.name === start ? ':::start' : '';
}

function shaped(node: ViewNode, label: string): string {
  switch (node.type) {
    case 'menu':
    case 'collect':
    case 'listen':
      return `[/"${label}"/]`;
    case 'hours':
    case 'mode':
    case 'area':
    case 'list':
      return `{{"${label}"}}`;
    case 'subflow':
      return `[["${label}"]]`;
    case 'hangup':
    case 'return':
      return `(["${label}"])`;
    case 'queue':
    case 'transfer':
    case 'orderDesk':
      return `("${label}")`;
    default:
      return `["${label}"]`;
  }
}

/** Letters, digits and a few signs stand for themselves; everything else is written as its number, which Mermaid takes for no sign of its own. */
function quoted(text: string): string {
  // An empty label is none to Mermaid's grammar.
  if (text.trim() === '') return '#160;';
  return [...text.replace(/[\p{Cc}\p{Cs}]/gu, ' ')]
    .map((sign) => (/[\p{L}\p{M}\p{N} .,:_+()/=*-]/u.test(sign) ? sign : `#${sign.codePointAt(0) ?? 32};`))
    .join('');
}
