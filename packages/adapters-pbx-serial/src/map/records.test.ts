import { describe, expect, test } from 'vitest';
import { mergeCalls } from '../smdr/index.js';
import type { MessageOf } from '../wire/kts/index.js';
import { recordOf } from './records.js';

const cdr = (more: Partial<MessageOf<'cdr'>>): MessageOf<'cdr'> => ({
  type: 'cdr',
  store: 9,
  record: 1,
  start: '2026-11-22T09:30:12',
  durationS: 60,
  dir: 'in',
  end: 'normal',
  ...more,
});
const smdr = (more: Partial<MessageOf<'cdr'>>) => recordOf(cdr(more)).smdr;

/** The two records of docs/protocols/kts-1.md, 18: handed on by 801, and cut by a loss of power at 802. */
const FIRST = {
  durationS: 185,
  end: 'transferred',
  call: 7,
  part: 1,
  more: true,
  ext: '801',
  line: 3,
  peer: '802',
} as const;
const SECOND = {
  record: 2,
  start: '2026-11-22T09:33:17',
  end: 'cut',
  call: 7,
  part: 2,
  ext: '802',
  line: 3,
  from: '801',
  estimated: true,
} as const;

describe('a call of several records', () => {
  test('each names the call, its place in it, and who gave and got it', () => {
    expect(smdr({ ...FIRST, ringS: 12, heldS: 20, charge: 120 })).toMatchObject({
      callRef: '7',
      part: 1,
      continues: 'continues',
      transfer: 'to',
      transferredTo: '802',
      end: 'transferred',
      answered: 'answered',
      holdMs: 20_000,
      doubts: [],
    });
    const second = smdr(SECOND);
    expect(second).toMatchObject({ callRef: '7', part: 2, transfer: 'from', transferredFrom: '801', end: 'cut' });
    expect(second).not.toHaveProperty('continues');
    expect(second).not.toHaveProperty('transferredTo');
  });

  test('put together they are one call that ended as its last part did', () => {
    const [only, ...others] = mergeCalls([smdr(FIRST), smdr(SECOND)]);
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      by: 'callRef',
      record: { durationMs: 245_000, extension: '802', end: 'cut', doubts: ['durationEstimated'] },
    });
    for (const ofPart of ['part', 'continues', 'transferredFrom', 'transferredTo']) {
      expect(only?.record).not.toHaveProperty(ofPart);
    }
  });
});

describe('how it ended', () => {
  test('a call that a loss of power cut is no plain one: its length is estimated, and whether it was answered may not be known', () => {
    expect(smdr({ ...SECOND, durationS: 60 })).toMatchObject({
      end: 'cut',
      answered: 'answered',
      doubts: ['durationEstimated'],
    });
    const short = smdr({ ...SECOND, durationS: 0 });
    expect(short).toMatchObject({ end: 'cut', durationMs: 0 });
    expect(short).not.toHaveProperty('answered');
  });

  test.each([
    ['abandoned', 'abandoned', 'unanswered'],
    ['noanswer', 'noAnswer', 'unanswered'],
    ['busy', 'busy', 'unanswered'],
    ['rejected', 'rejected', 'unanswered'],
    ['barred', 'barred', 'unanswered'],
    ['failed', 'failed', 'unanswered'],
    ['normal', 'normal', 'answered'],
    ['unknown', undefined, 'answered'],
  ] as const)('%s', (word, end, answered) => {
    const record = smdr({ end: word, durationS: 0 });
    expect([record.end, record.answered]).toEqual([end, answered]);
  });
});
