import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@cordboard/cti-core';
import { createServer } from '@cordboard/cti-server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DRIVERS } from '../src/commands/serve.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cordboard-links-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('a switch that refuses the log-in, then is gone: each is told once, and the server is not ready', async () => {
  let refused = 0;
  let goes: (() => void) | undefined;
  const pbx = createHttpServer();
  pbx.on('upgrade', (_request, socket) => {
    refused += 1;
    socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
    goes?.();
  });
  await new Promise<void>((resolve) => pbx.listen(0, '127.0.0.1', resolve));
  const { port } = pbx.address() as AddressInfo;
  const told: unknown[] = [];
  const keep = (_message: string, fields: object = {}): void => {
    if ('linkId' in fields) told.push((fields as { reason?: string }).reason);
  };
  const log: Logger = { debug() {}, info: keep, warn: keep, error: keep };
  const ari = { url: `http://127.0.0.1:${port}`, user: 'cti', password: 'wrong' };
  const options = { ari, backoffFirst: 20, backoffMax: 40 };
  await using server = createServer(
    { server: { port: 0, dataDir }, switches: { main: { driver: 'asterisk', options } } },
    { drivers: DRIVERS, log },
  );
  const { url } = await server.start();
  await expect.poll(() => refused).toBeGreaterThan(3);
  expect(told).toEqual(['authFailed']);

  // It goes behind an answer, when no other attempt is under way: one that is cut off is told as another reason.
  await new Promise((resolve) => {
    goes = () => pbx.close(resolve);
  });
  await expect.poll(() => told).toEqual(['authFailed', 'refused']);
  const ready = await fetch(`${url}/readyz`);
  expect({ http: ready.status, ...((await ready.json()) as object) }).toEqual({
    http: 503,
    status: 'linkDown',
    links: { main: 'down' },
    disk: expect.any(String),
  });
});
