import { checkIvr } from '@cordboard/ivr-dsl';
import {
  Coverage,
  expectCoverage,
  expectSound,
  type FlowTestOptions,
  flowTest,
  type Reply,
  randomWalks,
} from '@cordboard/ivr-dsl/testing';
import { afterAll, expect, test } from 'vitest';
import { bank, bankAt } from '../bank.js';
import { site } from '../site.js';
import { BankService, CARD, PIN } from './service.js';

const coverage = new Coverage();
const caller = (options: FlowTestOptions = {}) => {
  const service = new BankService();
  return flowTest(bank, { coverage, lists: site.lists, http: (request) => service.answer(request), ...options });
};
/** A caller who has shown who it is. */
const known = (options: FlowTestOptions = {}) =>
  caller(options).hears('card.ask').presses(`${CARD}#`).hears('pin.ask').presses(PIN).hears('account');
/** The service answers so to this path, and as ever to others. */
const but = (path: string, reply: Reply): FlowTestOptions => {
  const service = new BankService();
  return { http: (request) => (request.url.endsWith(path) ? reply : service.answer(request)) };
};

test('the flow has no findings, here and on the site; a service that the site does not allow is one', () => {
  expect(checkIvr(bank)).toEqual([]);
  const onSite = { lists: site.lists, services: site.ivr.http.allow };
  expect(checkIvr(bank, { site: onSite })).toEqual([]);
  const elsewhere = checkIvr(bankAt('https://elsewhere.example'), { site: onSite });
  expect(new Set(elsewhere.map(({ code }) => code))).toEqual(new Set(['http.host']));
});

test('the balance is read as money, and is no data of the call; neither are card, PIN and account', () => {
  const heard = known()
    .presses('1')
    .hears(/Your balance is 1234 yuan 56 fen/)
    .hears('account')
    .presses('*')
    .hears('bye');
  heard.isOver({ by: 'hangup' });
  expect(heard.data).toEqual({ level: 'gold' });
});

test('a debt has its sign, and a whole amount no fen', () => {
  const owing = new BankService(-5000);
  known({ http: (request) => owing.answer(request) })
    .presses('1')
    .hears(/Your balance is minus 50 yuan$/);
});

test('three wrong PINs lead to a person', () => {
  const heard = caller().hears('card.ask').presses(`${CARD}#`).hears('pin.ask').presses('000000').hears('pin.again');
  heard.presses('111111').hears('pin.again').presses('222222').hears('agent').expects.toQueue('service');
});

test('the right PIN at the second and at the third try', () => {
  const wrong = () =>
    caller().hears('card.ask').presses(`${CARD}#`).hears('pin.ask').presses('000000').hears('pin.again');
  wrong().presses(PIN).hears('account');
  wrong().presses('111111').hears('pin.again').presses(PIN).hears('account');
});

test('silence, and what is no card number or no PIN, lead to a person', () => {
  caller().hears('card.ask').waits('1m').expects.toQueue('service');
  caller().hears('card.ask').presses('123#').hears('card.wrong').presses('1#1#').expects.toQueue('service');
  for (const before of [[], ['000000'], ['000000', '111111']]) {
    const asked = () => {
      const heard = caller().hears('card.ask').presses(`${CARD}#`).hears('pin.ask');
      for (const pin of before) heard.presses(pin).hears('pin.again');
      return heard;
    };
    asked().waits('1m').expects.toQueue('service');
    asked().presses('12#').hears('pin.wrong').presses('12#').presses('12#').expects.toQueue('service');
    // The service is away, or answers something else.
    for (const replies of ['never', { status: 500 }] as const) {
      let asks = 0;
      const service = new BankService();
      const heard = caller({
        http: (request) => (++asks > before.length ? replies : service.answer(request)),
      })
        .hears('card.ask')
        .presses(`${CARD}#`)
        .hears('pin.ask');
      for (const pin of before) heard.presses(pin).hears('pin.again');
      heard.presses(PIN).hears('moment').waits('15s').expects.toQueue('service');
    }
  }
});

test('a new card is asked for twice and booked once, with one key for all tries', () => {
  const service = new BankService();
  const keys: string[] = [];
  const heard = known({
    http(request) {
      if (!request.url.endsWith('/orders')) return service.answer(request);
      keys.push(request.key);
      const answer = service.answer(request);
      // The first answer is lost on its way back.
      return request.attempt === 1 && keys.length === 1 ? 'never' : answer;
    },
  });
  heard
    .presses('2')
    .hears('order.confirm')
    .presses('1')
    .hears(/number of your order is 5 5 0 1/)
    .hears('account');
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(service.booked.size).toBe(1);
  heard.presses('2').hears('order.confirm').presses('1').hears('order.refused').hears('account');
  expect(heard.data).toEqual({ level: 'gold', orderNumber: '5501' });
});

test('an outage in the midst of the booking asks again with the same key', () => {
  const service = new BankService();
  const keys: string[] = [];
  const heard = known({
    http(request) {
      if (request.url.endsWith('/orders')) keys.push(request.key);
      const answer = service.answer(request);
      return keys.length === 1 ? 'lost' : answer;
    },
  });
  heard.presses('2').hears('order.confirm').presses('1').listens().isAt('book');
  heard.survivesOutage().hears('order.number');
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(service.booked.size).toBe(1);
});

test('nothing is booked by who thinks again', () => {
  known().presses('2').hears('order.confirm').presses('2').hears('account');
  known().presses('2').hears('order.confirm').waits('1m').isOver({ by: 'hangup' });
  known().presses('2').hears('order.confirm').presses('777').hears('account');
});

test.each([
  ['/balance', '1'],
  ['/orders', '21'],
])('trouble with %s: a colleague helps, and gives the caller back', (path, keys) => {
  for (const reply of ['never', { status: 503 }] as const) {
    const heard = known(but(path, reply));
    for (const key of keys) heard.presses(key).listens();
    heard.waits('15s').expects.toQueue('service').comesBack().hears('account');
  }
});

test('a person, and back to the account', () => {
  known()
    .presses('0')
    .hears('agent')
    .expects.toQueue('service')
    .comesBack()
    .hears('account')
    .presses('1')
    .hears('balance.is');
});

test('a person for who is not known, and back to the card', () => {
  caller().hears('card.ask').waits('1m').expects.toQueue('service').comesBack().hears('card.ask');
});

test('nobody is there', () => {
  known().presses('0').queueOverflows().hears('closed').isOver({ by: 'hangup' });
  caller().waits('1m').expects.toQueue('service').queueIsFull().hears('closed');
});

test('wrong keys at the account lead to a person, silence ends the call', () => {
  known().presses('9').hears('account.wrong').presses('9').presses('9').expects.toQueue('service');
  known().waits('1m').isOver({ by: 'hangup' });
});

test('who is on the list is served by a person first', () => {
  const [number = ''] = site.lists.vip;
  const vip = () => caller({ from: number }).hears('agent').expects.toQueue('personal');
  vip().isAnswered();
  vip().queueOverflows().hears('card.ask');
  vip().comesBack().hears('card.ask');
  expect(vip().actions).toContainEqual(expect.objectContaining({ type: 'enqueue', priority: 10 }));
});

test('five hundred callers who do anything, at a bank that takes every other PIN: nobody is at an account that is not theirs', () => {
  const report = randomWalks(bank, {
    seed: 5,
    walks: 500,
    http: ({ url, body }) => {
      if (!url.endsWith('/sessions')) return { status: 200, body: { balance: 5 } };
      return Number(body?.pin) % 2 === 0 ? { status: 201, body: { account: 'A-77', level: 'gold' } } : { status: 401 };
    },
    invariants: {
      'an account has a PIN': ({ path, variables }) =>
        path.includes('bank/account') && variables.account !== 'A-77' ? 'there was none' : undefined,
    },
  });
  expectSound(report);
});

afterAll(() => expectCoverage(coverage, bank, { edges: 0.95, nodes: 1 }));
