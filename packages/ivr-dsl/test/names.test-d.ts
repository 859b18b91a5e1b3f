// Compiled, never run: each line under an expected error must not compile. Names that a flow has, and names that it lacks.
import {
  area,
  BACK,
  callback,
  collect,
  date,
  defineIvr,
  digits,
  END,
  fax,
  fromJson,
  hangup,
  http,
  type IvrFlow,
  language,
  levels,
  list,
  listen,
  menu,
  message,
  mode,
  money,
  noBargeIn,
  number,
  orderDesk,
  play,
  queue,
  RETURN,
  record,
  recording,
  returns,
  score,
  set,
  subflow,
  survey,
  tapered,
  text,
  time,
  transfer,
  voicemail,
} from '../src/index.js';

const base = {
  id: 'names',
  languages: ['zh', 'en'],
  prompts: { hello: { zh: 'a', en: { text: 'Hello' } }, wait: 'w' },
} as const;
const declared = {
  ...base,
  lists: ['vip', 'black'],
  modes: { house: ['day', 'night'] },
  groups: ['desk'],
  queues: ['sales'],
  variables: ['customer'],
} as const;

// What a flow has compiles, on the spot and by name.
const asks = defineIvr(declared, {
  start: list({ rules: [{ list: 'vip', goTo: 'vip' }], otherwise: 'hand' }),
  hand: mode('house', { ways: { day: 'pick', night: 'box' }, otherwise: 'pick' }),
  vip: orderDesk('desk', { say: 'wait', timeout: 'pick', failed: 'pick' }),
  pick: menu({
    say: [noBargeIn('hello'), noBargeIn(text('{customer}, one of {call.number}')), 'wait'],
    noInputSay: tapered('hello', ['wait', digits('order')], text('{order}')),
    noMatchSay: 'wait',
    keys: { 1: 'ask', 12: 'box', '*#': BACK },
    noInput: RETURN,
    noMatch: 'ask',
  }),
  ask: collect('order', { say: 'hello', min: 1, max: 8, next: 'read', noInput: END, noMatch: END }),
  read: play({ say: [number('order'), date('order'), time('order'), money('order', 'CNY')], next: 'rate' }),
  rate: survey('csat', { say: 'hello', levels: levels(1, 5), thanks: 'wait', next: 'said', skipped: 'box' }),
  said: play({ say: digits('score'), next: language('en', { next: returns('done') }) }),
  box: voicemail('office', {
    greeting: 'hello',
    greetings: [{ list: 'vip', greeting: 'wait' }],
    contact: { say: 'wait' },
    next: play({ say: [recording('voicemail'), digits('voicemail.contact')], next: END }),
    empty: END,
    failed: END,
  }),
  near: area({ rules: [{ prefixes: ['+8610'], goTo: 'box' }], otherwise: 'back' }),
  back: callback('sales', { variable: 'order', next: END, refused: queue('sales', { overflow: END }) }),
});

// Options that declare nothing let every queue, group, list and mode pass: the server resolves them.
defineIvr(base, {
  start: queue('any', { overflow: mode('any', { ways: { x: END }, otherwise: 'next' }) }),
  next: list({ rules: [{ list: 'any', goTo: 'last' }], otherwise: END }),
  last: transfer({ to: { group: 'any' }, busy: END, noAnswer: END, failed: END }),
});

// Names of the configuration that the options do not have.
// @ts-expect-error
defineIvr(declared, { start: list({ rules: [{ list: 'gold', goTo: END }], otherwise: END }) });
// @ts-expect-error
defineIvr(declared, { start: mode('line', { ways: {}, otherwise: END }) });
// @ts-expect-error
defineIvr(declared, { start: mode('house', { ways: { noon: END }, otherwise: END }) });
// @ts-expect-error
defineIvr(declared, { start: orderDesk('nobody', { timeout: END, failed: END }) });
// @ts-expect-error
defineIvr(declared, { start: transfer({ to: { group: 'nobody' }, busy: END, noAnswer: END, failed: END }) });
// @ts-expect-error
defineIvr(declared, { start: queue('support', { overflow: END }) });
// @ts-expect-error
defineIvr(declared, { start: callback('support', { next: END, refused: END }) });
// @ts-expect-error
defineIvr(declared, { start: play({ say: 'hello', next: queue('support', { overflow: END }) }) });
// @ts-expect-error
defineIvr(declared, { start: language('fr', { next: END }) });
const greeted = { greeting: 'hello', next: END, empty: END, failed: END } as const;
// @ts-expect-error
defineIvr(declared, { start: voicemail('office', { ...greeted, greetings: [{ list: 'gold', greeting: 'wait' }] }) });
// @ts-expect-error
defineIvr(declared, { start: voicemail('office', { ...greeted, only: { lists: ['gold'], otherwise: END } }) });

// A variable that nothing sets, wherever it is read.
const quiet = { say: 'hello', keys: {}, noInput: END, noMatch: END } as const;
const asked = { url: 'https://a.example', ways: {}, otherwise: END, failed: END } as const;
// @ts-expect-error
defineIvr(base, { start: play({ say: digits('order'), next: END }) });
// @ts-expect-error
defineIvr(base, { start: play({ say: ['hello', number('order')], next: END }) });
// @ts-expect-error
defineIvr(base, { start: play({ say: [text('Your order {order}')], next: END }) });
// @ts-expect-error
defineIvr(base, { start: play({ say: noBargeIn(text('{order}')), next: END }) });
// @ts-expect-error
defineIvr(base, { start: hangup({ say: recording('order') }) });
// @ts-expect-error
defineIvr(base, { start: set({ copy: '{order}' }, { next: END }) });
// @ts-expect-error
defineIvr(base, { start: transfer({ to: { variable: 'order' }, busy: END, noAnswer: END, failed: END }) });
// @ts-expect-error
defineIvr(base, { start: message('order', { does: 'discard', next: END }) });
// @ts-expect-error
defineIvr(base, { start: score('csat', { variable: 'order', next: END }) });
// @ts-expect-error
defineIvr(base, { start: fax('doc', { variable: 'order', next: END, failed: END }) });
// @ts-expect-error
defineIvr(base, { start: callback('sales', { variable: 'order', next: END, refused: END }) });
// @ts-expect-error
defineIvr(base, { start: menu({ ...quiet, noInputSay: tapered('hello', digits('order')) }) });
// @ts-expect-error
defineIvr(base, { start: http({ url: 'https://a.example/{order}', ways: {}, otherwise: END, failed: END }) });
// @ts-expect-error
defineIvr(base, { start: http({ ...asked, body: { a: '{order}' } }) });
// @ts-expect-error
defineIvr(base, { start: http({ ...asked, headers: { a: '{order}' } }) });
// A secret is one in a header alone.
defineIvr(base, { start: http({ ...asked, headers: { a: 'Bearer {secret.X}' } }) });
// @ts-expect-error
defineIvr(base, { start: http({ url: 'https://a.example?{secret.X}', ways: {}, otherwise: END, failed: END }) });
// A message has two variables.
const records = record('msg', { next: 'after', empty: END, failed: END });
// @ts-expect-error
defineIvr(base, { start: records, after: message('msg', { does: 'contact', contact: 'order', next: END }) });
// One set anywhere may be read anywhere: whether on each way is the checker's question.
defineIvr(base, {
  start: play({ say: digits('order'), next: 'ask' }),
  ask: listen('order', { say: 'hello', next: END, noInput: END, noMatch: END, failed: END }),
});
// Braces that hold no name are text.
defineIvr(base, { start: play({ say: text('{ "a": {} } {1} { x } {a b} {call.language}'), next: END }) });
// A text that is made at run time is the checker's question.
declare const some: string;
defineIvr(base, { start: play({ say: text(some), next: END }) });

// A sub-flow gives its variables, and wants those that it is given.
defineIvr(
  { ...base, variables: ['customer'] },
  {
    start: subflow(asks, { results: { done: 'after' }, otherwise: END }),
    after: play({ say: digits('order'), next: END }),
  },
);
defineIvr(base, { start: set({ customer: '1' }, { next: subflow(asks, { results: { done: END }, otherwise: END }) }) });
// @ts-expect-error
defineIvr(base, { start: subflow(asks, { results: { done: END }, otherwise: END }) });
// A flow out of JSON tells the compiler nothing.
const read: IvrFlow = fromJson('');
defineIvr(base, { start: subflow(read, { results: { anything: END }, otherwise: END }) });

// A prompt that is not there, in every place that says something.
const rated = { say: 'hello', levels: levels(1, 5), next: END, skipped: END } as const;
// @ts-expect-error
defineIvr(base, { start: menu({ ...quiet, noInputSay: tapered('hello', 'hullo') }) });
// @ts-expect-error
defineIvr(base, { start: play({ say: noBargeIn('hullo'), next: END }) });
// @ts-expect-error
defineIvr(base, { start: voicemail('office', { ...greeted, greeting: 'hullo' }) });
// @ts-expect-error
defineIvr(base, { start: voicemail('office', { ...greeted, review: { say: 'hullo' } }) });
// @ts-expect-error
defineIvr(base, { start: survey('csat', { ...rated, thanks: 'hullo' }) });

// An unknown target behind a composition.
// @ts-expect-error
defineIvr(base, { start: voicemail('office', { ...greeted, next: 'nowhere' }) });
// @ts-expect-error
defineIvr(base, { start: survey('csat', { ...rated, ways: { 2: 'nowhere' } }) });
// @ts-expect-error
defineIvr(base, { start: list({ rules: [{ list: 'vip', goTo: 'nowhere' }], otherwise: END }) });
// @ts-expect-error
defineIvr(base, { start: area({ rules: [{ city: 'Beijing', goTo: 'nowhere' }], otherwise: END }) });
// @ts-expect-error
defineIvr(base, { start: mode('house', { ways: { day: 'nowhere' }, otherwise: END }) });
// @ts-expect-error
defineIvr(base, { start: http({ url: 'https://a.example', ways: { 200: 'nowhere' }, otherwise: END, failed: END }) });
