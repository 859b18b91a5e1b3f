import { edgesOf, type FlowId, type IvrGraph, type IvrNode } from '@cordboard/cti-core';
import { parse } from '@ts-graphviz/ast';
import purify from 'dompurify';
import fc from 'fast-check';
import mermaid from 'mermaid';
import { beforeAll, describe, expect, test } from 'vitest';
import { toDot, toMermaid } from '../../src/view/index.js';
import { every } from '../every-node.js';
import { front } from '../front.js';

// Mermaid cleans words with a library that needs a page; its grammar, which is what judges here, needs none.
beforeAll(() => {
  Object.assign(purify, { addHook: () => undefined, sanitize: (text: string) => text });
  mermaid.initialize({ maxTextSize: 10_000_000, maxEdges: 10_000 });
});

/** The labels that a DOT parser reads, by the kind of statement. */
function dotLabels(dot: string): { readonly nodes: string[]; readonly edges: string[] } {
  const found = { nodes: [] as string[], edges: [] as string[] };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (typeof value !== 'object' || value === null) return;
    const { type, children } = value as { type?: string; children?: unknown[] };
    if (type === 'Node' || type === 'Edge') {
      const label = (children as { type: string; key?: { value: string }; value?: { value: string } }[]).find(
        (child) => child.type === 'Attribute' && child.key?.value === 'label',
      );
      found[type === 'Node' ? 'nodes' : 'edges'].push(label?.value?.value ?? '');
    } else walk(children);
  };
  walk(parse(dot));
  return found;
}

interface Flowchart {
  readonly vertices: ReadonlyMap<string, { readonly text?: string }>;
  readonly edges: readonly { readonly text?: string }[];
}

/** What Mermaid's own parser makes of a text. */
async function mermaidChart(text: string): Promise<Flowchart> {
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const chart = db as unknown as { getVertices(): Flowchart['vertices']; getEdges(): Flowchart['edges'] };
  return { vertices: chart.getVertices(), edges: chart.getEdges() };
}

const nodesWith = (graph: IvrGraph): number => Object.keys(graph.nodes).length;
const edgesWith = (graph: IvrGraph): number => Object.values(graph.nodes).flatMap(edgesOf).length;
const goalsWith = (graph: IvrGraph): number =>
  new Set(
    Object.values(graph.nodes).flatMap((node) =>
      edgesOf(node)
        .map(({ to }) => to)
        .filter((to) => !Object.hasOwn(graph.nodes, to)),
    ),
  ).size;

/** Words that mean something to one of the two languages. */
const nasty = fc.oneof(
  fc.constantFrom(
    '"',
    '"]',
    '"] --> x["',
    '%%{init: {"theme":"x"}}%%',
    '`',
    '`**x**`',
    '#quot;',
    '\\',
    '\\"',
    '\n',
    '<b>',
    '</script>',
    '&quot;',
    '|',
    '---',
    'end',
    ';',
    '[label=x]',
    '\u0000',
    '\ud800',
    '😀',
    '{',
    '}',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const words = fc.array(nasty, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

function graphOf(names: readonly string[], texts: readonly string[]): IvrGraph {
  const [first = 'x'] = names;
  const nodes = names.map((name, index): [string, IvrNode] => {
    const text = texts[index % texts.length] ?? '';
    const to = names[(index + 1) % names.length] ?? 'END';
    if (index % 3 === 0) return [name, { type: 'queue', queue: text, overflow: to }];
    if (index % 3 === 1) return [name, { type: 'mode', mode: text, ways: { [text]: to }, otherwise: `${text}?` }];
    return [name, { type: 'http', method: 'GET', url: text, ways: { [text]: 'BACK' }, otherwise: to, failed: 'END' }];
  });
  return {
    format: 'cordboard-ivr/1',
    id: first as FlowId,
    version: '1',
    languages: ['en'],
    start: first,
    nodes: Object.fromEntries(nodes),
    prompts: {},
  };
}
const graphs = fc
  .tuple(fc.uniqueArray(words, { minLength: 1, maxLength: 6 }), fc.array(words, { minLength: 1, maxLength: 6 }))
  .map(([names, texts]) =>
    graphOf(
      names.filter((name) => !['END', 'BACK', 'RETURN', '__proto__'].includes(name)),
      texts,
    ),
  )
  .filter((graph) => nodesWith(graph) > 0);

describe.each<[string, IvrGraph]>([
  ['front', front],
  ['every', every],
])('the flow %s', (_, graph) => {
  test("Mermaid's parser reads each node and each edge", async () => {
    const { vertices, edges } = await mermaidChart(toMermaid(graph));
    expect(vertices.size).toBe(nodesWith(graph) + goalsWith(graph));
    expect(edges).toHaveLength(edgesWith(graph));
  });
  test("DOT's parser reads each node and each edge", () => {
    const { nodes, edges } = dotLabels(toDot(graph));
    expect(nodes.filter((label) => label !== '')).toHaveLength(nodesWith(graph) + goalsWith(graph));
    expect(edges).toHaveLength(edgesWith(graph));
  });
});

/** What a label says once its numbers are signs again; Mermaid holds them in a form of its own until it draws. */
const read = (text = ''): string =>
  text.replace(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll('<br/>', '\n');
const clean = (name: string): string => name.replace(/[\p{Cc}\p{Cs}]/gu, ' ').trim();

describe('names and words from outside stay in their labels', () => {
  test('in Mermaid', { timeout: 180_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const { vertices, edges } = await mermaidChart(toMermaid(graph));
        expect(vertices.size).toBe(nodesWith(graph) + goalsWith(graph));
        expect(edges).toHaveLength(edgesWith(graph));
        const labels = [...vertices.values()].map(({ text }) => read(text).split('\n')[0]?.trim());
        for (const name of Object.keys(graph.nodes)) if (name.length < 50) expect(labels).toContain(clean(name));
      }),
      { numRuns: 80 },
    );
  });
  test('in DOT', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { nodes, edges } = dotLabels(toDot(graph));
        expect(nodes.filter((label) => label !== '')).toHaveLength(nodesWith(graph) + goalsWith(graph));
        expect(edges).toHaveLength(edgesWith(graph));
      }),
      { numRuns: 80 },
    );
  });
  test('and a text that lets them out is found', async () => {
    const graph = graphOf(['a"] --> x["b'], ['way "out"']);
    const leaking = toMermaid(graph).replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    const wrong = await mermaidChart(leaking).then(
      ({ vertices }) => vertices.size !== nodesWith(graph) + goalsWith(graph),
      () => true,
    );
    expect(wrong).toBe(true);
    const open = toDot(graph).replaceAll('\\"', '"');
    expect(() => {
      const { nodes } = dotLabels(open);
      expect(nodes).toHaveLength(nodesWith(graph) + goalsWith(graph));
    }).toThrow();
  });
});
