import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { CrashStorage } from './support/crash-storage.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

const floors: Floor[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const floor of floors.splice(0)) await floor.end().catch(() => undefined);
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function open(options: Parameters<typeof startFloor>[0] = {}): Promise<Floor> {
  const floor = await startFloor(options);
  floors.push(floor);
  return floor;
}

/** A call that Ann has taken. */
async function talking(floor: Floor) {
  const ann = await floor.client('agent');
  await ann.watch('agent:ann');
  await ann.command({ type: 'agent.logOn' });
  await ann.command({ type: 'agent.ready' });
  const caller = floor.phone.call(CALLER, '4008001000');
  await ann.next('events', ({ items }) =>
    items.some(({ event }) => event.type === 'call' && event.change === 'bridged'),
  );
  return { ann, caller };
}

const isOver = async (work: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  for (let turn = 0; turn < 50; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  return (await Promise.race([work, Promise.resolve(pending)])) !== pending;
};

describe('a server that drains', () => {
  test('waits for the call that lives, gives new ones back, and stops when the last one has ended', async () => {
    const floor = await open();
    const { ann, caller } = await talking(floor);
    const stopped = floor.server.stop({ drain: 'drain', timeoutMs: 600_000 });
    // Whoever asks again waits for the same.
    const again = floor.server.stop({ drain: 'drain', timeoutMs: 1 });
    await floor.server.settled();
    expect(await isOver(Promise.race([stopped, again]))).toBe(false);
    const ready = await floor.get('/readyz');
    expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'draining' }]);
    floor.phone.call(CALLER, '4008001000');
    await floor.server.settled();
    expect(floor.phone.commands.map(({ type }) => type)).toContain('redirect');
    expect(ann.closed).toBeUndefined();
    floor.phone.hangUp(caller);
    await stopped;
    await again;
    await ann.ended();
    expect(ann.frames.at(-1)).toMatchObject({ type: 'bye', code: 'server.draining' });
    await expect(floor.get('/healthz')).rejects.toThrow();
  });

  test('stops at its deadline while the call lives on at the switch', async () => {
    const floor = await open();
    const { caller } = await talking(floor);
    const before = floor.phone.commands.length;
    await floor.server.stop({ drain: 'drain', timeoutMs: 50 });
    expect(floor.phone.commands.slice(before).map(({ type }) => type)).not.toContain('clear');
    expect(caller).toBeDefined();
    await expect(floor.get('/healthz')).rejects.toThrow();
  });

  test('stops at once when somebody cannot wait, or when there is nothing to wait for', async () => {
    const floor = await open();
    await talking(floor);
    const draining = floor.server.stop({ drain: 'drain', timeoutMs: 600_000 });
    await floor.server.settled();
    await floor.server.stop({ drain: 'now' });
    await draining;

    const idle = await open();
    await idle.server.stop({ drain: 'drain', timeoutMs: 600_000 });
    await expect(idle.get('/healthz')).rejects.toThrow();
  });

  test('does not wait for calls that it cannot follow any more', async () => {
    const journalStorage = new CrashStorage();
    const floor = await open({ ports: { journalStorage } });
    await talking(floor);
    const stopped = floor.server.stop({ drain: 'drain', timeoutMs: 600_000 });
    await floor.server.settled();
    journalStorage.gate = () => Promise.reject(new Error('no space left on device'));
    floor.phone.call(CALLER, '4008001000');
    await stopped.catch(() => undefined);
    await expect(floor.get('/healthz')).rejects.toThrow();
  });
});

describe('a server that stops', () => {
  test('is not held up by a client that does not answer its goodbye', async () => {
    const floor = await open();
    const socket = connect(floor.address.port, '127.0.0.1');
    sockets.push(socket);
    const token = await floor.token('agent');
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET /v1/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: cordboard.v1, cordboard.token.${token}\r\n\r\n`,
    );
    await new Promise<void>((resolve) => socket.once('data', () => resolve()));
    const beganMs = performance.now();
    await floor.server.stop();
    expect(performance.now() - beganMs).toBeLessThan(10_000);
  });
});
