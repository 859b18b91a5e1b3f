import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { expect, test } from 'vitest';
import type { SmdrArchive } from './archive-folder.js';
import { IntakeWriter } from './intake-writer.js';
import type { SmdrRecord } from './record.js';

const records = (count: number, from = 0): SmdrRecord[] =>
  Array.from({ length: count }, (_, index) => ({ direction: 'out', doubts: [], raw: `${from + index}` }));
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A disk that takes a block when the test says so. */
function begin() {
  const clock = new SimulatedClock();
  const blocks: { readonly raws: string[]; readonly done: () => void; readonly failed: () => void }[] = [];
  const told: string[] = [];
  const kept: string[] = [];
  const archive = {
    append: (block: readonly SmdrRecord[]) =>
      new Promise<void>((done, reject) => {
        blocks.push({ raws: block.map(({ raw }) => raw), done, failed: () => reject(new Error('no room')) });
      }),
  } as unknown as SmdrArchive;
  const writer = new IntakeWriter({
    clock,
    archive,
    kept: (block) => kept.push(...block.map(({ raw }) => raw)),
    failed: () => told.push('failed'),
    pressure: (state) => told.push(state),
  });
  /** Takes so many blocks. */
  const take = async (count: number): Promise<void> => {
    for (let block = 0; block < count; block += 1) {
      blocks.at(-1)?.done();
      await turns();
    }
  };
  return { clock, blocks, told, kept, writer, take };
}

test('a block that the disk did not take is tried again a second later, before those that came since', async () => {
  const { clock, blocks, kept, told, writer } = begin();
  writer.push(records(2));
  writer.push(records(1, 2));
  blocks[0]?.failed();
  await turns();
  await clock.tick(999);
  expect([blocks.length, writer.waiting, told]).toEqual([1, 3, ['failed']]);
  await clock.tick(1);
  await turns();
  expect(blocks.map(({ raws }) => raws)).toEqual([
    ['0', '1'],
    ['0', '1', '2'],
  ]);
  blocks[1]?.done();
  await turns();
  expect([kept, writer.waiting, clock.pendingTimers]).toEqual([['0', '1', '2'], 0, 0]);
});

test('says once that too many wait, once that few enough do, and the same again', async () => {
  const { told, writer, take } = begin();
  for (const round of [1, 2]) {
    writer.push(records(19_999));
    expect(told).toHaveLength(2 * (round - 1));
    writer.push(records(1));
    writer.push(records(1));
    expect(told.slice(2 * (round - 1))).toEqual(['full']);
    // 20,001 wait: after fifteen blocks of a thousand 5,001 are left.
    await take(15);
    expect([writer.waiting > 5_000, told.length]).toEqual([true, 2 * round - 1]);
    await take(1);
    expect([writer.waiting <= 5_000, told.at(-1)]).toEqual([true, 'relieved']);
    await take(6);
    expect([writer.waiting, told.length]).toEqual([0, 2 * round]);
  }
});

test('ends when all is on the disk, or after a last try', async () => {
  const { clock, blocks, kept, writer } = begin();
  writer.push(records(3));
  let left: number | undefined;
  const ended = writer.end().then((count) => {
    left = count;
  });
  await turns();
  expect([left, kept]).toEqual([undefined, []]);
  blocks[0]?.done();
  await ended;
  expect([left, kept.length]).toEqual([0, 3]);

  const other = begin();
  other.writer.push(records(2));
  other.blocks[0]?.failed();
  await turns();
  const last = other.writer.end();
  await turns();
  expect(other.blocks).toHaveLength(2);
  other.blocks[1]?.failed();
  expect([await last, other.clock.pendingTimers, clock.pendingTimers]).toEqual([2, 0, 0]);
});
