import { expect, test } from 'vitest';
import {
  checkIvr,
  collect,
  defineIvr,
  digits,
  END,
  hangup,
  hours,
  http,
  language,
  menu,
  money,
  play,
  set,
} from '../src/index.js';

const codes = (graph: Parameters<typeof checkIvr>[0]) => checkIvr(graph).map(({ code, path }) => `${code} ${path}`);

test('a prompt that speaks to callers of both languages announces the keys of both', () => {
  const both = { file: 'both', text: '中文请按1。 For English, press 2.' };
  const ask = (keys: { readonly 1: 'zh'; readonly 2: 'en'; readonly 3?: typeof END }) =>
    defineIvr(
      { id: 'ask', languages: ['zh', 'en'], prompts: { both: { zh: both, en: both } } },
      {
        start: menu({ say: 'both', keys, noInput: END, noMatch: END }),
        zh: language('zh', { next: END }),
        en: language('en', { next: END }),
      },
    );
  expect(codes(ask({ 1: 'zh', 2: 'en' }))).toEqual([]);
  expect(codes(ask({ 1: 'zh', 2: 'en', 3: END }))).toEqual(['key.notAnnounced nodes.start.keys.3']);
});

test('what a service answers under a mask may be said to the caller, what the caller keyed in under one may not', () => {
  const bank = defineIvr(
    {
      id: 'bank',
      languages: ['en'],
      prompts: { pin: 'p', is: 'i', 'money.CNY.major': 'a', 'money.CNY.minor': 'b' },
    },
    {
      start: collect('pin', { say: 'pin', min: 4, max: 4, masked: true, next: 'ask', noInput: END, noMatch: END }),
      ask: http({
        method: 'POST',
        url: 'https://bank.example/balance',
        body: { pin: '{pin}' },
        keep: { balance: '/balance' },
        masked: ['balance'],
        timeout: '2s',
        ways: { 200: 'tell' },
        otherwise: END,
        failed: END,
      }),
      tell: play({ say: ['is', money('balance', 'CNY')], next: 'copy' }),
      copy: set({ copy: '{pin}' }, { next: 'leak' }),
      leak: play({ say: digits('copy'), next: 'url' }),
      url: http({
        url: 'https://bank.example/of/{balance}',
        timeout: '2s',
        ways: {},
        otherwise: END,
        failed: END,
      }),
    },
  );
  expect(codes(bank)).toEqual(['privacy.shown nodes.leak.say.0', 'privacy.url nodes.url.url']);
});

test('the times of a special working day are each there once, whatever weekdays they come from', () => {
  const flow = defineIvr(
    {
      id: 'hours',
      languages: ['en'],
      prompts: {},
      hours: {
        office: {
          calendar: 'cn',
          open: [
            { weekdays: [6], from: '09:00', to: '12:00' },
            { weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '12:00' },
            { weekdays: [1, 2, 3, 4, 5], from: '13:30', to: '17:30' },
            { weekdays: [6], from: '17:00', to: '18:00' },
          ],
        },
      },
    },
    { start: hours('office', { open: hangup(), closed: END }) },
  );
  const { start } = flow.nodes;
  expect(start?.type === 'hours' && start.rules.filter(({ dayKind }) => dayKind === 'workday')).toEqual([
    { from: '08:00', to: '12:00', dayKind: 'workday', goTo: 'start.open' },
    { from: '13:30', to: '18:00', dayKind: 'workday', goTo: 'start.open' },
    { dayKind: 'workday', goTo: 'END' },
  ]);
  expect(codes(flow)).toEqual([]);
});
