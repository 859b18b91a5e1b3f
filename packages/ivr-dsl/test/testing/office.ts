import type { FlowId, IvrGraph, IvrNode } from '@cordboard/cti-core';

const say = (prompt: string) => [{ kind: 'prompt', prompt }] as const;

const desk: Readonly<Record<string, IvrNode>> = {
  start: {
    type: 'hours',
    zone: 'Europe/Paris',
    calendar: 'fr',
    rules: [
      { dayKind: 'holiday', goTo: 'shut' },
      { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '12:00', goTo: 'house' },
      { weekdays: [1, 2, 3, 4, 5], from: '13:00', to: '18:00', goTo: 'house' },
    ],
    otherwise: 'shut',
  },
  house: { type: 'mode', mode: 'house', ways: { day: 'known', night: 'shut' }, otherwise: 'known' },
  known: {
    type: 'list',
    rules: [
      { list: 'vip', goTo: 'pick' },
      { list: 'black', goTo: 'END' },
    ],
    otherwise: 'where',
  },
  where: {
    type: 'area',
    rules: [
      { prefixes: ['+3310'], goTo: 'pick' },
      { province: 'Guangdong', goTo: 'pick' },
    ],
    otherwise: 'pick',
  },
  pick: {
    type: 'menu',
    say: say('front.menu'),
    keys: {
      '1': 'number',
      '2': 'box',
      '3': 'talk',
      '4': 'desk',
      '5': 'people',
      '51': 'speak',
      '6': 'sub',
      '9': 'BACK',
    },
    tries: 2,
    noInputSay: [say('again')],
    noMatchSay: [say('again')],
    noInput: 'shut',
    noMatch: 'shut',
  },
  number: {
    type: 'collect',
    say: [...say('number'), { kind: 'text', text: 'You are {call.number}' }],
    variable: 'order',
    min: 4,
    max: 11,
    pattern: '[1-9]\\d{3,10}',
    next: 'price',
    noInput: 'pick',
    noMatch: 'pick',
  },
  price: {
    type: 'compute',
    function: 'price@1',
    pass: { order: '{order}' },
    keep: { total: 'total' },
    ways: { known: 'ask', none: 'pick' },
    tries: 2,
    timeoutMs: 1000,
    failed: 'pick',
  },
  ask: {
    type: 'http',
    method: 'POST',
    url: 'https://shop.example/orders/{order}',
    body: { total: '{total}' },
    say: say('wait'),
    keep: { state: '/order/state' },
    ways: { '200': 'told', '4xx': 'pick' },
    otherwise: 'pick',
    failed: 'wish',
  },
  told: { type: 'set', assign: { told: 'yes {state}' }, next: 'dial' },
  dial: {
    type: 'transfer',
    to: { kind: 'variable', variable: 'order' },
    failedSay: say('again'),
    busy: 'wish',
    noAnswer: 'wish',
    failed: 'wish',
  },
  wish: { type: 'callback', queue: 'sales', variable: 'order', next: 'people', refused: 'people' },
  box: {
    type: 'record',
    say: say('message'),
    variable: 'message',
    box: 'office',
    next: 'note',
    empty: 'pick',
    failed: 'shut',
  },
  note: { type: 'message', variable: 'message', does: 'contact', next: 'over' },
  talk: {
    type: 'listen',
    say: say('speak'),
    variable: 'word',
    phrases: ['sales', 'support'],
    tries: 2,
    next: 'people',
    noInput: 'pick',
    noMatch: 'pick',
    failed: 'shut',
  },
  desk: { type: 'orderDesk', group: 'kitchen', say: say('wait'), timeout: 'wish', failed: 'shut' },
  people: { type: 'queue', queue: 'sales', overflow: 'pick', full: 'shut' },
  speak: { type: 'language', language: 'zh', next: 'pick' },
  sub: { type: 'subflow', flow: 'csat', results: { good: 'over', bad: 'people' }, otherwise: 'pick' },
  over: { type: 'play', say: say('bye'), next: 'send' },
  send: { type: 'fax', document: 'menu.pdf', next: 'END', failed: 'shut' },
  shut: { type: 'hangup', say: say('bye') },
};

const prompts = {
  'front.menu': { en: { file: 'menu-en', text: 'For your order press one' }, zh: { text: '订单请按一' } },
  again: { en: 'again', zh: 'again' },
  number: { en: { text: 'Your number please' }, zh: 'number-zh' },
  wait: { en: 'wait', zh: 'wait' },
  message: { en: { text: 'Leave a message after the tone' }, zh: 'message-zh' },
  speak: { en: { text: 'Sales or support?' }, zh: 'speak-zh' },
  bye: { en: { text: 'Goodbye' }, zh: '再见' },
};

/** A flow with every kind of node, each to be reached and each edge to be taken. */
export const office: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: 'office' as FlowId,
  version: '1',
  languages: ['en', 'zh'],
  start: 'start',
  nodes: desk,
  prompts,
};

/** The flow that it calls. */
export const csat: IvrGraph = {
  ...office,
  id: 'csat' as FlowId,
  start: 'ask',
  nodes: {
    ask: {
      type: 'menu',
      say: say('again'),
      keys: { '1': 'keep', '2': 'keep', '3': 'RETURN' },
      noInput: 'RETURN',
      noMatch: 'bad',
    },
    keep: { type: 'score', survey: 'csat', variable: 'call.dialled', next: 'good' },
    good: { type: 'return', result: 'good' },
    bad: { type: 'return', result: 'bad' },
  },
};

/** What all tests of it share. 1 May is a holiday. */
export const site = {
  flows: [csat],
  zone: 'Europe/Paris',
  calendars: { fr: { holidays: ['2026-05-01'], workdays: [] } },
  dialPlan: { countryCode: '33', internal: [{ from: '8000', to: '8999' }], ownNumbers: [], emergency: [] },
  from: '0612345678',
} as const;
