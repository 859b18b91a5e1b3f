import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type CommandId, type CtiDriver, type DriverEvent, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { pbxOfScenario } from '@cordboard/simulator';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pbxSerial, pbxSmdr } from '../src/index.js';
import { createSmdrParser, formatSmdr, type SmdrRecord } from '../src/smdr/index.js';

const MAIN = asId<SwitchId>('main');
const LOG = { debug: () => undefined, info: () => undefined, warn: vi.fn(), error: () => undefined };
const closing: (() => Promise<unknown>)[] = [];
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'second-port-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

/** A device on the network: what it was sent, and a way to send it something. */
async function listener() {
  const sockets: Socket[] = [];
  const heard: Buffer[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('data', (bytes: Buffer) => heard.push(bytes));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { at: { host: '127.0.0.1', port }, sockets, text: () => Buffer.concat(heard).toString('latin1') };
}

async function started(driver: CtiDriver): Promise<DriverEvent[]> {
  closing.push(() => driver.stop());
  const events: DriverEvent[] = [];
  await driver.start((event) => void events.push(event), { signal: new AbortController().signal });
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain('linkSynced'));
  return events;
}
const host = { clock: systemClock, random: Math.random, log: LOG };

async function archived(driver: CtiDriver, count: number): Promise<readonly object[]> {
  return vi.waitFor(async () => {
    const all: object[] = [];
    for await (const record of driver.facets?.records?.query({}) ?? []) all.push(record);
    expect(all).toHaveLength(count);
    return all;
  });
}

test('a PBX that prints its records: archived, asked for, and every byte at the second port', async () => {
  const [pbx, billing] = [await listener(), await listener()];
  const driver = pbxSmdr({
    format: 'kx-ta',
    transport: pbx.at,
    timeZone: 'Asia/Shanghai',
    records: folder,
    forward: { transport: billing.at },
  })(MAIN, host);
  const events = await started(driver);
  const call: SmdrRecord = {
    start: '2026-11-22T09:30:00',
    durationMs: 61_000,
    extension: '101',
    line: '02',
    direction: 'out',
    number: '13912345678',
    doubts: [],
    raw: '',
  };
  const lines = [1, 2, 3].map((minute) => formatSmdr('kx-ta', { ...call, start: `2026-11-22T09:3${minute}:00` }));
  // The port may have been opened inside a line, garbage comes too: all of it goes on, and only what is a record is kept.
  const sent = `half a line\r\n${lines.join('\r\n')}\r\n\x00\xff garbage\r\n`;
  // Each end learns for itself that there is a connection, and that it is gone.
  await vi.waitFor(() => expect(pbx.sockets).toHaveLength(1));
  pbx.sockets[0]?.write(Buffer.from(sent, 'latin1'));
  const kept = await archived(driver, 3);
  expect(kept).toMatchObject(lines.map(() => ({ extension: '101', direction: 'out', number: '13912345678' })));
  await vi.waitFor(() => expect(billing.text()).toBe(sent));
  const command = { type: 'answer', commandId: asId<CommandId>('k'), connectionId: 'x', boundMs: 1_000 } as never;
  expect(await driver.execute(command)).toMatchObject({ outcome: 'refused' });
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain('unreadable'));
  pbx.sockets[0]?.destroy();
  await vi.waitFor(() => expect(events.filter(({ type }) => type === 'linkSynced')).toHaveLength(2));
  expect(events.map(({ type }) => type).slice(0, 4)).toEqual(['linkUp', 'snapshot', 'linkSynced', 'unreadable']);
  expect(events.filter(({ type }) => type === 'linkDown')).toHaveLength(1);
});

test.each(['shenou', 'ipoffice-csv'] as const)(
  'records of a PBX that speaks kts-1 go to the second port as lines of %s, each when it is kept',
  { timeout: 180_000 },
  async (format) => {
    const scenario = { extensions: 8, lines: 4, oldRecords: 40 };
    const line = { kind: 'tcp' } as const;
    const sim = pbxOfScenario(scenario, { clock: systemClock, profile: 'kts-bin/1', line }).start();
    closing.push(() => sim.close());
    const billing = await listener();
    const driver = pbxSerial({
      profile: 'kts-bin/1',
      transport: await sim.listen({ port: 0 }),
      records: folder,
      forward: { transport: billing.at, format },
    })(MAIN, host);
    await started(driver);
    const about = ({ start, extension, durationMs, direction, number }: Partial<SmdrRecord>) =>
      JSON.stringify([start, extension, durationMs, direction, number]);
    const kept = (await archived(driver, 40)).map(about);
    await vi.waitFor(() => {
      const told = createSmdrParser(format).push(billing.text()).records.map(about);
      expect(told.toSorted()).toEqual(kept.toSorted());
    });
    expect(LOG.warn.mock.calls.filter(([text]) => /no place in the format/u.test(String(text)))).toEqual([]);
  },
);

test('a PBX that only prints is ended before it began, and twice', async () => {
  const away = { host: '127.0.0.1', port: 9 };
  const options = { format: 'kx-ta', transport: away, timeZone: 'Asia/Shanghai', records: folder } as const;
  const never = pbxSmdr(options)(MAIN, host);
  await never.stop();
  await never.stop();
  const { signal } = new AbortController();
  await expect(never.start(() => undefined, { signal })).rejects.toMatchObject({ code: 'driver.stopped' });
  const events: string[] = [];
  const ending = new AbortController();
  const driver = pbxSmdr({ ...options, forward: { transport: away } })(MAIN, host);
  await driver.start(({ type }) => void events.push(type), { signal: ending.signal });
  await expect(driver.start(() => undefined, { signal })).rejects.toMatchObject({ code: 'driver.started' });
  ending.abort();
  await driver.stop();
  // Nobody was there, so no link came or went.
  expect(events).toEqual([]);
});

test('what is wrong in the configuration is told with its path', () => {
  const transport = { host: '127.0.0.1', port: 9 };
  const path = (make: () => unknown): unknown => {
    try {
      make();
    } catch (error) {
      return (error as { details: { path: unknown } }).details.path;
    }
    return 'nothing was wrong';
  };
  const kts = { profile: 'kts-bin/1', transport } as const;
  expect(path(() => pbxSerial({ ...kts, forward: { transport } }))).toBe('records');
  expect(path(() => pbxSerial({ ...kts, records: folder, forward: { transport, format: 'morse' as never } }))).toBe(
    'forward.format',
  );
  expect(path(() => pbxSerial({ ...kts, records: folder, hotel: {} as never }))).toBe('hotel.transport');
  const smdr = { format: 'kx-td', transport, timeZone: 'Asia/Shanghai', records: folder } as const;
  expect(path(() => pbxSmdr({ ...smdr, wakeAfter: 3 }))).toBe('wakeAfter');
  expect(path(() => pbxSmdr({ ...smdr, format: 'generic-csv' }))).toBe('table');
});
