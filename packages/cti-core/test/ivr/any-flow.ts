import fc from 'fast-check';
import { asId, type IvrInput, type IvrNode, type Say } from '../../src/contract/index.js';
import { graphOf } from './caller.js';

const names = ['start', 'a', 'b', 'c', 'd', 'e'];
const ref = fc.constantFrom(...names, ...names, 'END', 'RETURN', 'BACK', 'nowhere', '__proto__', '');
const odd = fc.oneof(
  fc.integer({ min: -5, max: 100 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e12, 0.5),
);
const say: fc.Arbitrary<Say> = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom('hello', 'menu', 'missing', 'constructor'), fc.boolean()).map(([key, fixed]) => ({
      kind: 'prompt' as const,
      prompt: key,
      ...(fixed ? { bargeIn: 'none' as const } : {}),
    })),
    fc
      .tuple(
        fc.constantFrom('x', 'call.number'),
        fc.constantFrom('digits' as const, 'number' as const, 'date' as const, 'time' as const),
      )
      .map(([variable, as]) => ({ kind: 'say' as const, variable, as })),
    fc.constantFrom('hi {x}', '{secret.a}', '{__proto__}').map((text) => ({ kind: 'text' as const, text })),
    fc.constant({ kind: 'recording' as const, variable: 'x' }),
    fc
      .constantFrom('CNY', 'JPY', 'KWD', 'constructor')
      .map((currency) => ({ kind: 'say' as const, variable: 'x', as: 'money' as const, currency })),
    odd.map((forMs) => ({ kind: 'silence' as const, forMs })),
  ),
  { maxLength: 3 },
);
const says = fc.array(say, { maxLength: 3 });
const variable = fc.constantFrom('x', 'y', 'call.number', '__proto__', '');
const keys = fc.dictionary(fc.constantFrom(...'0123456789*#', '12', '1#', '00'), ref, {
  maxKeys: 4,
  noNullPrototype: true,
});
const typeAhead = fc.constantFrom({}, { typeAhead: 'discard' as const });
const ways = fc.dictionary(fc.constantFrom('200', '2xx', 'done', 'toString', '__proto__'), ref, {
  maxKeys: 3,
  noNullPrototype: true,
});
const template = fc.constantFrom('1', '{x}', '{x}{y}', '{secret.a}', '{__proto__}');
const texts = fc.dictionary(fc.constantFrom('x', 'y', '__proto__'), template, { maxKeys: 2, noNullPrototype: true });
const asking = {
  say,
  timeoutMs: odd,
  tries: odd,
  keep: fc.dictionary(variable, fc.constant('/x'), { maxKeys: 3, noNullPrototype: true }),
  masked: fc.subarray(['x', '__proto__']),
  failed: ref,
};
const plain: fc.Arbitrary<IvrNode> = fc.oneof(
  fc.record({ type: fc.constant('play' as const), say, loop: odd, bargeIn: fc.boolean(), next: ref }),
  fc.record({
    type: fc.constant('menu' as const),
    say,
    keys,
    tries: odd,
    timeoutMs: odd,
    interDigitMs: odd,
    noInputSay: says,
    noMatchSay: says,
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
    tries: odd,
    noInputSay: says,
    noMatchSay: says,
    next: ref,
    noInput: ref,
    noMatch: ref,
  }),
  fc.record({
    type: fc.constant('hours' as const),
    calendar: fc.constantFrom('cn', 'nope', '__proto__'),
    zone: fc.constantFrom('UTC', 'Mars/Base', '__proto__'),
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
      fc.constant({ kind: 'group' as const, group: 'desk' }),
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
const outward: fc.Arbitrary<IvrNode> = fc.oneof(
  fc.record({ type: fc.constant('mode' as const), mode: fc.constantFrom('desk', '__proto__'), ways, otherwise: ref }),
  fc.record({
    type: fc.constant('list' as const),
    rules: fc.array(fc.record({ list: fc.constantFrom('vip', 'none', '__proto__'), goTo: ref }), { maxLength: 2 }),
    otherwise: ref,
  }),
  fc.record({
    type: fc.constant('area' as const),
    rules: fc.array(
      fc.record(
        {
          prefixes: fc.subarray(['+8613', '+1']),
          province: fc.constantFrom('a', 'b'),
          city: fc.constant('c'),
          goTo: ref,
        },
        { requiredKeys: ['goTo'] },
      ),
      { maxLength: 2 },
    ),
    timeoutMs: odd,
    otherwise: ref,
  }),
  fc.record({
    type: fc.constant('http' as const),
    method: fc.constantFrom('GET' as const, 'POST' as const),
    url: fc.constantFrom('https://x.example/{x}', '{x}', ''),
    headers: texts,
    body: texts,
    ways,
    otherwise: ref,
    ...asking,
  }),
  fc.record({
    type: fc.constantFrom('compute' as const, 'query' as const),
    function: fc.constant('f@1'),
    pass: texts,
    ways,
    ...asking,
  }),
  fc.record({ type: fc.constant('fax' as const), document: fc.constant('d'), variable, next: ref, ...asking }),
  fc.record({
    type: fc.constant('record' as const),
    say,
    variable,
    maxMs: odd,
    minMs: odd,
    keys: fc.subarray(['1' as const, '#' as const]),
    box: fc.constant('b'),
    next: ref,
    empty: ref,
    failed: ref,
  }),
  fc.record({
    type: fc.constant('listen' as const),
    say,
    variable,
    phrases: fc.subarray(['one', 'two']),
    tries: odd,
    maxMs: odd,
    timeoutMs: odd,
    noInputSay: says,
    noMatchSay: says,
    next: ref,
    noInput: ref,
    noMatch: ref,
    failed: ref,
  }),
  fc.record({
    type: fc.constant('message' as const),
    variable,
    does: fc.constantFrom('discard' as const, 'contact' as const),
    contact: variable,
    next: ref,
  }),
  fc.record({ type: fc.constant('score' as const), survey: fc.constant('s'), variable, next: ref }),
  fc.record({ type: fc.constant('callback' as const), queue: fc.constant('q'), variable, next: ref, refused: ref }),
  fc.record({
    type: fc.constant('orderDesk' as const),
    group: fc.constant('g'),
    say,
    maxMs: odd,
    timeout: ref,
    failed: ref,
  }),
);
const node = fc.oneof(plain, outward);
/** The node, and for those that ask for keys at times without what was pressed ahead. */
const asked = fc
  .tuple(node, typeAhead)
  .map(([one, more]): IvrNode => (one.type === 'menu' || one.type === 'collect' ? { ...one, ...more } : one));
const nodes = fc.dictionary(fc.constantFrom(...names), asked, { minKeys: 3, noNullPrototype: true });
const bounds = fc.oneof(
  fc.constant({}),
  odd.map((maxMs) => ({ bounds: { maxMs } })),
  fc.constant({ bounds: { maxMs: 9000 } }),
);
/** Two flows that may call each other. */
export const graphs = fc
  .tuple(nodes, nodes, bounds, bounds)
  .map(([main, other, ofMain, ofOther]) => [graphOf(main, ofMain), graphOf(other, { id: asId('other'), ...ofOther })]);
/** An input, made when the turn of the session is known. */
export type Blow = (turn: number) => IvrInput;
export const blow: fc.Arbitrary<Blow> = fc.oneof(
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
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom('200', '404', 'done', 'match', 'noInput', '__proto__', ''), fc.constantFrom(0, 0, 0, 1))
      .map(
        ([way, late]): Blow =>
          (turn) => ({
            type: 'answer',
            turn: turn - late,
            answer:
              way === ''
                ? { outcome: 'failed' }
                : {
                    outcome: 'answered',
                    way,
                    values: JSON.parse('{"x":"7","y":"{x}","text":"one","city":"c","__proto__":"p"}'),
                  },
          }),
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('done' as const, 'done' as const, 'failed' as const), odd, fc.constantFrom(0, 0, 0, 1))
      .map(
        ([outcome, durationMs, late]): Blow =>
          (turn) => ({
            type: 'recorded',
            turn: turn - late,
            outcome,
            recordingId: asId(`r${turn}`),
            durationMs: durationMs * 100,
          }),
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
