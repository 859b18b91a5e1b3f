import { asId, type IvrGraph, type IvrNode } from '@cordboard/cti-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkIvr, IVR_PROBLEMS, type IvrProblemCode } from '../src/index.js';
import { front, pin, tiny } from './front.js';

type Nodes = Record<string, IvrNode>;

/** A flow without a fault: a menu, a collect, opening hours, a queue, a sub-flow. */
const sound: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId('sound'),
  version: '1',
  languages: ['zh', 'en'],
  start: 'start',
  nodes: {
    start: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'menu' }],
      keys: { 1: 'card', 2: 'when', '*': 'BACK' },
      noInput: 'bye',
      noMatch: 'bye',
    },
    card: {
      type: 'collect',
      say: [],
      variable: 'card',
      min: 2,
      max: 4,
      pattern: '\\d{2,4}',
      next: 'note',
      noInput: 'bye',
      noMatch: 'start',
    },
    note: { type: 'set', assign: { seen: '{card} by {call.number}' }, next: 'tell' },
    tell: { type: 'play', say: [{ kind: 'say', variable: 'seen', as: 'digits' }], next: 'pin' },
    pin: { type: 'subflow', flow: 'pin', results: { known: 'put' }, otherwise: 'start' },
    put: {
      type: 'transfer',
      to: { kind: 'variable', variable: 'card' },
      busy: 'line',
      noAnswer: 'line',
      failed: 'line',
    },
    when: {
      type: 'hours',
      rules: [{ from: '22:00', to: '06:00', dates: ['2026-02-28/2026-03-01'], goTo: 'english' }],
      otherwise: 'line',
    },
    english: { type: 'language', language: 'en', next: 'line' },
    line: { type: 'queue', queue: 'sales', overflow: 'bye', full: 'bye' },
    bye: { type: 'hangup' },
  },
  prompts: { menu: { zh: 'm', en: 'm' } },
};
const flows = [sound, pin];
const changed = (nodes: Nodes, more: Partial<IvrGraph> = {}): IvrGraph => ({
  ...sound,
  nodes: { ...sound.nodes, ...nodes },
  ...more,
});
const with_ = <T extends IvrNode>(name: string, fields: Partial<T>): IvrGraph => {
  const node = sound.nodes[name];
  if (node === undefined) throw new TypeError(name);
  return changed({ [name]: { ...node, ...fields } as IvrNode });
};
const say = (...items: Extract<IvrNode, { type: 'play' }>['say']) => items;

test('flows without a fault have no findings', () => {
  expect(checkIvr(sound, { flows })).toEqual([]);
  expect(checkIvr(tiny)).toEqual([]);
  expect(checkIvr(pin)).toEqual([]);
  expect(checkIvr(front, { flows: [front, pin] })).toEqual([]);
});

/** Each defect is planted alone into the sound flow, and must be the finding: code and place. */
const planted: readonly [IvrProblemCode, IvrGraph, string][] = [
  ['start.unknown', { ...sound, start: 'begin' }, 'start'],
  ['target.unknown', with_('note', { next: 'nowhere' }), 'nodes.note.next'],
  ['target.unknown', with_('start', { keys: { 1: 'card', 2: 'when', 3: 'constructor' } }), 'nodes.start.keys.3'],
  [
    'target.unknown',
    with_('when', {
      rules: [
        { from: '06:00', to: '07:00', goTo: 'nowhere' },
        { from: '22:00', goTo: 'english' },
      ],
    }),
    'nodes.when.rules.0.goTo',
  ],
  ['target.unknown', with_('line', { returned: 'nowhere' }), 'nodes.line.returned'],
  ['prompt.unknown', with_('line', { say: say({ kind: 'prompt', prompt: 'wait' }) }), 'nodes.line.say.0'],
  ['prompt.unknown', with_('put', { failedSay: say({ kind: 'prompt', prompt: 'toString' }) }), 'nodes.put.failedSay.0'],
  [
    'prompt.unknown',
    with_('tell', { say: say({ kind: 'say', variable: 'seen', as: 'money', currency: 'JPY' }) }),
    'nodes.tell.say.0',
  ],
  [
    'prompt.language',
    changed(
      {
        tell: { type: 'play', say: say({ kind: 'say', variable: 'seen', as: 'money', currency: 'CNY' }), next: 'pin' },
      },
      {
        prompts: {
          menu: { zh: 'm', en: 'm' },
          'money.CNY.major': { zh: 'm', en: 'm' },
          'money.CNY.minor': { zh: 'm' },
        },
      },
    ),
    'nodes.tell.say.0',
  ],
  [
    'variable.unknown',
    changed(
      { bye: { type: 'hangup', say: say({ kind: 'say', variable: 'sene', as: 'money', currency: 'JPY' }) } },
      { prompts: { menu: { zh: 'm', en: 'm' }, 'money.JPY.major': { zh: 'm', en: 'm' } } },
    ),
    'nodes.bye.say.0',
  ],
  ['prompt.language', { ...sound, prompts: { menu: { zh: 'm' } } }, 'nodes.start.say.0'],
  ['language.unknown', with_('english', { language: 'fr' }), 'nodes.english.language'],
  ['node.unreachable', changed({ island: { type: 'hangup' } }), 'nodes.island'],
  ['loop.noInput', with_('english', { next: 'when' }), 'nodes.when'],
  ['loop.noInput', with_('english', { next: 'when' }), 'nodes.english'],
  ['loop.noInput', with_('line', { full: 'line' }), 'nodes.line'],
  ['loop.noInput', changed({ line: { type: 'queue', queue: 'sales', overflow: 'line' } }), 'nodes.line'],
  ['loop.noInput', with_('put', { failed: 'put' }), 'nodes.put'],
  ['loop.noInput', changed({ start: { type: 'play', say: [], next: 'BACK' } }), 'nodes.start'],
  ['end.none', changed({ bye: { type: 'menu', say: [], keys: {}, noInput: 'bye', noMatch: 'bye' } }), 'nodes.bye'],
  ['variable.unknown', with_('note', { assign: { seen: '{crad}' } }), 'nodes.note.assign.seen'],
  ['variable.unknown', with_('bye', { say: say({ kind: 'say', variable: 'sene', as: 'number' }) }), 'nodes.bye.say.0'],
  ['variable.unknown', with_('put', { to: { kind: 'variable', variable: 'crad' } }), 'nodes.put.to.variable'],
  ['variable.reserved', with_('note', { assign: { seen: 'x', 'call.number': '1' } }), 'nodes.note'],
  ['pattern.unsafe', with_('card', { pattern: '(\\d+)+' }), 'nodes.card.pattern'],
  ['collect.lengths', with_('card', { min: 5 }), 'nodes.card.min'],
  ['collect.lengths', with_('card', { pattern: '\\d{5}' }), 'nodes.card.pattern'],
  ['collect.lengths', with_('card', { pattern: '\\d' }), 'nodes.card.pattern'],
  ['hours.invalid', with_('when', { rules: [{ weekdays: [], goTo: 'english' }] }), 'nodes.when.rules.0'],
  ['hours.invalid', with_('when', { rules: [{ from: '24:00', goTo: 'english' }] }), 'nodes.when.rules.0'],
  ['hours.invalid', with_('when', { rules: [{ from: '09:00', to: '09:00', goTo: 'english' }] }), 'nodes.when.rules.0'],
  ['hours.invalid', with_('when', { rules: [{ dates: ['2026-02-29'], goTo: 'english' }] }), 'nodes.when.rules.0'],
  [
    'hours.invalid',
    with_('when', { rules: [{ dates: ['2026-03-02/2026-03-01'], goTo: 'english' }] }),
    'nodes.when.rules.0',
  ],
  ['speech.missing', with_('bye', { say: say({ kind: 'text', text: 'bye' }) }), 'nodes.bye.say.0'],
  ['flow.unknown', with_('pin', { flow: 'pni' }), 'nodes.pin.flow'],
  ['result.unknown', with_('pin', { results: { known: 'put', knwon: 'put' } }), 'nodes.pin.results.knwon'],
];

describe('planted defects are found', () => {
  test.each(planted)('%s', (code, graph, path) => {
    const found = checkIvr(graph, { flows });
    expect(found.map((finding) => `${finding.code} ${finding.path}`)).toContain(`${code} ${path}`);
    const finding = found.find((one) => one.code === code && one.path === path);
    expect(finding?.message.startsWith(IVR_PROBLEMS[code])).toBe(true);
    expect(finding?.node).toBe(path.startsWith('nodes.') ? path.split('.')[1] : undefined);
    const other = found.filter((one) => one.code !== code && !isFollowing(code, one.code));
    expect(other).toEqual([]);
  });
});

/** Findings that a defect brings along: without its start, or past a loop, the rest cannot be reached or never ends. */
function isFollowing(planted: IvrProblemCode, found: IvrProblemCode): boolean {
  if (planted === 'target.unknown') return found === 'node.unreachable';
  const ways: readonly IvrProblemCode[] = ['node.unreachable', 'end.none', 'variable.unknown', 'loop.silent'];
  return ['start.unknown', 'loop.noInput', 'end.none'].includes(planted) && ways.includes(found);
}

test('what is known from elsewhere is no finding', () => {
  const text = with_('bye', { say: say({ kind: 'text', text: '{order}' }) });
  expect(checkIvr(text, { speech: 'available' }).map(({ code }) => code)).toEqual(['variable.unknown']);
  expect(checkIvr(text, { speech: 'available', variables: ['order'] })).toEqual([]);
  expect(checkIvr(with_('pin', { flow: 'elsewhere' }))).toEqual([]);
  expect(checkIvr(with_('pin', { flow: 'sound' }), { flows: [] }).map(({ code }) => code)).toEqual(['result.unknown']);
});

test('BACK past a menu is no loop, nor is a menu that repeats itself', () => {
  const graph = changed({
    start: { type: 'menu', say: [], keys: { 1: 'info', 2: 'bye' }, noInput: 'start', noMatch: 'start' },
    info: { type: 'play', say: [], next: 'BACK' },
  });
  expect(checkIvr(graph, { flows }).filter(({ code }) => code === 'loop.noInput')).toEqual([]);
});

test('loops of any shape are found, and nothing beside them', () => {
  const names = ['start', 'a', 'b', 'c', 'd'];
  const edges = fc.tuple(
    ...names.map(() => fc.tuple(fc.constantFrom(...names, 'END'), fc.constantFrom(...names, 'END'))),
  );
  fc.assert(
    fc.property(edges, (all) => {
      const nodes = Object.fromEntries(
        names.map((name, index): [string, IvrNode] => [
          name,
          { type: 'hours', rules: [{ goTo: all[index]?.[0] ?? 'END' }], otherwise: all[index]?.[1] ?? 'END' },
        ]),
      );
      const found = checkIvr({ ...sound, nodes }).filter(({ code }) => code === 'loop.noInput');
      expect(found.map(({ node }) => node)).toEqual(names.filter((name) => comesBack(name, names, all)));
    }),
    { numRuns: 300 },
  );
});

/** By matrix: is there a walk of at most five steps from the name to itself? */
function comesBack(name: string, names: readonly string[], all: readonly (readonly [string, string])[]): boolean {
  let at = new Set(all[names.indexOf(name)]);
  for (let step = 0; step < names.length; step += 1) {
    if (at.has(name)) return true;
    at = new Set([...at].flatMap((place) => [...(all[names.indexOf(place)] ?? [])]));
  }
  return false;
}

test.each<[string, (index: number) => IvrNode]>([
  ['menus that all lead back', () => ({ type: 'menu', say: [], keys: { 1: 'BACK' }, noInput: 'END', noMatch: 'END' })],
  [
    'menus within menus, each with a way back',
    (index) => ({
      type: 'menu',
      say: [],
      keys: { 1: index === 4999 ? 'END' : `n${index + 1}`, 2: 'BACK' },
      noInput: 'BACK',
      noMatch: 'END',
    }),
  ],
  [
    '500 variables, set and read in turn',
    (index) => ({
      type: 'collect',
      say: [{ kind: 'say', variable: `v${(index * 7) % 500}`, as: 'digits' }],
      variable: `v${index % 500}`,
      min: 1,
      max: 2,
      next: index === 4999 ? 'END' : `n${index + 1}`,
      noInput: 'END',
      noMatch: 'BACK',
    }),
  ],
  ['one ring', (index) => ({ type: 'set', assign: {}, next: index === 4999 ? 'start' : `n${index + 1}` })],
  ['one chain', (index) => ({ type: 'set', assign: {}, next: index === 4999 ? 'END' : `n${index + 1}` })],
])('5,000 nodes are checked without long thought: %s', (_, node) => {
  const nodes = Object.fromEntries(
    Array.from({ length: 5000 }, (_, index): [string, IvrNode] => [index === 0 ? 'start' : `n${index}`, node(index)]),
  );
  const before = process.cpuUsage();
  checkIvr({ ...sound, nodes });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(1500);
});
