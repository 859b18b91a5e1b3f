import { describe, expect, test } from 'vitest';
import { mergeCalls, type SmdrRecord } from './index.js';

const part = (more: Partial<SmdrRecord>): SmdrRecord => ({
  direction: 'in',
  line: '01',
  doubts: [],
  raw: 'x',
  ...more,
});

describe('mergeCalls', () => {
  test('segments of one reference, others between them', () => {
    const calls = mergeCalls([
      part({
        callRef: '7',
        continues: 'continues',
        start: '2026-11-22T09:00:00',
        durationMs: 10_000,
        extension: '201',
        ringMs: 4000,
        answered: 'answered',
      }),
      part({ callRef: '8', start: '2026-11-22T09:00:05', durationMs: 5000 }),
      part({
        callRef: '7',
        start: '2026-11-22T09:00:00',
        durationMs: 20_000,
        extension: '202',
        costMinor: 5,
        answered: 'unanswered',
      }),
    ]);
    expect(calls.map(({ by, parts }) => [by, parts.length])).toEqual([
      ['callRef', 2],
      ['alone', 1],
    ]);
    expect(calls[0]?.record).toMatchObject({
      durationMs: 30_000,
      extension: '202',
      ringMs: 4000,
      costMinor: 5,
      answered: 'answered',
    });
    expect(calls[0]?.record.continues).toBeUndefined();
    expect(calls[0]?.open).toBeUndefined();
  });

  test('a reference that is used anew after its last part is another call; one whose end never came is open', () => {
    const calls = mergeCalls([part({ callRef: '7' }), part({ callRef: '7', continues: 'continues' })]);
    expect(calls.map(({ open }) => open)).toEqual([undefined, 'open']);
    const [first, last] = [part({ callRef: '7', continues: 'continues' }), part({ callRef: '7' })];
    expect(mergeCalls([first, last, first, last, last]).map(({ parts }) => parts.length)).toEqual([2, 2, 1]);
  });

  const ring = part({ code: 'RC', number: '5551234', start: '2026-11-22T09:00:00' });
  test('a ring and its outcome', () => {
    const [call, more] = mergeCalls([
      ring,
      part({
        code: 'AN',
        number: '5551234',
        start: '2026-11-22T09:00:10',
        ringMs: 20_000,
        durationMs: 0,
        answered: 'answered',
      }),
    ]);
    expect(more).toBeUndefined();
    expect(call).toMatchObject({ by: 'ringing', record: { answered: 'answered', ringMs: 20_000, code: 'AN' } });
  });

  test('a ring, its answer and the record of the whole call', () => {
    const answer = part({
      code: 'AN',
      number: '5551234',
      start: '2026-11-22T09:00:10',
      ringMs: 20_000,
      answered: 'answered',
    });
    const whole = part({
      number: '5551234',
      start: '2026-11-22T08:59:50',
      ringMs: 20_000,
      durationMs: 65_000,
      answered: 'answered',
    });
    expect(mergeCalls([ring, answer, whole])).toMatchObject([
      { by: 'ringing', record: { durationMs: 65_000, ringMs: 20_000, start: '2026-11-22T09:00:00' } },
    ]);
    expect(mergeCalls([ring, answer, { ...whole, start: '2026-11-22T09:09:00' }])).toHaveLength(2);
    // The next ring on the line, its answer, or a call that nobody took, is no record of the call before.
    for (const code of ['RC', 'AN', 'NA']) expect(mergeCalls([ring, answer, { ...whole, code }])).toHaveLength(2);
    const { durationMs: _length, ...unmeasured } = whole;
    expect(mergeCalls([ring, answer, unmeasured])).toHaveLength(2);
  });

  const handed = part({
    transfer: 'to',
    number: '5551234',
    start: '2026-11-22T09:00:00',
    durationMs: 60_000,
    extension: '101',
  });
  const taken = part({ number: '5551234', start: '2026-11-22T09:01:00', durationMs: 30_000, extension: '102' });
  test('a transfer goes on where the part before ended, on the same line', () => {
    expect(mergeCalls([handed, taken])).toMatchObject([
      { by: 'transfer', record: { durationMs: 90_000, extension: '102', start: '2026-11-22T09:00:00' } },
    ]);
  });

  test('a transfer goes on over midnight, the end of a month and of a year', () => {
    for (const [before, after] of [
      ['2026-11-30T23:59:30', '2026-12-01T00:00:30'],
      ['2026-02-28T23:59:30', '2026-03-01T00:00:30'],
      ['2026-12-31T23:59:30', '2027-01-01T00:00:30'],
    ] as const)
      expect(
        mergeCalls([
          { ...handed, start: before },
          { ...taken, start: after },
        ]),
      ).toMatchObject([{ by: 'transfer', record: { start: before } }]);
  });

  test('without a transfer, parts of one line are joined by nothing; without a line, by nothing at all', () => {
    const { line: _one, ...first } = handed;
    const { line: _other, ...second } = taken;
    expect(mergeCalls([first, second])).toHaveLength(2);
  });

  test.each<[string, Partial<SmdrRecord>]>([
    ['another line', { line: '02' }],
    ['another number', { number: '5550000' }],
    ['another direction', { direction: 'out' }],
    ['much later', { start: '2026-11-22T09:10:00' }],
    ['no start', { start: '2026-99-22T09:10:00' }],
  ])('%s is another call', (_why, more) => {
    expect(mergeCalls([handed, { ...taken, ...more }])).toHaveLength(2);
  });

  test('calls that follow one another without a transfer stay two', () => {
    const { transfer: _transfer, ...plain } = handed;
    expect(mergeCalls([plain, taken])).toHaveLength(2);
  });

  test('a part that fits two calls is left alone', () => {
    expect(
      mergeCalls([handed, { ...handed, extension: '103' }, taken]).some(
        ({ parts }) => parts.includes(taken) && parts.length > 1,
      ),
    ).toBe(false);
  });
});
