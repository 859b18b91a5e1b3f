// Compiled, never run: each line under an expected error must not compile.
import {
  BACK,
  collect,
  defineIvr,
  END,
  hangup,
  hours,
  http,
  type IvrFlow,
  menu,
  play,
  queue,
  RETURN,
  returns,
  subflow,
  transfer,
} from '../src/index.js';
import { front, pin } from './front.js';

const base = {
  id: 'types',
  languages: ['zh', 'en'],
  prompts: { hello: { zh: 'a', en: 'b' }, wait: 'w' },
  hours: { office: { open: [{ from: '09:00' }] } },
} as const;

// What is right compiles, with nested nodes and every reserved name.
defineIvr(base, {
  start: menu({
    say: 'hello',
    keys: { 1: 'two', 2: menu({ say: ['wait', 'hello'], keys: { 0: BACK }, noInput: 'two', noMatch: END }) },
    noInput: 'two',
    noMatch: RETURN,
  }),
  two: hours('office', { open: 'three', closed: END }),
  three: hangup(),
});

// An unknown target.
defineIvr(base, {
  // @ts-expect-error
  start: play({ say: 'hello', next: 'nowhere' }),
});
defineIvr(base, {
  // @ts-expect-error
  start: menu({ say: 'hello', keys: { 1: 'nowhere' }, noInput: END, noMatch: END }),
});
defineIvr(base, {
  // @ts-expect-error
  start: menu({ say: 'hello', keys: { 1: END }, noInput: END, noMatch: 'nowhere' }),
});
defineIvr(base, {
  // @ts-expect-error
  start: play({ say: 'hello', next: menu({ say: 'wait', keys: { 1: 'nowhere' }, noInput: END, noMatch: END }) }),
});
defineIvr(base, {
  // @ts-expect-error
  start: hours({ rules: [{ goTo: 'nowhere' }], otherwise: END }),
});
defineIvr(base, {
  // @ts-expect-error
  start: http({ url: 'https://x.example/', ways: { 200: 'nowhere' }, otherwise: END, failed: END }),
});
defineIvr(base, {
  // @ts-expect-error
  start: http({ url: 'https://x.example/', ways: { '4xx': 'nowhere' }, otherwise: END, failed: END }),
});

// An unknown prompt.
defineIvr(base, {
  // @ts-expect-error
  start: play({ say: 'hullo', next: END }),
});
defineIvr(base, {
  // @ts-expect-error
  start: play({ say: ['hello', 'hullo'], next: END }),
});
defineIvr(base, {
  // @ts-expect-error
  start: menu({ say: 'hello', keys: {}, noMatchSay: 'hullo', noInput: END, noMatch: END }),
});
defineIvr(base, {
  // @ts-expect-error
  start: hangup({ say: 'hullo' }),
});

// A forgotten edge.
// @ts-expect-error
menu({ say: 'hello', keys: { 1: END }, noInput: END });
// @ts-expect-error
menu({ say: 'hello', keys: { 1: END }, noMatch: END });
// @ts-expect-error
play({ say: 'hello' });
// @ts-expect-error
collect('x', { say: 'hello', min: 1, max: 2, next: END, noInput: END });
// @ts-expect-error
queue('sales', { overflowAfter: '20s' });
// @ts-expect-error
transfer({ to: { extension: '8001' }, busy: END, noAnswer: END });
// @ts-expect-error
hours('office', { open: END });
// @ts-expect-error
hours({ rules: [] });
// @ts-expect-error
subflow(pin, { results: { known: END }, otherwise: END });
// @ts-expect-error
subflow(pin, { results: { known: END, refused: END } });

// A result that the flow never gives.
// @ts-expect-error
subflow(pin, { results: { known: END, refused: END, maybe: END }, otherwise: END });
subflow('by-name', { results: { anything: END }, otherwise: END });

// An unknown name of hours.
defineIvr(base, {
  // @ts-expect-error
  start: hours('night', { open: END, closed: END }),
});

// No start.
// @ts-expect-error
defineIvr(base, { begin: hangup() });

// A prompt that lacks a language of the flow.
defineIvr(
  // @ts-expect-error
  { id: 'x', languages: ['zh', 'en'], prompts: { hello: { zh: 'a' } } },
  { start: hangup() },
);

// No languages at all.
// @ts-expect-error
defineIvr({ id: 'x', languages: [], prompts: {} }, { start: hangup() });

// Keys and times that are none.
// @ts-expect-error
menu({ say: 'hello', keys: { A: END }, noInput: END, noMatch: END });
// @ts-expect-error
menu({ say: 'hello', keys: {}, timeout: '5 seconds', noInput: END, noMatch: END });
// @ts-expect-error
queue('sales', { overflowAfter: 90, overflow: END });
// @ts-expect-error
transfer({ to: { phone: '1' }, busy: END, noAnswer: END, failed: END });

// Results are known to the compiler.
const gives: IvrFlow<'known' | 'refused'> = pin;
// @ts-expect-error
const other: IvrFlow<'known'> = pin;
const deep = defineIvr(base, { start: play({ say: 'hello', next: returns('done') }) });
const one: IvrFlow<'done'> = deep;
// The value cannot be changed.
// @ts-expect-error
front.start = 'pick';
void [gives, other, one];
