import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HotelEvent, openHotelRecords } from './record-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-hotel-record-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const charge: HotelEvent = {
  at: '2026-11-30T23:59:58',
  event: 'charge',
  room: '101',
  extension: '8101',
  number: '013912345678',
  durationMs: 60_000,
  amount: 250,
  sequence: 17,
};
const answer: HotelEvent = { at: '2026-12-01T00:00:01', event: 'answer', room: 'A,"1"', sequence: 17, status: 'OK' };

it('has a file a month with one heading, in the order of the events', async () => {
  const records = openHotelRecords(folder);
  await Promise.all([records.append([charge]), records.append([charge, answer]), records.append([answer])]);
  await openHotelRecords(folder).append([charge]);
  expect((await readdir(folder)).sort()).toEqual(['hotel-2026-11.csv', 'hotel-2026-12.csv']);
  const line = '2026-11-30T23:59:58,charge,101,,8101,013912345678,60000,250,17,';
  const heading = 'at,event,room,from,extension,number,durationMs,amount,sequence,status';
  expect(await readFile(join(folder, 'hotel-2026-11.csv'), 'utf8')).toBe(`${[heading, line, line, line].join('\n')}\n`);
  expect(await readFile(join(folder, 'hotel-2026-12.csv'), 'utf8')).toContain('answer,"A,""1""",,,,,,17,OK\n');
});

it('begins a line of its own behind half a line', async () => {
  const file = join(folder, 'hotel-2026-11.csv');
  await openHotelRecords(folder).append([charge]);
  await truncate(file, 100);
  await openHotelRecords(folder).append([charge]);
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toMatch(/^2026-11-30T23:59:58,charge,101,.*,17,$/u);
});

it('has words for a person, and no control characters', async () => {
  await openHotelRecords(folder, 'text').append([{ ...charge, room: '1\n01' }]);
  expect(await readFile(join(folder, 'hotel-2026-11.txt'), 'utf8')).toBe(
    '2026-11-30 23:59:58  charge    room 1 01      extension 8101, number 013912345678, durationMs 60000, amount 250, sequence 17\n',
  );
});

it('says what the disk says, and goes on', async () => {
  const nowhere = join(folder, 'file');
  await openHotelRecords(nowhere).append([charge]);
  const records = openHotelRecords(join(nowhere, 'hotel-2026-11.csv'));
  await expect(records.append([charge])).rejects.toThrow(/EEXIST|ENOTDIR/u);
  await expect(records.append([charge])).rejects.toThrow(/EEXIST|ENOTDIR/u);
});
