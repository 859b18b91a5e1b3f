import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAgent, type SocketConstructor } from '@cordboard/agent-sdk';
import { type CtiServer, createServer } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import { VirtualSwitch } from '@cordboard/simulator';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { callIn } from '../src/demo/callers.js';
import { DEMO_SWITCH, demoConfig, EXTENSIONS } from '../src/demo/floor.js';
import { next, silent, until } from './support.js';

test('a desk outlives a restart of its server: the same call goes on, nothing is told twice', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'cordboard-restart-'));
  const pbx = new VirtualSwitch(
    { switchId: DEMO_SWITCH, seed: 1, extensions: EXTENSIONS, orders: 'plain' },
    systemClock,
  );
  const place = { host: '127.0.0.1', dataDir, origins: [] };
  let server: CtiServer = createServer(demoConfig(pbx, { ...place, port: 0 }), { log: silent });
  const { ws, url, port } = await server.start();
  const getToken = async (): Promise<string> =>
    (await server.makeToken({ userId: 'ann', role: 'agent', agentId: 'ann', ttlS: 600 })).token;
  await using desk = await connectAgent({
    url: ws,
    getToken,
    WebSocket: WebSocket as unknown as SocketConstructor,
    backoff: { minMs: 50, maxMs: 200 },
  });
  const seen: string[] = [];
  for (const name of ['callOffered', 'callConnected', 'callHeld', 'callRetrieved', 'callEnded'] as const) {
    desk.on(name, ({ call }) => seen.push(`${name} ${call.state}`));
  }
  await desk.ready();
  const offered = next(desk, 'callOffered');
  callIn(pbx, pbx.party('+8613900000001'), { keys: '21', keyMs: 100, talkMs: 120_000, patienceMs: 60_000 });
  const { call } = await offered;
  await call.answer();
  await until(desk, call, 'connected');

  const offline = next(desk, 'linkChanged', ({ state }) => state === 'offline');
  const online = next(desk, 'linkChanged', ({ state }) => state === 'online');
  await server.stop();
  await offline;
  server = createServer(demoConfig(pbx, { ...place, port }), { log: silent });
  await server.start();
  await online;
  expect(desk.calls.get(call.id)).toBe(call);
  // The server lets desks in before its own link to the switch is whole; a desk that comes later is told of no change.
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await call.hold()).toBe('done');
  expect(call.state).toBe('held');
  await call.retrieve();
  const ended = next(desk, 'callEnded');
  await call.hangUp();
  expect((await ended).end).toMatchObject({ cause: 'normalClearing', by: 'agent', how: 'ended' });
  expect(seen).toEqual([
    'callOffered alerting',
    'callConnected connected',
    'callHeld held',
    'callRetrieved connected',
    'callEnded ended',
  ]);
  await desk.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});
