import { appendFile, mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type DeviceId } from '@cordboard/cti-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HotelLedger, openLineFile } from './index.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-ledger-'));
  file = join(folder, 'hotel-ledger.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (): Promise<HotelLedger> => HotelLedger.open(folder, { maxSequence: 99_999_999 });
const VALUES = { RN: '101', PT: 'C', TA: '5', DA: '261122', TI: '110000' };
const room = asId<DeviceId>('main:extension:8101');

/** A disk that takes no time, and counts how often its file was written anew. */
function paper(): { readonly lines: string[]; replaced: number; readonly openFile: typeof openLineFile } {
  const made = {
    lines: [] as string[],
    replaced: 0,
    openFile: async (): ReturnType<typeof openLineFile> => ({
      content: { lines: [...made.lines], damaged: 0 },
      append: async (more) => {
        made.lines.push(...more);
      },
      replace: async (all) => {
        made.replaced += 1;
        made.lines.splice(0, made.lines.length, ...all());
      },
      close: async () => undefined,
    }),
  };
  return made;
}

describe('a file of lines', () => {
  it('holds what was added, through every cut of its end', async () => {
    const lines = ['one', 'two "zwei"', '三'];
    const first = await openLineFile(file);
    await Promise.all(lines.map((each) => first.append([each])));
    await first.close();
    await first.close();
    const { size } = await stat(file);
    const ends: number[] = [0];
    for (const [at, byte] of (await readFile(file)).entries()) if (byte === 10) ends.push(at + 1);
    for (let cut = size; cut >= 0; cut--) {
      await truncate(file, cut);
      const again = await openLineFile(file);
      const whole = ends.filter((end) => end > 0 && end <= cut + (ends.includes(cut + 1) ? 1 : 0)).length;
      expect(again.content.lines).toEqual(lines.slice(0, whole));
      await again.append(['after']);
      await again.close();
      const last = await openLineFile(file);
      expect(last.content.lines).toEqual([...lines.slice(0, whole), 'after']);
      await last.close();
      await truncate(file, cut);
    }
  });

  it('tells a line that was changed', async () => {
    const first = await openLineFile(file);
    await first.append(['one', 'two', 'three']);
    await first.close();
    const bytes = await readFile(file);
    const at = bytes.indexOf('two');
    await rm(file);
    await appendFile(file, bytes.toString().replace('two', 'tow'));
    expect(at).toBeGreaterThan(0);
    const again = await openLineFile(file);
    expect(again.content).toEqual({ lines: ['one', 'three'], damaged: 1 });
    await again.close();
  });

  it('may be read by its owner only', async () => {
    const first = await openLineFile(file);
    await first.append(['one']);
    await first.replace(() => ['two']);
    await first.append(['three']);
    await first.close();
    expect((await stat(file)).mode & 0o077).toBe(0);
    const second = await openLineFile(file);
    await second.close();
    expect(second.content.lines).toEqual(['two', 'three']);
  });
});

describe('a ledger', () => {
  it('knows after a restart what it knew before', async () => {
    const first = await open();
    const one = await first.post('a', VALUES);
    await first.post('b', VALUES);
    if (one === undefined) throw new Error('not kept');
    await first.settle(one, 'OK');
    await first.report('RE', { RN: '101', ML: 'Y' });
    await first.report('RE', { RN: '101', ML: 'N' });
    await first.report('WA', { RN: '101', AS: 'OK', DA: '261122', TI: '070000' });
    await first.order({ type: 'checkIn', room, name: 'Doe' });
    await first.setWakes('101', ['2026-11-23T07:30:00', '2026-11-23T07:00:00']);
    await first.setGuests('101', ['R1']);
    await first.close();
    const second = await open();
    expect(second.damaged).toBe(0);
    expect(second.nextPosting).toMatchObject({ sequence: 2, key: 'b', values: { 'P#': '2' } });
    expect(second.statusOf('a')).toBe('OK');
    expect(await second.post('a', VALUES)).toBeUndefined();
    expect(second.nextReport).toMatchObject({ id: 'RE', values: { ML: 'N' } });
    expect(second.waiting).toEqual({ postings: 1, reports: 2, orders: 1 });
    expect(second.nextOrder?.command).toEqual({ type: 'checkIn', room, name: 'Doe' });
    expect(second.wakes.get('101')).toEqual(['2026-11-23T07:00:00', '2026-11-23T07:30:00']);
    expect(second.guests.get('101')).toEqual(['R1']);
    expect((await second.post('c', VALUES))?.sequence).toBe(3);
    await second.close();
  });

  it('gives no number twice: with nothing left to wait for it goes on after a restart where it was', async () => {
    const first = await open();
    const posting = await first.post('a', VALUES);
    if (posting === undefined) throw new Error('not kept');
    await first.settle(posting, 'OK');
    await first.report('WA', { RN: '101' });
    if (first.nextReport !== undefined) await first.reported(first.nextReport);
    await first.order({ type: 'checkIn', room, name: 'Doe' });
    if (first.nextOrder !== undefined) await first.ordered(first.nextOrder);
    await first.close();
    for (const sequence of [2, 3]) {
      const again = await open();
      expect(again.waiting).toEqual({ postings: 0, reports: 0, orders: 0 });
      const next = await again.post(`after ${sequence}`, VALUES);
      expect(next?.sequence).toBe(sequence);
      if (next !== undefined) await again.settle(next, 'OK');
      await again.report('WA', { RN: '101' });
      expect(again.nextReport?.n).toBe(sequence + 1);
      if (again.nextReport !== undefined) await again.reported(again.nextReport);
      await again.close();
      // A restart in which nothing happens counts nothing.
      await (await open()).close();
    }
  });

  it('counts to its largest number and begins again, past those that still wait', async () => {
    const ledger = await HotelLedger.open(folder, { maxSequence: 1_000, openFile: paper().openFile });
    for (let each = 0; each < 1_000; each++) {
      const posting = await ledger.post(`k${each}`, VALUES);
      if (posting !== undefined && each !== 1) await ledger.settle(posting, 'OK');
    }
    const next = [await ledger.post('x', VALUES), await ledger.post('y', VALUES)];
    expect(next.map((each) => each?.sequence)).toEqual([1, 3]);
    await ledger.close();
  });

  it('is written anew when it has grown, and forgets nothing that waits', async () => {
    const disk = paper();
    const { lines, openFile } = disk;
    const ledger = await HotelLedger.open(folder, { maxSequence: 99_999_999, openFile });
    for (let each = 0; each < 30_000; each++) {
      const posting = await ledger.post(`k${each}`, VALUES);
      if (posting !== undefined && each % 100 !== 0) await ledger.settle(posting, 'OK');
    }
    expect(disk.replaced).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(60_000);
    const again = await HotelLedger.open(folder, { maxSequence: 99_999_999, openFile });
    expect(again.waiting.postings).toBe(300);
    expect(again.nextPosting?.sequence).toBe(1);
    expect(again.statusOf('k29999')).toBe('OK');
    expect((await again.post('next', VALUES))?.sequence).toBe(30_001);
  });

  it('keeps nothing that the disk did not take, and takes it when the disk is well again', async () => {
    const lines: string[] = [];
    let isFull = true;
    const ledger = await HotelLedger.open(folder, {
      maxSequence: 99_999_999,
      openFile: async () => ({
        content: { lines: [], damaged: 0 },
        append: async (more) => {
          if (isFull) throw new Error('ENOSPC');
          lines.push(...more);
        },
        replace: async () => undefined,
        close: async () => undefined,
      }),
    });
    await expect(ledger.post('a', VALUES)).rejects.toThrow('ENOSPC');
    expect(ledger.nextPosting).toBeUndefined();
    isFull = false;
    await ledger.post('a', VALUES);
    expect(ledger.nextPosting?.key).toBe('a');
    expect(lines).toHaveLength(1);
  });

  it('opens whatever stands in its file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.string(), fc.json()), { maxLength: 8 }), async (rubbish) => {
        await rm(file, { force: true });
        const first = await openLineFile(file);
        await first.append(rubbish.map((each) => each.replaceAll('\n', ' ')));
        await first.close();
        await appendFile(file, rubbish.join('\n'));
        const ledger = await open();
        await ledger.post('a', VALUES);
        await ledger.close();
      }),
      { numRuns: 30 },
    );
  });
});
