import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpeedDialEntry } from '@cordboard/cti-protocol';
import { afterEach, expect, test } from 'vitest';
import { type Floor, startFloor } from './support/floor.js';

const floors: Floor[] = [];
afterEach(async () => {
  for (const floor of floors.splice(0)) await floor.end();
});

async function open(dir?: string): Promise<Floor> {
  const floor = await startFloor({
    ...(dir === undefined ? {} : { dir }),
    config: {
      speedDial: { 1: { number: '010 6500-1001', name: 'Bank' }, 2: '8002' },
      agents: {
        ann: { name: 'Ann', seat: '8001', queues: ['support'], speedDial: { 1: { number: '8009', name: 'Sue' } } },
        bob: { name: 'Bob', seat: '8002', queues: ['sales'], numbers: 'masked' },
        sue: { name: 'Sue', seat: '8009' },
      },
      dialPlan: {
        countryCode: '86',
        areaCode: '10',
        internal: [{ from: '8000', to: '8999' }],
        ownNumbers: ['4008001000'],
        emergency: ['110'],
        speedDialPrefix: '**',
      },
    },
  });
  floors.push(floor);
  return floor;
}

const put = (body: unknown) => ({
  method: 'PUT',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});
const listOf = async (response: Response): Promise<SpeedDialEntry[]> =>
  ((await response.json()) as { items: SpeedDialEntry[] }).items;

test('the list is told at the door, the own codes before those of the site; without numbers for who may not see them', async () => {
  const floor = await open();
  const ann = await floor.client('agent');
  expect((await ann.next('welcome')).speedDial).toEqual([
    { code: '1', name: 'Sue', number: '8009', list: 'own' },
    { code: '2', name: '8002', number: '8002', list: 'site' },
  ]);
  const bob = await floor.client('agent', { userId: 'bob' });
  expect((await bob.next('welcome')).speedDial).toEqual([
    { code: '1', name: 'Bank', list: 'site' },
    { code: '2', name: '8002', number: '8002', list: 'site' },
  ]);
  const reviewer = await floor.client('reviewer');
  expect(await reviewer.next('welcome')).not.toHaveProperty('speedDial');
});

test('a code that somebody puts down is told to their pages, dialled, kept over a restart, and taken out', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'cordboard-'));
  try {
    const floor = await open(dir);
    const ann = await floor.client('agent');
    const bob = await floor.client('agent', { userId: 'bob' });
    const token = await floor.token('agent');
    const made = await floor.get('/v1/me/speed-dial/3', token, put({ number: '8002', name: 'Bob' }));
    expect([made.status, await made.json()]).toEqual([200, { code: '3', name: 'Bob', number: '8002', list: 'own' }]);
    const told = await ann.next('speedDial');
    expect(told.entries.map(({ code }) => code)).toEqual(['1', '2', '3']);
    const others = await bob.next('speedDial');
    expect(others.entries.map(({ code }) => code)).toEqual(['1', '2']);
    await ann.command({ type: 'agent.logOn' });
    expect(await ann.command({ type: 'call.make', to: 'speed:4' })).toMatchObject({
      outcome: { outcome: 'failed', code: 'argument.number' },
    });
    expect(await ann.command({ type: 'call.make', to: 'speed:3' })).toMatchObject({ outcome: { outcome: 'done' } });
    await floors.pop()?.end();
    const again = await open(dir);
    const later = await again.token('agent');
    expect((await listOf(await again.get('/v1/me/speed-dial', later))).map(({ code }) => code)).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect((await again.get('/v1/me/speed-dial/3', later, { method: 'DELETE' })).status).toBe(204);
    expect((await again.get('/v1/me/speed-dial/3', later, { method: 'DELETE' })).status).toBe(404);
    // What the site has is seen again where the own code is taken out.
    expect((await again.get('/v1/me/speed-dial/1', later, { method: 'DELETE' })).status).toBe(204);
    expect((await listOf(await again.get('/v1/me/speed-dial', later)))[0]).toMatchObject({
      name: 'Bank',
      list: 'site',
    });
  } finally {
    for (const floor of floors.splice(0)) await floor.end();
    await rm(dir, { recursive: true, force: true });
  }
});

test('an administrator keeps the lists of the site and of agents', async () => {
  const floor = await open();
  const admin = await floor.token('admin');
  const hash = encodeURIComponent('#7');
  const made = await floor.get(`/v1/speed-dial/${hash}`, admin, put({ number: '013800138000', name: 'Depot' }));
  expect(await made.json()).toEqual({ id: '#7', code: '#7', number: '013800138000', name: 'Depot' });
  const own = await floor.get('/v1/agents/bob/speed-dial/5', admin, put({ number: '8001', name: 'Ann' }));
  expect(await own.json()).toMatchObject({ id: 'bob/5', agent: 'bob' });
  expect((await floor.get('/v1/agents/nobody/speed-dial/5', admin, put({ number: '8001', name: 'A' }))).status).toBe(
    404,
  );
  const all = (await (await floor.get('/v1/speed-dial', admin)).json()) as { items: { id: string }[] };
  expect(all.items.map(({ id }) => id)).toEqual(['1', '2', 'ann/1', '#7', 'bob/5']);
  expect((await floor.get(`/v1/speed-dial/${hash}`, admin, { method: 'DELETE' })).status).toBe(204);
});

test.each([
  ['/v1/me/speed-dial/abc', { number: '8002', name: 'x' }, 'argument.invalid'],
  ['/v1/me/speed-dial/123456789', { number: '8002', name: 'x' }, 'argument.invalid'],
  ['/v1/me/speed-dial/1', { number: 'call me', name: 'x' }, 'argument.number'],
  ['/v1/me/speed-dial/1', { number: '8002' }, 'argument.invalid'],
  ['/v1/me/speed-dial/1', { number: '8002', name: 'x'.repeat(129) }, 'argument.invalid'],
])('%s with %j is refused', async (path, body, code) => {
  const floor = await open();
  const answer = await floor.get(path, await floor.token('agent'), put(body));
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, code]);
});

test('a list has an end', async () => {
  const floor = await open();
  const token = await floor.token('agent', { userId: 'bob' });
  for (let n = 100; n < 300; n += 1) {
    const answer = await floor.get(`/v1/me/speed-dial/${n}`, token, put({ number: '8001', name: 'Ann' }));
    expect(answer.status).toBe(200);
  }
  const one = await floor.get('/v1/me/speed-dial/300', token, put({ number: '8001', name: 'Ann' }));
  expect(one.status).toBe(409);
  const known = await floor.get('/v1/me/speed-dial/100', token, put({ number: '8009', name: 'Sue' }));
  expect(known.status).toBe(200);
}, 120_000);
