import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asId, type IvrGraph, type IvrInput, type IvrNode, type Say } from '../../src/contract/index.js';
import { createIvrSession, stepIvr } from '../../src/ivr/index.js';
import { Caller, graphOf } from './caller.js';

const names = ['start', 'a', 'b', 'c', 'd', 'e'];
const ref = fc.constantFrom(...names, ...names, 'END', 'RETURN', 'BACK', 'nowhere', '__proto__', '');
const odd = fc.oneof(
  fc.integer({ min: -5, max: 100 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e12, 0.5),
);
const say: fc.Arbitrary<Say> = fc.array(
  fc.oneof(
    fc.constantFrom('hello', 'menu', 'missing', 'constructor').map((key) => ({ kind: 'prompt' as const, prompt: key })),
    fc.constantFrom('x', 'call.number').map((variable) => ({ kind: 'say' as const, variable, as: 'digits' as const })),
    fc
      .constantFrom('CNY', 'JPY', 'KWD', 'constructor')
      .map((currency) => ({ kind: 'say' as const, variable: 'x', as: 'money' as const, currency })),
    odd.map((forMs) => ({ kind: 'silence' as const, forMs })),
  ),
  { maxLength: 2 },
);
const variable = fc.constantFrom('x', 'y', 'call.number', '__proto__', '');
const keys = fc.dictionary(fc.constantFrom(...'0123456789*#'), ref, { maxKeys: 3, noNullPrototype: true });
const node: fc.Arbitrary<IvrNode> = fc.oneof(
  fc.record({ type: fc.constant('play' as const), say, loop: odd, bargeIn: fc.boolean(), next: ref }),
  fc.record({
    type: fc.constant('menu' as const),
    say,
    keys,
    tries: odd,
    timeoutMs: odd,
    noInputSay: fc.array(say, { maxLength: 3 }),
    noMatchSay: fc.array(say, { maxLength: 3 }),
    noInput: ref,
    noMatch: ref,
  }),
  fc.record({
    type: fc.constant('collect' as const),
    say,
    variable,
    min: odd,
    max: odd,
    terminator: fc.constantFrom('#' as const, '*' as const, null),
    pattern: fc.constantFrom('\\d{1,4}', '(a+)+$', '['),
    masked: fc.boolean(),
    next: ref,
    noInput: ref,
    noMatch: ref,
  }),
  fc.record({
    type: fc.constant('hours' as const),
    calendar: fc.constantFrom('cn', 'nope', '__proto__'),
    rules: fc.array(fc.record({ from: fc.constantFrom('09:00', 'x'), weekdays: fc.subarray([1, 2, 9]), goTo: ref }), {
      maxLength: 2,
    }),
    otherwise: ref,
  }),
  fc.record({
    type: fc.constant('queue' as const),
    queue: fc.constant('q'),
    say,
    overflowAfterMs: odd,
    overflow: ref,
    full: ref,
    returned: ref,
  }),
  fc.record({
    type: fc.constant('transfer' as const),
    to: fc.oneof(
      fc.constant({ kind: 'extension' as const, number: '8001' }),
      variable.map((name) => ({ kind: 'variable' as const, variable: name })),
    ),
    failedSay: say,
    ringTimeoutMs: odd,
    busy: ref,
    noAnswer: ref,
    failed: ref,
  }),
  fc.record({
    type: fc.constant('set' as const),
    assign: fc.dictionary(variable, fc.constantFrom('1', '{x}{y}', '{__proto__}'), { noNullPrototype: true }),
    next: ref,
  }),
  fc.record({
    type: fc.constant('subflow' as const),
    flow: fc.constantFrom('main', 'other', 'none'),
    results: fc.dictionary(fc.constantFrom('r', 's'), ref, { noNullPrototype: true }),
    otherwise: ref,
  }),
  fc.record({ type: fc.constant('return' as const), result: fc.constantFrom('r', 's', '__proto__') }),
  fc.record({ type: fc.constant('language' as const), language: fc.constantFrom('zh', 'en', 'xx'), next: ref }),
  fc.record({ type: fc.constant('hangup' as const), say }),
);
const nodes = fc.dictionary(fc.constantFrom(...names), node, { minKeys: 3, noNullPrototype: true });
const graphs = fc.tuple(nodes, nodes).map(([main, other]) => [graphOf(main), graphOf(other, { id: asId('other') })]);
type Blow = (turn: number) => IvrInput;
const blow: fc.Arbitrary<Blow> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...'0123456789*#A').map(
      (digit): Blow =>
        () => ({ type: 'digit', digit }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('done' as const, 'failed' as const), fc.constantFrom(0, 0, 0, 1)).map(
      ([outcome, late]): Blow =>
        (turn) => ({ type: 'playbackFinished', turn: turn - late, outcome }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(0, 0, 1).map(
      (late): Blow =>
        (turn) => ({ type: 'timer', turn: turn - late }),
    ),
  },
  fc.constantFrom('overflow' as const, 'full' as const, 'returned' as const).map(
    (result): Blow =>
      () => ({ type: 'queueResult', result }),
  ),
  fc.constantFrom('busy' as const, 'noAnswer' as const, 'failed' as const).map(
    (result): Blow =>
      () => ({ type: 'transferResult', result }),
  ),
  fc.constant<Blow>(() => ({ type: 'reenter' })),
  fc.constant<Blow>(() => ({ type: 'start' })),
);

function run(all: readonly IvrGraph[], blows: readonly Blow[]): string {
  const caller = new Caller(all, { calendars: { cn: { holidays: [], workdays: [] } } });
  const told: unknown[] = [caller.actions];
  for (const make of blows) {
    const { state } = caller;
    const frozen = structuredClone(state);
    caller.gets(make(state.turn));
    expect(state).toEqual(frozen);
    told.push(caller.actions, caller.state);
    expect(caller.actions.length).toBeLessThanOrEqual(2100);
    expect(caller.state.path.length).toBeLessThanOrEqual(200);
    expect(caller.state.stack.length).toBeLessThanOrEqual(16);
    expect(caller.state.digits.length).toBeLessThanOrEqual(64);
    expect(Object.keys(caller.state.variables).length).toBeLessThanOrEqual(67);
    checkPhase(caller);
  }
  return JSON.stringify(told);
}

/** A live session always waits for exactly one thing, and says for which. */
function checkPhase(caller: Caller): void {
  const { phase } = caller.state;
  expect(phase).not.toBe('entering');
  const last = caller.actions.findLast((action) =>
    ['play', 'setTimer', 'enqueue', 'transfer', 'end'].includes(action.type),
  );
  if (last === undefined) return;
  const means = {
    play: 'saying',
    setTimer: 'waiting',
    enqueue: 'queued',
    transfer: 'transferring',
    end: 'ended',
  } as const;
  expect(phase).toBe(means[last.type as keyof typeof means]);
  if (last.type === 'play' || last.type === 'setTimer') expect(last.turn).toBe(caller.state.turn);
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
      const caller = new Caller(all);
      let copy = caller.state;
      for (const make of blows) {
        const input = make(caller.state.turn);
        copy = stepIvr(JSON.parse(JSON.stringify(copy)), input, caller.world).state;
        caller.gets(input);
        expect(JSON.stringify(copy)).toBe(JSON.stringify(caller.state));
      }
    }),
    { numRuns: 100 },
  );
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
