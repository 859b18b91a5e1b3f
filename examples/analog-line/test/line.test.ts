import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentDesk, connectAgent, type SocketConstructor } from '@cordboard/agent-sdk';
import { type CtiServer, createServer } from '@cordboard/cti-server';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import config from '../config.js';

let desk: AgentDesk | undefined;
let server: CtiServer | undefined;
let dir: string | undefined;
afterEach(async () => {
  await desk?.close();
  await server?.stop();
  if (dir !== undefined) await rm(dir, { recursive: true, force: true });
});

test('a call comes, is heard by its keys, pops, is answered at the phone, and is kept with its recording', async () => {
  dir = await mkdtemp(join(tmpdir(), 'cordboard-line-'));
  server = createServer({ ...config, server: { port: 0, dataDir: dir, logLevel: 'silent' } });
  const { url } = await server.start();
  const token = async (role: 'agent' | 'admin'): Promise<string> =>
    (await server?.makeToken({ userId: 'ann', role, agentId: 'ann', ttlS: 600 }))?.token ?? '';
  desk = await connectAgent({
    url,
    getToken: () => token('agent'),
    // Node 22 and newer have a WebSocket of their own.
    WebSocket: WebSocket as unknown as SocketConstructor,
  });
  const offered = new Promise<string>((resolve) => {
    desk?.on('callOffered', ({ call }) => resolve(`${call.customer?.e164} ${call.ivrPath.join(' ')}`));
  });
  await desk.ready();
  expect(await offered).toBe('+8613900001111 front/start front/shop');

  const headers = { authorization: `Bearer ${await token('admin')}` };
  const first = async (path: string): Promise<Record<string, unknown> | undefined> => {
    const answer = (await (await fetch(`${url}/v1/${path}`, { headers })).json()) as {
      items: Record<string, unknown>[];
    };
    return answer.items[0];
  };
  await expect
    .poll(() => first('cdrs'), { timeout: 90_000, interval: 200 })
    .toMatchObject({
      outcome: 'answered',
      endedBy: 'caller',
      agents: ['ann'],
      queueId: 'shop',
    });
  await expect
    .poll(() => first('recordings'), { timeout: 60_000, interval: 200 })
    .toMatchObject({ state: 'done', format: 'wav49', stored: [{ index: 0 }] });
  const { recordingId = '' } = (await first('recordings')) ?? {};
  const file = await fetch(`${url}/v1/recordings/${encodeURIComponent(String(recordingId))}/files/0`, { headers });
  expect([file.status, Buffer.from(await file.arrayBuffer()).toString('latin1', 0, 4)]).toEqual([200, 'RIFF']);
});
