import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { expect, test } from 'vitest';
import { type FiasRecord, fiasRecord, fiasValue } from '../fias/index.js';
import { HotelLedger } from '../ledger/index.js';
import { Poster } from './poster.js';

const VALUES = { RN: '101', PT: 'C', TA: '5', DA: '261122', TI: '110000' };
const HOUR_MS = 3_600_000;
/** Everything here is in memory: nothing takes longer than some turns. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Postings that wait, a hotel's system that answers when the test says so, and a clock. */
async function begin(postings: readonly string[] = ['101']) {
  const clock = new SimulatedClock();
  const ledger = await HotelLedger.open('nowhere', {
    maxSequence: 99_999_999,
    openFile: async () => ({
      content: { lines: [], damaged: 0 },
      append: async () => undefined,
      replace: async () => undefined,
      close: async () => undefined,
    }),
  });
  for (const [index, room] of postings.entries()) await ledger.post(`k${index}`, { ...VALUES, RN: room });
  const sent: string[] = [];
  const told: string[] = [];
  const state = { isUp: true, isHeld: false };
  const poster = new Poster({
    clock,
    ledger,
    link: {
      get isUp() {
        return state.isUp;
      },
      send: async (record: FiasRecord) => void sent.push(fiasValue(record, 'P#') ?? ''),
    },
    answerMs: 1_000,
    againMs: 30_000,
    isHeld: () => state.isHeld,
    settled: ({ sequence }, status) => told.push(`${sequence} ${status}`),
    stuck: ({ sequence }, times) => told.push(`${sequence} stuck ${times}`),
    failed: (error) => told.push(String(error)),
  });
  poster.start();
  await turns();
  return {
    clock,
    ledger,
    poster,
    sent,
    told,
    state,
    async wait(ms: number) {
      await clock.tick(ms);
      await turns();
    },
    async answer(values: Parameters<typeof fiasRecord>[1], id: 'PA' | 'NS' | 'NE' = 'PA') {
      poster.take(fiasRecord(id, { DA: '261122', TI: '110001', ...values }));
      await turns();
    },
  };
}

test('one at a time, in order, each settled by its answer', async () => {
  const hotel = await begin(['101', '102']);
  expect(hotel.sent).toEqual(['1']);
  await hotel.answer({ RN: '101', AS: 'OK', 'P#': '1' });
  expect([hotel.sent, hotel.told]).toEqual([['1', '2'], ['1 OK']]);
  await hotel.answer({ RN: '102', AS: 'NG', 'P#': '2' });
  expect([hotel.told, hotel.ledger.waiting.postings]).toEqual([['1 OK', '2 NG'], 0]);
  await hotel.poster.stop();
});

test('an answer with another number or of another room settles nothing', async () => {
  const hotel = await begin(['101', '102']);
  await hotel.answer({ RN: '101', AS: 'OK', 'P#': '2' });
  await hotel.answer({ RN: '102', AS: 'OK', 'P#': '1' });
  await hotel.answer({ RN: '102', AS: 'OK' });
  expect([hotel.told, hotel.sent]).toEqual([[], ['1']]);
  // Without a number it is the answer to what was sent to that room.
  await hotel.answer({ RN: '101', AS: 'OK' });
  expect([hotel.told, hotel.sent]).toEqual([['1 OK'], ['1', '2']]);
  // Told once more, it is none to the next room's.
  await hotel.answer({ RN: '101', AS: 'OK' });
  await hotel.answer({ RN: '101', AS: 'OK', 'P#': '1' });
  expect(hotel.told).toEqual(['1 OK']);
  await hotel.poster.stop();
});

test('without an answer the same number is sent again, after 1, 2, 4 and then 8 times as long; somebody is told at each fifth', async () => {
  const hotel = await begin();
  let count = 1;
  for (const wait of [1, 2, 4, 8, 8, 8, 8, 8, 8]) {
    await hotel.wait(wait * 1_000 - 1);
    expect(hotel.sent).toHaveLength(count);
    await hotel.wait(1);
    count += 1;
    expect(hotel.sent).toHaveLength(count);
  }
  expect([new Set(hotel.sent), hotel.told]).toEqual([new Set(['1']), ['1 stuck 5', '1 stuck 10']]);
  await hotel.answer({ RN: '101', AS: 'OK', 'P#': '1' });
  expect(hotel.told.at(-1)).toBe('1 OK');
  await hotel.poster.stop();
  expect(hotel.clock.pendingTimers).toBe(0);
});

test('"try again" waits, and the others behind it', async () => {
  const hotel = await begin(['101', '102']);
  await hotel.answer({ RN: '101', AS: 'RY', 'P#': '1' });
  await hotel.wait(29_999);
  expect(hotel.sent).toEqual(['1']);
  await hotel.wait(1);
  expect([hotel.sent, hotel.told]).toEqual([['1', '1'], []]);
  await hotel.poster.stop();
});

test.each(['NE', 'link', '4 hours'] as const)('in the night audit nothing is posted until its end: %s', async (end) => {
  const hotel = await begin();
  await hotel.answer({ RN: '101', AS: 'NA', 'P#': '1' });
  await hotel.answer({}, 'NS');
  await hotel.wait(4 * HOUR_MS - 1);
  expect(hotel.sent).toEqual(['1']);
  if (end === 'NE') await hotel.answer({}, 'NE');
  else if (end === 'link') hotel.poster.linkUp();
  else await hotel.wait(1);
  await turns();
  expect(hotel.sent).toEqual(['1', '1']);
  await hotel.poster.stop();
});

test('nothing is posted on a link that is down or during a swap; a link that is back has it again at once', async () => {
  const hotel = await begin();
  hotel.state.isUp = false;
  await hotel.wait(60_000);
  expect(hotel.sent).toEqual(['1']);
  hotel.state.isUp = true;
  hotel.poster.linkUp();
  await turns();
  expect(hotel.sent).toEqual(['1', '1']);
  hotel.state.isHeld = true;
  await hotel.wait(60_000);
  expect(hotel.sent).toEqual(['1', '1']);
  // An answer counts all the same.
  await hotel.answer({ RN: '101', AS: 'OK', 'P#': '1' });
  expect(hotel.told).toEqual(['1 OK']);
  await hotel.poster.stop();
});
