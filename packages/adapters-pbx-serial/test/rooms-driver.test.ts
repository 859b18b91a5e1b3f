import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  asId,
  type CommandId,
  type ConnectionId,
  type DriverEvent,
  deviceId,
  type Logger,
  type RoomEvent,
  type SwitchId,
} from '@cordboard/cti-core';
import { necFace, type SerialFace, shenouFace } from '@cordboard/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PbxRoomsInput, pbxRooms } from '../src/rooms/index.js';
import { openSmdrArchive } from '../src/smdr/index.js';
import type { LineEnd } from './kts/line.js';
import { onLine } from './on-line.js';

const ROOMS = asId<SwitchId>('rooms');
const room = (ext: string) => deviceId(ROOMS, 'extension', ext);
const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const signal = new AbortController().signal;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rooms-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function running(face: SerialFace, more: Partial<PbxRoomsInput> = {}) {
  const at = onLine(face);
  const ends: LineEnd[] = [];
  const open = async () => {
    const end = ends.length === 0 ? at.host : at.connect();
    ends.push(end);
    return end.asTransport();
  };
  const profile = face.profile === 'nec-pms' ? 'nec-pms' : 'shenou-uso';
  const make = pbxRooms({
    profile,
    transport: { open },
    timeZone: 'Asia/Shanghai',
    records: folder,
    guestClass: 2,
    vacantClass: 6,
    ...more,
  });
  const driver = make(ROOMS, { clock: at.clock, random: () => 0.5, log: silent });
  const events: DriverEvent[] = [];
  await driver.start((event) => void events.push(event), { signal });
  await at.clock.tick(1_000);
  const told: RoomEvent[] = [];
  driver.facets?.hotel?.listen((event) => told.push(event));
  return { ...at, driver, events, told, ends };
}

describe.each([
  ['shenou-uso', () => shenouFace()],
  ['nec-pms', () => necFace({ records: 'asked' })],
] as const)('a driver of rooms, %s', (_, face) => {
  it('sets rooms and keeps records, and loses neither over a cable that is pulled and put back', async () => {
    const at = await running(face());
    const { hotel, records } = at.driver.facets ?? {};
    if (hotel === undefined || records === undefined) throw new Error('it has both');
    await at.settle(hotel.carryOut({ type: 'checkIn', room: room('801') }, { signal }));
    at.ends.at(-1)?.destroy();
    await expect(hotel.carryOut({ type: 'checkOut', room: room('801') }, { signal })).rejects.toMatchObject({
      code: 'driver.linkLost',
    });
    await at.clock.tick(10_000);
    expect(at.events.map(({ type }) => type)).toEqual([
      'linkUp',
      'snapshot',
      'linkSynced',
      'linkDown',
      'linkUp',
      'snapshot',
      'linkSynced',
    ]);
    await at.settle(hotel.carryOut({ type: 'checkOut', room: room('801') }, { signal }));
    expect(at.pbx.room('801')?.room).toMatchObject({ classOfService: 6 });
    at.pbx.ringIn(1, { presentation: 'number', number: '13912345678' });
    await at.clock.tick(20_000);
    at.pbx.far(1, 'hangsUp');
    await at.clock.tick(60_000);
    await at.driver.stop();
    await at.driver.stop();
    const kept = [];
    for await (const record of openSmdrArchive(folder).query({})) kept.push(record);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ direction: 'in', doubts: [] });
    const asked = [];
    for await (const record of records.query({ direction: 'in' })) asked.push(record);
    expect(asked).toHaveLength(1);
    at.pbx.powerOff();
    await at.clock.tick(60_000);
    expect(at.clock.pendingTimers).toBe(0);
  });

  it('refuses what is of calls, tells noise, and runs once', async () => {
    const at = await running(face());
    const reply = await at.driver.execute({
      type: 'clear',
      commandId: asId<CommandId>('c1'),
      boundMs: 1_000,
      connectionId: asId<ConnectionId>('rooms~1'),
      cause: 'normalClearing',
    });
    expect(reply).toMatchObject({ outcome: 'refused', code: 'notSupported' });
    at.host.emit('data', Buffer.from('\u0002\u0005\u00ffnoise\r\n\u0002\u0002', 'latin1'));
    expect(at.events.some(({ type }) => type === 'unreadable')).toBe(true);
    await expect(at.driver.start(() => undefined, { signal })).rejects.toMatchObject({ code: 'driver.started' });
    await at.driver.stop();
    await expect(at.driver.start(() => undefined, { signal })).rejects.toMatchObject({ code: 'driver.stopped' });
    expect(
      await at.driver.execute({
        type: 'clear',
        commandId: asId<CommandId>('c2'),
        boundMs: 1_000,
        connectionId: asId<ConnectionId>('rooms~1'),
        cause: 'normalClearing',
      }),
    ).toMatchObject({ code: 'stopped' });
  });
});

describe('options', () => {
  it.each<[string, object]>([
    ['profile', { profile: 'kts-bin/1', transport: { port: 'x' }, timeZone: 'UTC' }],
    ['timeZone', { profile: 'nec-pms', transport: { port: 'x' }, timeZone: 'Mars/Olympus' }],
    ['guestClass', { profile: 'shenou-uso', transport: { port: 'x' }, timeZone: 'UTC', guestClass: 11 }],
    ['transport', { profile: 'shenou-uso', transport: {}, timeZone: 'UTC' }],
  ])('a wrong %s is refused with its place', (path, input) => {
    expect(() => pbxRooms(input as PbxRoomsInput)).toThrow(
      expect.objectContaining({ code: 'config.invalid', details: expect.objectContaining({ path }) }),
    );
  });
});
