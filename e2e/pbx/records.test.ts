import { rateBook, rateCall, type SmdrRecord } from '@cordboard/adapters-pbx-serial';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../lab/wait.js';
import { PbxFloor } from './floor.js';

const CALLS = 50_000;
const DAY_S = 86_400;
const NOVEMBER_MS = Date.UTC(2026, 10, 1);

let floor: PbxFloor;
beforeAll(async () => {
  floor = await PbxFloor.open({ pace: 'none', pbx: { recordRoom: 100_000 } });
});
afterAll(() => floor?.close());

/** The calls of a month as the PBX has them in its memory: by simple arithmetic, so that every sum is known. */
function fill(): void {
  const { memory } = floor.box.pbx;
  for (let at = 0; at < CALLS; at++) {
    const record = at + 1;
    const isOut = at % 5 !== 4;
    memory.records.push({
      record,
      start: (NOVEMBER_MS + Math.floor((at * 30 * DAY_S) / CALLS) * 1_000) as never,
      durationS: (at % 7) * 60 + 30,
      direction: isOut ? 'out' : 'in',
      end: 'normal',
      call: 1 + (at % 65_000),
      part: 1,
      more: false,
      ringS: 4,
      heldS: 0,
      ext: String(801 + (at % 16)),
      line: 1 + (at % 8),
      number: isOut ? (at % 2 === 0 ? `021${10_000_000 + at}` : `6${1_000_000 + at}`) : '13900001111',
      estimated: false,
    });
  }
  memory.nextRecord = CALLS + 1;
}

const rates = rateBook({
  currency: 'CNY',
  rates: [
    { prefix: '', kind: 'local', firstMs: 180_000, firstPrice: 22, unitMs: 60_000, unitPrice: 11 },
    { prefix: '0', kind: 'longDistance', firstMs: 60_000, firstPrice: 70, unitMs: 60_000, unitPrice: 70 },
  ],
});

/** What the month costs, by the same arithmetic, without any code of the product. */
function sum(): number {
  let minor = 0;
  for (let at = 0; at < CALLS; at++) {
    if (at % 5 === 4) continue;
    const minutes = Math.ceil(((at % 7) * 60 + 30) / 60);
    minor += at % 2 === 0 ? minutes * 70 : 22 + Math.max(0, minutes - 3) * 11;
  }
  return minor;
}

test('a month of 50,000 calls goes from the PBX into the archive, each once and in order, and is rated', async () => {
  // The month was there before anybody listened.
  floor.box.losePower();
  await floor.synced();
  fill();
  floor.box.losePower();
  const began = performance.now();
  await until(() => floor.box.pbx.records().list.length === 0, {
    what: 'the PBX to be rid of its records',
    withinMs: 350_000,
    everyMs: 200,
    seen: () => floor.box.pbx.records().list.length,
  });
  const tookMs = performance.now() - began;
  let count = 0;
  let costMinor = 0;
  let next = 1;
  for await (const record of floor.facets.records?.query({ from: '2026-11-01', to: '2026-12-01' }) ?? []) {
    expect(record.recordNo).toMatch(new RegExp(`\\.${next}$`, 'u'));
    next += 1;
    count += 1;
    const charge = rateCall(record as SmdrRecord, rates);
    costMinor += charge.outcome === 'rated' ? charge.costMinor : 0;
  }
  expect(count).toBe(CALLS);
  expect(costMinor).toBe(sum());
  console.log(`50,000 records in ${(tookMs / 1_000).toFixed(1)} s: ${Math.round((CALLS / tookMs) * 1_000)} a second`);
  const page = await floor.rest<{ items: SmdrRecord[]; next?: string }>(
    '/v1/switches/kts/call-records?from=2026-11-30&extension=803&limit=5',
  );
  expect(page.items).toHaveLength(5);
  expect(page.items[0]).toMatchObject({ extension: '803', start: expect.stringMatching(/^2026-11-30T/u) });
  expect(page.next).toBeDefined();
}, 420_000);
