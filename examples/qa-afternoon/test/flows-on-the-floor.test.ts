import {
  BACK,
  collect,
  defineIvr,
  END,
  hangup,
  menu,
  play,
  queue,
  returns,
  set,
  subflow,
  transfer,
} from '@cordboard/ivr-dsl';
import { virtualFloor } from '@cordboard/simulator';
import { expect, test } from 'vitest';

const prompts = { ask: 'ask', wrong: 'wrong', menu: 'menu', sorry: 'sorry', thanks: 'thanks' };
const languages = ['zh'] as const;

const pin = defineIvr(
  { id: 'pin', languages, prompts },
  {
    start: collect('pin', {
      say: 'ask',
      min: 6,
      max: 6,
      masked: true,
      noMatchSay: 'wrong',
      next: returns('known'),
      noInput: returns('refused'),
      noMatch: returns('refused'),
    }),
  },
);

const shop = defineIvr(
  { id: 'shop', languages, prompts },
  {
    start: menu({
      say: 'menu',
      keys: { 1: 'who', 2: 'direct', 3: play({ say: 'thanks', next: BACK }) },
      noInput: END,
      noMatch: END,
    }),
    who: subflow(pin, { results: { known: 'order', refused: hangup({ say: 'sorry' }) }, otherwise: END }),
    order: collect('order', { say: 'ask', min: 1, max: 8, next: 'note', noInput: 'sell', noMatch: 'sell' }),
    note: set({ about: 'order {order}', secret: '{pin}' }, { next: 'sell' }),
    sell: queue('sales', { overflow: END }),
    direct: transfer({
      to: { extension: '8001' },
      ringTimeout: '10s',
      failedSay: 'sorry',
      busy: 'sell',
      noAnswer: 'sell',
      failed: 'sell',
    }),
  },
);

function open(seed: number) {
  const floor = virtualFloor({ seed, ivr: [shop, pin], queues: { sales: { agents: ['ann', 'bob'] } } });
  floor.open();
  return floor;
}

test('a pin under a mask is nowhere to be read; an order number is what the agent sees', async () => {
  const floor = open(1);
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('1', { after: '3s' })
    .presses('482913', { after: '3s' });
  caller.presses('77#', { after: '3s' }).talks({ for: '10s' }).hangsUp();
  await floor.runUntil(caller.ended);
  const cdr = floor.cdrOf(caller);
  expect(cdr).toMatchObject({ outcome: 'answered', data: { order: '77', about: 'order 77' } });
  expect(cdr?.ivrPath).toEqual([
    'shop/start',
    'shop/who',
    'pin/start',
    'pin/start.next',
    'shop/order',
    'shop/note',
    'shop/sell',
  ]);
  expect(JSON.stringify([cdr, floor.events])).not.toContain('482913');
  floor.checkInvariants();
});

test('a wrong pin three times: the flow says sorry and hangs up', async () => {
  const floor = open(2);
  const caller = floor.caller('+8613900000000').dials('8100').presses('1', { after: '3s' });
  for (let round = 0; round < 3; round += 1) caller.presses('12#', { after: '5s' });
  await floor.runUntil(caller.ended);
  expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'completedInFlow', agents: [] });
  expect(floor.cdrOf(caller)?.ivrPath.at(-1)).toBe('shop/who.results.refused');
  floor.checkInvariants();
});

test('a colleague who does not answer: the caller hears so and waits in the queue', async () => {
  const floor = open(3);
  floor.agent('ann').ignores();
  floor.agent('ann').isOnBreak();
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('3', { after: '3s' })
    .presses('2', { after: '5s' });
  caller.talks({ for: '10s' }).hangsUp();
  await floor.runUntil(caller.ended);
  const cdr = floor.cdrOf(caller);
  expect(cdr).toMatchObject({ outcome: 'answered', agents: ['bob'] });
  expect(cdr?.ivrPath).toEqual(['shop/start', 'shop/start.3', 'shop/start', 'shop/direct', 'shop/sell']);
  floor.checkInvariants();
});

test('the switch is gone for a moment while the caller types: the question is asked again', async () => {
  const floor = open(4);
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('1', { after: '3s' })
    .presses('482', { after: '3s' });
  floor.run('7500ms');
  floor.pbx.cutLink(1000);
  caller.presses('482913', { after: '8s' }).presses('5#', { after: '3s' }).talks({ for: '5s' }).hangsUp();
  await floor.runUntil(caller.ended);
  expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'answered', data: { order: '5' } });
  floor.checkInvariants();
});
