// Compiled, never run: each line under an expected error must not compile. The comment before names the finding that the same fault is as data.
import {
  collect,
  defineIvr,
  END,
  http,
  language,
  list,
  menu,
  mode,
  orderDesk,
  play,
  queue,
  returns,
  subflow,
  text,
} from '../../src/index.js';

const base = {
  id: 'compile',
  languages: ['zh', 'en'],
  prompts: { hello: 'hello' },
  queues: ['sales'],
  lists: ['vip'],
  groups: ['desk'],
  modes: { house: ['day', 'night'] },
} as const;
const called = defineIvr(base, { start: returns('done') });

// start.unknown
// @ts-expect-error
defineIvr(base, { begin: play({ say: 'hello', next: END }) });
// target.unknown
// @ts-expect-error
defineIvr(base, { start: play({ say: 'hello', next: 'nowhere' }) });
// edge.missing
// @ts-expect-error
collect('order', { say: 'hello', min: 1, max: 8, next: END, noInput: END });
// http.failure
// @ts-expect-error
http({ url: 'https://api.example.com', ways: {}, otherwise: END });
// key.duplicate
// @ts-expect-error
// biome-ignore lint/suspicious/noDuplicateObjectKeys: the fault itself
menu({ say: 'hello', keys: { 1: END, 1: END }, noInput: END, noMatch: END });
// prompt.unknown
// @ts-expect-error
defineIvr(base, { start: play({ say: 'hullo', next: END }) });
// prompt.language
// @ts-expect-error
defineIvr({ ...base, prompts: { hello: { zh: 'a' } } }, { start: play({ say: 'hello', next: END }) });
// language.unknown
// @ts-expect-error
defineIvr(base, { start: language('fr', { next: END }) });
// variable.unknown
// @ts-expect-error
defineIvr(base, { start: play({ say: text('{order}'), next: END }) });
// queue.unknown
// @ts-expect-error
defineIvr(base, { start: queue('support', { overflow: END }) });
// group.unknown
// @ts-expect-error
defineIvr(base, { start: orderDesk('kitchen', { timeout: END, failed: END }) });
// mode.unknown
// @ts-expect-error
defineIvr(base, { start: mode('house', { ways: { noon: END }, otherwise: END }) });
// list.unknown
// @ts-expect-error
defineIvr(base, { start: list({ rules: [{ list: 'gold', goTo: END }], otherwise: END }) });
// result.unknown
// @ts-expect-error
subflow(called, { results: { done: END, never: END }, otherwise: END });
