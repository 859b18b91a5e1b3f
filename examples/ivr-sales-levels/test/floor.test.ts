import { virtualFloor } from '@cordboard/simulator';
import { expect, test } from 'vitest';
import { DEPTH, sales } from '../sales.js';

test('a hundred levels down, ten back, and an order from there: one record with the whole way', async () => {
  const floor = virtualFloor({ seed: 1, ivr: sales, queues: { sales: { agents: ['ann'] } } });
  const caller = floor.caller('+8613900000000').dials('8100').presses('1', { after: '4s' });
  for (let level = 2; level < DEPTH; level += 1) caller.presses('1', { after: '2s' });
  for (let back = 0; back < 10; back += 1) caller.presses('*', { after: '2s' });
  caller.presses('2', { after: '2s' }).talks({ for: '30s' }).hangsUp();
  await floor.runUntil(caller.ended);
  const cdr = floor.cdrOf(caller);
  expect(cdr).toMatchObject({ outcome: 'answered', queue: 'sales', agents: ['ann'] });
  expect(cdr?.ivrPath).toHaveLength(1 + DEPTH + 10 + 1);
  expect(cdr?.ivrPath.slice(-2)).toEqual([`sales/level.${DEPTH - 10}`, 'sales/order']);
  floor.checkInvariants();
});
