import {
  checkIvr,
  collect,
  date,
  defineIvr,
  END,
  hangup,
  hostFunction,
  implement,
  levels,
  play,
  query,
  queue,
  returns,
  subflow,
  survey,
  tapered,
  voicemail,
} from '@cordboard/ivr-dsl';

// What the host can do: names of what it is passed and answers, and its ways.
export const findParcel = hostFunction('find-parcel@1', {
  pass: ['number'],
  keep: ['place', 'day'],
  ways: ['onItsWay', 'delivered', 'unknown'],
});

// Its code, for the server: `functions: { [findParcel.name]: lookUp }`.
export const lookUp = implement(findParcel, async ({ pass }) =>
  pass.number === '1234' ? { way: 'onItsWay', values: { day: '2026-11-23' } } : { way: 'unknown' },
);

const prompts = {
  ask: 'parcel/ask',
  again: 'parcel/again',
  'once.more': 'parcel/once-more',
  comes: { zh: { file: 'parcel/comes', text: '您的包裹预计送达日期' } },
  there: 'parcel/there',
  greeting: 'box/greeting',
  review: 'box/review',
  number: 'box/number',
  rate: 'parcel/rate',
  'date.year': 'date/year',
  'date.month': 'date/month',
  'date.day': 'date/day',
} as const;

export const rate = defineIvr(
  { id: 'rate', languages: ['zh'], prompts },
  {
    start: survey('parcel', {
      say: 'rate',
      levels: levels(1, 5),
      next: returns('rated'),
      skipped: returns('skipped'),
    }),
  },
);

export const parcel = defineIvr(
  { id: 'parcel', languages: ['zh'], prompts, queues: ['desk'] },
  {
    start: collect('parcel', {
      say: 'ask',
      min: 4,
      max: 12,
      noMatchSay: tapered('again', ['again', 'once.more']),
      next: 'find',
      noInput: 'desk',
      noMatch: 'desk',
    }),
    find: query(findParcel, {
      pass: { number: '{parcel}' },
      keep: { comesOn: 'day' },
      ways: { onItsWay: 'tell', delivered: hangup({ say: 'there' }), unknown: 'desk' },
      tries: 2,
      failed: 'desk',
    }),
    tell: play({
      say: ['comes', date('comesOn')],
      next: subflow(rate, { results: { rated: END, skipped: END }, otherwise: END }),
    }),
    desk: queue('desk', { overflowAfter: '2m', overflow: 'box' }),
    box: voicemail('desk', {
      greeting: 'greeting',
      review: { say: 'review' },
      contact: { say: 'number' },
      next: END,
      empty: END,
      failed: END,
    }),
  },
);

export const found = checkIvr(parcel, { flows: [parcel, rate] }); // []
