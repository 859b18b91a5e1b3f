import { expect, test } from 'vitest';
import type { IvrNode, IvrNodeType } from '../contract/index.js';
import { edgesOf } from './graph-access.js';

const asking = { failed: 'ref:failed' };
/** Every node with every edge that it can have; a type that is missing does not compile. */
const full: Readonly<Record<IvrNodeType, IvrNode>> = {
  play: { type: 'play', say: [], next: 'ref:next' },
  menu: { type: 'menu', say: [], keys: { 1: 'ref:1', '12': 'ref:12' }, noInput: 'ref:i', noMatch: 'ref:m' },
  collect: {
    type: 'collect',
    say: [],
    variable: 'v',
    min: 1,
    max: 2,
    next: 'ref:next',
    noInput: 'ref:i',
    noMatch: 'ref:m',
  },
  hours: { type: 'hours', rules: [{ goTo: 'ref:0' }, { goTo: 'ref:1' }], otherwise: 'ref:o' },
  mode: { type: 'mode', mode: 'm', ways: { a: 'ref:a', b: 'ref:b' }, otherwise: 'ref:o' },
  area: { type: 'area', rules: [{ city: 'x', goTo: 'ref:0' }], otherwise: 'ref:o' },
  list: { type: 'list', rules: [{ list: 'x', goTo: 'ref:0' }], otherwise: 'ref:o' },
  compute: { type: 'compute', function: 'f@1', ways: { a: 'ref:a' }, ...asking },
  query: { type: 'query', function: 'f@1', ways: { a: 'ref:a' }, ...asking },
  http: { type: 'http', method: 'GET', url: 'x', ways: { 200: 'ref:200' }, otherwise: 'ref:o', ...asking },
  record: { type: 'record', variable: 'v', next: 'ref:next', empty: 'ref:e', ...asking },
  message: { type: 'message', variable: 'v', does: 'discard', next: 'ref:next' },
  score: { type: 'score', survey: 's', variable: 'v', next: 'ref:next' },
  callback: { type: 'callback', queue: 'q', next: 'ref:next', refused: 'ref:r' },
  listen: { type: 'listen', say: [], variable: 'v', next: 'ref:next', noInput: 'ref:i', noMatch: 'ref:m', ...asking },
  fax: { type: 'fax', document: 'd', next: 'ref:next', ...asking },
  orderDesk: { type: 'orderDesk', group: 'g', timeout: 'ref:t', ...asking },
  queue: { type: 'queue', queue: 'q', overflow: 'ref:o', full: 'ref:f', returned: 'ref:r' },
  transfer: {
    type: 'transfer',
    to: { kind: 'agent', agent: 'a' },
    busy: 'ref:b',
    noAnswer: 'ref:n',
    failed: 'ref:f',
  },
  set: { type: 'set', assign: { v: '1' }, next: 'ref:next' },
  subflow: { type: 'subflow', flow: 'f', results: { ok: 'ref:ok' }, otherwise: 'ref:o' },
  return: { type: 'return', result: 'ok' },
  language: { type: 'language', language: 'en', next: 'ref:next' },
  hangup: { type: 'hangup' },
};

/** Every reference in a value, with the path to it. */
function references(value: unknown, path: readonly string[] = []): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return value.startsWith('ref:') ? [[path.join('.'), value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => references(inner, [...path, key]));
}

test('the nodes stand under their types', () => {
  for (const [type, node] of Object.entries(full)) expect(node.type).toBe(type);
});

test.each(Object.values(full))('every reference of a $type is an edge, under the field where it stands', (node) => {
  const sorted = (pairs: readonly (readonly [string, string])[]) => pairs.map((pair) => pair.join(' ')).sort();
  expect(sorted(edgesOf(node).map(({ field, to }) => [field, to]))).toEqual(sorted(references(node)));
});

test('a queue without an edge for the way back ends there', () => {
  expect(edgesOf({ type: 'queue', queue: 'q', overflow: 'x' })).toEqual([
    { field: 'overflow', to: 'x' },
    { field: 'returned', to: 'END' },
  ]);
});
