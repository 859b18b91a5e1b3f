import { BACK, defineIvr, END, hangup, hours, menu, queue } from '@cordboard/ivr-dsl';

export const front = defineIvr(
  {
    id: 'front',
    languages: ['zh', 'en'],
    prompts: {
      'front.menu': { zh: 'front/menu-zh', en: 'front/menu-en' },
      'sales.menu': { zh: 'sales/menu-zh', en: 'sales/menu-en' },
      closed: 'closed',
    },
    hours: { office: { calendar: 'cn', open: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }] } },
  },
  {
    start: hours('office', { open: 'pick', closed: 'bye' }),
    pick: menu({
      say: 'front.menu',
      tries: 3,
      keys: {
        1: menu({ say: 'sales.menu', keys: { 1: 'sales', 9: BACK }, noInput: 'sales', noMatch: BACK }),
        2: 'support',
      },
      noInput: 'support',
      noMatch: 'support',
    }),
    sales: queue('sales', { overflowAfter: '90s', overflow: 'bye' }),
    support: queue('support', { overflowAfter: '1m', overflow: 'sales', full: END }),
    bye: hangup({ say: 'closed' }),
  },
);
