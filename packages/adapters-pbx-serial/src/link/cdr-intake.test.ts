import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { describe, expect, test } from 'vitest';
import type { KtsMessage, MessageOf } from '../wire/kts/index.js';
import { CdrIntake } from './cdr-intake.js';

const STORE = 99;
const record = (number: number, store = STORE): MessageOf<'cdr'> => ({
  type: 'cdr',
  store,
  record: number,
  start: '2026-11-22T09:30:12',
  durationS: 60,
  dir: 'out',
  end: 'normal',
});
const welcome = (first: number, next: number, store = STORE): MessageOf<'welcome'> => ({
  type: 'welcome',
  session: 1,
  boot: 1,
  lines: 8,
  exts: 16,
  caps: ['cdr'],
  store,
  first,
  next,
});

/** An intake whose store keeps when the test says so. */
function begin(position?: number) {
  const clock = new SimulatedClock();
  const sent: KtsMessage[] = [];
  const gaps: [number, number][] = [];
  const kept: number[] = [];
  const asked: { readonly numbers: number[]; readonly done: () => void; readonly failed: () => void }[] = [];
  let overflows = 0;
  const intake = new CdrIntake({
    clock,
    send: (message) => sent.push(message),
    gap: (from, to) => gaps.push([from, to]),
    overflow: () => {
      overflows += 1;
    },
    records: {
      position: async () => position,
      keep: (records) =>
        new Promise<void>((resolve, reject) => {
          const numbers = records.map((one) => one.record);
          const done = (): void => {
            kept.push(...numbers);
            resolve();
          };
          asked.push({ numbers, done, failed: () => reject(new Error('no room')) });
        }),
    },
  });
  const acks = () => sent.map((message) => (message.type === 'cdrAck' ? message.record : message.type));
  return { intake, clock, sent, acks, gaps, kept, asked, overflows: () => overflows };
}

describe('where a session begins (kts-1, 12)', () => {
  test.each([
    ['what is kept, which the PBX may forget', 502, 502, []],
    ['the oldest, by a host that knows nothing of this memory', undefined, 500, []],
    ['the oldest, where less was written than the host has', 504, 500, []],
    ['the last written one, where all is kept', 503, 503, []],
    ['what is kept, where nothing is missing before the oldest', 500, 500, []],
    ['the oldest, and what is missing before it is told', 498, 500, [[499, 500]]],
  ])('at %s', async (_what, position, told, missing) => {
    const { intake, sent, gaps } = begin(position);
    await intake.begin(welcome(501, 504));
    expect(sent).toEqual([{ type: 'cdrAck', store: STORE, record: told }]);
    expect(gaps).toEqual(missing);
  });

  test('not at all with a PBX that keeps none, nor in a session that is over', async () => {
    const one = begin(3);
    const { store: _store, ...without } = welcome(1, 5);
    await one.intake.begin(without);
    const other = begin(3);
    const beginning = other.intake.begin(welcome(1, 5));
    other.intake.close();
    await beginning;
    expect([one.sent, other.sent]).toEqual([[], []]);
  });
});

describe('a record', () => {
  test('is acknowledged when it is kept, one word for all that were kept at once', async () => {
    const { intake, asked, acks, kept } = begin(500);
    await intake.begin(welcome(501, 504));
    for (const number of [501, 502, 503]) intake.take(record(number));
    expect(acks()).toEqual([500]);
    asked[0]?.done();
    await intake.settled;
    expect([acks(), asked.map(({ numbers }) => numbers)]).toEqual([
      [500, 501],
      [[501], [502, 503]],
    ]);
    asked[1]?.done();
    await intake.settled;
    expect([acks(), kept]).toEqual([
      [500, 501, 503],
      [501, 502, 503],
    ]);
  });

  test('that was taken before is not kept again; the PBX is told once more that it may forget it', async () => {
    const { intake, asked, acks, gaps } = begin(502);
    await intake.begin(welcome(501, 504));
    intake.take(record(501));
    intake.take(record(502));
    expect([asked, acks(), gaps]).toEqual([[], [502, 502, 502], []]);
    intake.take(record(503));
    intake.take(record(503));
    // On its way into the store it is not durable yet.
    expect(acks()).toEqual([502, 502, 502]);
    asked[0]?.done();
    await intake.settled;
    intake.take(record(503));
    expect([asked.length, acks()]).toEqual([1, [502, 502, 502, 503, 503]]);
  });

  test('of another memory than the one of the session is no record of this one', async () => {
    const { intake, asked, acks, gaps } = begin(500);
    await intake.begin(welcome(501, 504));
    intake.take(record(501, STORE + 1));
    expect([asked, acks(), gaps]).toEqual([[], [500], []]);
  });

  test('after a hole is kept, and the hole is told with both its ends', async () => {
    const { intake, gaps, asked } = begin(500);
    await intake.begin(welcome(501, 510));
    intake.take(record(501));
    intake.take(record(502));
    intake.take(record(505));
    expect([gaps, asked.map(({ numbers }) => numbers)]).toEqual([[[503, 504]], [[501]]]);
  });

  test('that cannot be kept is handed over again a second later, before those that came since', async () => {
    const { intake, clock, asked, acks } = begin(0);
    await intake.begin(welcome(1, 9));
    intake.take(record(1));
    asked[0]?.failed();
    await intake.settled;
    intake.take(record(2));
    await clock.tick(999);
    expect(asked).toHaveLength(1);
    await clock.tick(1);
    expect(asked.map(({ numbers }) => numbers)).toEqual([[1], [1]]);
    asked[1]?.done();
    await intake.settled;
    expect([asked.map(({ numbers }) => numbers), acks()]).toEqual([
      [[1], [1], [2]],
      [0, 1],
    ]);
  });

  test('in a session that is over is left to the next one; what is being kept is kept, and nothing is said', async () => {
    const { intake, clock, asked, acks, kept } = begin(0);
    await intake.begin(welcome(1, 9));
    intake.take(record(1));
    intake.take(record(2));
    intake.close();
    intake.take(record(3));
    asked[0]?.done();
    await intake.settled;
    expect([kept, acks(), asked.length]).toEqual([[1], [0], 1]);
    const again = begin(0);
    await again.intake.begin(welcome(1, 9));
    again.intake.take(record(1));
    again.asked[0]?.failed();
    await again.intake.settled;
    again.intake.close();
    await clock.tick(5000);
    await again.clock.tick(5000);
    expect(again.asked).toHaveLength(1);
  });

  test('too many that nobody keeps end the session: twice what a PBX may send ahead', async () => {
    const { intake, overflows } = begin(0);
    await intake.begin(welcome(1, 200));
    for (let number = 1; number <= 65; number += 1) intake.take(record(number));
    expect(overflows()).toBe(0);
    intake.take(record(66));
    expect(overflows()).toBe(1);
  });
});

describe('what the PBX has written over', () => {
  test('is a hole up to the oldest that it still has, told once', async () => {
    const { intake, gaps, asked } = begin(500);
    await intake.begin(welcome(501, 504));
    intake.lost({ type: 'cdrLost', store: STORE, first: 501 });
    expect(gaps).toEqual([]);
    intake.lost({ type: 'cdrLost', store: STORE + 1, first: 700 });
    expect(gaps).toEqual([]);
    intake.lost({ type: 'cdrLost', store: STORE, first: 504 });
    intake.lost({ type: 'cdrLost', store: STORE, first: 504 });
    intake.take(record(504));
    expect([gaps, asked.map(({ numbers }) => numbers)]).toEqual([[[501, 503]], [[504]]]);
  });
});
