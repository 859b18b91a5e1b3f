import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@cordboard/driver-kit';
import { monthOfCalls, SmdrPrinter } from '@cordboard/simulator';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTcp } from '../src/profile/index.js';
import { type RateTable, rateBook, rateCall, recompute, totalsOf } from '../src/rating/index.js';
import { openSmdrArchive, openSmdrIntake, type SmdrRecord } from '../src/smdr/index.js';
import { naiveCost } from './rating-oracle.js';

let folder: string;
let server: Server;
const sockets: Socket[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-month-'));
  server = createServer((socket) => void sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const price = (firstMs: number, firstPrice: number, unitMs: number, unitPrice: number) => ({
  firstMs,
  firstPrice,
  unitMs,
  unitPrice,
});
const TABLE: RateTable = {
  currency: 'CNY',
  holidays: ['2026-11-11', '10-01'],
  holidayWeekdays: [0],
  graceMs: 3_000,
  rates: [
    { prefix: '', kind: 'local', ...price(180_000, 22, 60_000, 11) },
    { prefix: '0', kind: 'longDistance', ...price(6_000, 7, 6_000, 7), holiday: price(6_000, 4, 6_000, 4) },
    { prefix: '00', kind: 'international', ...price(60_000, 350, 6_000, 35) },
    { prefix: '13', kind: 'mobile', ...price(60_000, 30, 60_000, 20) },
  ],
  lines: { '07': [{ prefix: '0', kind: 'longDistance', ...price(60_000, 10, 60_000, 10) }] },
};

/** A month on paper, with lines that no PBX prints between them. */
function paper(calls: number): { readonly text: string; readonly records: number; readonly garbled: number } {
  const printer = new SmdrPrinter('kx-td');
  let [text, records, garbled] = [printer.open(0), 0, 0];
  for (const call of monthOfCalls({ seed: 50, calls, extensions: 64, lines: 16 })) {
    const printed = printer.call(call);
    text += printed.text;
    records += printed.records.length;
    if (call.id % 97 !== 0) continue;
    text += `#${call.id}\x07 garbled 12:${call.id}\r\n`;
    garbled += 1;
  }
  return { text, records, garbled };
}

test('a month of 50,000 calls over TCP into the archive, rated, and rated anew', { timeout: 300_000 }, async () => {
  const { text, records, garbled } = paper(60_000);
  expect(records).toBeGreaterThan(50_000);
  const archive = openSmdrArchive(folder);
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let kept = 0;
  const intake = openSmdrIntake({
    clock: systemClock,
    random: Math.random,
    format: 'kx-td',
    settings: { begins: 'whole' },
    timeZone: 'UTC',
    open: openTcp({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }),
    archive,
    sink: {
      records: (list) => {
        kept += list.length;
        if (kept >= records) finish();
      },
    },
  });
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const heapBefore = process.memoryUsage().heapUsed;
  const beganMs = performance.now();
  intake.start();
  const [socket] = await connected;
  socket.write(text, 'latin1');
  await done;
  const archivedMs = performance.now() - beganMs;
  await intake.stop();
  expect(intake.counts).toMatchObject({ records, unreadable: garbled, repeats: 0, waiting: 0 });
  // Two hundred records a second is what a device server may send; this is the disk's and the reader's own speed.
  expect(records / (archivedMs / 1_000)).toBeGreaterThan(200);

  const month: SmdrRecord[] = [];
  const readMs = performance.now();
  const problems: unknown[] = [];
  for await (const record of archive.query({}, (problem) => problems.push(problem))) month.push(record);
  const queriedMs = performance.now() - readMs;
  expect([month.length, problems]).toEqual([records, []]);

  const rateCpu = process.cpuUsage();
  const book = rateBook(TABLE);
  const charges = month.map((record) => rateCall(record, book));
  // Of the processor: others may have it for longer.
  const ratedMs = process.cpuUsage(rateCpu).user / 1_000;
  const totals = totalsOf(month, charges);
  const dearer: RateTable = {
    ...TABLE,
    rates: (TABLE.rates ?? []).map((rate) => ({ ...rate, unitPrice: rate.unitPrice + 1 })),
  };
  const report = recompute(month, book, rateBook(dearer));
  let [sum, sumAfter] = [0, 0];
  for (const [index, record] of month.entries()) {
    const expected = naiveCost(record, TABLE);
    const charge = charges[index];
    expect(charge?.outcome === 'unrated' ? charge.reason : charge?.costMinor, record.raw).toBe(expected);
    sum += typeof expected === 'number' ? expected : 0;
    const after = naiveCost(record, dearer);
    sumAfter += typeof after === 'number' ? after : 0;
  }
  expect([totals.costMinor, report.before.costMinor, report.after.costMinor]).toEqual([sum, sum, sumAfter]);
  expect(report.differences.reduce((all, { differenceMinor }) => all + differenceMinor, 0)).toBe(sumAfter - sum);
  expect(totals.rated).toBeGreaterThan(10_000);

  const heapMb = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20;
  const size = await Promise.all((await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size));
  const line = `month: ${records} records archived in ${Math.round(archivedMs)} ms, queried in ${Math.round(queriedMs)} ms, rated in ${Math.round(ratedMs)} ms; ${Math.round(size.reduce((a, b) => a + b, 0) / 2 ** 20)} MiB on disk, heap +${Math.round(heapMb)} MiB`;
  process.stdout.write(`${line}\n`);
  expect(archivedMs).toBeLessThan(60_000);
  expect(ratedMs).toBeLessThan(10_000);
  expect(heapMb).toBeLessThan(400);
});
