import { describe, expect, test } from 'vitest';
import type { IvrNode } from '../../src/contract/index.js';
import { Caller, graphOf, prompt } from './caller.js';

const ends: Record<string, IvrNode> = Object.fromEntries(
  ['ok', 'no', 'created', 'fine', 'other', 'failed'].map((result) => [result, { type: 'return', result }]),
);
const http = (more: Partial<Extract<IvrNode, { type: 'http' }>> = {}): IvrNode => ({
  type: 'http',
  method: 'POST',
  url: 'https://crm.example/orders/{id}?who={call.number}',
  headers: { Authorization: 'Bearer {secret.crm}', 'X-Who': '{who}' },
  body: { id: '{id}', note: 'from {who}' },
  timeoutMs: 3000,
  tries: 2,
  keep: { state: '/state', pin: '/pin' },
  masked: ['pin'],
  ways: { 201: 'created', '2xx': 'fine' },
  otherwise: 'other',
  failed: 'failed',
  ...more,
});
/** A flow that sets variables and then asks. */
const asking = (node: IvrNode, variables: Readonly<Record<string, string>> = {}): Caller =>
  new Caller(graphOf({ start: { type: 'set', assign: variables, next: 'ask' }, ask: node, ...ends }));

describe('http', () => {
  test('asks with all that is filled in, and sets a last bound beside', () => {
    const caller = asking(http(), { id: 'A/7', who: 'x' });
    expect(caller.did.slice(-2)).toEqual(['ask http 3000x2', 'timer 11000']);
    expect(caller.asked).toMatchObject({
      key: 's1:main/ask:2',
      turn: caller.state.turn,
      question: {
        method: 'POST',
        url: 'https://crm.example/orders/A%2F7?who=13912345678',
        headers: { Authorization: 'Bearer {secret.crm}', 'X-Who': 'x' },
        body: { id: 'A/7', note: 'from x' },
        keep: { state: '/state', pin: '/pin' },
      },
    });
  });

  test.each([
    ['201', 'created'],
    ['200', 'fine'],
    ['299', 'fine'],
    ['404', 'other'],
    ['500', 'other'],
    ['2xx', 'failed'],
    ['constructor', 'failed'],
    ['', 'failed'],
    [undefined, 'failed'],
  ])('a status of %s leads to %s', (status, end) => {
    expect(asking(http()).isAnswered(status).did.at(-1)).toBe(`end return ${end}`);
  });

  test('keeps what it has asked for, shows no more than it may', () => {
    const long = 'x'.repeat(2000);
    const values = { state: long, pin: '4711', other: 'y', 'call.number': '110', toString: 'z' };
    const caller = asking(http(), { id: '1' }).isAnswered('200', values);
    expect(caller.state.variables).toMatchObject({
      state: long.slice(0, 1000),
      pin: '4711',
      'call.number': '13912345678',
    });
    expect(Object.hasOwn(caller.state.variables, 'other')).toBe(false);
    expect(Object.hasOwn(caller.state.variables, 'toString')).toBe(false);
    expect(caller.did).toContain(`data ${JSON.stringify({ state: long.slice(0, 1000) })}`);
    expect(JSON.stringify(caller.actions)).not.toContain('4711');
    expect(caller.state.masked).toEqual(['pin']);
  });

  test('what an answer holds is no template', () => {
    const caller = asking(http(), { id: '1' }).isAnswered('200', { state: '{pin}{id}', pin: '4711' });
    expect(caller.state.variables.state).toBe('{pin}{id}');
  });

  test('an answer that is none leaves nothing behind', () => {
    expect(asking(http()).isAnswered('nonsense', { state: 'x' }).state.variables).not.toHaveProperty('state');
  });

  test('nobody answers in time', () => {
    const caller = asking(http());
    const { turn } = caller.state;
    expect(caller.waitsOut().did.at(-1)).toBe('end return failed');
    const late = { outcome: 'answered', way: '200', values: {} } as const;
    expect(caller.gets({ type: 'answer', turn, answer: late }).did).toEqual([]);
  });

  test('an answer to a question of before is late', () => {
    const caller = asking(http());
    const before = caller.state;
    caller.gets({ type: 'answer', turn: before.turn - 1, answer: { outcome: 'answered', way: '201', values: {} } });
    expect(caller.state).toBe(before);
  });

  test('an address that became too long is not asked', () => {
    const caller = asking(http({ url: `https://x.example/${'{id}'.repeat(20)}` }), { id: '长'.repeat(100) });
    expect(caller.did.at(-1)).toBe('end return failed');
    expect(caller.asked).toBeUndefined();
  });
});

describe('announcements while the world outside is asked', () => {
  const node = http({ say: prompt('hello') });
  test('the answer waits for the end of the announcement', () => {
    const caller = asking(node);
    expect(caller.did.slice(-3)).toEqual(['ask http 3000x2', 'timer 11000', 'play zh/hello']);
    expect(caller.isAnswered('201').did).toEqual(['cancelTimer']);
    expect(caller.state).toMatchObject({ phase: 'asking', answer: { way: '201' } });
    expect(caller.isAnswered('500').did).toEqual([]);
    expect(caller.waitsOut().did).toEqual([]);
    expect(caller.hearsOut().did.at(-1)).toBe('end return created');
  });

  test('the announcement waits for the answer', () => {
    const caller = asking(node).hearsOut();
    expect(caller.did).toEqual([]);
    expect(caller.hearsOut().did).toEqual([]);
    expect(caller.isAnswered('201').did.at(-1)).toBe('end return created');
  });

  test('a failure waits as well', () => {
    const caller = asking(node).waitsOut();
    expect(caller.did).toEqual([]);
    expect(caller.isAnswered('201').did).toEqual([]);
    expect(caller.hearsOut('failed').did.at(-1)).toBe('end return failed');
  });

  test('keys are for the node that asks the caller next', () => {
    const caller = new Caller(
      graphOf({
        start: http({ say: prompt('hello'), ways: { 200: 'menu' } }),
        menu: { type: 'menu', say: prompt('menu'), keys: { 1: 'ok' }, noInput: 'no', noMatch: 'no' },
        ...ends,
      }),
    );
    expect(caller.presses('1').did).toEqual([]);
    expect(caller.isAnswered('200').presses('1').hearsOut().did.at(-1)).toBe('end return ok');
  });

  test('what must not be cut short needs no stretches of its own', () => {
    const caller = asking(http({ say: [...prompt('hello'), { kind: 'prompt', prompt: 'bye', bargeIn: 'none' }] }));
    expect(caller.did.at(-1)).toBe('play zh/hello+zh/bye');
  });
});

describe('after a restart', () => {
  test('the same question goes out under the same key, and answers of before are late', () => {
    const caller = asking(http({ say: prompt('hello') }));
    const { key, turn } = caller.asked ?? { key: 'none', turn: 0 };
    caller.gets({ type: 'reenter' });
    expect(caller.did).toEqual(['collect start', 'at ask', 'ask http 3000x2', 'timer 11000', 'play zh/hello']);
    expect(caller.asked?.key).toBe(key);
    expect(caller.gets({ type: 'answer', turn, answer: { outcome: 'failed' } }).did).toEqual([]);
    expect(caller.hearsOut().isAnswered('201').did.at(-1)).toBe('end return created');
  });

  test('an answer that has come is not asked for again', () => {
    const caller = asking(http({ say: prompt('hello') })).isAnswered('201', { state: 'sent' });
    expect(caller.gets({ type: 'reenter' }).did).toEqual([
      'collect start',
      'data {"state":"sent"}',
      'at created',
      'collect stop',
      'end return created',
    ]);
  });

  test('entering the node by an edge is another visit and so another key', () => {
    const caller = new Caller(graphOf({ start: http({ ways: { 200: 'start' } }), ...ends }));
    const first = caller.asked?.key;
    expect(caller.isAnswered('200').asked?.key).not.toBe(first);
    expect(caller.asked?.key).toBe('s1:main/start:2');
  });
});

describe('functions of the host', () => {
  const node = (type: 'compute' | 'query'): IvrNode => ({
    type,
    function: 'price@2',
    pass: { code: '{id}', who: '{call.number}' },
    keep: { price: 'amount' },
    ways: { known: 'ok', unknown: 'no' },
    failed: 'failed',
  });
  test.each(['compute', 'query'] as const)('%s asks with texts and leaves by one of its ways', (type) => {
    const caller = asking(node(type), { id: '7' });
    expect(caller.did.slice(-2)).toEqual(['ask host 5000x1', 'timer 10000']);
    expect(caller.asked?.question).toEqual({
      type: 'host',
      function: 'price@2',
      pass: { code: '7', who: '13912345678' },
      keep: { price: 'amount' },
      ways: ['known', 'unknown'],
    });
    expect(caller.isAnswered('known', { price: '1250' }).did).toEqual([
      'cancelTimer',
      'data {"price":"1250"}',
      'at ok',
      'collect stop',
      'end return ok',
    ]);
  });
  test.each([
    ['unknown', 'no'],
    ['other', 'failed'],
    ['hasOwnProperty', 'failed'],
    [undefined, 'failed'],
  ])('the way %s leads to %s', (way, end) => {
    expect(asking(node('query')).isAnswered(way).did.at(-1)).toBe(`end return ${end}`);
  });
});

describe('fax', () => {
  const node = (variable?: string): IvrNode => ({
    type: 'fax',
    document: 'prices',
    ...(variable === undefined ? {} : { variable }),
    next: 'ok',
    failed: 'failed',
  });
  test('goes to the caller, or where a variable says', () => {
    expect(asking(node()).asked?.question).toEqual({ type: 'fax', document: 'prices', number: '+8613912345678' });
    const other = asking(node('n'), { n: '010 6234 5678' });
    expect(other.asked?.question).toEqual({ type: 'fax', document: 'prices', number: '+861062345678' });
    expect(other.isAnswered('done').did.at(-1)).toBe('end return ok');
    expect(asking(node()).isAnswered('sent').did.at(-1)).toBe('end return failed');
  });
  test.each(['110', '', 'letters', '12'])('%j is no number for it', (n) => {
    const caller = asking(node('n'), { n });
    expect(caller.asked).toBeUndefined();
    expect(caller.did.at(-1)).toBe('end return failed');
  });
});
