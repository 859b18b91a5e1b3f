import { expect, test } from 'vitest';
import { collect, defineIvr, END } from '../src/index.js';
import { flowTest } from '../src/testing/index.js';

const flow = defineIvr(
  { id: 'f', languages: ['en'], prompts: { card: 'c', pin: 'p', wrong: 'w' } },
  {
    start: collect('card', { say: 'card', min: 2, max: 4, next: 'pin', noInput: END, noMatch: END }),
    pin: collect('pin', { say: 'pin', min: 2, max: 2, noMatchSay: 'wrong', next: END, noInput: END, noMatch: END }),
  },
);
test('the terminator behind a full input belongs to that input', () => {
  const caller = flowTest(flow).hears('card').presses('1234#').hears('pin').neverHears('wrong');
  expect(caller.node).toBe('pin');
});
