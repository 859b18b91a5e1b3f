import {
  BACK,
  collect,
  defineIvr,
  digits,
  END,
  hangup,
  hours,
  menu,
  play,
  queue,
  returns,
  set,
  silence,
  subflow,
  transfer,
} from '../src/index.js';

export const prompts = {
  'front.menu': { zh: 'front/menu-zh', en: 'front/menu-en' },
  'front.again': { zh: 'front/again-zh', en: 'front/again-en' },
  'pin.ask': 'pin/ask',
  'pin.wrong': 'pin/wrong',
  'sales.which': 'sales/which',
  sorry: 'sorry',
  bye: 'bye',
} as const;

/** A sub-flow with two results. */
export const pin = defineIvr(
  { id: 'pin', languages: ['zh', 'en'], prompts },
  {
    start: collect('pin', {
      say: 'pin.ask',
      min: 4,
      max: 6,
      pattern: '\\d{4,6}',
      masked: true,
      tries: 2,
      timeout: '8s',
      interDigit: '2s500ms',
      noMatchSay: 'pin.wrong',
      next: 'known',
      noInput: 'refused',
      noMatch: 'refused',
    }),
    known: returns('known'),
    refused: returns('refused'),
  },
);

/** A flow with every kind of node. */
export const front = defineIvr(
  {
    id: 'front',
    languages: ['zh', 'en'],
    prompts,
    hours: {
      office: {
        calendar: 'cn',
        open: [
          { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '12:00' },
          { weekdays: [1, 2, 3, 4, 5], from: '13:30', to: '18:00' },
        ],
      },
    },
  },
  {
    start: hours('office', { open: 'pick', closed: 'closed' }),
    pick: menu({
      say: ['front.menu', silence('500ms')],
      tries: 2,
      timeout: '4s',
      keys: {
        1: menu({
          say: 'sales.which',
          keys: {
            1: 'sales',
            2: transfer({ to: { extension: '8001' }, busy: 'sales', noAnswer: 'sales', failed: BACK }),
            '*': BACK,
          },
          noInput: BACK,
          noMatch: BACK,
        }),
        2: 'check',
        9: 'pick',
      },
      noInputSay: 'front.again',
      noMatchSay: 'front.again',
      noInput: 'support',
      noMatch: 'closed',
    }),
    check: subflow(pin, { results: { known: 'vip', refused: 'support' }, otherwise: 'support' }),
    vip: set({ level: 'gold', caller: '{call.number}' }, { next: 'greet' }),
    greet: play({ say: ['sorry', digits('call.number')], bargeIn: true, loop: 2, next: 'support' }),
    sales: queue('sales', { overflowAfter: '1m30s', overflow: 'support', full: 'closed', returned: 'pick' }),
    support: queue('support', { say: 'sorry', overflow: 'closed', priority: 5 }),
    closed: hangup({ say: 'bye' }),
  },
);

export const tiny = defineIvr({ id: 'tiny', languages: ['en'], prompts: {} }, { start: play({ say: [], next: END }) });
