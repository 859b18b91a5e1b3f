import { virtualFloor } from '@cordboard/simulator';
import { expect, test } from 'vitest';
import { front } from '../front.js';

/** A floor of two queues, open: ann and bob sell, bob and cleo support. */
function shop(seed: number) {
  const queues = { sales: { agents: ['ann', 'bob'] }, support: { agents: ['bob', 'cleo'] } };
  const floor = virtualFloor({ seed, ivr: front, queues });
  floor.open();
  return floor;
}

test('a caller is served: one CDR, and its segments add up to its duration', async () => {
  const floor = shop(1);
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('1', { after: '4s' })
    .talks({ for: '30s' })
    .hangsUp();
  await floor.runUntil(caller.ended);
  const cdr = floor.cdrOf(caller);
  expect(cdr).toMatchObject({
    outcome: 'answered',
    queue: 'sales',
    ivrPath: ['front/start', 'front/pick', 'front/sales'],
  });
  expect(cdr?.segments.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)).toBe(cdr?.durationMs);
  floor.checkInvariants();
});

test('a caller who gives up is an abandoned call, once', async () => {
  const floor = shop(7);
  floor.agent('bob').isOnBreak();
  floor.agent('cleo').isOnBreak();
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('2', { after: '4s' })
    .presses('1')
    .hangsUp({ after: '30s' });
  await floor.runUntil(caller.ended);
  expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'abandoned', queue: 'support' });
  floor.checkInvariants();
});

test('nobody sells: after 45 seconds support is asked, and answers', async () => {
  const floor = shop(2);
  floor.agent('ann').isOnBreak();
  floor.agent('bob').isLoggedOff();
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('1', { after: '4s' })
    .talks({ for: '10s' })
    .hangsUp();
  await floor.runUntil(caller.ended);
  const cdr = floor.cdrOf(caller);
  expect(cdr).toMatchObject({ outcome: 'answered', agents: ['cleo'] });
  const waited = cdr?.segments.filter(({ kind }) => kind === 'queue').map(({ queueId }) => queueId);
  expect([...new Set(waited)]).toEqual(['sales', 'support']);
  floor.checkInvariants();
});

test('an agent who lets it ring is passed over, and is not ready any more', async () => {
  const floor = shop(3);
  floor.agent('ann').ignores();
  floor.agent('bob').isOnBreak();
  const caller = floor.caller('+8613900000000').dials('8100').presses('1', { after: '4s' });
  floor.run('40s');
  expect(floor.agent('ann').view).toMatchObject({ state: 'notReady', reason: 'ringNoAnswer' });
  floor.agent('bob').ready();
  await floor.runUntil(caller.talking);
  expect(floor.agent('bob').view).toMatchObject({ state: 'busy' });
  floor.checkInvariants();
});

test('the server dies while a call waits and comes back: the caller is served, once', async () => {
  const floor = shop(4);
  floor.agent('ann').isOnBreak();
  floor.agent('bob').isOnBreak();
  const caller = floor
    .caller('+8613900000000')
    .dials('8100')
    .presses('1', { after: '4s' })
    .talks({ for: '20s' })
    .hangsUp();
  floor.run('10s');
  floor.host.crashAfterNextInput(3000);
  floor.run('15s');
  floor.agent('ann').ready();
  await floor.runUntil(caller.ended);
  expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'answered', agents: ['ann'] });
  floor.checkInvariants();
});

/** An afternoon of callers who come at odd moments, press this or that, talk or give up. */
async function afternoon(seed: number) {
  const floor = shop(seed);
  const callers = Array.from({ length: 120 }, (_, n) => {
    const comes = `${30 + 47 * n}s`;
    const caller = floor.caller(`+8613900${String(n).padStart(6, '0')}`).dials('8100', { after: comes });
    if (n % 5 === 0) return caller.presses('1', { after: '3s' }).hangsUp({ after: `${n % 40}s` });
    if (n % 7 === 0) return caller.presses('8', { after: '2s' }).presses('*', { after: '9s' });
    const key = n % 2 === 0 ? '1' : '2';
    return caller
      .presses(key, { after: '3s' })
      .presses('1', { after: '2s' })
      .talks({ for: `${40 + (n % 60)}s` })
      .hangsUp();
  });
  await floor.runUntil(() => callers.every((caller) => caller.ended()), { within: '8h' });
  floor.end();
  floor.checkInvariants();
  return callers.map((caller) => floor.cdrOf(caller));
}

test('a hundred and twenty calls of an afternoon: each has one CDR, and the same seed gives the same afternoon', async () => {
  const cdrs = await afternoon(11);
  expect(cdrs.filter((cdr) => cdr === undefined)).toEqual([]);
  expect(new Set(cdrs.map((cdr) => cdr?.callId)).size).toBe(120);
  expect(new Set(cdrs.map((cdr) => cdr?.outcome))).toContain('answered');
  expect(await afternoon(11)).toEqual(cdrs);
});
