import { afterEach, expect, test } from 'vitest';
import { CALLER, type Floor, startFloor } from './support/floor.js';

let floor: Floor | undefined;
afterEach(async () => {
  await floor?.end();
  floor = undefined;
});

test('a call reaches the agent who is ready, and leaves one record', async () => {
  floor = await startFloor();
  const ann = await floor.client('agent');
  await ann.watch('agent:ann');
  expect(await ann.command({ type: 'agent.logOn' })).toMatchObject({ outcome: { outcome: 'done' } });
  expect(await ann.command({ type: 'agent.ready' })).toMatchObject({ outcome: { outcome: 'done' } });
  const caller = floor.phone.call(CALLER, '4008001000');
  const pop = await ann.next('events', ({ items }) => items.some(({ event }) => event.type === 'pop'));
  expect(JSON.stringify(pop)).toContain(CALLER);
  await ann.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  floor.phone.hangUp(caller);
  await ann.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'));
  await floor.server.settled();
  const answer = await floor.get('/v1/cdrs', await floor.token('admin'));
  expect(answer.status).toBe(200);
  const { items } = (await answer.json()) as { items: { outcome: string; calling: { raw: string } }[] };
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ outcome: 'answered', calling: { raw: CALLER }, agents: ['ann'] });
});
