import type { IvrGraph, IvrNode } from '@cordboard/cti-core';
import type { Garden, Plant } from './garden.js';

/** What a loop, an end or a way that is cut brings along. */
const CUT = ['node.unreachable', 'result.unknown', 'variable.unknown'];

const menuTo = (to: string, noInput: string): IvrNode => ({
  type: 'menu',
  say: [],
  keys: { 1: to },
  noInput,
  noMatch: 'END',
});

/** Puts a chain of nodes in front of a flow: the names, in order. */
function inFront(garden: Garden, graph: IvrGraph, nodes: readonly ((next: string) => IvrNode)[]): readonly string[] {
  const names = nodes.map(() => garden.name('front'));
  nodes.forEach((make, index) => {
    garden.add(graph, make(names[index + 1] ?? graph.start), names[index]);
  });
  (graph as { start: string }).start = names[0] ?? graph.start;
  return names;
}

/** Faults of ways, loops, ends, bounds and calls. */
export const WAYS: Readonly<Record<string, Plant>> = {
  'start.unknown': ({ main, choices }) => {
    main.start = choices.pick(['nowhere', 'constructor', 'END']);
    return { code: 'start.unknown', flow: 'main', along: CUT };
  },
  'target.unknown': (garden) => {
    const edge = garden.edge();
    if (edge.name === '') return undefined;
    garden.lead(edge, garden.choices.pick(['nowhere', 'toString', 'end']));
    return { code: 'target.unknown', flow: String(edge.graph.id), node: edge.name, along: CUT };
  },
  'edge.missing': (garden) => {
    const edge = garden.edge();
    const type = edge.name === '' ? undefined : edge.graph.nodes[edge.name]?.type;
    const optional = edge.field.includes('.') || edge.field === 'full' || edge.field === 'returned';
    if (type === undefined || optional || (type === 'http' && edge.field === 'failed')) return undefined;
    garden.lead(edge, undefined);
    return { code: 'edge.missing', flow: String(edge.graph.id), node: edge.name, along: CUT };
  },
  'http.failure': (garden) => {
    const made = garden.splice((next) => ({
      type: 'http',
      method: 'GET',
      url: 'https://api.example.com/x',
      timeoutMs: 1000,
      ways: {},
      otherwise: next,
      failed: 'END',
    }));
    garden.lead({ graph: made.graph, name: made.node, field: 'failed' }, undefined);
    return { code: 'http.failure', ...made };
  },
  'node.unreachable': (garden) => {
    const graph = garden.choices.pick(garden.graphs);
    const on = garden.choices.pick(Object.keys(graph.nodes));
    const node = garden.add(
      graph,
      garden.choices.pick<IvrNode>([{ type: 'hangup' }, { type: 'play', say: [], next: on }, menuTo(on, 'END')]),
    );
    return { code: 'node.unreachable', flow: String(graph.id), node };
  },
  'end.none': (garden) => {
    const edge = garden.edge();
    const [one, two] = [garden.name(), garden.name()];
    garden.add(edge.graph, { ...menuTo(two, two), noMatch: two } as IvrNode, one);
    garden.add(
      edge.graph,
      garden.choices.pick<IvrNode>([
        { ...menuTo(one, one), noMatch: one } as IvrNode,
        { type: 'play', say: [], next: one },
        { type: 'play', say: [], next: 'BACK' },
      ]),
      two,
    );
    garden.lead(edge, one);
    return {
      code: 'end.none',
      flow: String(edge.graph.id),
      node: garden.choices.pick([one, two]),
      along: [...CUT, 'loop.silent', 'bounds.duration'],
    };
  },
  'loop.noInput': (garden) => {
    const made = garden.splice((next, graph, name) => {
      const round = garden.add(
        graph,
        garden.choices.pick<IvrNode>([
          { type: 'play', say: [], loop: 2, next: name },
          { type: 'set', assign: { turns: 'x' }, next: name },
          { type: 'hours', rules: [{ from: '08:00', to: '09:00', goTo: name }], otherwise: 'END' },
          { type: 'fax', document: 'map', next: name, failed: 'END' },
          { type: 'callback', queue: 'help', next: name, refused: 'END' },
          { type: 'queue', queue: 'help', overflow: 'END', full: name },
          { type: 'transfer', to: { kind: 'agent', agent: 'ann' }, busy: name, noAnswer: 'END', failed: 'END' },
        ]),
      );
      return garden.choices.pick<IvrNode>([
        { type: 'mode', mode: 'night', ways: { night: round }, otherwise: next },
        { type: 'list', rules: [{ list: 'vip', goTo: round }], otherwise: next },
        {
          type: 'http',
          method: 'GET',
          url: 'https://api.example.com/x',
          timeoutMs: 1000,
          ways: { '200': next },
          otherwise: next,
          failed: round,
        },
        { type: 'mode', mode: 'night', ways: { night: name }, otherwise: garden.choices.pick([next, round]) },
      ]);
    });
    return { code: 'loop.noInput', ...made, along: [...CUT, 'end.none'] };
  },
  'loop.silent': (garden) => {
    const made = garden.splice((next, graph, name) => {
      const other = garden.add(
        graph,
        garden.choices.pick<IvrNode>([
          menuTo(next, name),
          { type: 'play', say: [], next: name },
          { type: 'collect', say: [], variable: 'again', min: 1, max: 2, next, noInput: name, noMatch: 'END' },
        ]),
      );
      return garden.choices.pick<IvrNode>([
        menuTo(next, other),
        { type: 'collect', say: [], variable: 'again', min: 1, max: 2, next, noInput: other, noMatch: next },
        menuTo(other, garden.choices.pick([name, other])),
      ]);
    });
    const { maxMs: _, ...bounds } = made.graph.bounds ?? {};
    made.graph.bounds = bounds;
    return { code: 'loop.silent', flow: made.flow, node: made.node, along: [...CUT, 'loop.silent'] };
  },
  'bounds.depth': (garden) => {
    const { main, choices } = garden;
    const depth = 1 + choices.below(4);
    const names = inFront(
      garden,
      main,
      Array.from({ length: depth + 1 + choices.below(2) }, () => (next: string) => menuTo(next, 'END')),
    );
    main.bounds = { ...main.bounds, depth };
    return { code: 'bounds.depth', flow: 'main', node: names[depth] ?? '' };
  },
  'bounds.duration': (garden) => {
    const { main, choices } = garden;
    if (choices.often(30)) {
      const made = garden.splice((next, _, name) => menuTo(next, name));
      made.graph.bounds = { ...made.graph.bounds, maxMs: 86_400_000 };
      return { code: 'bounds.duration', flow: made.flow, node: made.node };
    }
    const pause = (forMs: number): IvrNode & { type: 'play' } => ({
      type: 'play',
      say: [{ kind: 'silence', forMs }],
      next: 'END',
    });
    const kinds: readonly ((next: string) => IvrNode)[] = [
      (next) => ({ ...pause(20_000), loop: 3, next }),
      (next) => ({
        type: 'menu',
        say: [],
        keys: { 1: next },
        tries: 4,
        timeoutMs: 15_000,
        noInput: 'END',
        noMatch: 'END',
      }),
      (next) => ({
        type: 'collect',
        say: [],
        variable: 'long',
        min: 1,
        max: 9,
        tries: 2,
        timeoutMs: 3000,
        interDigitMs: 3000,
        next,
        noInput: 'END',
        noMatch: 'END',
      }),
      (next) => ({
        type: 'http',
        method: 'GET',
        url: 'https://api.example.com/x',
        timeoutMs: 11_000,
        tries: 5,
        ways: {},
        otherwise: next,
        failed: 'END',
      }),
    ];
    const chain = Array.from({ length: 3 }, () => choices.pick(kinds));
    const names = inFront(garden, main, chain);
    // Each of them lasts for a minute.
    main.bounds = { ...main.bounds, maxMs: 125_000 };
    return { code: 'bounds.duration', flow: 'main', node: names[2] ?? '' };
  },
  'flow.unknown': (garden) => {
    const made = garden.splice((next) => ({
      type: 'subflow',
      flow: garden.choices.pick(['nobody', 'sub9', '__proto__']),
      results: {},
      otherwise: next,
    }));
    return { code: 'flow.unknown', ...made };
  },
  'result.unknown': (garden) => {
    const call = garden.node('subflow');
    if (call === undefined) return undefined;
    call.node.results = { ...call.node.results, never: garden.choices.pick(['END', call.node.otherwise]) };
    return { code: 'result.unknown', flow: String(call.graph.id), node: call.name };
  },
};
