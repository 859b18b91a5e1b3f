import { edgesOf, type IvrGraph } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { Coverage, edgeName, expectCoverage, flowTest, readCoverage } from '../../src/testing/index.js';
import { csat, office, site } from './office.js';

/** The same collector for both flows, after these calls. */
function after(...calls: readonly ((caller: ReturnType<typeof flowTest>) => unknown)[]): Coverage {
  const coverage = new Coverage();
  for (const call of calls) call(flowTest(office, { ...site, coverage }));
  return coverage;
}
const counts = (coverage: Coverage, graph: IvrGraph) => coverage.toFile().flows[graph.id];

describe('what tests go through', () => {
  test('is counted once each time, edge by edge, also between the same two nodes', () => {
    const coverage = after((caller) => caller.presses('6').presses('1').listens());
    const { nodes, edges } = counts(coverage, office) ?? {};
    expect(edges).toEqual({
      'start rules.1.goTo': 1,
      'house otherwise': 1,
      'known otherwise': 1,
      'where otherwise': 1,
      'pick keys.6': 1,
      'sub results.good': 1,
      'over next': 1,
      'send next': 1,
    });
    expect(nodes).toEqual({ start: 1, house: 1, known: 1, where: 1, pick: 1, sub: 1, over: 1, send: 1 });
    expect(counts(coverage, csat)?.edges).toEqual({ 'ask keys.1': 1, 'keep next': 1 });
    const twice = after((caller) => caller.presses('9').presses('9'));
    expect(counts(twice, office)?.nodes.start).toBe(3);
    expect(counts(twice, office)?.edges['pick keys.9']).toBe(2);
  });

  test('an outage enters the node again without an edge', () => {
    const coverage = after((caller) => caller.survivesOutage());
    expect(counts(coverage, office)?.nodes.pick).toBe(2);
    expect(counts(coverage, office)?.edges['where otherwise']).toBe(1);
  });

  test('every edge has a name of its own', () => {
    const names = Object.entries(office.nodes).flatMap(([name, node]) =>
      edgesOf(node).map(({ field }) => edgeName(name, field)),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('coverage of several files', () => {
  const first = after((caller) => caller.presses('6'));
  const second = after(
    (caller) => caller.presses('6'),
    (caller) => caller.presses('2'),
  );

  test('adds up, in any order, by way of the text that the files hold', () => {
    const file = (coverage: Coverage) => readCoverage(coverage.toJson());
    const forth = new Coverage().merge(file(first)).merge(file(second));
    const back = new Coverage().merge(file(second)).merge(file(first));
    expect(counts(forth, office)).toEqual(counts(back, office));
    expect(counts(forth, office)?.edges['pick keys.6']).toBe(2);
    expect(counts(forth, office)?.edges['pick keys.2']).toBe(1);
    expect(counts(first, office)?.edges['pick keys.6']).toBe(1);
  });

  test('of another version does not count', () => {
    const newer = { ...office, version: '2' };
    expect(first.of(newer).edges.taken).toBe(0);
    expect(first.of(office).edges.taken).toBe(5);
    const merged = new Coverage().merge(first.toFile());
    flowTest(newer, { ...site, coverage: merged });
    expect(merged.of(office).edges.taken).toBe(0);
    expect(merged.of(newer).edges.taken).toBe(4);
  });

  test.each([
    '',
    '[]',
    '{"format":"other"}',
    '{"format":"cordboard-ivr-coverage/1","flows":{"a":{"version":1}}}',
    '{"format":"cordboard-ivr-coverage/1","flows":{"a":{"version":"1","nodes":{"x":-1},"edges":{}}}}',
  ])('a text that is none is refused: %s', (text) => {
    expect(() => readCoverage(text)).toThrow(expect.objectContaining({ code: 'argument.invalid' }));
  });
});

describe('a threshold', () => {
  const coverage = after((caller) => caller.presses('6').presses('1').listens());
  const { share, missing } = coverage.of(office).edges;

  test('holds at what was reached and fails above it, with what is missing', () => {
    expectCoverage(coverage, office, { edges: share });
    expect(() => expectCoverage(coverage, office, { edges: share + 0.001 })).toThrow(`\n  ${missing[0]}\n`);
    expect(() => expectCoverage(coverage, office, { nodes: 1 })).toThrow('\n  box\n');
    expect(() => expectCoverage(new Coverage(), office, { edges: 0.01 })).toThrow('0 %');
  });
});
