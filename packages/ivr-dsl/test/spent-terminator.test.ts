import { expect, test } from 'vitest';
import { collect, defineIvr, END, menu, noBargeIn, play } from '../src/index.js';
import { flowTest } from '../src/testing/index.js';

const card = collect('card', { say: 'card', min: 2, max: 4, next: 'pin', noInput: END, noMatch: END });
const pin = collect('pin', {
  say: 'pin',
  min: 2,
  max: 2,
  noMatchSay: 'wrong',
  next: 'more',
  noInput: END,
  noMatch: END,
});
const more = menu({ say: 'more', keys: { '#': 'start' }, noMatchSay: 'wrong', noInput: END, noMatch: END });
const prompts = { card: 'c', pin: 'p', wrong: 'w', more: 'm', notice: 'n' };
const flow = defineIvr({ id: 'f', languages: ['en'], prompts }, { start: card, pin, more });

test('the terminator behind a full input belongs to that input', () => {
  const caller = flowTest(flow).hears('card').presses('1234#').hears('pin').neverHears('wrong');
  expect(caller.node).toBe('pin');
});

test('also where both were pressed ahead of the node that asks', () => {
  const start = play({ say: [noBargeIn('notice')], next: 'card' });
  const noticed = defineIvr({ id: 'f', languages: ['en'], prompts }, { start, card, pin, more });
  const caller = flowTest(noticed).presses('1234#56').neverHears('wrong').hears('more');
  expect(caller.node).toBe('more');
});

test('it belongs to that input once, and for the time between two keys: later it is a key like any other', () => {
  expect(flowTest(flow).presses('1234#56##').node).toBe('start');
  expect(flowTest(flow).presses('123456').waits('4s').presses('#').node).toBe('start');
});
