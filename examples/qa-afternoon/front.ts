import { BACK, defineIvr, hangup, hours, menu, play, queue } from '@cordboard/ivr-dsl';

/** The front desk of a shop: sales and support in two levels, closed at night. */
export const front = defineIvr(
  {
    id: 'front',
    languages: ['zh', 'en'],
    prompts: {
      'front.menu': { zh: 'front/menu-zh', en: 'front/menu-en' },
      'front.wrong': { zh: 'front/wrong-zh', en: 'front/wrong-en' },
      'support.menu': { zh: 'support/menu-zh', en: 'support/menu-en' },
      sorry: { zh: 'sorry-zh', en: 'sorry-en' },
      closed: { zh: 'closed-zh', en: 'closed-en' },
    },
    hours: { office: { open: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }] } },
  },
  {
    start: hours('office', { open: 'pick', closed: 'closed' }),
    pick: menu({
      say: 'front.menu',
      tries: 2,
      timeout: '5s',
      keys: {
        1: 'sales',
        2: menu({ say: 'support.menu', keys: { 1: 'support', '*': BACK }, noInput: 'support', noMatch: BACK }),
      },
      noMatchSay: 'front.wrong',
      noInput: 'support',
      noMatch: 'closed',
    }),
    sales: queue('sales', { overflowAfter: '45s', overflow: 'support' }),
    support: queue('support', { overflowAfter: '90s', overflow: 'sorry' }),
    sorry: play({ say: 'sorry', next: hangup() }),
    closed: hangup({ say: 'closed' }),
  },
);
