import { expect, test } from 'vitest';
import { Floor } from './support/floor.js';
import { agent, site } from './support/site.js';

const rings = (floor: Floor): unknown[] => floor.sent('originate').map(({ ring }) => ring);

test('a phone is asked not to sound for the agent who wants that, however the call comes', () => {
  const agents = [agent('ann', '8001', { ring: 'silent' }), agent('bob', '8002', { ring: 'audible' })];
  const floor = new Floor(site({ agents })).up().ready('ann', 'bob');
  floor.caller('13912345678', '4008001001');
  floor.wait(1000);
  floor.caller('13912345679', '4008001001');
  floor.wait(1000);
  expect(rings(floor)).toEqual(['silent', undefined]);
});

test('a phone that is asked to answer by itself is asked for that alone; outside numbers are asked for nothing', () => {
  const agents = [agent('ann', '8001', { ring: 'silent', answer: 'auto' }), agent('bob', '8002', { ring: 'silent' })];
  const floor = new Floor(site({ agents })).up().ready('ann', 'bob');
  floor.caller('13912345678', '4008001001');
  floor.wait(1000);
  expect(floor.sent('originate').at(-1)).toMatchObject({ autoAnswer: 'ask' });
  expect(rings(floor)).toEqual([undefined]);
  floor.habits.set('main:extension:8002', 'answers');
  floor.say('bob', { type: 'call.make', to: '013912345679' });
  floor.wait(1000);
  expect(rings(floor)).toEqual([undefined, 'silent', undefined]);
});
