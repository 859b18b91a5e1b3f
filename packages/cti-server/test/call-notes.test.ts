import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cdr } from '@cordboard/cti-core';
import type { CallNote } from '@cordboard/cti-protocol';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { TestClient } from './support/client.js';
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
const read = async (callId: string, who: Parameters<Floor['token']> = ['agent']): Promise<Response> =>
  floor.get(`/v1/cdrs/${callId}/note`, await floor.token(...who));
const noteFor = async (callId: string, who?: Parameters<Floor['token']>): Promise<CallNote | undefined> => {
  const answer = await read(callId, who);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { note?: CallNote }).note;
};
const BOB: Parameters<Floor['token']> = ['agent', { userId: 'bob' }];
const HIDDEN: Parameters<Floor['token']> = ['agent', { userId: 'ann', numbers: 'hidden' }];
const takeAway = async (callId: string, who: Parameters<Floor['token']> = ['agent']): Promise<number> =>
  (await floor.get(`/v1/cdrs/${callId}/note`, await floor.token(...who), { method: 'DELETE' })).status;
async function records(query = '', who: Parameters<Floor['token']> = ['agent']): Promise<Noted[]> {
  const answer = await floor.get(`/v1/cdrs${query}`, await floor.token(...who));
  return ((await answer.json()) as { items: Noted[] }).items;
}

/** Ann talks with the caller. */
async function talk(
  from = CALLER,
): Promise<{ ann: TestClient; callId: string; end: (watcher?: TestClient) => Promise<void> }> {
  const ann = await floor.client('agent');
  expect((await ann.next('welcome')).callCategories).toEqual(['order', 'complaint']);
  await ann.watch('agent:ann');
  await ann.command({ type: 'agent.logOn' });
  await ann.command({ type: 'agent.ready' });
  const caller = floor.phone.call(from, '4008001000');
  const frame = await ann.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  const told = frame.items.map(({ event }) => event).find((event) => event.type === 'call');
  if (told?.type !== 'call') throw new Error('no call');
  return {
    ann,
    callId: told.call.callId,
    async end(watcher = ann) {
      const from = watcher.frames.length;
      floor.phone.hangUp(caller);
      await watcher.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'), from);
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
  expect(await takeAway(callId, ['supervisor'])).toBe(204);
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

test('a note is read back as it stands, during the call and afterwards', async () => {
  const { callId, end } = await talk();
  expect(await noteFor(callId)).toBeUndefined();
  const note = { text: 'wants the blue one', ticket: 'T-4711', category: 'order' };
  await write(callId, note);
  const stored = { ...note, by: 'ann', atWallMs: expect.any(Number) };
  expect(await noteFor(callId)).toEqual(stored);
  expect(await noteFor(callId, ['supervisor'])).toEqual(stored);
  await end();
  expect(await noteFor(callId)).toEqual(stored);
  await takeAway(callId);
  expect(await noteFor(callId)).toBeUndefined();
});

test('others read no note, during the call and afterwards, and a call that nobody knows has none to read', async () => {
  const { callId, end } = await talk();
  await write(callId, { text: 'x' });
  for (const when of ['during', 'after']) {
    for (const id of [callId, 'nothing']) {
      const answer = await read(id, BOB);
      expect(answer.status, when).toBe(404);
      expect(await answer.json(), when).toMatchObject({ code: 'cdr.notFound' });
    }
    if (when === 'during') await end();
  }
  expect((await read('nothing')).status).toBe(404);
  expect((await read(callId, ['operator'])).status).toBe(403);
});

/** Bob is logged on and looks at his own stream. */
async function bobComes(): Promise<TestClient> {
  const bob = await floor.client(...BOB);
  await bob.watch('agent:bob');
  await bob.command({ type: 'agent.logOn' });
  return bob;
}

test('a call that was handed on shows its note to the next agent, and who handed it on still writes there', async () => {
  const { ann, callId, end } = await talk();
  await write(callId, { text: 'wants the blue one' });
  const bob = await bobComes();
  await ann.command({ type: 'call.transfer', callId: callId as never, to: 'agent:bob' });
  await bob.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'transferred'),
  );
  await ann.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'));
  expect(await noteFor(callId, BOB)).toMatchObject({ text: 'wants the blue one', by: 'ann' });
  expect((await write(callId, { text: 'wants the red one' })).status).toBe(200);
  expect(await noteFor(callId)).toMatchObject({ text: 'wants the red one' });
  expect((await read(callId, ['agent', { userId: 'sue' }])).status).toBe(404);
  await end(bob);
});

test('the note of a consultation is read at the call that it became part of, and taken away there', async () => {
  const { ann, callId, end } = await talk();
  const bob = await bobComes();
  await ann.command({ type: 'call.consult', callId: callId as never, to: 'agent:bob' });
  const asked = await bob.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  const told = asked.items.map(({ event }) => event).find((event) => event.type === 'call');
  const consultId = told?.type === 'call' ? told.call.callId : '';
  await write(consultId, { text: 'asks for the blue one' }, BOB);
  await ann.command({ type: 'call.completeTransfer', callId: callId as never });
  await bob.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'));
  for (const id of [callId, consultId]) expect(await noteFor(id, BOB)).toMatchObject({ text: 'asks for the blue one' });
  await end(bob);
  expect(await noteFor(callId, BOB)).toMatchObject({ text: 'asks for the blue one' });
  expect((await records())[0]?.note).toMatchObject({ text: 'asks for the blue one' });
  expect(await takeAway(callId, BOB)).toBe(204);
  expect(await noteFor(callId, BOB)).toBeUndefined();
});

test('saving what was read takes nothing away that was not shown', async () => {
  const { callId, end } = await talk();
  await end();
  const text = `call ${CALLER.slice(0, 3)} ${CALLER.slice(3, 7)} ${CALLER.slice(7)} back`;
  await write(callId, { text });
  const masked: Parameters<Floor['token']> = ['supervisor', { userId: 'sam', numbers: 'masked' }];
  const shown = (await noteFor(callId, masked))?.text;
  expect(shown).toMatch(/^call ref:[\w-]+ back$/u);
  await write(callId, { text: shown, category: 'order' }, masked);
  expect(await noteFor(callId)).toMatchObject({ text, category: 'order', by: 'sam' });
  await write(callId, { text: `${shown} today` }, masked);
  expect((await noteFor(callId))?.text).toMatch(new RegExp(`^call (?:\\+86)?${CALLER} back today$`, 'u'));
  expect((await noteFor(callId, masked))?.text).toBe(`${shown} today`);
  // Where the mask would not find the number as it stands there, the reference stays one.
  const glued = `1${shown?.slice('call '.length)}`;
  await write(callId, { text: glued }, masked);
  expect((await noteFor(callId))?.text).toBe(glued);
  await write(callId, { text });
  const before = (await noteFor(callId))?.text;
  expect(await noteFor(callId, HIDDEN)).not.toHaveProperty('text');
  await write(callId, { ticket: 'T-1' }, HIDDEN);
  const kept = await noteFor(callId);
  expect(kept).toMatchObject({ text: before, ticket: 'T-1' });
  expect(kept).not.toHaveProperty('category');
  expect(await takeAway(callId, HIDDEN)).toBe(204);
  expect(await noteFor(callId)).toMatchObject({ text: before });
  await write(callId, { text: 'all is said' }, HIDDEN);
  expect(await noteFor(callId)).toMatchObject({ text: 'all is said' });
});

test('a reference to the number of another call is not turned back', async () => {
  const masked: Parameters<Floor['token']> = ['supervisor', { userId: 'sam', numbers: 'masked' }];
  const other = await talk('13800138000');
  await other.end();
  const foreign = (await records('', masked))[0]?.calling.raw;
  expect(foreign).toMatch(/^ref:/u);
  const { callId, end } = await talk();
  await end();
  await write(callId, { text: `ask ${foreign}` }, masked);
  expect((await noteFor(callId))?.text).toBe(`ask ${foreign}`);
});

test('a category that the site has given up may stay where it stands', async () => {
  await floor.end();
  const dir = await mkdtemp(join(tmpdir(), 'cordboard-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  floor = await startFloor({ dir, config: { callCategories: ['order', 'complaint'] } });
  const { callId, end } = await talk();
  await write(callId, { category: 'order' });
  await end();
  await floor.end();
  floor = await startFloor({ dir, config: { callCategories: ['complaint'] } });
  expect((await write(callId, { text: 'wants two', category: 'order' })).status).toBe(200);
  expect(await noteFor(callId)).toMatchObject({ text: 'wants two', category: 'order' });
  expect((await write(callId, { category: 'complaint' })).status).toBe(200);
  expect((await write(callId, { category: 'order' })).status).toBe(400);
});

test('who dialled a call that came to nothing finds it among the own, and writes on it; others do not', async () => {
  floor.phone.phones = 'ring';
  const ann = await floor.client('agent');
  await ann.watch('agent:ann');
  await ann.command({ type: 'agent.logOn' });
  await ann.command({ type: 'call.make', to: '13900000077' });
  await expect.poll(() => floor.phone.commands.some(({ type }) => type === 'originate')).toBe(true);
  const rings = floor.phone.commands.find((command) => command.type === 'originate');
  if (rings?.type !== 'originate') throw new Error('nothing rings');
  floor.phone.hangUp(rings.connectionId);
  const frame = await ann.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'));
  const ended = frame.items.map(({ event }) => event).find((event) => event.type === 'callEnded');
  const callId = ended?.type === 'callEnded' ? ended.callId : '';
  await floor.server.settled();
  const { answeredWallMs, madeBy, agents } = (await records())[0] as Cdr;
  expect({ answeredWallMs, madeBy, agents }).toEqual({ answeredWallMs: undefined, madeBy: 'ann', agents: [] });
  expect((await write(callId, { text: 'nobody there' })).status).toBe(200);
  expect(await noteFor(callId)).toMatchObject({ text: 'nobody there' });
  expect(await records('', BOB)).toEqual([]);
  expect((await read(callId, BOB)).status).toBe(404);
});
