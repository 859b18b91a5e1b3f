import { checkIvr } from '@cordboard/ivr-dsl';
import { Coverage, expectCoverage, expectSound, flowTest, randomWalks } from '@cordboard/ivr-dsl/testing';
import { afterAll, expect, test } from 'vitest';
import { orders } from '../orders.js';
import { site } from '../site.js';

const coverage = new Coverage();
const caller = (at = '2026-03-02T12:00') => flowTest(orders, { at, coverage });

test('the flow has no findings, and the kitchen has phones', () => {
  expect(checkIvr(orders, { site: { groups: site.groups } })).toEqual([]);
});

test('somebody in the kitchen takes the order', () => {
  caller().hears('welcome').isTransferredTo('kitchen').isAnswered();
});

test('nobody picks up: the order is said as a message', () => {
  const heard = caller()
    .isTransferredTo('kitchen')
    .transferFails('noAnswer')
    .hears('message')
    .expects.toRecord('orders');
  heard.says('two soups and a bread').presses('#').hears('noted').isOver({ by: 'hangup' });
  expect(heard.left).toMatchObject([{ box: 'orders' }]);
});

test('the phones cannot be rung: a message as well', () => {
  const asked = () => caller().isTransferredTo('kitchen').transferFails('failed').expects.toRecord('orders');
  expect(asked().presses('#').hears('bye').isOver({ by: 'hangup' }).left).toEqual([]);
  expect(asked().recordingFails().hears('bye').isOver({ by: 'hangup' }).left).toEqual([]);
});

test('the kitchen is closed at ten', () => {
  caller('2026-03-02T10:59').hears('closed').isOver({ by: 'hangup' });
  caller('2026-03-02T21:00').hears('closed');
  caller('2026-03-02T11:00').hears('welcome');
});

test('five hundred callers who do anything come to an end', () => {
  expectSound(randomWalks(orders, { seed: 11, walks: 500 }));
});

afterAll(() => expectCoverage(coverage, orders, { edges: 0.9, nodes: 1 }));
