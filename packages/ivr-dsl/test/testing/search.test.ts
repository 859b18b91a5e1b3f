import type { FlowId, IvrGraph, IvrNode } from '@cordboard/cti-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type * as testing from '../../src/testing/index.js';
import { Coverage, coverEdges, expectSound, flowTest, randomWalks } from '../../src/testing/index.js';
import { front, pin } from '../front.js';
import { csat, office, site } from './office.js';

const flowOf = (nodes: Readonly<Record<string, IvrNode>>): IvrGraph => ({
  ...office,
  id: 'small' as FlowId,
  start: 'start',
  nodes,
});

/** Runs the text of a test as it would be pasted. */
function paste(text: string, flow: IvrGraph): testing.FlowCaller {
  const lines = text.replace(/^\/\/.*\n/, '').replace(/;$/, '');
  return new Function('flowTest', 'flow', 'site', `return ${lines}`)(flowTest, flow, site) as testing.FlowCaller;
}

describe('scripts for every edge', () => {
  const result = coverEdges(office, site);

  test('a flow with every kind of node is gone through whole, but for what cannot be', () => {
    expect(result.uncovered).toEqual([]);
    expect(result.covered).toBe(result.all);
    expect(result.all).toBeGreaterThan(60);
  });

  test('the scripts, pasted as tests, are what covers it', () => {
    const coverage = new Coverage();
    const shared = { ...site, coverage };
    const run = new Function('flowTest', 'office', 'site', result.toTests({ flow: 'office', options: 'site' }));
    run(flowTest, office, shared);
    expect(coverage.of(office).edges.missing).toEqual([]);
    expect(coverage.of(csat).edges.missing).toEqual([]);
    expect(coverage.of(office).nodes.share).toBe(1);
  });

  test('the same every time', () => {
    expect(coverEdges(office, site).scripts).toEqual(result.scripts);
  });

  test('what cannot be taken is named, with the reason', () => {
    const rules = [
      { from: '09:00', to: '18:00', goTo: 'a' },
      { from: '10:00', to: '11:00', goTo: 'END' },
    ];
    const all = Object.fromEntries([...'0123456789*#'].map((key) => [key, 'END']));
    const shadowed = flowOf({
      start: { type: 'hours', rules, otherwise: 'b' },
      a: { type: 'menu', say: [], keys: all, noInput: 'END', noMatch: 'b' },
      b: { type: 'list', rules: [{ list: 'x', goTo: 'END' }], otherwise: 'END' },
      lonely: { type: 'set', assign: {}, next: 'END' },
    });
    const { uncovered } = coverEdges(shadowed, { lists: { x: [] } });
    expect(uncovered.map(({ edge, why }) => [edge, why])).toEqual([
      ['start rules.1.goTo', 'no time was found at which this is the first rule that fits'],
      ['a noMatch', 'every key has an edge'],
      ['b rules.0.goTo', 'no number of the test is on this list and on none before it'],
      ['lonely next', 'no way to the node was found'],
    ]);
  });

  test('hours of a zone with daylight saving are met in both halves of the year', () => {
    const rule = { from: '09:00', to: '09:20', dates: ['2026-01-12', '2026-07-13'], goTo: 'END' };
    const seasons = flowOf({
      start: {
        type: 'hours',
        zone: 'America/New_York',
        rules: [{ ...rule, dates: ['2026-07-13'] }, rule],
        otherwise: 'END',
      },
    });
    const found = coverEdges(seasons);
    expect(found.uncovered).toEqual([]);
    const at = found.scripts.map(({ world }) => world.at?.slice(0, 13)).filter((hour) => hour !== undefined);
    expect(at).toEqual(expect.arrayContaining(['2026-07-13T21', '2026-01-12T22']));
  });

  test('a hundred nested levels take less than a second of work', () => {
    const levels = Array.from({ length: 100 }, (_, index): [string, IvrNode] => [
      index === 0 ? 'start' : `level${index}`,
      {
        type: 'menu',
        say: [],
        keys: { '1': index === 99 ? 'END' : `level${index + 1}`, '*': 'BACK' },
        noInput: 'END',
        noMatch: 'BACK',
      },
    ]);
    const before = process.cpuUsage();
    const found = coverEdges(flowOf(Object.fromEntries(levels)));
    const { user } = process.cpuUsage(before);
    expect(found.uncovered).toEqual([]);
    expect(user).toBeLessThan(5_000_000);
  });
});

describe('random walks', () => {
  test('sound flows raise nothing, and the same seed walks the same way', () => {
    const first = randomWalks(office, { ...site, walks: 400, seed: 3 });
    expect(first.failure).toBeUndefined();
    expect(randomWalks(office, { ...site, walks: 400, seed: 3 })).toEqual(first);
    expect(randomWalks(office, { ...site, walks: 400, seed: 4 }).passedMs).not.toBe(first.passedMs);
    expect(Object.values(first.exits).reduce((sum, times) => sum + times, 0)).toBe(400);
    expectSound(randomWalks(front, { flows: [pin], walks: 300 }));
  });

  test('they find no edge that the search for edges calls impossible', () => {
    const coverage = new Coverage();
    randomWalks(front, {
      flows: [pin],
      walks: 1500,
      coverage,
      calendars: { cn: { holidays: ['2026-05-01'], workdays: [] } },
    });
    const impossible = new Set(coverEdges(front, { flows: [pin] }).uncovered.map(({ edge }) => edge));
    const taken = Object.keys(coverage.toFile().flows.front?.edges ?? {});
    expect(taken.filter((edge) => impossible.has(edge) && !edge.startsWith('start '))).toEqual([]);
  });

  const menu = { type: 'menu', say: [], keys: { '1': 'far' }, noInput: 'END', noMatch: 'END' } as const;
  test.each<[string, Readonly<Record<string, IvrNode>>, string]>([
    [
      'end',
      {
        start: menu,
        far: { ...menu, keys: { '2': 'loop' } },
        loop: { ...menu, keys: {}, noInput: 'loop', noMatch: 'loop' },
      },
      'loop',
    ],
    ['unknownNode', { start: menu, far: { ...menu, keys: { '3': 'nowhere' } } }, 'nowhere!unknownNode'],
    ['endless', { start: menu, far: { type: 'set', assign: {}, next: 'far' } }, 'far!endless'],
  ])('a flow with the fault %s fails, shrunk to a test that shows it', (invariant, nodes, where) => {
    const report = randomWalks(flowOf(nodes), { walks: 500 });
    expect(report.failure?.invariant).toBe(invariant);
    expect(report.failure?.script.moves.length).toBeLessThanOrEqual(2);
    const caller = paste(report.failure?.test ?? '', flowOf(nodes)).waits('1h');
    expect(caller.path.at(-1)).toBe(`small/${where}`);
    expect(() => expectSound(report)).toThrow(/flowTest\(flow\)\n {2}\.presses\('1/);
  });

  test("a flow's own invariant, and one that throws", () => {
    const invariants = {
      'nobody asks for a number': ({ path }: testing.Walked) => (path.includes('office/number') ? 'did' : undefined),
    };
    const report = randomWalks(office, { ...site, walks: 500, invariants });
    expect(report.failure?.invariant).toBe('nobody asks for a number');
    expect(report.failure?.script.moves).toEqual([{ move: 'presses', keys: '1' }]);
  });
});

describe('what a search must not miss', { timeout: 180_000 }, () => {
  afterEach(() => {
    vi.doUnmock('../../src/testing/choices.js');
    vi.doUnmock('@cordboard/cti-core');
    vi.resetModules();
  });

  test.each<[string, (text: string) => boolean, string]>([
    ['wrong keys', (text) => text.includes('"presses","keys":"7"'), 'pick noMatch'],
    ['late answers', (text) => text.includes('"never"') || text.includes('"fails"'), 'price failed'],
    ['a full queue', (text) => text.includes('"full"'), 'people full'],
    ['a recording that fails', (text) => text.includes('recordingFails'), 'box failed'],
    ['speech', (text) => text.includes('"words":"nothing of the kind"'), 'talk noMatch'],
  ])('a walker that forgets %s leaves its edge uncovered', async (_, forgotten, edge) => {
    vi.resetModules();
    vi.doMock('../../src/testing/choices.js', async (original) => {
      const own = await original<typeof import('../../src/testing/choices.js')>();
      const choicesOf: typeof own.choicesOf = (drive) =>
        own.choicesOf(drive).filter((choice) => !forgotten(JSON.stringify(choice)));
      return { choicesOf };
    });
    const { coverEdges: forgetful } = await import('../../src/testing/index.js');
    expect(forgetful(office, site).uncovered.map((one) => one.edge)).toContain(edge);
  });

  test('an interpreter that forgets how often it has asked is found out', async () => {
    vi.resetModules();
    vi.doMock('@cordboard/cti-core', async (original) => {
      const own = await original<typeof import('@cordboard/cti-core')>();
      const stepIvr: typeof own.stepIvr = (state, input, world) => {
        const step = own.stepIvr(state, input, world);
        return { ...step, state: { ...step.state, tries: 0 } };
      };
      return { ...own, stepIvr };
    });
    const { randomWalks: walks } = await import('../../src/testing/index.js');
    expect(['tries', 'end']).toContain(walks(front, { flows: [pin], walks: 300 }).failure?.invariant);
  });
});
