import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asId, type IvrGraph } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { HINTS } from '../../src/check/hints.js';
import { checkIvr, IVR_PROBLEMS, type IvrProblemCode } from '../../src/index.js';
import { SAMPLES, type Sample } from './samples.js';

const codes = Object.keys(IVR_PROBLEMS) as IvrProblemCode[];
const source = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
/** Faults that do not even compile, by the type tests. */
const uncompiled = new Set(source('./compile.test-d.ts').match(/(?<=^\/\/ )[a-z]+\.\w+$/gmu));

const flowOf = ({ nodes, prompts = {}, bounds, start = 'start', languages = ['en'] }: Sample): IvrGraph => ({
  format: 'cordboard-ivr/1',
  id: asId('sample'),
  version: '1',
  languages,
  start,
  nodes,
  prompts,
  ...(bounds === undefined ? {} : { bounds }),
});

test('there is a flow for each code', () => {
  expect(Object.keys(SAMPLES).toSorted()).toEqual(codes.toSorted());
});

test.each(Object.entries(SAMPLES))('%s: raised where it is said, and nothing beside it', (code, sample) => {
  const found = checkIvr(flowOf(sample), sample.options);
  expect(found.map((one) => `${one.code} ${one.path}`)).toEqual([`${code} ${sample.path}`]);
  expect(found[0]?.hint).toBe(HINTS[code as IvrProblemCode]);
});

test('every fault that does not compile is a finding where it comes as data', () => {
  expect(uncompiled.size).toBeGreaterThan(10);
  for (const code of uncompiled) expect(codes).toContain(code);
});

test('docs/ivr-checks.md has the table and every flow of it', async () => {
  const page = [source('./checks-page.md').trimEnd(), '', ...table(), '', ...codes.flatMap(section)].join('\n');
  await expect(`${page.trimEnd()}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL('../../../../docs/ivr-checks.md', import.meta.url)),
  );
});

function table(): readonly string[] {
  const rows = codes.map((code) => {
    const compiles = uncompiled.has(code) ? 'does not compile' : '';
    return `| [\`${code}\`](#${code.replace('.', '').toLowerCase()}) | ${IVR_PROBLEMS[code]} | ${compiles} | ${HINTS[code]} |`;
  });
  return ['| code | what it means | in TypeScript | what to do |', '|---|---|---|---|', ...rows];
}

function section(code: string): readonly string[] {
  const one = SAMPLES[code];
  if (one === undefined) return [];
  const { options, path } = one;
  const { format: _, id: _id, version: _version, ...flow } = flowOf(one);
  const known = options === undefined ? [] : [`Known beside it: \`${JSON.stringify(options)}\`.`, ''];
  return [`### ${code}`, '', '```json', pretty(flow), '```', '', `At \`${path}\`.`, '', ...known];
}

/** A node a line. */
function pretty(flow: object): string {
  const { nodes, ...rest } = flow as { readonly nodes: object };
  const lines = Object.entries(nodes).map(([name, node]) => `    ${JSON.stringify(name)}: ${JSON.stringify(node)}`);
  const others = Object.entries(rest)
    .filter(([field, value]) => field !== 'prompts' || Object.keys(value as object).length > 0)
    .map(([field, value]) => `  ${JSON.stringify(field)}: ${JSON.stringify(value)}`);
  const inside = lines.length === 0 ? '  "nodes": {}' : `  "nodes": {\n${lines.join(',\n')}\n  }`;
  return `{\n${[...others, inside].join(',\n')}\n}`;
}
