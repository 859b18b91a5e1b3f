import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type HotelFacet, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HotelFace, VirtualHotel } from '../../simulator/src/hotel/index.js';
import {
  type HotelNotice,
  type HotelOptionsInput,
  type RunningHotelBridge,
  startHotelBridge,
} from '../src/hotel/index.js';
import { DEFAULT_SERIAL, openSerial } from '../src/profile/index.js';
import { callOf } from './hotel/check-bridge.js';

const hasSocat = spawnSync('socat', ['-V']).status === 0;
let folder: string;
let running: RunningHotelBridge | undefined;
let heard: Map<string, () => void>;
const notices: HotelNotice[] = [];

/** Resolves at the next notice of a kind. */
const next = (kind: HotelNotice['kind']): Promise<void> => new Promise((resolve) => heard.set(kind, resolve));
const pbx: HotelFacet = { carryOut: async () => undefined, listen: () => () => undefined };

async function bridge(
  options: Pick<HotelOptionsInput, 'transport'> & Partial<HotelOptionsInput>,
): Promise<RunningHotelBridge> {
  running = await startHotelBridge({
    clock: systemClock,
    random: Math.random,
    pbx,
    switchId: asId<SwitchId>('main'),
    told: (notice) => {
      notices.push(notice);
      heard.get(notice.kind)?.();
    },
    options: { folder, timeZone: 'UTC', rooms: { prefix: '8' }, resync: 'never', ...options },
  });
  return running;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-hotel-ports-'));
  heard = new Map();
  notices.length = 0;
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(folder, { recursive: true, force: true });
});

it('waits for a hotel system that dials, and takes the one that dials last', async () => {
  const up = next('linkUp');
  const { port, bridge: own } = await bridge({ transport: { listen: { port: 0 } } });
  const booked = (hotel: VirtualHotel, count: number, look: () => void): void => {
    if (hotel.charges.length === count) look();
  };
  const dial = async (): Promise<{
    readonly hotel: VirtualHotel;
    readonly socket: Socket;
    readonly charged: Promise<void>;
  }> => {
    let look: () => void = () => undefined;
    const charged = new Promise<void>((resolve) => {
      look = resolve;
    });
    const hotel: VirtualHotel = new VirtualHotel({
      clock: systemClock,
      framing: 'stream',
      answer: () => 'OK',
      told: () => booked(hotel, 1, look),
    });
    const socket = connect({ host: '127.0.0.1', port: port ?? 0 });
    await once(socket, 'connect');
    hotel.attach(socket);
    return { hotel, socket, charged };
  };
  const first = await dial();
  await up;
  await own.charge(callOf(1), '7.1');
  await first.charged;
  // Another system knows nothing of what this one has booked: its answer must have come.
  while (own.state.waiting.postings > 0) await new Promise((resolve) => setImmediate(resolve));
  const [down, upAgain] = [next('linkDown'), next('linkUp')];
  const second = await dial();
  await down;
  await upAgain;
  await own.charge(callOf(2), '7.2');
  await second.charged;
  expect(first.hotel.charges.map(({ amount }) => amount)).toEqual([1]);
  expect(second.hotel.charges.map(({ amount }) => amount)).toEqual([2]);
  // Closed by the bridge; this end sees it for itself.
  if (!first.socket.destroyed) await once(first.socket, 'close');
  expect(first.socket.destroyed).toBe(true);
  second.hotel.detach();
});

it('refuses a wrong configuration by its place', async () => {
  await expect(bridge({ transport: { host: '', port: 1 } })).rejects.toThrow('config.invalid');
  await expect(
    bridge({ transport: { host: 'pms', port: 1 }, rooms: { list: { '101': '801', '102': '801' } } }),
  ).rejects.toThrow('two rooms');
});

describe.skipIf(!hasSocat)('on a pair of ptys', () => {
  let socat: ChildProcess | undefined;
  const cable = async (): Promise<void> => {
    const pty = (name: string): string => `pty,raw,echo=0,link=${join(folder, name)}`;
    const child = spawn('socat', ['-d', '-d', pty('bridge'), pty('hotel')], { stdio: ['ignore', 'ignore', 'pipe'] });
    socat = child;
    for await (const said of child.stderr) if (String(said).includes('starting data transfer loop')) break;
  };
  const pull = async (): Promise<void> => {
    const child = socat;
    socat = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  };
  afterEach(pull);

  it('checks a guest in and posts his calls, through a cable that is pulled and put back', async () => {
    await cable();
    const charged: (() => void)[] = [];
    const face = new HotelFace({
      clock: systemClock,
      random: () => 0.5,
      framing: 'serial',
      script: { guests: [{ reservation: 'R1', name: 'Doe', room: '101' }] },
      way: { kind: 'port', open: () => openSerial(join(folder, 'hotel'), DEFAULT_SERIAL)(AbortSignal.timeout(60_000)) },
      told: () => {
        if (face.hotel.charges.length >= 10) for (const each of charged.splice(0)) each();
      },
    });
    await face.listen();
    const up = next('linkUp');
    const { bridge: own } = await bridge({ transport: { port: join(folder, 'bridge') }, ackWithin: 0.3 });
    await up;
    for (let cost = 1; cost <= 3; cost++) await own.charge(callOf(cost), `7.${cost}`);
    const [down, again] = [next('linkDown'), next('linkUp')];
    await pull();
    await down;
    for (let cost = 4; cost <= 10; cost++) await own.charge(callOf(cost), `7.${cost}`);
    const all = new Promise<void>((resolve) => charged.push(resolve));
    await cable();
    await again;
    await all;
    await running?.stop();
    await face.close();
    expect(face.hotel.charges.map(({ amount }) => amount)).toEqual(Array.from({ length: 10 }, (_, at) => at + 1));
  }, 300_000);
});
