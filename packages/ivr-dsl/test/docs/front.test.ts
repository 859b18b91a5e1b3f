import { flowTest } from '@cordboard/ivr-dsl/testing';
import { test } from 'vitest';
import { front } from './front.js';

test('key 1, then 1: the sales queue', () => {
  flowTest(front).hears('front.menu').presses('1').hears('sales.menu').presses('1').isQueuedIn('sales');
});

test('nobody presses anything: support', () => {
  flowTest(front).waits('30s').isQueuedIn('support').queueIsFull().isOver({ by: 'end' });
});

test('nobody is there at night', () => {
  flowTest(front, { at: '2026-03-02T20:00' }).hears('closed').isOver({ by: 'hangup' });
});
