import { BACK, collect, defineIvr, digits, hangup, http, list, menu, money, play, queue } from '@cordboard/ivr-dsl';
import { prompts } from './prompts.js';

/** What the bank's service is asked with. The key of the bank stands in the server's configuration; the flow knows its name alone. */
const asking = {
  method: 'POST',
  headers: { authorization: 'Bearer {secret.BANK_KEY}' },
  say: 'moment',
  timeout: '3s',
  tries: 3,
} as const;

/** The flow that asks the service at `origin`, such as `https://accounts.bank.example`. */
export function bankAt(origin: string) {
  /** Asks for the PIN and holds it against the card; `wrong` is where a wrong one leads. Neither is ever data of the call. */
  const pin = (say: 'pin.ask' | 'pin.again', wrong: 'pin2' | 'pin3' | 'agent') =>
    collect('pin', {
      say,
      min: 6,
      max: 6,
      pattern: '\\d{6}',
      masked: true,
      noMatchSay: 'pin.wrong',
      next: http({
        ...asking,
        url: `${origin}/sessions`,
        body: { card: '{card}', pin: '{pin}' },
        keep: { account: '/account', level: '/level' },
        masked: ['account'],
        ways: { 201: 'account', 401: wrong },
        otherwise: 'sorry',
        failed: 'sorry',
      }),
      noInput: 'agent',
      noMatch: 'agent',
    });

  return defineIvr(
    {
      id: 'bank',
      languages: ['en'],
      prompts,
      queues: ['service', 'personal'],
      lists: ['vip'],
      bounds: { max: '20m', depth: 4 },
    },
    {
      start: list({
        rules: [{ list: 'vip', goTo: 'vip' }],
        otherwise: play({ say: 'welcome', bargeIn: true, next: 'card' }),
      }),
      // Callers whom the bank knows are served by a person first, and by the machine when nobody is free.
      vip: queue('personal', { say: 'agent', priority: 10, overflowAfter: '30s', overflow: 'card', returned: 'card' }),
      card: collect('card', {
        say: 'card.ask',
        min: 16,
        max: 19,
        pattern: '[2-6]\\d{15,18}',
        masked: true,
        noMatchSay: 'card.wrong',
        next: 'pin',
        noInput: 'agent',
        noMatch: 'agent',
      }),
      // Three tries, each a node of its own: the third wrong PIN leads to a person.
      pin: pin('pin.ask', 'pin2'),
      pin2: pin('pin.again', 'pin3'),
      pin3: pin('pin.again', 'agent'),
      account: menu({
        say: 'account',
        keys: { 1: 'balance', 2: 'order', 0: 'help', '*': 'bye' },
        noMatchSay: 'account.wrong',
        noInput: 'bye',
        noMatch: 'help',
      }),
      balance: http({
        ...asking,
        url: `${origin}/balance`,
        body: { account: '{account}' },
        keep: { balance: '/balance' },
        masked: ['balance'],
        ways: { 200: play({ say: ['balance.is', money('balance', 'CNY')], next: BACK }) },
        otherwise: 'trouble',
        failed: 'trouble',
      }),
      order: menu({
        say: 'order.confirm',
        keys: { 1: 'book', 2: 'account' },
        noInput: 'account',
        noMatch: 'account',
      }),
      // Goes out with the same Idempotency-Key however often it is tried, also after a restart of the server: the service books once.
      book: http({
        ...asking,
        url: `${origin}/orders`,
        body: { account: '{account}', kind: 'card' },
        keep: { orderNumber: '/number' },
        ways: {
          201: play({ say: ['order.number', digits('orderNumber')], next: 'account' }),
          409: play({ say: 'order.refused', next: 'account' }),
        },
        otherwise: 'trouble',
        failed: 'trouble',
      }),
      sorry: play({ say: 'trouble', next: 'agent' }),
      trouble: play({ say: 'trouble', next: 'help' }),
      // Whoever is known comes back to the account; whoever is not is asked for the card.
      help: queue('service', { say: 'agent', overflowAfter: '5m', overflow: 'closed', returned: 'account' }),
      agent: queue('service', { say: 'agent', overflowAfter: '5m', overflow: 'closed', returned: 'card' }),
      closed: hangup({ say: 'closed' }),
      bye: hangup({ say: 'bye' }),
    },
  );
}

export const bank = bankAt('https://accounts.bank.example');
