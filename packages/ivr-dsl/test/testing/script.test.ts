import { isCtiError } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { type FlowTestOptions, flowTest, type Reply } from '../../src/testing/index.js';
import { office, site } from './office.js';

const PRICE = { 'price@1': { way: 'known', values: { total: '1250' } } } as const;
const shop = { ...site, functions: PRICE, http: () => ({ status: 200, body: { order: { state: 'sent' } } }) };
const call = (options: FlowTestOptions = shop) => flowTest(office, options);

/** What a failing expectation says. */
function refusal(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    return isCtiError(error, 'flow.invalid') ? error.message : String(error);
  }
  return 'held';
}

describe('what a caller hears', () => {
  test('words fit an expression, keys name prompts, texts have their variables', () => {
    call()
      .hears('front.menu')
      .hears(/order press one/)
      .presses('1')
      .hears(/number please/)
      .hears(/You are 0612345678/);
  });
  test('in the other language the words are others', () => {
    call()
      .presses('51')
      .isAt('pick')
      .hears(/订单/)
      .neverHears(/Goodbye/);
  });
  test('what was heard is denied in vain, with the time of it', () => {
    expect(refusal(() => call().listens().neverHears(/order/))).toContain('who heard it at 00:00');
  });
});

describe('what a caller does', () => {
  test('keys, a price, a shop, a transfer to what was keyed in', () => {
    const caller = call()
      .presses('1')
      .presses('8123#')
      .expects.toAsk('price@1')
      .expects.toAsk(/POST .*orders\/8123/);
    caller.expects.toSet('told', 'yes sent').expects.toTransfer('8123').transferFails('busy').hears('again');
    caller.expects.toQueue('sales').isAnswered();
    expect(caller.exit).toBe('answered');
    expect(refusal(() => caller.expects.toEnd())).toContain('(answered)');
  });
  test('a message is left, also by who hangs up; one too short is none', () => {
    const caller = call().presses('2').expects.toRecord('office').says('please call me').waits('2s').hangsUp();
    expect(caller.left).toMatchObject([{ box: 'office', durationMs: 3200 }]);
    const short = call().presses('2').listens().presses('#').isAt('pick');
    expect(short.left).toEqual([]);
    const sent = call().presses('2').says('please call me').waits('2s').presses('#');
    sent.expects.toKeep({ kind: 'contact' }).expects.toAsk('fax').expects.toEnd({ by: 'end' });
    call().presses('2').recordingFails().isOver({ by: 'hangup' });
  });
  test('words are understood, misunderstood and missing', () => {
    call().presses('3').says('Sales').presses('#').expects.toQueue('sales');
    call().presses('3').says('bananas').presses('#').says('apples').presses('#').isAt('pick');
    call().presses('3').waits('22s').isAt('pick');
    call().presses('3').listens().presses('#').listens().presses('#').isAt('pick');
  });
  test('the kitchen picks up, or nobody does', () => {
    call().presses('4').expects.toTransfer('kitchen').isAnswered();
    call().presses('4').transferFails('noAnswer').isAt('people');
    call().presses('4').transferFails('failed').isOver({ by: 'hangup' });
  });
  test('a sub-flow gives its result and keeps a score', () => {
    call()
      .presses('6')
      .hears('again')
      .presses('1')
      .expects.toKeep({ kind: 'score', survey: 'csat', score: 8100 })
      .expects.toEnd({ by: 'end' });
  });
});

describe('the world around', () => {
  test.each<[string, FlowTestOptions, string]>([
    ['at noon', { at: '2026-03-02T12:30' }, 'shut'],
    ['in the afternoon', { at: '2026-03-02T13:00' }, 'pick'],
    ['on a holiday', { at: '2026-05-01T10:00' }, 'shut'],
    ['on a Sunday', { at: '2026-03-01T10:00' }, 'shut'],
    ['at night, by hand', { modes: { house: 'night' } }, 'shut'],
    ['for whom it likes', { modes: { house: 'night' }, lists: { vip: ['+33612345678'] } }, 'shut'],
    ['for a site elsewhere, in summer', { zone: 'America/New_York', at: '2026-07-06T03:30' }, 'pick'],
    [
      'for a site elsewhere, in the week between two changes of the clock',
      { zone: 'America/New_York', at: '2026-03-16T13:30' },
      'shut',
    ],
  ])('%s', (_, options, node) => {
    call({ ...site, ...options }).isAt(node);
  });
  test('lists and areas', () => {
    expect(call({ ...site, lists: { black: ['06 12 34 56 78'] } }).exit).toBe('ended');
    expect(call({ ...site, lists: { vip: ['0612*'] } }).path).toEqual([
      'office/start',
      'office/house',
      'office/known',
      'office/pick',
    ]);
    const asked = call({ ...site, area: { province: 'Guangdong' } });
    asked.expects.toAsk('area').isAt('pick');
    call({ ...site, area: 'never' })
      .isAt('where')
      .waits('2s')
      .isAt('pick');
    call({ ...site, area: 'lost' })
      .waits('6s')
      .isAt('where')
      .waits('2s')
      .isAt('pick');
  });
});

describe('who answers for the world', () => {
  const priced = (reply: Reply | ((attempt: number) => Reply)) => {
    const keys: string[] = [];
    const functions = {
      'price@1': (_: unknown, asked: { readonly key: string; readonly attempt: number }): Reply => {
        keys.push(asked.key);
        return typeof reply === 'function' ? reply(asked.attempt) : reply;
      },
    };
    return {
      keys,
      caller: call({ ...shop, functions })
        .presses('1')
        .presses('8123#'),
    };
  };
  test('a handler hears the texts, and the same key in each try', () => {
    const { keys, caller } = priced((attempt) => (attempt === 1 ? 'never' : { way: 'known' }));
    caller.isAt('price').waits('1s').listens().isAt('dial');
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
  test('late is too late, and a throw is no answer', () => {
    const late = priced({ way: 'known', after: '1s' });
    late.caller.waits('1s').isAt('price').waits('1s').isAt('pick');
    priced({ way: 'known', after: '900ms' }).caller.isAt('price').waits('1s').listens().isAt('dial');
    priced('fails').caller.isAt('pick');
    priced({ way: 'what' }).caller.isAt('pick');
    priced(() => {
      throw new Error('down');
    }).caller.isAt('pick');
  });
  test('a question that is lost ends by the last bound of the flow alone', () => {
    priced('lost').caller.waits('6s').isAt('price').waits('1s').isAt('pick');
  });
  test('without a handler the script answers', () => {
    const caller = call(site).presses('1').presses('8123#').isAt('price').answers({ way: 'known' });
    caller.isAt('ask').answers({ status: 500 }).listens().isAt('pick');
    expect(refusal(() => caller.answers('fails'))).toContain('the flow asks a question that no handler answers');
  });
});

test('a failing expectation shows the way taken', () => {
  const message = refusal(() => call().hears('front.menu').presses('1').presses('8123#').expects.toQueue('support'));
  for (const line of [
    'expected that the caller waits in the queue support, but the flow is transferring at office/dial',
    '00:00 is at office/pick',
    `00:00     .presses('1')`,
    'hears "Your number please You are 0612345678"',
    'asks host price@1',
    'asks http POST https://shop.example/orders/8123',
    'is put through to 8123',
  ]) {
    expect(message).toContain(line);
  }
});
