import { readFile } from 'node:fs/promises';
import { readIvrGraph } from '@cordboard/cti-protocol';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SCHEMA_FILE, schemaText } from '../scripts/schema.js';
import { type IvrGraph, toJson } from '../src/index.js';
import { front as documented } from './docs/front.js';
import { order } from './docs/pin.js';
import { every } from './every-node.js';
import { front, pin, tiny } from './front.js';
import { graphs, NODE_TYPES, nodeOf } from './graphs.js';

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(await readFile(SCHEMA_FILE, 'utf8')) as object,
);
/** The judgement of another validator on the published schema. */
const fits = (value: unknown): boolean => validate(JSON.parse(JSON.stringify(value)));

test('the published file is the one that the schema of flows gives', async () => {
  // When this fails: npx tsx --conditions=@cordboard/source packages/ivr-dsl/scripts/schema.ts
  expect(await readFile(SCHEMA_FILE, 'utf8')).toBe(schemaText());
});

describe('another validator takes', () => {
  test.each<[string, IvrGraph]>([
    ['front', front],
    ['pin', pin],
    ['tiny', tiny],
    ['every', every],
    ['documented', documented],
    ['order', order],
  ])('the flow %s', (_name, flow) => {
    expect(fits(JSON.parse(toJson(flow))), JSON.stringify(validate.errors)).toBe(true);
    const { version: _version, ...open } = flow;
    expect(fits(open)).toBe(true);
  });

  test('any flow', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(fits(graph), JSON.stringify(validate.errors)).toBe(true);
      }),
    );
  });
});

describe('another validator refuses', () => {
  const base = { ...tiny, nodes: { start: { type: 'hangup' } } };
  test.each<[string, object]>([
    ['another format', { ...base, format: 'cordboard-ivr/2' }],
    ['a field too many', { ...base, note: 'x' }],
    ['no languages', { ...base, languages: [] }],
    ['a node named END', { ...base, nodes: { END: { type: 'hangup' } } }],
    ['a start at END', { ...base, start: 'END' }],
    [
      'too many nodes',
      { ...base, nodes: Object.fromEntries(Array.from({ length: 5001 }, (_, n) => [`n${n}`, { type: 'hangup' }])) },
    ],
    ['a type that is none', { ...base, nodes: { start: { type: 'teleport' } } }],
    ['a prompt of nothing', { ...base, prompts: { a: { en: {} } } }],
    ['a file outside of the library', { ...base, prompts: { a: { en: '../x' } } }],
    ['a key of three', { ...base, nodes: { start: { ...every.nodes.start, keys: { 123: 'END' } } } }],
    ['a key that is none', { ...base, nodes: { start: { ...every.nodes.start, keys: { A: 'END' } } } }],
    ['too many tries', { ...base, nodes: { start: { ...every.nodes.start, tries: 11 } } }],
    ['a status that is none', { ...base, nodes: { start: { ...every.nodes.c, ways: { 2000: 'END' } } } }],
    ['a function without a version', { ...base, nodes: { start: { ...every.nodes.b, function: 'find' } } }],
    [
      'too many ways',
      {
        ...base,
        nodes: {
          start: { ...every.nodes.b, ways: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [n, 'END'])) },
        },
      },
    ],
  ])('%s, as we do', (_what, value) => {
    expect(fits(value)).toBe(false);
    expect(() => readIvrGraph(value)).toThrow(expect.objectContaining({ code: 'flow.invalid' }));
  });

  test.each(NODE_TYPES)('a %s that lacks a field it must have, or has one too many, exactly where we do', (type) => {
    const ours = (value: unknown): boolean => {
      try {
        readIvrGraph(value);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(nodeOf(type), (node) => {
        for (const field of Object.keys(node)) {
          const { [field as keyof typeof node]: _taken, ...less } = node;
          const flow = { ...base, nodes: { start: less } };
          expect(fits(flow), field).toBe(ours(flow));
        }
        expect(fits({ ...base, nodes: { start: { ...node, surplus: 1 } } })).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});
