import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IvrGraph, IvrNode } from '../../src/contract/index.js';
import { createIvrSession, isVariableName, stepIvr } from '../../src/ivr/index.js';
import { type Blow, blow, graphs } from './any-flow.js';
import { Caller, graphOf } from './caller.js';

const world = {
  calendars: { cn: { holidays: [], workdays: [] } },
  lists: { vip: ['139*', 'x', ''] },
  modes: { desk: '200' },
  zones: { UTC: 0 },
};

function run(all: readonly IvrGraph[], blows: readonly Blow[]): string {
  const caller = new Caller(all, world);
  const told: unknown[] = [caller.actions];
  for (const make of blows) {
    const { state } = caller;
    const frozen = structuredClone(state);
    caller.later(caller.state.turn % 3 === 0 ? 1000 : 0).gets(make(state.turn));
    expect(state).toEqual(frozen);
    told.push(caller.actions, caller.state);
    expect(caller.actions.length).toBeLessThanOrEqual(2100);
    expect(caller.state.path.length).toBeLessThanOrEqual(200);
    expect(caller.state.stack.length).toBeLessThanOrEqual(16);
    expect(caller.state.digits.length).toBeLessThanOrEqual(64);
    expect(caller.state.ahead?.length ?? 1).toBeLessThanOrEqual(32);
    expect(caller.state.ahead).not.toBe('');
    expect(Object.keys(caller.state.variables).length).toBeLessThanOrEqual(67);
    expect(caller.state.visit).toBeGreaterThanOrEqual(state.visit);
    checkData(caller);
    checkPhase(caller);
  }
  return JSON.stringify(told);
}

/** A live session always waits for something, and says for what. */
function checkPhase(caller: Caller): void {
  const { phase, turn } = caller.state;
  expect(phase).not.toBe('entering');
  const last = caller.actions.findLast(({ type }) => type in MEANS);
  if (last === undefined) return;
  const question = caller.asked;
  // An announcement may be said while the world outside is asked.
  const means = question === undefined || last.type === 'end' ? MEANS[last.type as keyof typeof MEANS] : 'asking';
  expect(phase).toBe(means);
  if ('turn' in last) expect(last.turn).toBe(turn);
  if (question !== undefined) {
    expect(question.key).toBe(caller.actions.findLast((action) => action.type === 'ask')?.key);
    expect(caller.actions.findLast((action) => action.type === 'setTimer')?.turn).toBe(question.turn);
  }
}

const MEANS = {
  play: 'saying',
  setTimer: 'waiting',
  record: 'recording',
  enqueue: 'queued',
  transfer: 'transferring',
  end: 'ended',
} as const;

/** What becomes data of the call has names that a flow may give. */
function checkData(caller: Caller): void {
  for (const action of caller.actions) {
    if (action.type === 'setData') expect(Object.keys(action.data).every(isVariableName)).toBe(true);
  }
}

test('no graph and no input makes it throw, run on, or answer twice differently', () => {
  fc.assert(
    fc.property(graphs, fc.array(blow, { maxLength: 25 }), (all, blows) => {
      expect(run(all, blows)).toBe(run(all, blows));
    }),
    { numRuns: 300 },
  );
});

test('a session survives JSON between any two inputs', () => {
  fc.assert(
    fc.property(graphs, fc.array(blow, { maxLength: 15 }), (all, blows) => {
      const caller = new Caller(all, world);
      let copy = caller.state;
      for (const make of blows) {
        const input = make(caller.state.turn);
        const step = stepIvr(JSON.parse(JSON.stringify(copy)), input, caller.world);
        copy = step.state;
        caller.gets(input);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(caller.state));
        expect(JSON.stringify(step.actions)).toBe(JSON.stringify(caller.actions));
      }
    }),
    { numRuns: 300 },
  );
});

/** The same flow with every collected number masked, and one collected at its start. */
function masked(graph: IvrGraph): IvrGraph {
  const start: IvrNode = {
    type: 'collect',
    say: [],
    variable: 'x',
    min: 2,
    max: 3,
    masked: true,
    next: 'a',
    noInput: 'b',
    noMatch: 'c',
  };
  const nodes = Object.entries(graph.nodes).map(([name, node]): [string, IvrNode] => [
    name,
    node.type === 'collect' ? { ...node, min: 2, max: 3, pattern: '7{0,64}', masked: true } : node,
  ]);
  return { ...graph, nodes: { ...Object.fromEntries(nodes), start } };
}

test('what is collected under a mask, and what is made of it, never becomes data', () => {
  const press: fc.Arbitrary<Blow> = fc.constant(() => ({ type: 'digit', digit: '7' }));
  const sevens = fc.oneof({ weight: 3, arbitrary: press }, { weight: 1, arbitrary: blow });
  let collected = 0;
  fc.assert(
    fc.property(graphs, fc.array(sevens, { maxLength: 40 }), (all, blows) => {
      const caller = new Caller(all.map(masked), world);
      for (const make of blows) {
        const input = make(caller.state.turn);
        // The only sevens in a row are those of the caller.
        if (input.type === 'recorded' || (input.type === 'digit' && input.digit !== '7')) continue;
        caller.gets(input);
        const data = caller.actions.flatMap((action) => (action.type === 'setData' ? Object.values(action.data) : []));
        expect(data.filter((value) => value.includes('77'))).toEqual([]);
        if (Object.values(caller.state.variables).some((value) => value.includes('77'))) collected += 1;
      }
    }),
    { numRuns: 300 },
  );
  expect(collected).toBeGreaterThan(20);
});

test('a hundred levels of menus are walked down and all the way back', () => {
  const depth = 120;
  const chain = Object.fromEntries(
    Array.from({ length: depth }, (_, level): [string, IvrNode] => [
      level === 0 ? 'start' : `m${level}`,
      { type: 'menu', say: [], keys: { 1: `m${level + 1}`, 9: 'BACK' }, noInput: 'END', noMatch: 'END' },
    ]),
  );
  const caller = new Caller(
    graphOf({
      ...chain,
      [`m${depth}`]: { type: 'menu', say: [], keys: { 9: 'BACK' }, noInput: 'END', noMatch: 'END' },
    }),
  );
  caller.presses('1'.repeat(depth));
  expect(caller.state.node).toBe(`m${depth}`);
  caller.presses('9'.repeat(depth));
  expect(caller.state.node).toBe('start');
});

test('a session begins with the variables and the language of its call', () => {
  const graph = graphOf({ start: { type: 'hangup' } });
  const { context } = new Caller(graph).world;
  const begun = createIvrSession(graph, context, {
    language: 'en',
    variables: { order: '7', 'call.number': 'forged' },
  });
  expect(begun).toMatchObject({ language: 'en', variables: { order: '7', 'call.number': '13912345678' } });
  expect(createIvrSession(graph, context, { language: 'fr' }).language).toBe('zh');
});
