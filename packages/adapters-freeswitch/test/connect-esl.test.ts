import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { connectEsl, EslClient } from '../src/esl/index.js';
import { FakeEsl, PASSWORD } from './fake-esl.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Whoever listens there does this to who dials. */
async function listening(greet: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    greet(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens, and which nobody else gets meanwhile: a connection of this process has it as its own end. */
async function closedPort(): Promise<{ readonly port: number; readonly free: () => Promise<void> }> {
  const holder = connect(await listening(() => undefined), '127.0.0.1');
  await once(holder, 'connect');
  const { localPort = 0 } = holder;
  const free = async (): Promise<void> => {
    if (holder.destroyed) return;
    const closed = once(holder, 'close');
    // Reset, since a port whose connection has said good-bye is kept for a minute.
    holder.resetAndDestroy();
    await closed;
  };
  closing.push(free);
  return { port: localPort, free };
}

const said = (text: RegExp, details: object): object => ({
  code: 'link.closed',
  message: expect.stringMatching(text),
  details: expect.objectContaining(details),
});

describe('the first connect', () => {
  it('tells at once that nothing listens, where, and what to check', async () => {
    const { port } = await closedPort();
    const fromMs = performance.now();
    await expect(connectEsl({ port, password: 'x', connectTimeout: '60s' })).rejects.toMatchObject(
      said(new RegExp(`^nothing listens on 127\\.0\\.0\\.1:${port}; check host and port`, 'u'), {
        port,
        linkDown: 'refused',
      }),
    );
    expect(performance.now() - fromMs).toBeLessThan(30_000);
  });

  it('tells within its bound that somebody is silent there', async () => {
    const port = await listening(() => undefined);
    await expect(connectEsl({ port, password: 'x', connectTimeout: '200ms' })).rejects.toMatchObject(
      said(/^no log-in at 127\.0\.0\.1:\d+ within 200 ms; check/u, { port, linkDown: 'timeout' }),
    );
  });

  it('tells that the switch turns this address away', async () => {
    const port = await listening((socket) =>
      socket.end('Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n'),
    );
    await expect(connectEsl({ port, password: 'x' })).rejects.toMatchObject(
      said(/turns this machine away; check apply-inbound-acl/u, { linkDown: 'refused' }),
    );
  });

  it('tells that another service is there', async () => {
    const port = await listening((socket) => socket.end('220 mail ESMTP\r\n'));
    await expect(connectEsl({ port, password: 'x' })).rejects.toMatchObject(
      said(/ended the connection before the log-in; check/u, { port }),
    );
  });

  it('leaves no timer behind that would dial again', async () => {
    const { port } = await closedPort();
    let timers = 0;
    const clock: Clock = {
      ...systemClock,
      setTimer: (delayMs, callback) => {
        timers += 1;
        let left = 1;
        const over = (): void => {
          timers -= left;
          left = 0;
        };
        const cancel = systemClock.setTimer(delayMs, () => {
          over();
          callback();
        });
        return () => {
          over();
          cancel();
        };
      },
    };
    await expect(connectEsl({ port, password: 'x' }, { clock })).rejects.toMatchObject({ code: 'link.closed' });
    expect(timers).toBe(0);
  });

  it('still ends with its signal, and tells a wrong password as such', async () => {
    const port = await listening(() => undefined);
    await expect(connectEsl({ port, password: 'x' }, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: 'wait.aborted',
    });
    const fake = await FakeEsl.start();
    closing.push(() => fake.stop());
    await expect(connectEsl({ port: fake.port, password: 'wrong' })).rejects.toMatchObject({ code: 'link.auth' });
  });
});

it('a client that is started goes on where the first attempt fails, and is ready when the switch is', async () => {
  const { port, free } = await closedPort();
  const client = new EslClient({ port, password: PASSWORD, backoffFirst: 10, backoffMax: 20 });
  closing.push(() => client.close());
  const refused = new Promise<void>((resolve) => {
    client.onLink((event) => event.type === 'state' && event.state.kind === 'waiting' && resolve());
  });
  client.start();
  const ready = client.ready();
  await refused;
  await free();
  const fake = await FakeEsl.start({ port });
  closing.push(() => fake.stop());
  await ready;
  expect(client.isUp).toBe(true);
});
