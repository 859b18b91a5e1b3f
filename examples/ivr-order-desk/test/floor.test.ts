import { virtualFloor } from '@cordboard/simulator';
import { expect, test } from 'vitest';
import { orders } from '../orders.js';
import { site } from '../site.js';

/** The kitchen at noon: three phones, at which cooks pick up when they have a hand free. */
function open(seed: number) {
  const floor = virtualFloor({
    seed,
    ivr: orders,
    queues: {},
    groups: site.groups,
    spareSeats: site.groups.kitchen.members,
  });
  floor.open();
  floor.run('3h');
  return floor;
}

/** Counts how often a phone rings; picks up at the n-th time. */
function cook(floor: ReturnType<typeof open>, seat: string, picksUpAt = Number.POSITIVE_INFINITY) {
  const rung = { times: 0 };
  const phone = floor.pbx.party(seat);
  phone.hooks = {
    ringing: (leg) => {
      rung.times += 1;
      if (rung.times === picksUpAt) floor.pbx.clock.setTimer(2_000, () => floor.pbx.lift(leg));
    },
  };
  return rung;
}

test('all phones ring until a cook picks one up; the others fall silent', async () => {
  const floor = open(1);
  const rung = [cook(floor, '8001'), cook(floor, '8002', 1), cook(floor, '8003')];
  const caller = floor.caller('+8613900000000').dials('8100').talks({ for: '20s' }).hangsUp();
  await floor.runUntil(caller.ended);
  expect(rung.map(({ times }) => times)).toEqual([1, 1, 1]);
  expect(floor.pbx.legs.size).toBe(0);
  expect(floor.cdrOf(caller)).toMatchObject({ endedBy: 'caller', ivrPath: ['orders/start', 'orders/ring'] });
  floor.checkInvariants();
});

test('nobody has a hand free at first: the phones ring again', async () => {
  const floor = open(2);
  const rung = [cook(floor, '8001', 2), cook(floor, '8002'), cook(floor, '8003')];
  const caller = floor.caller('+8613900000000').dials('8100').talks({ for: '20s' }).hangsUp();
  await floor.runUntil(caller.ended);
  expect(rung[0]?.times).toBe(2);
  expect(floor.cdrOf(caller)).toMatchObject({ endedBy: 'caller' });
  floor.checkInvariants();
});

test('nobody at all: after two minutes the order is a message', async () => {
  const floor = open(3);
  const rung = [cook(floor, '8001'), cook(floor, '8002'), cook(floor, '8003')];
  const caller = floor.caller('+8613900000000').dials('8100').hangsUp({ after: '145s' });
  await floor.runUntil(caller.ended);
  expect(rung[0]?.times).toBeGreaterThan(1);
  expect([...floor.messages.values()]).toMatchObject([{ box: 'orders', state: 'new' }]);
  expect(floor.cdrOf(caller)?.ivrPath.slice(0, 3)).toEqual(['orders/start', 'orders/ring', 'orders/message']);
  floor.checkInvariants();
});

test('a caller who hangs up while it rings: every phone falls silent', async () => {
  const floor = open(4);
  cook(floor, '8001');
  const caller = floor.caller('+8613900000000').dials('8100').hangsUp({ after: '10s' });
  await floor.runUntil(caller.ended);
  expect(floor.pbx.legs.size).toBe(0);
  expect(floor.messages.size).toBe(0);
  floor.checkInvariants();
});
