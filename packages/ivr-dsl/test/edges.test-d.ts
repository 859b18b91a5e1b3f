// Compiled, never run: each line under an expected error must not compile. Forgotten edges, functions of the host, fields that are none.
import {
  type AnswerOf,
  area,
  callback,
  collect,
  compute,
  defineIvr,
  END,
  fax,
  hostFunction,
  http,
  implement,
  language,
  list,
  listen,
  menu,
  message,
  mode,
  orderDesk,
  play,
  query,
  record,
  score,
  set,
  survey,
  voicemail,
} from '../src/index.js';

const base = { id: 'edges', languages: ['en'], prompts: { hello: 'hello' } } as const;
const find = hostFunction('find-order@1', {
  pass: ['order', 'caller'],
  keep: ['status', 'total'],
  ways: ['found', 'unknown'],
});
const ping = hostFunction('ping@1', { ways: ['yes'] });
const pass = { order: '{order}', caller: '{call.number}' } as const;
const ways = { found: END, unknown: END } as const;

// A forgotten edge.
// @ts-expect-error
listen('x', { say: 'hello', next: END, noInput: END, noMatch: END });
// @ts-expect-error
record('x', { next: END, failed: END });
// @ts-expect-error
record('x', { next: END, empty: END });
// @ts-expect-error
collect('x', { say: 'hello', min: 1, max: 2, noInput: END, noMatch: END });
// @ts-expect-error
list({ rules: [{ list: 'vip', goTo: END }] });
// @ts-expect-error
list({ rules: [{ list: 'vip' }], otherwise: END });
// @ts-expect-error
area({ rules: [] });
// @ts-expect-error
mode('house', { ways: { day: END } });
// @ts-expect-error
compute(find, { pass, ways });
// @ts-expect-error
http({ url: 'https://a.example', ways: { 200: END }, otherwise: END });
// @ts-expect-error
http({ url: 'https://a.example', ways: { 200: END }, failed: END });
// @ts-expect-error
fax('doc', { next: END });
// @ts-expect-error
orderDesk('desk', { timeout: END });
// @ts-expect-error
callback('sales', { next: END });
// @ts-expect-error
message('x', { does: 'discard' });
// @ts-expect-error
message('x', { does: 'contact', contact: 'y' });
// @ts-expect-error
score('csat', { variable: 'x' });
// @ts-expect-error
set({ a: 'b' }, {});
// @ts-expect-error
language('en', {});
// @ts-expect-error
voicemail('office', { greeting: 'hello', next: END, failed: END });
// @ts-expect-error
voicemail('office', { next: END, empty: END, failed: END });
// @ts-expect-error
survey('csat', { say: 'hello', levels: { 1: 1, 2: 2 }, next: END });
// @ts-expect-error
survey('csat', { say: 'hello', next: END, skipped: END });

// The ways of a function of the host are its edges: all of them, and no other.
defineIvr(base, {
  start: collect('order', { say: 'hello', min: 1, max: 2, next: 'find', noInput: END, noMatch: END }),
  find: query(find, {
    pass,
    keep: { state: 'status' },
    masked: ['state'],
    tries: 2,
    ways: { found: 'ask', unknown: END },
    failed: END,
  }),
  ask: compute(ping, { pass: {}, ways: { yes: set({ told: '{state}' }, { next: END }) }, failed: END }),
});
// @ts-expect-error
compute(find, { pass, ways: { found: END }, failed: END });
// @ts-expect-error
compute(find, { pass, ways: { found: END, unknown: END, maybe: END }, failed: END });
// @ts-expect-error
query(find, { pass, ways: { found: END, unknwon: END }, failed: END });
// What it is passed: every name, and no other.
// @ts-expect-error
compute(find, { pass: { order: '1' }, ways, failed: END });
// @ts-expect-error
compute(find, { pass: { ...pass, more: '1' }, ways, failed: END });
// @ts-expect-error
compute(find, { ways, failed: END });
// @ts-expect-error
compute(ping, { pass: { order: '1' }, ways: { yes: END }, failed: END });
// What is kept of its answer: values that it has.
// @ts-expect-error
compute(find, { pass, keep: { x: 'colour' }, ways, failed: END });
// @ts-expect-error
compute(ping, { pass: {}, keep: { x: 'status' }, ways: { yes: END }, failed: END });
// What is masked is kept.
// @ts-expect-error
compute(find, { pass, keep: { x: 'status' }, masked: ['y'], ways, failed: END });
// A function is a declared one.
// @ts-expect-error
compute('find-order@1', { pass, ways, failed: END });
// @ts-expect-error
hostFunction('find-order', { ways: ['yes'] });
// @ts-expect-error
hostFunction('find-order@1', { ways: [] });

// Its code is held to the declaration.
implement(find, ({ pass: given, key }) => ({ way: 'found', values: { status: given.order + key } }));
implement(ping, async () => ({ way: 'yes' }));
// @ts-expect-error
implement(find, () => ({ way: 'maybe' }));
// @ts-expect-error
implement(find, () => ({ way: 'found', values: { colour: 'red' } }));
// @ts-expect-error
implement(find, ({ pass: given }) => ({ way: 'found', values: { status: given.name } }));
export const answer: AnswerOf<typeof find> = { way: 'unknown' };

// Keys, ways and fields that are none.
// @ts-expect-error
menu({ say: 'hello', keys: { 123: END }, noInput: END, noMatch: END });
// @ts-expect-error
menu({ say: 'hello', keys: { '1a': END }, noInput: END, noMatch: END });
// @ts-expect-error
menu({ say: 'hello', keys: {}, typeAhead: 'keep', noInput: END, noMatch: END });
// @ts-expect-error
http({ url: 'https://a.example', ways: { ok: END }, otherwise: END, failed: END });
// @ts-expect-error
http({ url: 'https://a.example', method: 'FETCH', ways: {}, otherwise: END, failed: END });
// @ts-expect-error
http({ url: 'https://a.example', keep: { x: '/a' }, masked: ['y'], ways: {}, otherwise: END, failed: END });
// @ts-expect-error
record('x', { keys: ['A'], next: END, empty: END, failed: END });
// @ts-expect-error
record('x', { max: 120, next: END, empty: END, failed: END });
// @ts-expect-error
survey('csat', { say: 'hello', levels: { good: 1 }, next: END, skipped: END });
// @ts-expect-error
play({ say: 'hello', nxt: END });
