import { appendFile, mkdtemp, readdir, readFile, rm, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRecordFolder, type PlacedRecord } from '../src/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cb-records-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const record = (number: number, start: string, store = 7): PlacedRecord => ({
  store,
  record: number,
  smdr: {
    start,
    durationMs: 1_000,
    direction: 'out',
    number: '139',
    recordNo: `${store}.${number}`,
    doubts: [],
    raw: '',
  },
});

async function kept(): Promise<(string | undefined)[]> {
  const numbers: (string | undefined)[] = [];
  for await (const one of openRecordFolder(folder).query({})) numbers.push(one.recordNo);
  return numbers;
}

test('what was kept is known again by another process, for each memory by itself', async () => {
  const first = openRecordFolder(folder);
  expect(await first.position(7)).toBeUndefined();
  await first.keep([
    record(1, '2026-10-31T23:59:00'),
    record(2, '2026-11-01T00:01:00'),
    record(3, '2026-10-31T23:58:00'),
  ]);
  await first.keep([record(40, '2026-11-02T00:01:00', 8)]);
  const again = openRecordFolder(folder);
  expect([await again.position(7), await again.position(8), await again.position(9)]).toEqual([3, 40, undefined]);
});

test('a batch that is handed over again after a failure is not kept twice', async () => {
  const archive = openRecordFolder(folder);
  const batch = [record(1, '2026-11-01T08:00:00'), record(2, '2026-11-01T08:01:00')];
  await archive.keep(batch);
  await archive.keep([...batch, record(3, '2026-11-01T08:02:00')]);
  expect(await kept()).toEqual(['7.1', '7.2', '7.3']);
});

test('cut at any byte by a crash, the folder knows exactly the records that it holds, and goes on behind them', async () => {
  const whole = [1, 2, 3].map((number) => record(number, `2026-11-0${number}T08:00:00`));
  const archive = openRecordFolder(folder);
  await archive.keep(whole.slice(0, 1));
  const file = join(folder, 'smdr-2026-11.jsonl');
  const before = (await readFile(file)).length;
  await archive.keep(whole.slice(1));
  const bytes = await readFile(file);
  for (let length = before; length <= bytes.length; length += 7) {
    await truncate(file, 0);
    await appendFile(file, bytes.subarray(0, length));
    const restarted = openRecordFolder(folder);
    const position = await restarted.position(7);
    expect([1, 3]).toContain(position);
    await restarted.keep(whole.slice(position));
    expect(await kept()).toEqual(['7.1', '7.2', '7.3']);
  }
});

test('a PBX whose clock has fallen back by years is followed all the same', async () => {
  const archive = openRecordFolder(folder);
  for (const month of ['06', '07', '08', '09'])
    await archive.keep([record(Number(month), `2026-${month}-01T08:00:00`)]);
  await archive.keep([record(10, '2000-01-01T00:00:10')]);
  for (const name of await readdir(folder)) {
    const at = new Date(name.includes('2000') ? 2_000_000 : 1_000_000);
    await utimes(join(folder, name), at, at);
  }
  expect(await openRecordFolder(folder).position(7)).toBe(10);
});
