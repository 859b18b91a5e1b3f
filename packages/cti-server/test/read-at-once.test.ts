import type { AgentStay, Cdr } from '@cordboard/cti-core';
import { afterEach, expect, test } from 'vitest';
import type { TestClient } from './support/client.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

const floors: Floor[] = [];
afterEach(async () => {
  for (const floor of floors.splice(0).reverse()) await floor.end();
});

/** The call that ends next, as a stream tells it. */
async function nextEnd(client: TestClient, from: number): Promise<string> {
  const ends = (frame: { items: readonly { event: { type: string } }[] }): boolean =>
    frame.items.some(({ event }) => event.type === 'callEnded');
  const { items } = await client.next('events', ends, from);
  for (const { event } of items) if (event.type === 'callEnded') return event.callId;
  throw new Error('no call has ended');
}

test('whoever hears that a call has ended reads its record at once, one by one and in every list', async () => {
  const floor = await startFloor();
  floors.push(floor);
  const boss = await floor.client('supervisor');
  await boss.watch('board');
  const bob = await floor.client('agent', { userId: 'bob' });
  await bob.watch('agent:bob');
  await bob.command({ type: 'agent.logOn' });
  await bob.command({ type: 'agent.ready' });
  const token = await floor.token('supervisor');
  const lists = ['', `?number=${CALLER}`, '?queue=sales', '?agent=bob', '?outcome=answered'];
  for (let n = 0; n < 30; n += 1) {
    const [fromBob, fromBoss] = [bob.frames.length, boss.frames.length];
    const caller = floor.phone.call(CALLER, '4008002000');
    await bob.next(
      'events',
      ({ items }) => items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
      fromBob,
    );
    floor.phone.hangUp(caller);
    const callId = await nextEnd(boss, fromBoss);
    const one = await floor.get(`/v1/cdrs/${callId}`, token);
    expect([n, one.status]).toEqual([n, 200]);
    const list = lists[n % lists.length] ?? '';
    const { items } = (await (await floor.get(`/v1/cdrs${list}`, token)).json()) as { items: Cdr[] };
    expect([n, list, items[0]?.callId]).toEqual([n, list, callId]);
  }
});

test.each(['list', 'recordings', 'one recording', 'stays'] as const)(
  'whoever hears that a call has ended finds what else was kept of it (%s)',
  async (what) => {
    const floor = await startFloor();
    floors.push(floor);
    const bob = await floor.client('agent', { userId: 'bob' });
    await bob.watch('agent:bob');
    await bob.command({ type: 'agent.logOn' });
    await bob.command({ type: 'agent.ready' });
    const token = await floor.token('supervisor');
    const items = async (path: string): Promise<unknown[]> =>
      ((await (await floor.get(path, token)).json()) as { items: unknown[] }).items;
    for (let n = 1; n <= 5; n += 1) {
      const from = bob.frames.length;
      const caller = floor.phone.call(CALLER, '4008002000');
      await bob.next(
        'events',
        (frame) => frame.items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
        from,
      );
      floor.phone.hangUp(caller);
      const callId = await nextEnd(bob, from);
      const record = floor.phone.commands.findLast(({ type }) => type === 'record');
      const recordingId = record?.type === 'record' ? record.recordingId : '';
      if (what === 'list') expect(await items('/v1/cdrs?agent=bob')).toHaveLength(n);
      if (what === 'recordings') expect(await items(`/v1/recordings?call=${callId}`)).toHaveLength(1);
      if (what === 'one recording') expect((await floor.get(`/v1/recordings/${recordingId}`, token)).status).toBe(200);
      if (what === 'stays') {
        const states = ((await items('/v1/agents/bob/stays')) as AgentStay[]).map(({ state }) => state);
        expect(states[0]).toBe('busy');
      }
    }
  },
);
