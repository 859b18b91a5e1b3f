import process from 'node:process';
import { readIvrGraph } from '@cordboard/cti-protocol';
import { describe, expect, test } from 'vitest';
import { checkAllIvr, checkIvr, IVR_PROBLEMS } from '../../src/index.js';
import { PLANTS, plantedProgram } from './plant.js';
import { findingsOf, missed } from './search.js';
import { soundProgram } from './sound.js';

/** Graphs of each kind; ten times as many in deep runs. */
const COUNT = process.env.CORDBOARD_DEEP === undefined ? 500 : 5000;
const codes = Object.keys(IVR_PROBLEMS);
const seeds = Array.from({ length: COUNT }, (_, index) => index);
const TIME = COUNT * 100;

test('there is a planter for every code, and each plants at least ten faults', () => {
  expect(Object.keys(PLANTS).toSorted()).toEqual(codes.toSorted());
  expect(Math.floor(COUNT / codes.length)).toBeGreaterThanOrEqual(10);
});

test('every planted fault is found, with its code and node, and nothing beside it', { timeout: TIME }, () => {
  const misses = seeds.flatMap((index) => {
    const code = codes[index % codes.length] ?? '';
    const planted = plantedProgram(code, 10_000 + index);
    const miss = missed(checkIvr, planted);
    return miss === undefined ? [] : [`seed ${planted.seed}: ${miss}`];
  });
  expect(misses).toEqual([]);
});

describe('flows without a fault', () => {
  test('nothing is found', { timeout: TIME }, () => {
    const raised = seeds.flatMap((seed) =>
      findingsOf(checkIvr, soundProgram(seed)).map(({ code, flow, path }) => `seed ${seed}: ${code} ${flow} ${path}`),
    );
    expect(raised).toEqual([]);
  });

  test('they are rich: every type of node, loops, called flows, zones with changes of the clocks', {
    timeout: TIME,
  }, () => {
    const programs = seeds.slice(0, 500).map((seed) => soundProgram(seed));
    const nodes = programs.flatMap(({ graphs }) => graphs.flatMap((graph) => Object.values(graph.nodes)));
    const types = new Map<string, number>();
    for (const { type } of nodes) types.set(type, (types.get(type) ?? 0) + 1);
    expect(types.size).toBe(24);
    expect(Math.min(...types.values())).toBeGreaterThanOrEqual(10);
    const zoned = nodes.filter((node) => node.type === 'hours' && node.zone !== undefined && node.zone !== 'UTC');
    expect(zoned.length).toBeGreaterThan(100);
    expect(programs.filter(({ graphs }) => graphs.length > 1).length).toBeGreaterThan(150);
    const back = nodes.filter((node) => node.type === 'menu' && Object.values(node.keys).includes('BACK'));
    expect(back.length).toBeGreaterThan(50);
  });

  test('their form is that of flows', () => {
    for (const seed of seeds.slice(0, 60)) {
      for (const graph of soundProgram(seed).graphs) expect(() => readIvrGraph(graph)).not.toThrow();
    }
  });
});

test('all flows at once give what each gives by itself', () => {
  for (const [index, code] of codes.entries()) {
    const { program, expected } = plantedProgram(code, 77_000 + index);
    if (code === 'key.duplicate') continue;
    const { graphs, entries, speech, site } = program;
    const options = { entries, speech, site } as unknown as Parameters<typeof checkAllIvr>[1];
    const all = checkAllIvr(graphs, options);
    expect(all.get(expected.flow)?.map((one) => one.code)).toContain(code);
    const single = findingsOf(checkIvr, program).map(({ flow, ...finding }) => [flow, finding]);
    expect([...all].flatMap(([flow, found]) => found.map((finding) => [flow, finding]))).toEqual(single);
  }
});
