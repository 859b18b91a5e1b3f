import { percent, seconds } from './caption.js';
import { type Box, HEAD_HEIGHT, type Layout, NODE_WIDTH, portOf, ROW_HEIGHT } from './layout.js';
import { cut, escaped, word } from './markup.js';
import { dropOf, type FlowView, type ViewEdge, type ViewNode } from './model.js';
import type { PageLanguage } from './words.js';

const NAME_PLACES = 30;
const SUBJECT_PLACES = 32;
const LABEL_PLACES = 18;
const TARGET_PLACES = 15;

/** The drawing of a flow: lines below, nodes above; every node can take the focus. */
export function svgOf(view: FlowView, layout: Layout, language: PageLanguage): string {
  const at = new Map(view.nodes.map(({ name }, index) => [name, index]));
  const most = Math.max(1, ...view.nodes.flatMap(({ edges }) => edges.map(({ calls = 0 }) => calls)));
  const lines = view.nodes.flatMap((node, from) =>
    node.edges.flatMap((edge, index) => {
      const to = at.get(edge.to);
      if (!layout.lines.has(`${from} ${index}`) || to === undefined) return [];
      return [lineOf(edge, { from, to, index, layout, most })];
    }),
  );
  const nodes = view.nodes.map((node, index) => {
    const box = layout.boxes[index] ?? { x: 0, y: 0, height: 0 };
    return nodeOf(node, { index, box, layout, view, language, at });
  });
  return [...lines, ...nodes].join('\n');
}

/** The overview: a plain rectangle for each node. */
export function miniatureOf(view: FlowView, layout: Layout): string {
  const boxes = layout.boxes.map(
    ({ x, y, height }, index) =>
      `<rect class="${groupOf(view.nodes[index]?.type ?? 'play')}" x="${x}" y="${y}" width="${NODE_WIDTH}" height="${height}"/>`,
  );
  return boxes.join('');
}

/** What kind of thing a node does, for its colour. */
export function groupOf(type: ViewNode['type']): 'asks' | 'decides' | 'speaks' | 'keeps' | 'leaves' {
  switch (type) {
    case 'menu':
    case 'collect':
    case 'listen':
      return 'asks';
    case 'hours':
    case 'mode':
    case 'area':
    case 'list':
    case 'compute':
    case 'query':
    case 'http':
      return 'decides';
    case 'play':
    case 'set':
    case 'language':
    case 'subflow':
      return 'speaks';
    case 'record':
    case 'message':
    case 'score':
    case 'callback':
    case 'fax':
      return 'keeps';
    case 'orderDesk':
    case 'queue':
    case 'transfer':
    case 'return':
    case 'hangup':
      return 'leaves';
  }
}

interface Line {
  readonly from: number;
  readonly to: number;
  readonly index: number;
  readonly layout: Layout;
  readonly most: number;
}

function lineOf(edge: ViewEdge, { from, to, index, layout, most }: Line): string {
  const a = layout.boxes[from];
  const b = layout.boxes[to];
  if (a === undefined || b === undefined) return '';
  const x1 = a.x + NODE_WIDTH;
  const y1 = a.y + portOf(index);
  const y2 = b.y + HEAD_HEIGHT / 2;
  const middle = (x1 + b.x) / 2;
  const width = edge.calls === undefined ? '' : ` style="--calls:${(1 + (6 * edge.calls) / most).toFixed(2)}"`;
  const path = `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${b.x - 7} ${y2}`;
  return `<path class="line${hitClass(edge.taken)}${edge.calls === 0 ? ' idle' : ''}" data-from="${from}" data-to="${to}"${width} d="${path}"/>`;
}

interface Node {
  readonly index: number;
  readonly box: Box;
  readonly layout: Layout;
  readonly view: FlowView;
  readonly language: PageLanguage;
  readonly at: ReadonlyMap<string, number>;
}

function nodeOf(node: ViewNode, { index, box, layout, view, language, at }: Node): string {
  const isStart = node.name === view.start ? ' start' : '';
  const type = word(`type.${node.type}`, language);
  const rows = node.edges.map((edge, row) =>
    rowOf(edge, { row, language, drawn: layout.lines.has(`${index} ${row}`) ? 'drawn' : 'named', to: at.get(edge.to) }),
  );
  const taken =
    node.taken === undefined ? '' : `<text class="count coverage" x="${NODE_WIDTH - 10}" y="20">${node.taken}×</text>`;
  return [
    `<g class="node ${groupOf(node.type)}${isStart}${hitClass(node.taken)}" data-n="${index}" tabindex="0" role="button" aria-label="${escaped(node.name)}, ${type.text}${node.subject === '' ? '' : ` ${escaped(node.subject)}`}" transform="translate(${box.x} ${box.y})">`,
    `<title>${escaped(`${node.name}\n${node.subject}`)}</title>`,
    `<rect class="card" width="${NODE_WIDTH}" height="${box.height}" rx="6"/>`,
    `<path class="stripe" d="M6 0a6 6 0 0 0-6 6v${box.height - 12}a6 6 0 0 0 6 6z"/>`,
    `<text class="name" x="14" y="19">${escaped(cut(node.name, NAME_PLACES))}</text>`,
    `<text class="type" x="14" y="36"><tspan${type.attribute}>${type.text}</tspan> <tspan class="subject">${escaped(cut(node.subject, SUBJECT_PLACES))}</tspan></text>`,
    taken,
    trafficOf(node),
    ...rows,
    '</g>',
  ].join('');
}

function trafficOf({ traffic }: ViewNode): string {
  if (traffic === undefined) return '';
  const drop = traffic.hungUp === 0 ? '' : ` −${percent(dropOf(traffic))}`;
  const stay = traffic.dwell === undefined ? '' : ` ≤${seconds(traffic.dwell.p95Ms)}`;
  return `<text class="count traffic" x="${NODE_WIDTH - 10}" y="20">${traffic.entered}${drop}${stay}</text>`;
}

interface Row {
  readonly row: number;
  readonly language: PageLanguage;
  readonly drawn: 'drawn' | 'named';
  readonly to: number | undefined;
}

function rowOf(edge: ViewEdge, { row, language, drawn, to }: Row): string {
  const y = HEAD_HEIGHT + row * ROW_HEIGHT;
  const label = word(`edge.${edge.field}`, language, cut(edge.label, LABEL_PLACES));
  const goal = edge.goal === 'node' || edge.goal === 'unknown' ? cut(edge.to, TARGET_PLACES) : edge.to;
  const jump = drawn === 'drawn' || to === undefined ? '' : ` data-to="${to}"`;
  const shown =
    drawn === 'drawn'
      ? `<circle class="port" cx="${NODE_WIDTH}" cy="${y + ROW_HEIGHT / 2}" r="3.5"/>`
      : `<text class="goal goal-${edge.goal}" x="${NODE_WIDTH - 10}" y="${y + 15}">${edge.goal === 'node' ? '→ ' : ''}${escaped(goal)}</text>`;
  const isKey = /^keys\./.test(edge.field);
  const tag = isKey ? ` key` : '';
  const counts = [
    edge.taken === undefined ? '' : `<tspan class="coverage" dx="6">${edge.taken}×</tspan>`,
    edge.calls === undefined
      ? ''
      : `<tspan class="traffic" dx="6">${edge.calls}${edge.shared === undefined ? '' : '*'}</tspan>`,
  ].join('');
  return [
    `<g class="row${hitClass(edge.taken)}${jump === '' ? '' : ' jump'}"${jump}>`,
    `<rect class="cell" x="1" y="${y}" width="${NODE_WIDTH - 2}" height="${ROW_HEIGHT}"/>`,
    `<text class="label${tag}" x="14" y="${y + 15}"><tspan${label.attribute}>${label.text}</tspan>${counts}</text>`,
    `${shown}</g>`,
  ].join('');
}

function hitClass(taken: number | undefined): string {
  return taken === undefined ? '' : taken > 0 ? ' hit' : ' miss';
}
