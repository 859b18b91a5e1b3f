import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Cable } from './cable.js';
import { within } from './wait.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function echo(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  open.push({ close: () => socket.destroy() });
  return socket;
}

/** Unlike `once`, which rejects at the reset that comes first. */
function closeOf(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return within(new Promise((resolve) => socket.once('close', () => resolve())), { what: 'the end of the connection' });
}

async function says(socket: Socket, text: string, bound: { readonly withinMs?: number } = {}): Promise<string> {
  const answer = once(socket, 'data');
  socket.write(text);
  return String((await within(answer, { what: 'the echo', ...bound }))[0]);
}
/** How long nothing is to be heard. */
const SILENCE = { withinMs: 2_000 };

describe('Cable', () => {
  it('carries bytes both ways', async () => {
    const cable = await Cable.to(await echo());
    open.push(cable);
    expect(await says(await dial(cable.port), 'hello')).toBe('hello');
    expect(cable.connections).toBe(1);
  });

  it('breaks what it carries when it is cut, refuses, and carries again when mended', async () => {
    const cable = await Cable.to(await echo());
    open.push(cable);
    const socket = await dial(cable.port);
    await says(socket, 'a');
    const closed = closeOf(socket);
    cable.cut();
    await closed;
    await closeOf(connect({ host: '127.0.0.1', port: cable.port }));
    cable.mend();
    expect(await says(await dial(cable.port), 'b')).toBe('b');
  });

  it('goes deaf without closing', async () => {
    const cable = await Cable.to(await echo());
    open.push(cable);
    const socket = await dial(cable.port);
    await says(socket, 'a');
    cable.deafen();
    await expect(says(socket, 'b', SILENCE)).rejects.toThrow('the echo');
    expect(socket.destroyed).toBe(false);
    const closed = closeOf(socket);
    cable.mend();
    await closed;
  });

  it('hushes the far side and loses nothing of it', async () => {
    const cable = await Cable.to(await echo());
    open.push(cable);
    const socket = await dial(cable.port);
    await says(socket, 'a');
    cable.hush();
    await expect(says(socket, 'b', SILENCE)).rejects.toThrow('the echo');
    const late = once(socket, 'data');
    cable.unhush();
    expect(String((await within(late, { what: 'the echo' }))[0])).toBe('b');
  });
});
