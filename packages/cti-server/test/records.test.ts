import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentStay, Cdr } from '@cordboard/cti-core';
import { cdr as cdrSchema } from '@cordboard/cti-protocol';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/store/database.js';
import { SqliteStore } from '../src/store/sqlite.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const floors: Floor[] = [];
afterEach(async () => {
  for (const floor of floors.splice(0).reverse()) await floor.end();
});

function cdrOf(n: number, more: Partial<Cdr> = {}): Cdr {
  const number = {
    raw: `139${String(n % 7).padStart(8, '0')}`,
    e164: `+86139${String(n % 7).padStart(8, '0')}`,
    display: '',
    presentation: 'allowed',
  } as const;
  return {
    callId: `e-c${n}` as never,
    tenant: 'main',
    direction: 'inbound',
    calling: number,
    called: { raw: '400', display: '400', presentation: 'allowed' },
    // Three calls begin in the same millisecond: places of a page must tell them apart.
    startedWallMs: 1000 + Math.floor(n / 3),
    endedWallMs: 2000 + n,
    durationMs: 10,
    outcome: n % 5 === 0 ? 'abandoned' : 'answered',
    cause: 'normalClearing',
    endedBy: 'caller',
    endedAt: { kind: 'route' },
    queueId: `q${n % 3}` as never,
    agents: [`a${n % 4}` as never],
    ...(n % 6 === 0 ? { missedBy: ['a1' as never, 'a2' as never] } : {}),
    ...(n % 7 === 0 ? { madeBy: 'a3' as never } : {}),
    ivrPath: [],
    data: {},
    segments: [],
    merged: [],
    recordings: [],
    transfers: [],
    ...more,
  };
}

async function filled(count: number): Promise<SqliteStore> {
  const store = await SqliteStore.open(await openDatabase(':memory:'), { clock: new SimulatedClock(0), log: silent });
  for (let n = 0; n < count; n++) store.put({ table: 'cdr', key: cdrOf(n).callId, value: cdrOf(n) });
  await store.flush();
  return store;
}

describe('call records', () => {
  test('pages together are the whole list, newest first, whatever the filter and the size of a page', async () => {
    const store = await filled(100);
    const all = Array.from({ length: 100 }, (_, n) => cdrOf(n));
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          limit: fc.integer({ min: 1, max: 40 }),
          agent: fc.option(fc.constantFrom('a0', 'a3', 'none')),
          missedBy: fc.option(fc.constantFrom('a1', 'a2', 'a3')),
          queue: fc.option(fc.constantFrom('q0', 'q2')),
          outcome: fc.option(fc.constantFrom('answered' as const, 'abandoned' as const)),
          number: fc.option(fc.constantFrom('+8613900000003', '+8613900000009')),
          from: fc.option(fc.integer({ min: 990, max: 1040 })),
          to: fc.option(fc.integer({ min: 990, max: 1040 })),
        }),
        async ({ limit, ...given }) => {
          const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Partial<
            typeof given
          >;
          const found: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await store.cdrs({ limit, ...filter, ...(cursor === undefined ? {} : { cursor }) } as never);
            expect(page.items.length).toBeLessThanOrEqual(limit);
            found.push(...page.items.map(({ callId }) => callId));
            cursor = page.next;
          } while (cursor !== undefined);
          const wanted = all
            .filter(
              (one) =>
                (!filter.agent || one.agents.includes(filter.agent as never) || one.madeBy === filter.agent) &&
                (!filter.missedBy || one.missedBy?.includes(filter.missedBy as never) === true) &&
                (!filter.queue || one.queueId === filter.queue) &&
                (!filter.outcome || one.outcome === filter.outcome) &&
                (!filter.number || one.calling.e164 === filter.number) &&
                (filter.from === undefined || filter.from === null || one.startedWallMs >= filter.from) &&
                (filter.to === undefined || filter.to === null || one.startedWallMs < filter.to),
            )
            .map(({ callId }) => callId as string)
            .reverse();
          expect(found).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
    await store.close();
  });

  test('the same record twice is one; a changed one is found by its new keys and not by its old ones', async () => {
    const store = await filled(3);
    const changed = cdrOf(1, {
      agents: ['zoe' as never],
      missedBy: ['yan' as never],
      queueId: 'q9' as never,
      outcome: 'busy',
    });
    for (let again = 0; again < 3; again++) {
      store.put({ table: 'cdr', key: changed.callId, value: changed });
      await store.flush();
    }
    const ids = async (filter: object): Promise<string[]> =>
      (await store.cdrs({ limit: 50, ...filter } as never)).items.map(({ callId }) => callId);
    expect(await ids({})).toHaveLength(3);
    expect(await ids({ agent: 'zoe' })).toEqual(['e-c1']);
    expect(await ids({ agent: 'a1' })).toEqual([]);
    expect(await ids({ missedBy: 'yan' })).toEqual(['e-c1']);
    expect(await ids({ missedBy: 'yan', agent: 'zoe', number: '+8613900000001' })).toEqual(['e-c1']);
    expect(await ids({ missedBy: 'yan', agent: 'ann' })).toEqual([]);
    const answered = cdrOf(1);
    store.put({ table: 'cdr', key: answered.callId, value: answered });
    await store.flush();
    expect(await ids({ missedBy: 'yan' })).toEqual([]);
    store.put({ table: 'cdr', key: changed.callId, value: changed });
    await store.flush();
    expect(await ids({ queue: 'q9' })).toEqual(['e-c1']);
    await store.close();
  });

  test("an agent's states come newest first", async () => {
    const store = await filled(0);
    const stay = (n: number): AgentStay => ({
      agentId: 'ann' as never,
      n,
      state: 'ready',
      fromMs: n,
      toMs: n + 1,
      fromWallMs: 100 + n,
    });
    for (let n = 0; n < 5; n++) store.put({ table: 'agentStay', key: `ann:${n}`, value: stay(n) });
    await store.flush();
    const page = await store.stays('ann', { limit: 2 });
    expect(page.items.map(({ n }) => n)).toEqual([4, 3]);
    await store.close();
  });
});

/** A call that is recorded, answered and ended; gives the id of its recording. */
async function recordedCall(floor: Floor): Promise<{ recordingId: string; bytes: Uint8Array }> {
  const bob = await floor.client('agent', { userId: 'bob' });
  await bob.watch('agent:bob');
  await bob.command({ type: 'agent.logOn' });
  await bob.command({ type: 'agent.ready' });
  const caller = floor.phone.call(CALLER, '4008002000');
  await bob.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  await floor.server.settled();
  const record = floor.phone.commands.find(({ type }) => type === 'record');
  if (record?.type !== 'record') throw new Error('the call was not recorded');
  const { recordingId, connectionId } = record;
  const bytes = new TextEncoder().encode(`RIFF${'0123456789'.repeat(100)}`);
  floor.phone.recordings.set(`${recordingId}.wav`, bytes);
  floor.phone.emit({
    type: 'recordingFinished',
    connectionId,
    recordingId,
    outcome: 'done',
    files: [`${recordingId}.wav`],
    durationMs: 1000,
  });
  floor.phone.hangUp(caller);
  await bob.next('events', ({ items }) => items.some(({ event }) => event.type === 'callEnded'));
  await floor.server.settled();
  return { recordingId, bytes };
}

describe('recordings', () => {
  test('a finished recording is fetched from the switch, served whole and in parts, and removed for good', async () => {
    const floor = await startFloor();
    floors.push(floor);
    const { recordingId, bytes } = await recordedCall(floor);
    const token = await floor.token('supervisor');
    const found = (await (await floor.get(`/v1/recordings/${recordingId}`, token)).json()) as { stored: unknown };
    expect(found).toMatchObject({
      recordingId,
      state: 'done',
      stored: [{ index: 0, bytes: bytes.length, mediaType: 'audio/wav' }],
    });
    const path = `/v1/recordings/${recordingId}/files/0`;
    const whole = await floor.get(path, token);
    expect(whole.headers.get('accept-ranges')).toBe('bytes');
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes);
    const ranges: readonly (readonly [string, number, string | null, Uint8Array | undefined])[] = [
      ['bytes=0-3', 206, `bytes 0-3/${bytes.length}`, bytes.subarray(0, 4)],
      ['bytes=1000-', 206, `bytes 1000-1003/${bytes.length}`, bytes.subarray(1000)],
      ['bytes=-4', 206, `bytes 1000-1003/${bytes.length}`, bytes.subarray(1000)],
      ['bytes=900-99999', 206, `bytes 900-1003/${bytes.length}`, bytes.subarray(900)],
      ['bytes=2000-', 416, `bytes */${bytes.length}`, undefined],
      ['bytes=0-1,5-6', 200, null, bytes],
      ['lines=1-2', 200, null, bytes],
    ];
    for (const [range, status, contentRange, body] of ranges) {
      const part = await floor.get(path, token, { headers: { range } });
      expect([range, part.status, part.headers.get('content-range')]).toEqual([range, status, contentRange]);
      const got = new Uint8Array(await part.arrayBuffer());
      if (body !== undefined) expect(got).toEqual(body);
    }
    const admin = await floor.token('admin');
    expect((await floor.get(`/v1/recordings/${recordingId}`, admin, { method: 'DELETE' })).status).toBe(204);
    expect((await floor.get(path, token)).status).toBe(404);
    const months = await readdir(join(floor.dir, 'recordings'));
    for (const month of months) expect(await readdir(join(floor.dir, 'recordings', month))).toEqual([]);
  });
});

test('the record of a call fits its published schema, and an agent sees own records only', async () => {
  const floor = await startFloor();
  floors.push(floor);
  await recordedCall(floor);
  const list = async (token: string, query = ''): Promise<unknown[]> =>
    ((await (await floor.get(`/v1/cdrs${query}`, token)).json()) as { items: unknown[] }).items;
  const all = await list(await floor.token('admin'));
  expect(all).toHaveLength(1);
  expect(cdrSchema.safeParse(all[0]).error?.issues ?? []).toEqual([]);
  expect(await list(await floor.token('agent', { userId: 'bob' }))).toHaveLength(1);
  expect(await list(await floor.token('agent', { userId: 'ann' }))).toEqual([]);
  expect(await list(await floor.token('agent', { userId: 'ann' }), '?agent=bob')).toEqual([]);
  expect(await list(await floor.token('admin'), '?missedBy=bob&outcome=answered')).toEqual([]);
  expect(await list(await floor.token('agent', { userId: 'bob' }), '?missedBy=bob')).toEqual([]);
  expect(await list(await floor.token('agent', { userId: 'bob' }), '?missedBy=ann')).toEqual([]);
  expect(await list(await floor.token('admin'), `?number=${CALLER}`)).toHaveLength(1);
  expect(await list(await floor.token('admin'), '?number=13999999999')).toEqual([]);
});

describe('configuration by REST', () => {
  const json = { 'content-type': 'application/json' };

  test('what was added, changed and paused is in force at once and after a restart', async () => {
    const floor = await startFloor();
    floors.push(floor);
    const admin = await floor.token('admin');
    const send = (method: string, path: string, body?: unknown): Promise<Response> =>
      floor.get(path, admin, { method, headers: json, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    expect(
      (await send('POST', '/v1/agents', { id: 'zoe', name: 'Zoe', seat: 'main:extension:8077', queues: ['support'] }))
        .status,
    ).toBe(201);
    expect((await send('PATCH', '/v1/agents/zoe', { numbers: 'masked', seat: null })).status).toBe(200);
    expect((await send('POST', '/v1/routes/4008001000/pause')).status).toBe(200);
    const supervisor = await floor.client('supervisor');
    const command = await supervisor.command({ type: 'route.set', routeId: '4008002000', enabled: 'paused' });
    expect(command).toMatchObject({ outcome: { outcome: 'done' } });
    await floor.server.settled();
    const check = async (of: Floor, token: string): Promise<void> => {
      const zoe = (await (await of.get('/v1/agents/zoe', token)).json()) as object;
      expect(zoe).toMatchObject({ id: 'zoe', numbers: 'masked', queues: ['support'], live: { state: 'loggedOff' } });
      expect(zoe).not.toHaveProperty('seat');
      const { items } = (await (await of.get('/v1/routes', token)).json()) as {
        items: { id: string; enabled: string }[];
      };
      expect(items.map(({ id, enabled }) => [id, enabled])).toEqual([
        ['4008001000', 'paused'],
        ['4008002000', 'paused'],
      ]);
    };
    await check(floor, admin);
    await floor.server.stop();
    const again = await startFloor({ dir: floor.dir });
    floors.push(again);
    await check(again, await again.token('admin'));
    // A paused route lets nobody in: the call is cleared, not queued.
    again.phone.call(CALLER, '4008001000');
    await again.server.settled();
    expect(again.phone.commands.some(({ type }) => type === 'clear')).toBe(true);
  });
});
