import { expect, test } from 'vitest';
import { asId, type IvrGraph } from '../contract/index.js';
import { contentVersion } from './content-version.js';

const graph: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId('front'),
  version: 'any',
  languages: ['zh'],
  start: 'start',
  nodes: { start: { type: 'hangup' }, more: { type: 'return', result: 'x' } },
  prompts: {},
};

test('order of keys and the version itself do not matter, everything else does', () => {
  const turned: IvrGraph = {
    ...graph,
    version: 'other',
    nodes: { more: { result: 'x', type: 'return' }, start: { type: 'hangup' } },
  };
  expect(contentVersion(turned)).toBe(contentVersion(graph));
  for (const change of [
    { id: asId<IvrGraph['id']>('back') },
    { languages: ['en'] },
    { start: 'more' },
    { prompts: { a: {} } },
    { nodes: {} },
    { bounds: {} },
    { bounds: { maxMs: 1000 } },
  ]) {
    expect(contentVersion({ ...graph, ...change })).not.toBe(contentVersion(graph));
  }
});

test('is part of what flows are told apart by: it stays as it is', () => {
  expect(contentVersion(graph)).toMatch(/^[0-9a-f]{16}$/);
});
