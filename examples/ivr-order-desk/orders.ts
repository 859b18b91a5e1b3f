import { defineIvr, hangup, hours, orderDesk, voicemail } from '@cordboard/ivr-dsl';

/**
 * The order line of a kitchen. All phones of the kitchen ring, again and again, while the caller hears music, until somebody picks one up. Where nobody does, the
 * order is taken as a message.
 */
export const orders = defineIvr(
  {
    id: 'orders',
    languages: ['en'],
    prompts: {
      welcome: { en: { file: 'orders/welcome', text: 'Welcome. Somebody will take your order in a moment.' } },
      closed: { en: { file: 'orders/closed', text: 'The kitchen is closed. We cook from eleven to nine.' } },
      message: { en: { file: 'orders/message', text: 'Please say your order and your number after the tone.' } },
      noted: { en: { file: 'orders/noted', text: 'We have your order and will call you back. Goodbye.' } },
      bye: { en: { file: 'orders/bye', text: 'Please call again. Goodbye.' } },
    },
    hours: { kitchen: { open: [{ from: '11:00', to: '21:00' }] } },
    groups: ['kitchen'],
  },
  {
    start: hours('kitchen', { open: 'ring', closed: hangup({ say: 'closed' }) }),
    ring: orderDesk('kitchen', { say: 'welcome', max: '2m', timeout: 'message', failed: 'message' }),
    message: voicemail('orders', {
      greeting: 'message',
      max: '1m',
      next: hangup({ say: 'noted' }),
      empty: 'bye',
      failed: 'bye',
    }),
    bye: hangup({ say: 'bye' }),
  },
);
