import { checkIvr } from '@cordboard/ivr-dsl';
import { flowTest } from '@cordboard/ivr-dsl/testing';
import { expect, test } from 'vitest';
import { front } from '../front.js';

test('the flow has no findings', () => {
  expect(checkIvr(front)).toEqual([]);
});

test('two levels down to support', () => {
  flowTest(front).hears('front.menu').presses('2').hears('support.menu').presses('1').isQueuedIn('support');
});

test('a wrong key is told, a second one ends it', () => {
  flowTest(front)
    .presses('7')
    .hears('front.wrong')
    .hears('front.menu')
    .presses('8')
    .hears('closed')
    .isOver({ by: 'hangup' });
});

test('nobody is there on Saturday', () => {
  flowTest(front, { at: '2026-03-07T10:00' }).hears('closed').isOver({ by: 'hangup' });
});
