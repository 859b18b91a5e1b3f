import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type Cdr, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { VirtualSwitch } from '@cordboard/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Caller } from './support/caller.js';
import { bundle, ServerProcess } from './support/killed/server-process.js';
import { json, type Service, startService } from './support/service.js';

const say = (prompt: string) => [{ kind: 'prompt', prompt }];
const languages = ['en'];
/** A caller chooses, keys an order in, and it is booked elsewhere. */
const flow = (origin: string) => ({
  format: 'cordboard-ivr/1',
  id: 'front',
  version: '1',
  languages,
  start: 'choose',
  prompts: Object.fromEntries(['choose', 'which', 'wait', 'booked', 'sorry'].map((name) => [name, { en: name }])),
  nodes: {
    choose: {
      type: 'menu',
      say: say('choose'),
      keys: { 1: 'order' },
      timeoutMs: 20_000,
      noInput: 'sorry',
      noMatch: 'sorry',
    },
    order: {
      type: 'collect',
      say: say('which'),
      variable: 'order',
      min: 4,
      max: 8,
      timeoutMs: 20_000,
      interDigitMs: 20_000,
      next: 'book',
      noInput: 'sorry',
      noMatch: 'sorry',
    },
    book: {
      type: 'http',
      method: 'POST',
      url: `${origin}/bookings`,
      headers: { authorization: 'Bearer {secret.ERP}' },
      body: { order: '{order}' },
      tries: 2,
      timeoutMs: 10_000,
      keep: { number: 'number' },
      ways: { '2xx': 'booked' },
      otherwise: 'sorry',
      failed: 'sorry',
    },
    booked: { type: 'play', say: [...say('booked'), { kind: 'say', variable: 'number', as: 'digits' }], next: 'END' },
    sorry: { type: 'play', say: say('sorry'), next: 'END' },
  },
});

let program: Awaited<ReturnType<typeof bundle>>;
let dataDir = '';
let server: ServerProcess;
let service: Service;
let pbx: VirtualSwitch;
beforeAll(async () => {
  program = await bundle();
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cordboard-flow-killed-'));
  pbx = new VirtualSwitch(
    { switchId: asId<SwitchId>('main'), seed: 7, extensions: ['8001'], orders: 'plain' },
    systemClock,
  );
});
afterEach(async () => {
  await server?.kill();
  await service?.close();
  await rm(dataDir, { recursive: true, force: true });
});
afterAll(() => program.remove());

const live = (): ServerProcess => {
  process.env.CORDBOARD_TEST_ERP = 'the-token-of-the-erp';
  const config = {
    flows: [flow(service.origin)],
    routes: [{ number: '4008001000', to: { ivr: 'front' } }],
    ivr: { http: { allow: [service.origin] }, secrets: { ERP: { env: 'CORDBOARD_TEST_ERP' } } },
  };
  server = new ServerProcess({ file: program.file, dataDir, pbx, config });
  return server;
};

/** The record of the one call. */
async function record(): Promise<Cdr> {
  const { url, tokens } = await server.listening;
  const read = async (): Promise<readonly Cdr[]> => {
    await server.settled();
    const response = await fetch(`${url}/v1/cdrs?flow=front&node=book`, {
      headers: { authorization: `Bearer ${tokens.admin}` },
    });
    return ((await response.json()) as { items: Cdr[] }).items;
  };
  await expect.poll(read, { interval: 50 }).toHaveLength(1);
  const [cdr] = await read();
  if (cdr === undefined) throw new Error('no record');
  return cdr;
}

/** Books as often as it is asked, or once for each key. @param honours - whether it knows what the key is for */
function bookings(honours: 'keys' | 'nothing') {
  const made = new Map<string, number>();
  let first: () => void = () => undefined;
  const taken = new Promise<void>((resolve) => {
    first = resolve;
  });
  const start = startService((asked, response) => {
    const key = honours === 'keys' ? String(asked.headers['idempotency-key']) : String(made.size);
    const number = made.get(key) ?? 100 + made.size;
    made.set(key, number);
    // It has booked when the server dies, and its answer reaches nobody.
    if (service.asked.length === 1) first();
    else json(response, { number: String(number) });
  });
  return { made, taken, start };
}

test('killed in a menu, in a collect and while a service books, the caller goes on each time, and it is booked once', async () => {
  const { made, taken, start } = bookings('keys');
  service = await start;
  await live().listening;
  const caller = new Caller(pbx, '+8613912345678', '4008001000');
  await caller.hears('choose');
  await server.kill();
  await live().listening;
  await caller.hears('choose', 2);
  await caller.presses('1');
  await caller.hears('which');
  await caller.presses('99');
  await server.kill();
  await live().listening;
  await caller.hears('which', 2);
  await caller.presses('4711#');
  await taken;
  await server.kill();
  await live().listening;
  await caller.hears('booked');
  const cdr = await record();
  expect(caller.heard).toEqual(['choose', 'choose', 'which', 'which', 'booked', 'digits:100']);
  expect(made.size).toBe(1);
  const { asked } = service;
  expect(asked.map(({ body }) => body)).toEqual(['{"order":"4711"}', '{"order":"4711"}']);
  expect(asked.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer the-token-of-the-erp'));
  expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(asked[0]?.headers['idempotency-key']).toMatch(/:front\/book:\d+$/u);
  expect(cdr).toMatchObject({
    outcome: 'completedInFlow',
    ivrPath: expect.arrayContaining(['front/book', 'front/booked']),
  });
}, 180_000);

test('a service that does not know what the key is for books twice: the check can tell', async () => {
  const { made, taken, start } = bookings('nothing');
  service = await start;
  await live().listening;
  const caller = new Caller(pbx, '+8613912345678', '4008001000');
  await caller.hears('choose');
  await caller.presses('14711#');
  await taken;
  await server.kill();
  await live().listening;
  await caller.hears('booked');
  expect(made.size).toBe(2);
}, 180_000);
