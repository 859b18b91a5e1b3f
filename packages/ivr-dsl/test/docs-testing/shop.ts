import { collect, compute, defineIvr, END, hangup, hostFunction, hours, menu, queue, record } from '@cordboard/ivr-dsl';

const orderState = hostFunction('order-state@1', { ways: ['sent', 'unknown'], pass: ['order'], keep: ['day'] });

export const shop = defineIvr(
  {
    id: 'shop',
    languages: ['en'],
    prompts: {
      welcome: { en: { text: 'Welcome. Your order: press one. To speak to us: press two.' } },
      number: { en: { text: 'Please key in your order number, then hash.' } },
      sent: { en: { text: 'It has been sent.' } },
      closed: { en: { text: 'We are closed. Leave a message after the tone.' } },
    },
    hours: { desk: { calendar: 'cn', open: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }] } },
  },
  {
    start: hours('desk', { open: 'pick', closed: 'box' }),
    pick: menu({ say: 'welcome', keys: { 1: 'order', 2: 'desk' }, noInput: 'desk', noMatch: 'desk' }),
    order: collect('order', { say: 'number', min: 4, max: 8, next: 'state', noInput: 'desk', noMatch: 'desk' }),
    state: compute(orderState, {
      pass: { order: '{order}' },
      keep: { day: 'day' },
      ways: { sent: hangup({ say: 'sent' }), unknown: 'desk' },
      timeout: '2s',
      failed: 'desk',
    }),
    desk: queue('desk', { overflow: 'box' }),
    box: record('message', { say: 'closed', box: 'shop', next: END, empty: END, failed: END }),
  },
);
