import type { ParameterOutcome } from '@cordboard/cti-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ARCHIVED, PASSWORD, room } from './support/facets.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

let floor: Floor;
beforeEach(async () => {
  floor = await startFloor();
});
afterEach(() => floor.end());

const send = (method: string, body?: unknown): RequestInit => ({
  method,
  ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
});
async function ask(path: string, init: RequestInit = {}, role: 'admin' | 'supervisor' | 'reviewer' = 'admin') {
  const answer = await floor.get(`/v1/switches${path}`, await floor.token(role), init);
  const text = await answer.text();
  return { status: answer.status, text, json: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}
const itemsOf = ({ json }: { json: Record<string, unknown> }) => json.items as readonly Record<string, unknown>[];

test('switches are listed with what can be done with them', async () => {
  expect(itemsOf(await ask(''))).toEqual([
    { id: 'main', profile: 'media', link: 'up', facets: ['programming', 'clock', 'hotel', 'records'] },
  ]);
  const catalogue = itemsOf(await ask('/main/parameters', {}, 'supervisor'));
  expect(catalogue.map(({ id }) => id)).toContain('classOfService.day');
  expect((await ask('/other/parameters')).status).toBe(404);
});

test('a switch that says by its link what it lacks is listed without it', async () => {
  const all = floor.phone.facets;
  const { clock, hotel } = all;
  let offered: object = all;
  Object.defineProperty(floor.phone, 'facets', { get: () => offered });
  expect((await ask('/main/rooms')).status).toBe(200);
  offered = { clock };
  expect(itemsOf(await ask(''))).toMatchObject([{ id: 'main', facets: ['clock'] }]);
  for (const path of ['/main/parameters', '/main/rooms', '/main/call-records']) {
    const refused = await ask(path);
    expect([path, refused.status, refused.json.code]).toEqual([path, 501, 'command.notSupported']);
  }
  expect((await ask('/main/clock')).status).toBe(200);
  offered = { clock, hotel };
  expect(itemsOf(await ask(''))).toMatchObject([{ facets: ['clock', 'hotel'] }]);
  expect((await ask('/main/rooms')).status).toBe(200);
});

test('parameters are read and written one by one, each with its outcome; secrets stay where they are', async () => {
  const read = await ask(
    '/main/parameters/read',
    send('POST', {
      items: [
        { id: 'name', index: 8001 },
        { id: 'name', index: 8044 },
        { id: 'password.personal', index: 1 },
      ],
      password: PASSWORD,
    }),
  );
  expect(read.json).toEqual({
    items: [
      { id: 'name', index: 8001, code: 'ok', value: 'nobody' },
      { id: 'name', index: 8044, code: 'noDevice' },
      { id: 'password.personal', index: 1, code: 'ok' },
    ],
  });
  const written = await ask(
    '/main/parameters/write',
    send('POST', {
      items: [
        { id: 'name', index: 8001, value: 'Ann' },
        { id: 'name', index: 8044, value: 'Ghost' },
        { id: 'password.personal', index: 1, value: '998877' },
      ],
      password: PASSWORD,
    }),
  );
  expect((written.json.items as ParameterOutcome[]).map(({ code }) => code)).toEqual(['ok', 'noDevice', 'ok']);
  expect(written.text).not.toContain('998877');
  expect(floor.phone.facets.values.get('name@8001')).toBe('Ann');
  expect(floor.phone.facets.values.get('password.personal@1')).toBe('998877');
});

test('a wrong password is refused; neither it nor the right one, nor any value, is in the log', async () => {
  const body = { items: [{ id: 'name', index: 8001, value: 'Zaphod' }] };
  const wrong = await ask('/main/parameters/write', send('POST', { ...body, password: '4242424' }));
  expect([wrong.status, wrong.json.code]).toEqual([403, 'auth.forbidden']);
  const right = await ask('/main/parameters/write', send('POST', { ...body, password: PASSWORD }));
  expect(right.status).toBe(200);
  const bad = await ask('/main/parameters/write', send('POST', { ...body, password: `${PASSWORD}-and-too-long` }));
  expect([bad.status, bad.json.code]).toEqual([400, 'argument.invalid']);
  const log = floor.log.join('');
  expect(log).toContain('parameters of a switch were written');
  for (const secret of [PASSWORD, '4242424', 'Zaphod']) {
    expect(log).not.toContain(secret);
    expect(wrong.text + bad.text).not.toContain(secret);
  }
});

test('a dry run writes nothing and says what would happen', async () => {
  const items = [
    { id: 'name', index: 8001, value: 'Ann' },
    { id: 'name', index: 8002, value: 'nobody' },
    { id: 'name', index: 8002, value: 'a name that is too long' },
    { id: 'classOfService.day', index: 8001, value: 7 },
    { id: 'classOfService.day', index: 8001, value: 'high' },
    { id: 'ring.day', index: 1, value: [1, 2] },
    { id: 'ring.day', index: 1, value: [1, 1] },
    { id: 'ring.day', index: 5, value: [1] },
    { id: 'name', index: 8044, value: 'Ghost' },
    { id: 'colour', index: 0, value: 1 },
    { id: 'password.personal', index: 1, value: '1' },
  ];
  const before = new Map(floor.phone.facets.values);
  const tried = await ask('/main/parameters/write', send('POST', { items, password: PASSWORD, mode: 'dryRun' }));
  expect((tried.json.items as { code: string; change?: string }[]).map(({ code, change }) => change ?? code)).toEqual([
    'changes',
    'same',
    'range',
    'range',
    'wrongType',
    'same',
    'range',
    'noDevice',
    'noDevice',
    'unsupported',
    'changes',
  ]);
  expect(tried.text).not.toContain('4711');
  expect(floor.phone.facets.values).toEqual(before);
});

test('the clock is read with its drift and set by an administrator', async () => {
  const read = await ask('/main/clock', {}, 'supervisor');
  expect(read.json).toEqual({ at: '2026-11-22T10:02:05', aheadMs: 125_000, timeZone: 'Asia/Shanghai' });
  expect((await ask('/main/clock', send('PUT'), 'supervisor')).status).toBe(403);
  expect((await ask('/main/clock', send('PUT'))).json.aheadMs).toBe(0);
});

test('a switch that stands in another zone is asked in its own', async () => {
  const { clock } = floor.phone.facets;
  const zones: string[] = [];
  const of = { get: clock.get.bind(clock), set: clock.set.bind(clock) };
  Object.assign(clock, {
    timeZone: 'Asia/Tokyo',
    get: (options: Parameters<typeof of.get>[0]) => {
      zones.push(options.timeZone);
      return of.get(options);
    },
    set: (options: Parameters<typeof of.set>[0]) => {
      zones.push(options.timeZone);
      return of.set(options);
    },
  });
  expect((await ask('/main/clock', send('PUT'))).json.timeZone).toBe('Asia/Tokyo');
  expect(new Set(zones)).toEqual(new Set(['Asia/Tokyo']));
  Object.assign(clock, { ...of, timeZone: undefined });
});

test('rooms are told what to do, and tell what happens there', async () => {
  const checkIn = { type: 'checkIn', room: room('8001'), classOfService: 3, name: 'Guest' };
  expect((await ask('/main/rooms', send('POST', checkIn), 'supervisor')).status).toBe(204);
  expect(floor.phone.facets.rooms).toEqual([checkIn]);
  const refused = await ask('/main/rooms', send('POST', { type: 'checkIn', room: room('8004') }));
  expect([refused.status, refused.json.code]).toEqual([502, 'driver.refused']);
  const foreign = await ask('/main/rooms', send('POST', { type: 'checkOut', room: 'other:extension:8001' }));
  expect([foreign.status, foreign.json.code]).toEqual([400, 'argument.invalid']);
  floor.phone.facets.tell({ type: 'messageLamp', room: room('8001'), mode: 'on' });
  floor.phone.facets.tell({ type: 'wakeUp', room: room('8001'), outcome: 'noAnswer' });
  expect(itemsOf(await ask('/main/rooms'))).toMatchObject([
    { room: room('8001'), messageLamp: 'on', wakeUp: { outcome: 'noAnswer' } },
  ]);
});

test('call records come page by page and as CSV; who sees no numbers gets none and cannot search by them', async () => {
  const { archive } = floor.phone.facets;
  const more = { ...archive[0], number: '02088889999', name: '=HYPERLINK("x"), Li', start: '2026-11-20T10:00:00' };
  // A driver keeps more of a record than is published.
  archive.push({ direction: 'in', doubts: ['startUnknown'], ...more, ...{ raw: 'secret line' } });
  const first = await ask('/main/call-records?limit=1');
  expect(itemsOf(first)).toMatchObject([{ number: ARCHIVED }]);
  const second = await ask(`/main/call-records?limit=1&cursor=${String(first.json.next)}`);
  expect(itemsOf(second)).toMatchObject([{ number: '02088889999' }]);
  expect(second.json).not.toHaveProperty('next');
  expect(second.text).not.toContain('secret line');
  expect(itemsOf(await ask('/main/call-records?number=139'))).toHaveLength(1);

  const masked = await ask('/main/call-records', {}, 'reviewer');
  expect(masked.status).toBe(200);
  for (const hidden of [ARCHIVED, '02088889999', 'HYPERLINK', '"77"']) expect(masked.text).not.toContain(hidden);
  expect(itemsOf(masked)[0]).toMatchObject({ number: expect.stringMatching(/^ref:/u) });
  expect((await ask('/main/call-records?number=139', {}, 'reviewer')).status).toBe(403);

  const csv = await floor.get('/v1/switches/main/call-records/export', await floor.token('admin'));
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = (await csv.text()).split('\r\n');
  expect(lines[0]).toMatch(/^start,durationMs,/u);
  expect(lines[2]).toContain(`"'=HYPERLINK(""x""), Li"`);
  expect(lines).toHaveLength(4);
});

test('a call of several records, and one that was cut, can be told from a plain one', async () => {
  const { archive } = floor.phone.facets;
  const part = {
    direction: 'in',
    callRef: '7',
    number: CALLER,
    personalCode: '31',
    disaCode: '4',
    did: '8000',
    doubts: [],
  } as const;
  archive.splice(
    0,
    archive.length,
    {
      ...part,
      part: 1,
      continues: 'continues',
      end: 'transferred',
      transferredTo: '802',
      holdMs: 20_000,
      extension: '801',
    },
    { ...part, part: 2, end: 'cut', transferredFrom: '801', extension: '802', doubts: ['durationEstimated'] },
  );
  expect(itemsOf(await ask('/main/call-records'))).toEqual(archive);
  const csv = await floor.get('/v1/switches/main/call-records/export', await floor.token('admin'));
  const [titles = '', first = '', second = ''] = (await csv.text()).split('\r\n');
  const cell = (row: string, title: string): string | undefined => row.split(',')[titles.split(',').indexOf(title)];
  expect(['end', 'part', 'continues', 'transferredTo', 'holdMs', 'callRef'].map((title) => cell(first, title))).toEqual(
    ['transferred', '1', 'continues', '802', '20000', '7'],
  );
  expect(['end', 'part', 'continues', 'transferredFrom', 'doubts'].map((title) => cell(second, title))).toEqual([
    'cut',
    '2',
    '',
    '801',
    'durationEstimated',
  ]);
  const masked = itemsOf(await ask('/main/call-records', {}, 'reviewer'));
  expect(masked).toMatchObject([
    { part: 1, end: 'transferred' },
    { part: 2, end: 'cut' },
  ]);
  for (const own of ['personalCode', 'disaCode', 'did']) expect(masked[0]).not.toHaveProperty(own);
});

test('what devices do is told with their configuration and by switch, without numbers for who may not see them', async () => {
  await floor.get('/v1/devices', await floor.token('admin'), send('POST', { id: room('8001'), label: 'Ann' }));
  const party = { number: CALLER, name: 'Li Na', presentation: 'allowed' } as const;
  const detail = { state: 'talking', direction: 'in', line: 'main:line:3', party } as const;
  floor.phone.emit({ type: 'devicePresence', device: room('8001'), presence: 'busy', detail: detail as never });
  floor.phone.emit({
    type: 'devicePresence',
    device: 'main:park:2' as never,
    presence: 'busy',
    detail: { state: 'taken', party },
  });
  await floor.server.settled();
  const items = async (path: string, more?: { numbers: 'masked' }): Promise<Record<string, unknown>[]> => {
    const answer = await floor.get(path, await floor.token('supervisor', more));
    return ((await answer.json()) as { items: Record<string, unknown>[] }).items;
  };
  const configured = await items('/v1/devices');
  expect(configured.find(({ id }) => id === room('8001'))).toMatchObject({
    label: 'Ann',
    live: { presence: 'busy', detail: { state: 'talking', line: 'main:line:3', party: { raw: CALLER } } },
  });
  // Nobody has configured the slot: the switch tells of it.
  expect(configured.find(({ id }) => id === room('8001'))).toMatchObject({ source: 'configuration' });
  expect(configured.find(({ id }) => id === 'main:park:2')).toMatchObject({
    source: 'switch',
    live: { presence: 'busy', detail: { state: 'taken', party: { raw: CALLER } } },
  });
  const slot = await floor.get('/v1/devices/main%3Apark%3A2', await floor.token('supervisor'));
  expect([slot.status, await slot.json()]).toMatchObject([200, { id: 'main:park:2', source: 'switch' }]);
  expect((await floor.get('/v1/devices/main%3Apark%3A3', await floor.token('supervisor'))).status).toBe(404);
  const told = await items('/v1/switches/main/devices');
  expect(told.map(({ device }) => device)).toEqual([room('8001'), 'main:park:2']);
  for (const path of ['/v1/devices', '/v1/switches/main/devices']) {
    expect(JSON.stringify(await items(path, { numbers: 'masked' }))).not.toContain(CALLER.slice(-8));
  }
});

test('nobody listens to the rooms of a server that was stopped', async () => {
  expect(floor.phone.facets.isHeard).toBe(true);
  await floor.server.stop();
  expect(floor.phone.facets.isHeard).toBe(false);
});
