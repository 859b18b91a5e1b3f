import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { missedCalls, readNote, writeNote } from '../src/desk/call-log.js';
import { askRest } from '../src/link/rest.js';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

let server: Server;
let seen: Seen[];
let answer: { status: number; text: string };
let hold: 'hold' | undefined;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

beforeEach(async () => {
  seen = [];
  answer = { status: 200, text: '{}' };
  hold = undefined;
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    seen.push({ method, url, authorization: headers.authorization, body: await bodyOf(request) });
    response.writeHead(answer.status).write(answer.text);
    if (hold === undefined) response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  vi.unstubAllGlobals();
  return new Promise((resolve) => server.close(resolve));
});

const ask: Parameters<typeof missedCalls>[0] = (path, how) => {
  const { port } = server.address() as AddressInfo;
  return askRest({ url: `ws://127.0.0.1:${port}`, getToken: async () => 'secret' }, path, how);
};
const number = { raw: '+8613900000001', e164: '+8613900000001', display: '139 0000 0001', presentation: 'allowed' };

test('missed calls are asked for by agent and come with who called, and when', async () => {
  const cdr = { callId: 'e-c1', calling: number, startedWallMs: 1_800_000_000_000, note: { by: 'bob', atWallMs: 1 } };
  answer = { status: 200, text: JSON.stringify({ items: [cdr] }) };
  expect(await missedCalls(ask, { agentId: 'ann & bob', limit: 5 })).toEqual([
    {
      callId: 'e-c1',
      caller: { number: '139 0000 0001', e164: '+8613900000001', presentation: 'allowed' },
      at: 1_800_000_000_000,
      note: { by: 'bob', atWallMs: 1 },
    },
  ]);
  expect(seen).toMatchObject([
    { method: 'GET', url: '/v1/cdrs?missedBy=ann%20%26%20bob&limit=5', authorization: 'Bearer secret' },
  ]);
});

test('a note is put, and an empty one is taken away', async () => {
  await writeNote(ask, 'e-c1', { text: 'call back', ticket: '', category: 'order' });
  await writeNote(ask, 'e-c1', { text: '', ticket: '' });
  expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['PUT', '/v1/cdrs/e-c1/note', '{"text":"call back","category":"order"}'],
    ['DELETE', '/v1/cdrs/e-c1/note', ''],
  ]);
});

test.each([
  [404, '{"code":"cdr.notFound","message":"there is no record of this call [cdr.notFound]"}', 'cdr.notFound'],
  [502, '<html>bad gateway</html>', 'link.closed'],
  [500, '{"code":"new.words"}', 'link.closed'],
])('a refusal with status %i is an error of ours', async (status, text, code) => {
  answer = { status, text };
  await expect(writeNote(ask, 'e-c1', { text: 'x' })).rejects.toMatchObject({ code });
});

test('a wait can be given up, and a server that is not there is said to be so', async () => {
  const gone = AbortSignal.abort();
  await expect(missedCalls(ask, { agentId: 'ann', limit: 1, signal: gone })).rejects.toMatchObject({
    code: 'wait.aborted',
  });
  // msw ends no body that is given up: this needs an answer of a real server, whose end never comes.
  const control = new AbortController();
  hold = 'hold';
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', async (...args: Parameters<typeof fetch>) => {
    const response = await fetch(...args);
    setImmediate(() => control.abort());
    return response;
  });
  await expect(readNote(ask, 'e-c1', { signal: control.signal })).rejects.toMatchObject({ code: 'wait.aborted' });
  const nowhere: typeof ask = (path, how) => askRest({ url: 'ws://127.0.0.1:1', getToken: () => 't' }, path, how);
  await expect(missedCalls(nowhere, { agentId: 'ann', limit: 1 })).rejects.toMatchObject({ code: 'link.closed' });
});
