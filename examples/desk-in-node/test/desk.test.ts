import { type Demo, startDemo } from '@cordboard/cli';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Line, openDesk } from '../desk.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };
let demo: Demo;

beforeAll(async () => {
  demo = await startDemo({ host: '127.0.0.1', port: 0, seed: 5, trafficMs: 0, log, random: Math.random });
});

afterAll(() => demo.stop());

test('a program takes a call, holds it while it looks something up, and writes its line', async () => {
  const lines: Line[] = [];
  let onWritten = (): void => undefined;
  const written = new Promise<void>((resolve) => {
    onWritten = resolve;
  });
  await using desk = await openDesk({
    url: demo.ws,
    getToken: () => demo.tokens.agent,
    lookUp: async (call) => ({ seen: `${call.state} ${call.customer?.name ?? ''}` }),
    write: (line) => {
      lines.push(line);
      onWritten();
    },
  });
  expect(desk.agent.state).toBe('ready');
  const response = await fetch(`${demo.url}/demo/calls`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: '+8613900000002' }),
  });
  expect(response.status).toBe(202);
  await written;
  expect(lines).toMatchObject([{ from: '+8613900000002', queue: 'Support', ended: 'normalClearing' }]);
  expect(lines[0]?.way[0]).toBe('front/start');
  expect(desk.calls.size).toBe(0);

  await demo.server.settled();
  const list = await fetch(`${demo.url}/v1/cdrs`, { headers: { authorization: `Bearer ${demo.tokens.admin}` } });
  const { items } = (await list.json()) as {
    readonly items: readonly { readonly callId: string; readonly data: object }[];
  };
  const cdr = items.find(({ callId }) => callId === lines[0]?.call);
  expect(cdr).toMatchObject({ data: { seen: 'held 王芳 Wang Fang' }, agents: ['ann'] });
});
