import { dropOf, type ViewEdge, type ViewNode } from './model.js';

const MAX_LINE = 60;

/** What stands in a drawn node, line by line. */
export function caption(node: ViewNode): readonly string[] {
  const lines = [node.name, node.subject === '' ? node.type : `${node.type}: ${node.subject}`];
  if (node.traffic !== undefined) {
    const { entered, dwell } = node.traffic;
    const drop = node.traffic.hungUp === 0 ? [] : [`${percent(dropOf(node.traffic))} left`];
    const stay = dwell === undefined ? [] : [`p95 ${seconds(dwell.p95Ms)}`];
    lines.push([`${entered} in`, ...drop, ...stay].join(', '));
  }
  return lines.map(short);
}

/** What stands beside a drawn edge. */
export function edgeCaption(edge: ViewEdge): string {
  const calls = edge.calls === undefined ? '' : ` (${edge.calls}${edge.shared === undefined ? '' : ' together'})`;
  return short(edge.label) + calls;
}

/** A share in per cent, with one place below ten. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 || value === 0 ? Math.round(value) : Math.round(value * 10) / 10} %`;
}

/** A time in seconds, with one place below ten. */
export function seconds(ms: number): string {
  const value = ms / 1000;
  return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} s`;
}

function short(text: string): string {
  const signs = [...text];
  return signs.length <= MAX_LINE ? text : `${signs.slice(0, MAX_LINE - 3).join('')}...`;
}
