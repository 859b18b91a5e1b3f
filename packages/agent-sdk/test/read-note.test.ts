import type { StreamSnapshot } from '@cordboard/cti-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AgentDesk, connectAgent } from '../src/index.js';
import { FakeServer } from './fake-server.js';
import { ManualClock } from './manual-clock.js';
import { agentView } from './views.js';

const empty: StreamSnapshot = { kind: 'agent', agent: agentView(), calls: [], pops: [] };
const NOTE = { text: 'wants the blue one', ticket: 'T-7', by: 'bob', atWallMs: 1_800_000_000_000 };

let server: FakeServer;
let desk: AgentDesk;

beforeEach(async () => {
  server = new FakeServer(empty);
  desk = await connectAgent({ url: server.url, getToken: () => 'token-1', clock: new ManualClock() });
});
afterEach(async () => {
  await desk.close();
  server.close();
});

test('a note is asked for at its call, with a token, and comes as it stands', async () => {
  const seen: Request[] = [];
  server.rest = (request) => {
    seen.push(request);
    return Response.json({ note: NOTE });
  };
  expect(await desk.readNote('e/c 1')).toEqual(NOTE);
  const [request] = seen;
  expect([request?.method, request?.url]).toEqual(['GET', 'http://cti.test/v1/cdrs/e%2Fc%201/note']);
  expect(request?.headers.get('authorization')).toBe('Bearer token-1');
});

test('a call on which nobody has written has no note', async () => {
  server.rest = () => Response.json({});
  expect(await desk.readNote('e-c1')).toBeUndefined();
});

test('a server that does not know the operation is told from a call without a note', async () => {
  await expect(desk.readNote('e-c1')).rejects.toMatchObject({ code: 'resource.notFound' });
});

test.each([
  ['a call that is not mine', () => refusal(404, 'cdr.notFound'), 'cdr.notFound'],
  ['too many requests', () => refusal(429, 'server.busy'), 'server.busy'],
  ['no server there', () => Response.error(), 'link.closed'],
  ['a page of something between', () => new Response('<html>hello</html>'), 'link.closed'],
])('%s is an error of ours', async (_name, answer, code) => {
  server.rest = answer;
  await expect(desk.readNote('e-c1')).rejects.toMatchObject({ code });
});

test('the wait can be given up', async () => {
  const control = new AbortController();
  server.rest = () => {
    control.abort();
    return new Promise<never>(() => undefined);
  };
  await expect(desk.readNote('e-c1', { signal: control.signal })).rejects.toMatchObject({ code: 'wait.aborted' });
});

function refusal(status: number, code: string): Response {
  return Response.json({ code, message: `no [${code}]`, retryable: false }, { status });
}
