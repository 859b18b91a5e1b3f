import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HotelNotice, startHotelBridge } from '@cordboard/adapters-pbx-serial/hotel';
import { asId, type HotelFacet, type RoomCommand, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommandLine } from '../src/index.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-sim-hotel-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['behind', 50],
  ['ahead of', 0],
])('sim --hotel plays a script %s what the link asks for, and prints the bill', async (_, at) => {
  const script = {
    guests: [{ reservation: 'R1', name: 'Doe', room: '101' }],
    statuses: { '102': 'NP' },
    steps: [
      { at, do: 'checkIn', reservation: 'R2', name: 'Roe', room: '102' },
      { at: at + 10, do: 'say', record: 'RE', fields: { RN: '102', ML: 'Y' } },
    ],
  };
  await writeFile(join(folder, 'hotel.json'), JSON.stringify(script));
  const ending = new AbortController();
  const lines: string[] = [];
  let ready: (port: number) => void = () => undefined;
  const port = new Promise<number>((resolve) => {
    ready = resolve;
  });
  const done = runCommandLine(['sim', '--json', '--hotel', 'tcp:0', '--scenario', 'hotel.json'], {
    folder,
    signal: ending.signal,
    output: {
      out: (line) => {
        lines.push(line);
        const { hotel } = JSON.parse(line) as { hotel?: { port: number } };
        if (hotel !== undefined) ready(hotel.port);
      },
      err: () => undefined,
    },
  });
  const commands: RoomCommand[] = [];
  let hasAll: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    hasAll = resolve;
  });
  const pbx: HotelFacet = {
    carryOut: async (command) => {
      commands.push(command);
      if (commands.length === 3) hasAll();
    },
    listen: () => () => undefined,
  };
  let refused: () => void = () => undefined;
  const isRefused = new Promise<void>((resolve) => {
    refused = resolve;
  });
  const running = await startHotelBridge({
    clock: systemClock,
    random: Math.random,
    pbx,
    switchId: asId<SwitchId>('main'),
    told: (notice: HotelNotice) => {
      if (notice.kind === 'chargeRefused') refused();
    },
    options: {
      folder,
      timeZone: 'UTC',
      rooms: { prefix: '8' },
      transport: { host: '127.0.0.1', port: await port },
    },
  });
  await all;
  const call = { direction: 'out', number: '013912345678', durationMs: 60_000, doubts: [], raw: '' } as const;
  await running.bridge.charge({ ...call, extension: '8101', costMinor: 120 }, '1');
  await running.bridge.charge({ ...call, extension: '8102', costMinor: 240 }, '2');
  await isRefused;
  await running.stop();
  ending.abort();
  expect(await done).toBe(0);
  const told = (room: string): string[] =>
    commands.filter((one) => one.room === `main:extension:${room}`).map(({ type }) => type);
  // Who was there before is told when the link asks for it, which may be after a step of the script.
  expect([told('8101'), told('8102'), commands.length]).toEqual([['checkIn'], ['checkIn', 'messageLamp'], 3]);
  expect(lines.filter((line) => line.includes('"charge"')).map((line) => JSON.parse(line))).toEqual([
    { charge: { sequence: '1', room: '101', amount: 120, status: 'OK' } },
    { charge: { sequence: '2', room: '102', amount: 240, status: 'NP' } },
  ]);
});

test('sim --hotel says what is wrong with its script, and with where', async () => {
  await writeFile(join(folder, 'hotel.json'), JSON.stringify({ steps: [{ at: 5, do: 'fly' }] }));
  const err: string[] = [];
  const run = (argv: readonly string[]): Promise<number> =>
    runCommandLine(['sim', ...argv], {
      folder,
      signal: AbortSignal.timeout(50_000),
      output: { out: () => undefined, err: (line) => err.push(line) },
    });
  expect(await run(['--hotel', 'tcp:0', '--scenario', 'hotel.json'])).toBe(2);
  expect(err.join('\n')).toContain('steps[0].do');
  expect(await run(['--hotel', 'tcp:99999'])).toBe(2);
  expect(await run([])).toBe(2);
});
