import { request } from 'node:http';
import { connectAgent, connectSupervisor, type SocketConstructor, screenPop } from '@cordboard/agent-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Demo } from '../src/index.js';
import { boardShows, incoming, next, quietFloor, until } from './support.js';

const socket = { WebSocket: WebSocket as unknown as SocketConstructor };
let demo: Demo;

beforeAll(async () => {
  demo = await quietFloor();
});

afterAll(() => demo.stop());

const tokenOf = async (who: string): Promise<string> => {
  const body = (await (await fetch(`${demo.url}/demo/token/${who}`)).json()) as { readonly token: string };
  return body.token;
};

test('a caller gets through the menu to the desk, is popped, held, consulted about and handed over, and the board sees it', async () => {
  await using board = await connectSupervisor({ url: demo.ws, getToken: () => tokenOf('supervisor'), ...socket });
  await using desk = await connectAgent({ url: demo.ws, getToken: () => tokenOf('agent'), ...socket });
  expect(desk.notReadyReasons).toContain('lunch');
  const pops: (string | undefined)[] = [];
  screenPop(desk, {
    url: 'http://erp.test/c?phone={caller.number}&queue={queue.name}&customer={customer.id}&topic={data.topic}',
    open: (pop) => {
      pops.push(pop.url);
      return undefined;
    },
  });
  await desk.ready();
  expect(desk.agent).toMatchObject({ state: 'ready', name: 'Ann' });

  const offered = next(desk, 'callOffered');
  expect((await incoming(demo.url, '+8613900000001')).status).toBe(202);
  const { call } = await offered;
  expect(call).toMatchObject({ direction: 'inbound', state: 'alerting', queue: { id: 'support', name: 'Support' } });
  expect(call.peer).toMatchObject({ e164: '+8613900000001', name: '李伟 Li Wei' });
  expect(call.ivrPath[0]).toBe('front/start');

  expect(await call.answer()).toBe('done');
  expect(call.state).toBe('connected');
  // The page opens by itself, beside the answer.
  await expect.poll(() => pops.length).toBe(1);
  expect(pops[0]).toMatch(/phone=%2B8613900000001&queue=Support&customer=C-1001&topic=(repair|invoice)$/u);
  await boardShows(board, () => board.calls.get(call.id)?.agents.includes('ann' as never) === true);

  await call.hold();
  expect(call.state).toBe('held');
  await call.retrieve();
  expect(call.state).toBe('connected');
  await call.setData({ mood: 'asked twice' });

  const consult = await call.consult('8002', { note: 'invoice' });
  await until(desk, consult, 'connected');
  await until(desk, call, 'held');
  expect(consult.peer.number).toBe('8002');
  const left = next(desk, 'callEnded', (event) => event.call === call);
  await consult.complete();
  await left;
  await expect.poll(() => desk.calls.size).toBe(0);
  await boardShows(board, () => board.calls.get(call.id)?.agents.includes('bo' as never) === true);
  await expect.poll(() => board.calls.get(call.id)?.data).toMatchObject({ mood: 'asked twice', note: 'invoice' });
  expect(pops).toHaveLength(1);

  await board.forceRelease(call.id);
  await boardShows(board, () => !board.calls.has(call.id));
  await boardShows(board, () => ['ready', 'wrapUp'].includes(board.agents.get('bo')?.state ?? ''));
});

test('a supervisor listens, whispers, barges in and leaves', async () => {
  await using board = await connectSupervisor({ url: demo.ws, getToken: () => tokenOf('supervisor'), ...socket });
  await using desk = await connectAgent({ url: demo.ws, getToken: () => tokenOf('agent'), ...socket });
  await desk.ready();
  const offered = next(desk, 'callOffered');
  await incoming(demo.url, 'withheld');
  const { call } = await offered;
  expect(call.peer.presentation).toBe('withheld');
  await call.answer();
  await until(desk, call, 'connected');
  const target = { callId: call.id, seat: 'main:extension:8009' };
  for (const mode of ['listen', 'whisper', 'barge'] as const) {
    await board[mode](target);
    await boardShows(board, () => board.calls.get(call.id)?.monitors.some((one) => one.mode === mode) === true);
  }
  await board.stop(call.id);
  await boardShows(board, () => board.calls.get(call.id)?.monitors.length === 0);
  await call.hangUp();
  await boardShows(board, () => !board.calls.has(call.id));
});

test('pages, client and data are served with a strict policy', async () => {
  for (const path of ['/', '/board.html', '/erp.html', '/style.css', '/texts.js', '/desk.js', '/board.js', '/erp.js']) {
    const response = await fetch(demo.url + path);
    expect(response.status, path).toBe(200);
    const text = await response.text();
    expect(text, path).not.toMatch(/(src|href|url\()\s*=?\s*["']?https?:/u);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
  }
  const script = await (await fetch(`${demo.url}/cordboard.js`)).text();
  expect(script).toContain('cti-agent-bar');
  expect((await fetch(`${demo.url}/demo/token/root`)).status).toBe(404);
  expect((await incoming(demo.url, '+8600')).status).toBe(400);
  expect((await incoming(demo.url, '__proto__')).status).toBe(400);
});

test('a page that reached this machine by another name gets no token', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = request(`${demo.url}/demo/token/admin`, { headers: { host: 'evil.test' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject).end();
  });
  expect(status).toBe(403);
});
