import { isCtiError } from '@cordboard/cti-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromJson, toJson } from '../src/index.js';
import { keyProblem } from '../src/json-keys.js';
import { every } from './every-node.js';
import { graphs, NODE_TYPES, nodeOf } from './graphs.js';

describe('to JSON and back', () => {
  test.each(NODE_TYPES)('loses nothing of a %s', (type) => {
    fc.assert(
      fc.property(nodeOf(type), (node) => {
        const flow = { ...every, nodes: { start: node } };
        expect(fromJson(toJson(flow))).toEqual(flow);
      }),
    );
  });

  test('loses nothing of a flow; the text of what was read is the same each time', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const back = fromJson(toJson(graph));
        expect(back).toEqual(graph);
        expect(toJson(fromJson(toJson(back)))).toBe(toJson(back));
      }),
    );
  });

  test('the flow with every node has every type, and goes to JSON and back', () => {
    expect(new Set(Object.values(every.nodes).map(({ type }) => type))).toEqual(new Set(NODE_TYPES));
    expect(fromJson(toJson(every))).toEqual(every);
  });
});

/** What `fromJson` says of a text. */
function refusal(json: string): unknown {
  try {
    return fromJson(json);
  } catch (error) {
    return isCtiError(error, 'flow.invalid') ? error.details : error;
  }
}

describe('keys of the text', () => {
  const lines = (...text: string[]): string => text.join('\n');

  test.each<[string, string, object]>([
    [
      'a node twice',
      lines('{"nodes": {', '  "start": {"type": "hangup"},', '  "start": {"type": "hangup"}', '}}'),
      { path: 'nodes.start', line: 3, column: 3, firstLine: 2, firstColumn: 3 },
    ],
    ['written otherwise', '{"a": 1, "\\u0061": 2}', { path: 'a', line: 1, column: 10, firstColumn: 2 }],
    ['within a list', '{"r": [{"x": 1}, {"x": 1, "x": 2}]}', { path: 'r[1].x' }],
    ['behind texts that look like keys', '{"a": "\\"b\\":", "b": "{", "b": ":"}', { path: 'b' }],
    ['empty keys', '{"": 1, "": 2}', { path: '' }],
    [
      'a key that is no field but a prototype',
      '{"nodes": {"__proto__": {"type": "hangup"}}}',
      { path: 'nodes.__proto__' },
    ],
    ['nesting without bound', '['.repeat(100_000) + ']'.repeat(100_000), { expected: 'at most 64 levels' }],
  ])('%s', (_what, json, details) => {
    expect(refusal(json)).toMatchObject(details);
  });

  test('the same key in two objects, and as a value, is no fault', () => {
    expect(keyProblem('{"a": {"x": "x"}, "b": {"x": ["x", "x", {"x": 1}]}}')).toBeUndefined();
  });

  test('of any text that JSON.stringify writes nothing is said; a doubled key is found wherever it is', () => {
    const value = fc
      .jsonValue({ maxDepth: 5, stringUnit: 'binary' })
      .filter((made) => !JSON.stringify(made).includes('__proto__'));
    fc.assert(
      fc.property(value, fc.string(), fc.nat(), (made, key, at) => {
        const json = JSON.stringify(made);
        expect(keyProblem(json)).toBeUndefined();
        // Any object of the text gets a key twice.
        const opens = [...json.matchAll(/"(?:[^"\\]|\\.)*"|\{/g)].filter(([token]) => token === '{');
        const open = opens[at % Math.max(1, opens.length)];
        if (open === undefined || key === '__proto__') return;
        const rest = json.slice(open.index + 1);
        const twice = `${JSON.stringify(key)}:0,${JSON.stringify(key)}:1${rest.startsWith('}') ? '' : ','}`;
        expect(keyProblem(json.slice(0, open.index + 1) + twice + rest)?.expected).toBe('a key that is used once');
      }),
    );
  });

  test('a long text is read once', () => {
    const many = `{${Array.from({ length: 200_000 }, (_, index) => `"k${index}":0`).join(',')}}`;
    const before = process.cpuUsage();
    JSON.parse(many);
    const parsed = process.cpuUsage(before).user;
    const begun = process.cpuUsage();
    expect(keyProblem(many)).toBeUndefined();
    expect(process.cpuUsage(begun).user).toBeLessThan(40 * Math.max(parsed, 20_000));
  });
});
