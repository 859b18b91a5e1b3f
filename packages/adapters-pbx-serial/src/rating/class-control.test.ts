import { CtiError } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { expect, test } from 'vitest';
import { ClassKeeper } from './class-control.js';
import type { Payer } from './credit.js';

const ROOM: Payer = { by: 'extension', id: '101' };
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A PBX that ends each order when the test says so. */
function begin() {
  const clock = new SimulatedClock();
  const orders: {
    readonly to: string;
    readonly signal: AbortSignal;
    readonly done: () => void;
    readonly failed: (error: unknown) => void;
  }[] = [];
  const told: string[] = [];
  const keeper = new ClassKeeper({
    clock,
    set: (_payer, to) => told.push(`set ${to}`),
    failed: () => told.push('failed'),
    control: {
      setClass: (_payer, to, { signal }) =>
        new Promise<void>((done, failed) => {
          orders.push({ to, signal, done, failed });
        }),
    },
  });
  return { clock, orders, told, keeper };
}

test('one order at a time: while one is under way others wait, and then only the last that is wanted is asked for', async () => {
  const { keeper, orders, told } = begin();
  keeper.want(ROOM, '6', undefined);
  keeper.want(ROOM, '2', undefined);
  keeper.want(ROOM, '3', undefined);
  expect(orders.map(({ to }) => to)).toEqual(['6']);
  orders[0]?.done();
  await turns();
  expect(orders.map(({ to }) => to)).toEqual(['6', '3']);
  orders[1]?.done();
  await turns();
  keeper.want(ROOM, '3', undefined);
  await turns();
  expect([orders.length, told]).toEqual([2, ['set 6', 'set 3']]);
  await keeper.stop();
});

test('is asked again after 5 s, then after twice as long each time, at most 5 min', async () => {
  const { keeper, clock, orders } = begin();
  const refuse = async (): Promise<void> => {
    orders.at(-1)?.failed(new CtiError('driver.timeout', 'no answer'));
    await turns();
  };
  keeper.want(ROOM, '6', undefined);
  for (const [index, waitS] of [5, 10, 20, 40, 80, 160, 300, 300, 300].entries()) {
    await refuse();
    await clock.tick(waitS * 1_000 - 1);
    expect(orders).toHaveLength(index + 1);
    await clock.tick(1);
    expect(orders).toHaveLength(index + 2);
  }
  await refuse();
  // Another class does not wait for what the one before waited.
  const before = orders.length;
  keeper.want(ROOM, '2', undefined);
  expect(orders.slice(before).map(({ to }) => to)).toEqual(['2']);
  await refuse();
  await clock.tick(5_000);
  expect(orders.length).toBe(before + 2);
  orders.at(-1)?.done();
  await keeper.stop();
});

test('stops when the order under way has ended, which it asks for', async () => {
  const { keeper, orders, told, clock } = begin();
  keeper.want(ROOM, '6', undefined);
  let state = 'stopping';
  const stopped = keeper.stop().then(() => {
    state = 'stopped';
  });
  await turns();
  expect([state, orders[0]?.signal.aborted]).toEqual(['stopping', true]);
  orders[0]?.failed(new CtiError('wait.aborted', 'given up'));
  await stopped;
  keeper.want(ROOM, '2', undefined);
  keeper.again();
  await clock.tick(600_000);
  expect([orders.length, told, clock.pendingTimers]).toEqual([1, [], 0]);
});

test('who is forgotten is ordered nothing any more, not even what failed while it was under way', async () => {
  const { keeper, orders, told, clock } = begin();
  keeper.want(ROOM, '6', undefined);
  orders[0]?.failed(new CtiError('driver.timeout', 'no answer'));
  await turns();
  keeper.forget(ROOM);
  keeper.again();
  await clock.tick(600_000);
  expect([orders.length, clock.pendingTimers]).toEqual([1, 0]);

  keeper.want(ROOM, '6', undefined);
  keeper.forget(ROOM);
  orders[1]?.failed(new CtiError('driver.timeout', 'no answer'));
  await turns();
  await clock.tick(600_000);
  expect([orders.length, told, clock.pendingTimers]).toEqual([2, ['failed'], 0]);
  await keeper.stop();
});

test('an account that is opened anew while an order of the one before is under way gets its class after it', async () => {
  const { keeper, orders, told } = begin();
  keeper.want(ROOM, '6', undefined);
  keeper.forget(ROOM);
  keeper.want(ROOM, '2', undefined);
  expect(orders.map(({ to }) => to)).toEqual(['6']);
  orders[0]?.done();
  await turns();
  expect(orders.map(({ to }) => to)).toEqual(['6', '2']);
  orders[1]?.done();
  await turns();
  expect([orders.length, told.at(-1)]).toEqual([2, 'set 2']);
  await keeper.stop();
});
