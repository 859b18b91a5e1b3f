import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asId, type IvrGraph } from '../contract/index.js';
import { canonicalJson, contentVersion } from './content-version.js';

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
  ]) {
    expect(contentVersion({ ...graph, ...change })).not.toBe(contentVersion(graph));
  }
});

test('is 64-bit FNV-1a over the code units, low byte first', () => {
  const { format, id, languages, start, nodes, prompts } = graph;
  let hash = 0xcbf29ce484222325n;
  for (const unit of canonicalJson({ format, id, languages, start, nodes, prompts })) {
    for (const byte of [unit.charCodeAt(0) & 0xff, unit.charCodeAt(0) >>> 8]) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  expect(contentVersion(graph)).toBe(hash.toString(16).padStart(16, '0'));
});

test('canonical JSON means the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
