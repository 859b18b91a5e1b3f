import { defineIvr, END, hangup, menu, queue, set } from '@cordboard/ivr-dsl';

/** The menu of the demo floor: sales, or support with a topic that travels with the call. */
export const frontFlow = defineIvr(
  {
    id: 'front',
    languages: ['en', 'zh'],
    prompts: {
      'front.welcome': 'front/welcome',
      'front.topic': 'front/topic',
      'front.again': 'front/again',
      'front.wait': 'front/please-wait',
      'front.late': 'front/call-us-later',
    },
  },
  {
    start: menu({
      say: 'front.welcome',
      keys: { 1: 'sales', 2: 'topic' },
      tries: 2,
      noMatchSay: 'front.again',
      noInput: 'support',
      noMatch: 'support',
    }),
    topic: menu({
      say: 'front.topic',
      keys: { 1: 'repair', 2: 'invoice' },
      tries: 2,
      noInput: 'support',
      noMatch: 'support',
    }),
    repair: set({ topic: 'repair' }, { next: 'support' }),
    invoice: set({ topic: 'invoice' }, { next: 'support' }),
    sales: queue('sales', { say: 'front.wait', overflowAfter: '90s', overflow: 'late', returned: END }),
    support: queue('support', { say: 'front.wait', overflowAfter: '5m', overflow: 'late', returned: END }),
    late: hangup({ say: 'front.late' }),
  },
);
