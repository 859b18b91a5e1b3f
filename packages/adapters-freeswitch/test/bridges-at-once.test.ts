import { expect, it } from 'vitest';
import { ACCEPTED, Running } from './running.js';

/**
 * An agent takes a call back while a consultation takes them out of it: two commands join one leg with two others. A second `uuid_bridge` for a leg that is on
 * its way makes FreeSWITCH hang up who was to be joined first (`DESTINATION_OUT_OF_ORDER`, seen on 1.11.2).
 */
it('joins a leg with another one when the switch has joined it with the first, and nobody is hung up', async () => {
  const seen: string[] = [];
  const running = await Running.start({
    faults: {
      reply: (line) => {
        if (line.startsWith('api uuid_bridge ')) seen.push('join');
        return undefined;
      },
    },
  });
  const { world } = running;
  for (const phone of world.phones) await phone.setHabit('answer');
  const caller = await running.caller();
  expect(await running.originate('agent')).toEqual(ACCEPTED);
  await running.sees('connected', 2);
  expect(await running.run({ type: 'bridge', bridgeId: 'b1', connectionIds: [caller, 'sim~agent'] })).toEqual(ACCEPTED);
  expect(await running.run({ type: 'unbridge', connectionId: caller })).toEqual(ACCEPTED);
  expect(await running.originate('expert', 'sim:extension:8002')).toEqual(ACCEPTED);
  await running.sees('connected', 3);
  await world.pass(500);

  seen.length = 0;
  running.reader = (event) => {
    if (event.type === 'bridged' || event.type === 'cleared') seen.push(`${event.type} ${event.connectionId}`);
  };
  const back = running.give({ type: 'bridge', bridgeId: 'b1', connectionIds: [caller] });
  expect(await world.until(() => seen.includes('join'), 1_000)).toBe(true);
  const on = running.give({ type: 'bridge', bridgeId: 'b2', connectionIds: ['sim~agent', 'sim~expert'] });
  await world.pass(3_000);
  expect([await back, await on]).toEqual([ACCEPTED, ACCEPTED]);
  expect(seen).toEqual(['join', `bridged ${caller}`, 'join', 'bridged sim~agent', 'bridged sim~expert']);
  expect(running.laws.breaks).toEqual([]);
});
