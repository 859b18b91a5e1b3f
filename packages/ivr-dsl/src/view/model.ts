import {
  BACK,
  END,
  edgesOf,
  type IvrGraph,
  type IvrNode,
  nodeOf,
  RETURN,
  type Say,
  type SayItem,
} from '@cordboard/cti-core';
import { type CoverageFile, edgeName } from '../coverage.js';
import { edgeLabel, subjectOf } from './describe.js';
import type { FlowTraffic, NodeTraffic } from './traffic.js';

/** What is laid over a drawn flow. */
export interface Overlay {
  /** What tests went through; counts of another version of the flow are left out. */
  readonly coverage?: CoverageFile;
  /** What calls did. */
  readonly traffic?: FlowTraffic;
}

/** One way out of a drawn node. */
export interface ViewEdge {
  readonly field: string;
  readonly label: string;
  readonly to: string;
  /** `unknown`: there is no such node. */
  readonly goal: 'node' | 'end' | 'return' | 'back' | 'unknown';
  /** How often tests took it. */
  readonly taken?: number;
  /** How many calls went this way; with `shared`, together with the other edges between the same two nodes. */
  readonly calls?: number;
  readonly shared?: 'shared';
}

/** One announcement of a drawn node: what is said when, by language. */
export interface ViewSay {
  readonly field: string;
  readonly words: Readonly<Record<string, string>>;
}

/** A drawn node. */
export interface ViewNode {
  readonly name: string;
  readonly type: IvrNode['type'];
  readonly subject: string;
  readonly says: readonly ViewSay[];
  readonly edges: readonly ViewEdge[];
  readonly taken?: number;
  readonly traffic?: NodeTraffic;
}

/** A flow as it is drawn. */
export interface FlowView {
  readonly id: string;
  readonly version: string;
  readonly languages: readonly string[];
  readonly start: string;
  readonly nodes: readonly ViewNode[];
  readonly covered?: 'covered';
  /** The coverage is of another version. */
  readonly stale?: 'stale';
  readonly calls?: number;
}

/** What there is to draw of a flow, with what lies over it. */
export function viewOf(graph: IvrGraph, overlay: Overlay = {}): FlowView {
  const { traffic } = overlay;
  const flows = overlay.coverage?.flows ?? {};
  const counts = Object.hasOwn(flows, graph.id) ? flows[graph.id] : undefined;
  const own = counts?.version === graph.version ? counts : undefined;
  return {
    id: graph.id,
    version: graph.version,
    languages: graph.languages,
    start: graph.start,
    nodes: Object.entries(graph.nodes).map(([name, node]) => ({
      name,
      type: node.type,
      subject: subjectOf(node),
      says: saysOf(node).map(([field, say]) => ({ field, words: wordsOf(say, graph) })),
      edges: edgesOf(node).map(({ field, to }) => ({
        field,
        label: edgeLabel(node, field),
        to,
        goal: goalOf(to, graph),
        ...(own === undefined ? {} : { taken: timesOf(own.edges, edgeName(name, field)) }),
        ...(traffic === undefined ? {} : callsOf({ traffic, graph, name }, node, to)),
      })),
      ...(own === undefined ? {} : { taken: timesOf(own.nodes, name) }),
      ...(traffic === undefined ? {} : { traffic: trafficIn(traffic, name) }),
    })),
    ...(own === undefined ? {} : { covered: 'covered' as const }),
    ...(counts === undefined || own !== undefined ? {} : { stale: 'stale' as const }),
    ...(traffic === undefined ? {} : { calls: traffic.calls }),
  };
}

/** The share of calls that came in and were laid down there, 0-1. */
export function dropOf(traffic: NodeTraffic): number {
  return traffic.entered === 0 ? 0 : traffic.hungUp / traffic.entered;
}

function goalOf(to: string, graph: IvrGraph): ViewEdge['goal'] {
  if (to === END) return 'end';
  if (to === RETURN) return 'return';
  if (to === BACK) return 'back';
  return nodeOf(graph, to) === undefined ? 'unknown' : 'node';
}

function trafficIn(traffic: FlowTraffic, name: string): NodeTraffic {
  const known = Object.hasOwn(traffic.nodes, name) ? traffic.nodes[name] : undefined;
  return known ?? { entered: 0, hungUp: 0, ended: 0 };
}

function callsOf(
  { traffic, graph, name }: { readonly traffic: FlowTraffic; readonly graph: IvrGraph; readonly name: string },
  node: IvrNode,
  to: string,
): { readonly calls?: number; readonly shared?: 'shared' } {
  const edges = edgesOf(node);
  const alike = edges.filter((edge) => edge.to === to).length > 1 ? { shared: 'shared' as const } : {};
  const goal = goalOf(to, graph);
  const steps = Object.hasOwn(traffic.steps, name) ? (traffic.steps[name] ?? {}) : {};
  if (goal === 'node') return { calls: timesOf(steps, to), ...alike };
  if (goal === 'end') return { calls: trafficIn(traffic, name).ended, ...alike };
  if (goal !== 'back') return {};
  // Steps that no edge names are those of BACK.
  const named = new Set(edges.map((edge) => edge.to));
  const others = Object.entries(steps).filter(([goneTo]) => !named.has(goneTo));
  return { calls: others.reduce((sum, [, times]) => sum + times, 0), ...alike };
}

function timesOf(counts: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0;
}

/** The announcements of a node by their field. */
function saysOf(node: IvrNode): readonly (readonly [string, Say])[] {
  const found: (readonly [string, Say])[] = [];
  if ('say' in node && node.say !== undefined && node.say.length > 0) found.push(['say', node.say]);
  for (const field of ['noInputSay', 'noMatchSay'] as const) {
    if (!(field in node)) continue;
    const says: readonly Say[] = (node as Readonly<Record<typeof field, readonly Say[] | undefined>>)[field] ?? [];
    says.forEach((say, index) => {
      found.push([says.length === 1 ? field : `${field} ${index + 1}`, say]);
    });
  }
  if (node.type === 'transfer' && node.failedSay !== undefined) found.push(['failedSay', node.failedSay]);
  return found;
}

function wordsOf(say: Say, graph: IvrGraph): Readonly<Record<string, string>> {
  return Object.fromEntries(
    graph.languages.map((language) => [language, say.map((item) => itemWords(item, graph, language)).join(' ')]),
  );
}

function itemWords(item: SayItem, graph: IvrGraph, language: string): string {
  switch (item.kind) {
    case 'prompt':
      return promptWords(graph, item.prompt, language);
    case 'text':
      return item.text;
    case 'say':
      return `{${item.variable}}`;
    case 'recording':
      return `[${item.variable}]`;
    case 'silence':
      return '...';
  }
}

function promptWords(graph: IvrGraph, key: string, language: string): string {
  const forms = Object.hasOwn(graph.prompts, key) ? (graph.prompts[key] ?? {}) : {};
  const spoken = [language, ...graph.languages].find((tag) => Object.hasOwn(forms, tag));
  const form = spoken === undefined ? undefined : forms[spoken];
  return (typeof form === 'object' ? form.text : undefined) ?? `[${key}]`;
}
