import type { Cdr } from '@cordboard/cti-core';
import type { CallNote } from '@cordboard/cti-protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CALLER, type Floor, startFloor } from './support/floor.js';

type Noted = Cdr & { note?: CallNote };
let floor: Floor;
beforeEach(async () => {
  floor = await startFloor({ config: { callCategories: ['order', 'complaint'] } });
});
afterEach(() => floor.end());

const put = (body: unknown): RequestInit => ({
  method: 'PUT',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});
const write = async (callId: string, body: unknown, who: Parameters<Floor['token']> = ['agent']): Promise<Response> =>
  floor.get(`/v1/cdrs/${callId}/note`, await floor.token(...who), put(body));
async function records(query = '', who: Parameters<Floor['token']> = ['agent']): Promise<Noted[]> {
  const answer = await floor.get(`/v1/cdrs${query}`, await floor.token(...who));
  return ((await answer.json()) as { items: Noted[] }).items;
}

/** Ann talks with the caller. */
async function talk(): Promise<{ callId: string; end: () => Promise<void> }> {
  const ann = await floor.client('agent');
  expect((await ann.next('welcome')).callCategories).toEqual(['order', 'complaint']);
  await ann.watch('agent:ann');
  await ann.command({ type: 'agent.logOn' });
  await ann.command({ type: 'agent.ready' });
  const caller = floor.phone.call(CALLER, '4008001000');
  const frame = await ann.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  const told = frame.items.map(({ event }) => event).find((event) => event.type === 'call');
  if (told?.type !== 'call') throw new Error('no call');
  return {
    callId: told.call.callId,
    async end() {
      const from = ann.frames.length;
      floor.phone.hangUp(caller);
      await ann.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'), from);
      await floor.server.settled();
    },
  };
}

test('a note is written during the call, changed afterwards, and found by its category', async () => {
  const { callId, end } = await talk();
  expect((await write(callId, { text: 'wants the blue one' })).status).toBe(200);
  await end();
  expect((await records())[0]?.note).toMatchObject({ text: 'wants the blue one', by: 'ann' });
  const changed = await write(callId, { text: 'ordered', ticket: 'T-4711', category: 'order' });
  expect(await changed.json()).toMatchObject({ ticket: 'T-4711', category: 'order' });
  const [found] = await records('?category=order');
  expect(found).toMatchObject({ callId, note: { text: 'ordered', ticket: 'T-4711' } });
  expect(await records('?category=complaint')).toEqual([]);
  const gone = await floor.get(`/v1/cdrs/${callId}/note`, await floor.token('supervisor'), { method: 'DELETE' });
  expect(gone.status).toBe(204);
  expect((await records())[0]).not.toHaveProperty('note');
});

test('others write nothing on it, and a category must be one of the site', async () => {
  const { callId, end } = await talk();
  await end();
  expect((await write(callId, { text: 'x' }, ['agent', { userId: 'bob' }])).status).toBe(404);
  expect((await write('nothing', { text: 'x' })).status).toBe(404);
  expect((await write(callId, { category: 'weather' })).status).toBe(400);
  expect((await write(callId, { text: 'x', colour: 'red' })).status).toBe(400);
});

test('a number in a note is hidden from those who may not see it', async () => {
  const { callId, end } = await talk();
  await end();
  const spaced = `call ${CALLER.slice(0, 3)} ${CALLER.slice(3, 7)} ${CALLER.slice(7)} back`;
  expect((await write(callId, { text: spaced })).status).toBe(200);
  const seen = JSON.stringify(await records('', ['reviewer']));
  expect(seen).toMatch(/"text":"call ref:[\w-]+ back"/u);
  for (const form of [CALLER, spaced]) expect(seen).not.toContain(form);
  // Times may be these four digits by chance, and random ids hold them, there not standing alone.
  const noTimes = (_key: string, value: unknown): unknown => (typeof value === 'number' ? 0 : value);
  const hidden = JSON.stringify(await records('', ['supervisor', { numbers: 'hidden' }]), noTimes);
  expect(hidden).not.toContain(CALLER.slice(3));
  expect(hidden).not.toMatch(new RegExp(`(?<!\\w)${CALLER.slice(7)}(?!\\w)`, 'u'));
  expect(hidden).toContain('"note":{');
});
