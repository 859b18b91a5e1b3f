import type { FlowView, ViewNode } from './model.js';

/** Where a node is drawn, px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** Where everything is drawn, px. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** In the order of the view's nodes. */
  readonly boxes: readonly Box[];
  /** The edges that are drawn as lines, `<node's index> <edge's index>`; all others are named at their node alone. */
  readonly lines: ReadonlySet<string>;
}

export const NODE_WIDTH = 264;
export const HEAD_HEIGHT = 46;
export const ROW_HEIGHT = 22;
const FOOT = 6;
const COLUMN_GAP = 76;
const ROW_GAP = 22;
const BAND_GAP = 70;
const MARGIN = 40;
/** A node that more edges than these lead to gets one line; the others name it. */
const MAX_LINES_IN = 8;
/** Up to so many columns stand side by side; more are folded into bands one below the other. */
const MAX_COLUMNS = 12;
const WANTED_ASPECT = 1.7;
const SWEEPS = 6;

/** The height of a drawn node. */
export function heightOf(node: ViewNode): number {
  return HEAD_HEIGHT + node.edges.length * ROW_HEIGHT + (node.edges.length === 0 ? 0 : FOOT);
}

interface Link {
  readonly from: number;
  readonly edge: number;
  readonly to: number;
}

/**
 * Places a flow's nodes in columns by their distance from the start, so that lines run to the next column alone; edges that lead elsewhere are named at
 * their node. Long flows are folded into bands. Time grows with nodes and edges.
 */
export function layOut(view: FlowView): Layout {
  const index = new Map(view.nodes.map(({ name }, at) => [name, at]));
  const links = view.nodes.flatMap((node, from) =>
    node.edges.flatMap((edge, at): Link[] => {
      const to = edge.goal === 'node' ? index.get(edge.to) : undefined;
      return to === undefined ? [] : [{ from, edge: at, to }];
    }),
  );
  const after = group(links, view.nodes.length);
  const columns = columnsOf(view, after, index.get(view.start) ?? 0);
  const rank = new Array<number>(view.nodes.length).fill(0);
  columns.forEach((members, column) => {
    for (const node of members) rank[node] = column;
  });
  const perBand = bandWidth(view, columns);
  const drawn = chosen(links, rank, perBand);
  arrange(columns, drawn);
  return place({ view, columns, drawn, perBand });
}

function group(links: readonly Link[], nodes: number): readonly (readonly Link[])[] {
  const after = Array.from({ length: nodes }, (): Link[] => []);
  for (const link of links) after[link.from]?.push(link);
  return after;
}

/** Breadth first from the start, then from what no edge leads to, then from what is left: each begins in a column of its own behind. */
function columnsOf(view: FlowView, after: readonly (readonly Link[])[], start: number): number[][] {
  const seen = new Set<number>();
  const columns: number[][] = [];
  const led = new Set(after.flatMap((links, from) => links.flatMap(({ to }) => (to === from ? [] : [to]))));
  const heads = [...view.nodes.keys()].filter((node) => !led.has(node));
  for (const root of [start, ...heads, ...view.nodes.keys()]) {
    if (seen.has(root) || root >= view.nodes.length) continue;
    seen.add(root);
    for (let members = [root]; members.length > 0; ) {
      columns.push(members);
      const next: number[] = [];
      for (const { to } of members.flatMap((node) => after[node] ?? [])) {
        if (seen.has(to)) continue;
        seen.add(to);
        next.push(to);
      }
      members = next;
    }
  }
  return columns;
}

/** How many columns a band has, so that the whole has about the shape of a screen. */
function bandWidth(view: FlowView, columns: readonly (readonly number[])[]): number {
  if (columns.length <= MAX_COLUMNS) return columns.length;
  const tall = columns.map((members) => columnHeight(view, members));
  let best = { columns: columns.length, off: Number.POSITIVE_INFINITY };
  for (let width = 6; width <= columns.length; width += 1) {
    let height = 0;
    for (let from = 0; from < columns.length; from += width)
      height += Math.max(...tall.slice(from, from + width)) + BAND_GAP;
    const off = Math.abs(Math.log((width * (NODE_WIDTH + COLUMN_GAP)) / height / WANTED_ASPECT));
    if (off < best.off) best = { columns: width, off };
  }
  return best.columns;
}

function columnHeight(view: FlowView, members: readonly number[]): number {
  return members.reduce((sum, node) => sum + heightAt(view, node) + ROW_GAP, 0);
}

function heightAt(view: FlowView, node: number): number {
  const found = view.nodes[node];
  return found === undefined ? 0 : heightOf(found);
}

/** The edges that become lines: into the next column of the same band, and not too many into one node. */
function chosen(links: readonly Link[], rank: readonly number[], perBand: number): readonly Link[] {
  const into = new Map<number, number>();
  for (const { to } of links) into.set(to, (into.get(to) ?? 0) + 1);
  const served = new Set<number>();
  return links.filter(({ from, to }) => {
    const column = rank[from] ?? 0;
    if ((rank[to] ?? 0) !== column + 1 || (column + 1) % perBand === 0) return false;
    if ((into.get(to) ?? 0) <= MAX_LINES_IN) return true;
    if (served.has(to)) return false;
    served.add(to);
    return true;
  });
}

/** Orders each column by the mean place of its neighbours, forth and back, so that few lines cross. */
function arrange(columns: number[][], drawn: readonly Link[]): void {
  const before = new Map<number, { at: number; edge: number }[]>();
  const behind = new Map<number, { at: number; edge: number }[]>();
  for (const { from, edge, to } of drawn) {
    push(before, to, { at: from, edge });
    push(behind, from, { at: to, edge: 0 });
  }
  const place = new Map<number, number>();
  const note = (members: readonly number[]): void => {
    members.forEach((node, at) => {
      place.set(node, at);
    });
  };
  columns.forEach(note);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forth = sweep % 2 === 0;
    const sides = forth ? before : behind;
    for (const members of forth ? columns : columns.toReversed()) {
      const wish = new Map(members.map((node, at) => [node, mean(sides.get(node), place) ?? at]));
      members.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
      note(members);
    }
  }
}

function mean(sides: readonly { at: number; edge: number }[] | undefined, place: ReadonlyMap<number, number>) {
  if (sides === undefined || sides.length === 0) return undefined;
  return sides.reduce((sum, { at, edge }) => sum + (place.get(at) ?? 0) + edge / 100, 0) / sides.length;
}

function push<K, V>(into: Map<K, V[]>, key: K, value: V): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, [value]);
  else known.push(value);
}

interface Placing {
  readonly view: FlowView;
  readonly columns: readonly (readonly number[])[];
  readonly drawn: readonly Link[];
  readonly perBand: number;
}

function place({ view, columns, drawn, perBand }: Placing): Layout {
  const boxes = new Array<Box>(view.nodes.length);
  const into = new Map<number, Link[]>();
  const outOf = new Map<number, Link[]>();
  for (const link of drawn) {
    push(into, link.to, link);
    push(outOf, link.from, link);
  }
  let top = MARGIN;
  let width = 0;
  for (let first = 0; first < columns.length; first += perBand) {
    let lowest = top;
    let highest = top;
    const band = columns.slice(first, first + perBand);
    band.forEach((members, column) => {
      const heights = members.map((node) => heightAt(view, node));
      const wishes = members.map((node) => wishFor(into.get(node), outOf, boxes));
      const ys = settle(wishes, heights, top);
      members.forEach((node, at) => {
        const box = { x: MARGIN + column * (NODE_WIDTH + COLUMN_GAP), y: ys[at] ?? top, height: heights[at] ?? 0 };
        boxes[node] = box;
        lowest = Math.max(lowest, box.y + box.height);
        highest = Math.min(highest, box.y);
      });
    });
    const shift = top - highest;
    for (const node of band.flat()) {
      const box = boxes[node];
      if (box !== undefined && shift > 0) boxes[node] = { ...box, y: box.y + shift };
    }
    width = Math.max(width, MARGIN * 2 + band.length * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP);
    top = lowest + shift + BAND_GAP;
  }
  return {
    width,
    height: top - BAND_GAP + MARGIN,
    boxes,
    lines: new Set(drawn.map(({ from, edge }) => `${from} ${edge}`)),
  };
}

/** The height at which the lines into a node would run straight; what alone follows something stands level with it, so that a long row does not sink. */
function wishFor(
  links: readonly Link[] | undefined,
  outOf: ReadonlyMap<number, readonly Link[]>,
  boxes: readonly (Box | undefined)[],
): number | undefined {
  if (links === undefined || links.length === 0) return undefined;
  const wishes = links.map(({ from, edge }) => {
    const top = boxes[from]?.y ?? 0;
    return (outOf.get(from)?.length ?? 0) > 1 ? top + portOf(edge) - HEAD_HEIGHT / 2 : top;
  });
  return wishes.reduce((sum, y) => sum + y, 0) / wishes.length;
}

/** Where an edge leaves its node, px below its top. */
export function portOf(edge: number): number {
  return HEAD_HEIGHT + edge * ROW_HEIGHT + ROW_HEIGHT / 2;
}

/** The places nearest to the wishes that keep order and gaps: neighbours that would overlap are moved together (pool adjacent violators). */
function settle(wishes: readonly (number | undefined)[], heights: readonly number[], top: number): number[] {
  const offsets: number[] = [];
  let sum = 0;
  for (const height of heights) {
    offsets.push(sum);
    sum += height + ROW_GAP;
  }
  const pools: { value: number; size: number }[] = [];
  wishes.forEach((wish, at) => {
    const before = pools.at(-1)?.value ?? top;
    pools.push({ value: wish === undefined ? before : wish - (offsets[at] ?? 0), size: 1 });
    for (let last = pools.at(-1), other = pools.at(-2); last && other && other.value > last.value; ) {
      pools.splice(-2, 2, {
        value: (last.value * last.size + other.value * other.size) / (last.size + other.size),
        size: last.size + other.size,
      });
      last = pools.at(-1);
      other = pools.at(-2);
    }
  });
  return pools
    .flatMap(({ value, size }) => new Array<number>(size).fill(value))
    .map((value, at) => Math.round(value + (offsets[at] ?? 0)));
}
