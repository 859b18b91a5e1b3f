import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Logger } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, expect, test } from 'vitest';
import { Gateway, type GatewayOptions } from '../src/ws/gateway.js';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

const FOREIGN = 'https://evil.example.com';
const REQUEST = [
  'GET /v1/ws HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  `Origin: ${FOREIGN}`,
  '\r\n',
].join('\r\n');

/** A door for two, and a page of a foreign origin that says nothing once it has asked to be let in. */
async function door() {
  const told: string[] = [];
  const log: Partial<Logger> = { warn: (_message, fields) => void told.push(String(fields?.origin)) };
  const options: Partial<GatewayOptions> = {
    clock: new SimulatedClock(0),
    log: log as Logger,
    count: () => undefined,
    pingMs: 1000,
    origins: [],
    maxClients: 2,
  };
  const gateway = new Gateway(options as GatewayOptions);
  const server = createServer().on('upgrade', (...asked) => gateway.upgrade(...asked));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => server.close());
  const page = async (): Promise<{ readonly status: string; readonly socket: Socket }> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    closing.push(() => socket.destroy());
    socket.on('error', () => undefined).write(REQUEST);
    const [first] = (await once(socket, 'data')) as [Buffer];
    return { status: first.toString('latin1').slice(0, 'HTTP/1.1 101'.length), socket };
  };
  return { page, told };
}

test('pages that were turned away count until they are gone, and are logged once', async () => {
  const { page, told } = await door();
  const [one, other] = [await page(), await page()];
  expect([one.status, other.status]).toEqual(['HTTP/1.1 101', 'HTTP/1.1 101']);
  expect((await page()).status).toBe('HTTP/1.1 503');
  for (const { socket } of [one, other]) socket.destroy();
  await expect.poll(async () => (await page()).status).toBe('HTTP/1.1 101');
  expect(told).toEqual([FOREIGN]);
});
