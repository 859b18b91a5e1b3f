import { Coverage, coverEdges, expectCoverage, expectSound, flowTest, randomWalks } from '@cordboard/ivr-dsl/testing';
import { describe, expect, test } from 'vitest';
import { shop } from './shop.js';

const coverage = new Coverage();
const site = { coverage, calendars: { cn: { holidays: ['2026-10-01'], workdays: ['2026-10-10'] } } };

describe('a caller', () => {
  test('asks for an order by its number', () => {
    const functions = { 'order-state@1': { way: 'sent', values: { day: '2026-03-01' } } } as const;
    const caller = flowTest(shop, { ...site, functions })
      .hears(/your order: press one/i)
      .presses('1');
    caller.hears('number').presses('2026#').expects.toAsk('order-state@1').expects.toEnd({ by: 'hangup' });
    caller.neverHears(/closed/);
  });

  test('gets an agent when the host answers late, and is answered', () => {
    const functions = { 'order-state@1': () => ({ way: 'sent', after: '3s' }) as const };
    const caller = flowTest(shop, { ...site, functions })
      .presses('1')
      .presses('2026#')
      .isAt('state');
    caller.waits('2s').expects.toQueue('desk').isAnswered();
  });

  test('leaves a message on a holiday, and hangs up', () => {
    const caller = flowTest(shop, { ...site, at: '2026-10-01T10:00' })
      .hears(/closed/)
      .expects.toRecord('shop');
    caller.says('please call me back').waits('2s').hangsUp();
    expect(caller.left).toMatchObject([{ box: 'shop' }]);
  });
});

test('whatever callers do, the flow comes to an end', () => {
  expectSound(randomWalks(shop, { ...site, seed: 7, walks: 2000 }));
});

test('every edge can be taken', () => {
  const { uncovered, scripts } = coverEdges(shop, site);
  expect(uncovered).toEqual([]);
  expect(scripts.length).toBeLessThan(20);
});

test('these tests went through nine tenths of it', () => {
  expectCoverage(coverage, shop, { edges: 0.9, nodes: 1 });
});
