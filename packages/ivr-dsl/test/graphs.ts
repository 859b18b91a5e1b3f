import { contentVersion, type IvrGraph, type IvrNode, type Say } from '@cordboard/cti-core';
import fc from 'fast-check';

/** Arbitrary flows: every type of node with every field, given or not. Edges lead to names that may not exist: form alone is meant. */

const some = <T>(field: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(field, { nil: undefined });

/** A record whose fields that came out as `undefined` are not there. */
function fields<T extends object>(shape: { readonly [K in keyof T]: fc.Arbitrary<T[K] | undefined> }): fc.Arbitrary<T> {
  return fc
    .record(shape as Record<string, fc.Arbitrary<unknown>>)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as T);
}

const name = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[a-z][A-Za-z0-9_.-]{0,12}$/) },
  { weight: 1, arbitrary: fc.constantFrom('constructor', 'toString', '7', '中文', 'a.b#*', '_') },
);
const ref = fc.oneof(name, fc.constantFrom('END', 'RETURN', 'BACK'));
const variable = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/);
// JSON does not carry this one name; `fromJson` refuses it.
const id = fc.string({ minLength: 1, maxLength: 20 }).filter((one) => one !== '__proto__');
const text = fc.string({ maxLength: 60, unit: 'binary' });
const words = fc.string({ minLength: 1, maxLength: 60 });
const key = fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#');
const ms = (min: number, max: number) => some(fc.integer({ min, max }));
/** No key is `__proto__`, which JSON texts of flows may not have. */
const keyed = <V>(keys: fc.Arbitrary<string>, value: fc.Arbitrary<V>) =>
  fc.dictionary(
    keys.filter((name) => name !== '__proto__'),
    value,
    { maxKeys: 5, noNullPrototype: true },
  );
const time = fc.constantFrom('00:00', '09:30', '23:59', '24:00');
const date = fc.constantFrom('2026-02-28', '2026-10-01/2026-10-07');
const bargeIn = some(fc.constant('none'));

const say = fc.array(
  fc.oneof(
    fields({ kind: fc.constant('prompt'), prompt: words, bargeIn }),
    fields({ kind: fc.constant('text'), text: words, bargeIn }),
    fields({ kind: fc.constant('say'), variable, as: fc.constantFrom('digits', 'number', 'date', 'time') }),
    fields({ kind: fc.constant('say'), variable, as: fc.constant('money'), currency: fc.constant('CNY') }),
    fields({ kind: fc.constant('recording'), variable }),
    fields({ kind: fc.constant('silence'), forMs: fc.integer({ min: 0, max: 60_000 }) }),
  ),
  { maxLength: 4 },
) as fc.Arbitrary<Say>;
const tapered = some(fc.array(say, { minLength: 1, maxLength: 3 }));
const rounds = {
  say,
  tries: some(fc.integer({ min: 1, max: 10 })),
  noInputSay: tapered,
  noMatchSay: tapered,
  noInput: ref,
  noMatch: ref,
};
const asked = {
  ...rounds,
  timeoutMs: ms(0, 60_000),
  interDigitMs: ms(0, 60_000),
  typeAhead: some(fc.constant('discard')),
};
const asking = {
  say: some(say),
  timeoutMs: ms(100, 60_000),
  tries: some(fc.integer({ min: 1, max: 5 })),
  keep: some(keyed(variable, text)),
  masked: some(fc.array(variable, { maxLength: 3 })),
  failed: ref,
};
const host = {
  ...asking,
  function: fc.constantFrom('price@1', 'find-order@2.1'),
  pass: some(keyed(id, text)),
  ways: keyed(id, ref),
};
const goal = fc.oneof(
  fields({ kind: fc.constant('extension'), number: id }),
  fields({ kind: fc.constant('group'), group: id }),
  fields({ kind: fc.constant('outside'), number: id, trunk: some(id) }),
  fields({ kind: fc.constant('agent'), agent: id }),
  fields({ kind: fc.constant('variable'), variable, outside: some(fc.constant('allowed')) }),
);
const hoursRule = fields({
  from: some(time),
  to: some(time),
  weekdays: some(fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 7 })),
  dates: some(fc.array(date, { maxLength: 3 })),
  dayKind: some(fc.constantFrom('holiday', 'workday', 'ordinary')),
  goTo: ref,
});
const areaRule = fields({
  prefixes: some(fc.array(fc.constantFrom('+8610', '+1'), { maxLength: 3 })),
  province: some(id),
  city: some(id),
  carrier: some(id),
  goTo: ref,
});

type Shapes = { readonly [T in IvrNode['type']]: Readonly<Record<string, fc.Arbitrary<unknown>>> };

// A type of node that is missing here does not compile.
const SHAPES: Shapes = {
  play: { say, loop: some(fc.integer({ min: 1, max: 99 })), bargeIn: some(fc.boolean()), next: ref },
  menu: {
    ...asked,
    keys: keyed(
      fc.oneof(
        key,
        fc.tuple(key, key).map(([a, b]) => a + b),
      ),
      ref,
    ),
  },
  collect: {
    ...asked,
    variable,
    min: fc.integer({ min: 0, max: 64 }),
    max: fc.integer({ min: 1, max: 64 }),
    terminator: some(fc.oneof(key, fc.constant(null))),
    pattern: some(text),
    masked: some(fc.boolean()),
    next: ref,
  },
  hours: {
    calendar: some(id),
    zone: some(fc.constantFrom('Asia/Shanghai', 'Etc/GMT+8')),
    rules: fc.array(hoursRule, { maxLength: 4 }),
    otherwise: ref,
  },
  mode: { mode: id, ways: keyed(id, ref), otherwise: ref },
  area: { rules: fc.array(areaRule, { maxLength: 4 }), otherwise: ref, timeoutMs: ms(100, 60_000) },
  list: { rules: fc.array(fields({ list: id, goTo: ref }), { maxLength: 4 }), otherwise: ref },
  compute: host,
  query: host,
  http: {
    ...asking,
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
    url: words,
    headers: some(keyed(fc.constantFrom('Accept', 'x-key'), text)),
    body: some(keyed(id, text)),
    ways: keyed(fc.constantFrom('200', '404', '2xx', '5xx'), ref),
    otherwise: ref,
  },
  record: {
    say: some(say),
    variable,
    maxMs: ms(1000, 3_600_000),
    minMs: ms(0, 3_600_000),
    keys: some(fc.array(key, { maxLength: 4 })),
    tone: some(fc.constant('none')),
    box: some(id),
    next: ref,
    empty: ref,
    failed: ref,
  },
  message: { variable, does: fc.constantFrom('discard', 'contact'), contact: some(variable), next: ref },
  score: { survey: id, variable, next: ref },
  callback: { queue: id, variable: some(variable), next: ref, refused: ref },
  listen: {
    ...rounds,
    timeoutMs: ms(100, 60_000),
    variable,
    phrases: some(fc.array(words, { maxLength: 3 })),
    maxMs: ms(1000, 60_000),
    next: ref,
    failed: ref,
  },
  fax: { ...asking, document: words, variable: some(variable), next: ref },
  orderDesk: { group: id, say: some(say), maxMs: ms(1000, 3_600_000), timeout: ref, failed: ref },
  queue: {
    queue: id,
    say: some(say),
    priority: some(fc.integer({ min: -1000, max: 1000 })),
    overflowAfterMs: ms(0, 86_400_000),
    overflow: ref,
    full: some(ref),
    returned: some(ref),
  },
  transfer: {
    to: goal,
    say: some(say),
    failedSay: some(say),
    ringTimeoutMs: ms(1000, 300_000),
    busy: ref,
    noAnswer: ref,
    failed: ref,
  },
  set: { assign: keyed(variable, text), next: ref },
  subflow: { flow: id, results: keyed(id, ref), otherwise: ref },
  return: { result: id },
  language: { language: fc.constantFrom('zh', 'en-GB'), next: ref },
  hangup: { say: some(say) },
};

/** The types of nodes. */
export const NODE_TYPES = Object.keys(SHAPES) as readonly IvrNode['type'][];

/** An arbitrary node of one type. */
export const nodeOf = (type: IvrNode['type']): fc.Arbitrary<IvrNode> =>
  fields<IvrNode>({ type: fc.constant(type), ...SHAPES[type] } as never);

const prompt = fc.oneof(
  fc.constantFrom('front/menu', 'a b'),
  fields({ file: fc.constant('front/menu'), text: some(words) }),
  fields({ text: words }),
);

/** An arbitrary flow. */
export const graphs: fc.Arbitrary<IvrGraph> = fields<Omit<IvrGraph, 'version'>>({
  format: fc.constant('cordboard-ivr/1'),
  id: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  languages: fc.constantFrom(['zh'], ['zh', 'en-GB']),
  start: name,
  nodes: fc.dictionary(name, fc.oneof(...NODE_TYPES.map(nodeOf)), { maxKeys: 12, noNullPrototype: true }),
  prompts: keyed(words, keyed(fc.constantFrom('zh', 'en-GB'), prompt)),
  bounds: some(
    fields({
      maxMs: ms(1000, 86_400_000),
      depth: some(fc.integer({ min: 1, max: 1000 })),
      recordingNeeds: some(fc.constant('consent')),
    }),
  ),
} as never).map((graph) => ({ ...graph, version: contentVersion(graph) }));
