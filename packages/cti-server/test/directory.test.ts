import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TestClient } from './support/client.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let directory: Server;
let answer: Answer = (_request, response) => response.end();
let asked: IncomingMessage[] = [];
let floor: Floor | undefined;

beforeEach(async () => {
  asked = [];
  directory = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => directory.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await floor?.end();
  floor = undefined;
  directory.closeAllConnections();
  await new Promise((resolve) => directory.close(resolve));
});

const url = (): string => `http://127.0.0.1:${(directory.address() as AddressInfo).port}/who?phone={number}`;

/** Ann's desk on a floor that asks the directory. */
async function desk(more: { timeout?: string } = {}): Promise<{ floor: Floor; ann: TestClient }> {
  floor = await startFloor({
    config: { directory: { url: url(), headers: { 'x-key': 'geheim' }, ...more } },
  });
  const ann = await floor.client('agent');
  await ann.watch('agent:ann');
  await ann.command({ type: 'agent.logOn' });
  await ann.command({ type: 'agent.ready' });
  return { floor, ann };
}

/** Rings in, and gives what the pop says when the look-up has been answered or given up. */
async function popOf({ floor: { phone, server }, ann }: Awaited<ReturnType<typeof desk>>, from = CALLER) {
  phone.call(from, '4008001000');
  const { items } = await ann.next('events', (frame) => frame.items.some(({ event }) => event.type === 'pop'));
  expect(items.length).toBeGreaterThan(0);
  const latest = () =>
    ann.frames
      .flatMap((frame) => (frame.type === 'events' ? frame.items : []))
      .flatMap(({ event }) => (event.type === 'pop' ? [event.pop] : []))
      .at(-1);
  return { latest, server };
}

const customer = { id: '42', name: 'Zhang San', url: 'https://erp.example.com/42' };

describe('a directory over HTTP', () => {
  test('is asked with the number and the configured headers, and its answer is on the pop', async () => {
    answer = (_request, response) => response.end(JSON.stringify({ decision: 'one', customers: [customer] }));
    const opened = await desk();
    const { latest } = await popOf(opened);
    await expect.poll(() => latest()?.match).toMatchObject({ decision: 'one', customers: [customer] });
    expect(asked.map((request) => request.url)).toEqual([`/who?phone=${encodeURIComponent(`+86${CALLER}`)}`]);
    expect(asked[0]?.headers).toMatchObject({ 'x-key': 'geheim', accept: 'application/json' });
  });

  const bad: readonly (readonly [what: string, answer: Answer])[] = [
    ['refuses', (_request, response) => response.writeHead(500).end('{}')],
    ['answers with no JSON', (_request, response) => response.end('<html>')],
    ['answers with something else', (_request, response) => response.end('{"decision":"perhaps","customers":7}')],
    ['sends us elsewhere', (_request, response) => response.writeHead(302, { location: 'http://192.0.2.1/' }).end()],
    [
      'breaks off',
      (request, response) => {
        response.write('{"decision"');
        request.socket.destroy();
      },
    ],
  ];
  test.each(bad)('that %s leaves the pop without a customer, and the call goes on', async (_what, given) => {
    answer = given;
    const opened = await desk();
    const { latest, server } = await popOf(opened);
    await expect.poll(() => opened.floor.log.join('')).toContain('a look-up of a customer failed');
    await server.settled();
    expect(latest()?.match).toBeUndefined();
    expect(opened.floor.log.join('')).not.toContain(CALLER);
    expect(opened.floor.log.join('')).not.toContain('geheim');
  });

  test('that never ends its answer is read no further than an answer may be long', async () => {
    let sent = 0;
    let ended: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      ended = resolve;
    });
    answer = (_request, response) => {
      const chunk = 'x'.repeat(64 * 1024);
      const more = (): void => {
        while (!response.destroyed && sent < 500_000_000) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
      };
      response.on('close', ended);
      more();
    };
    const opened = await desk({ timeout: '5s' });
    await popOf(opened);
    await closed;
    expect(sent).toBeLessThan(20_000_000);
  });

  test('that does not answer is given up in its time, and many at once do not pile up', async () => {
    const waiting: ServerResponse[] = [];
    answer = (_request, response) => waiting.push(response);
    const opened = await desk({ timeout: '300ms' });
    const { latest } = await popOf(opened);
    for (let n = 0; n < 120; n++) opened.floor.phone.call(`1380000${String(n).padStart(4, '0')}`, '4008001000');
    await expect
      .poll(() => opened.floor.log.filter((line) => line.includes('a look-up of a customer failed')).length, {})
      .toBeGreaterThan(10);
    expect(asked.length).toBeLessThanOrEqual(51);
    expect(latest()?.match).toBeUndefined();
    await expect.poll(() => waiting.every((response) => response.destroyed)).toBe(true);
  });
});
