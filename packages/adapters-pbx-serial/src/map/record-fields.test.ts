import { expect, test } from 'vitest';
import type { MessageOf } from '../wire/kts/index.js';
import { recordOf } from './records.js';

const cdr = (more: object): MessageOf<'cdr'> =>
  ({
    ...{ type: 'cdr', store: 9, record: 4, start: '2026-11-22T09:30:12', durationS: 60, dir: 'in', end: 'normal' },
    ...more,
  }) as MessageOf<'cdr'>;

test('a record has all that the PBX tells, each in its field and unit', () => {
  const message = cdr({
    ...{ call: 7, part: 2, more: true, estimated: true, ringS: 5, heldS: 12, ext: '801', line: 3, number: '0139....' },
    ...{ name: 'Mei', peer: '802', account: '42', charge: 150, pulses: 3, from: '803', end: 'transferred' },
  });
  expect(recordOf(message)).toEqual({
    store: 9,
    record: 4,
    smdr: {
      ...{
        start: '2026-11-22T09:30:12',
        durationMs: 60_000,
        direction: 'in',
        answered: 'answered',
        end: 'transferred',
      },
      ...{ recordNo: '9.4', code: 'TRANSFERRED', ringMs: 5_000, holdMs: 12_000, extension: '801', line: '3' },
      ...{ number: '0139....', name: 'Mei', accountCode: '42', costMinor: 150, pulses: 3, callRef: '7', part: 2 },
      ...{ transferredTo: '802', transferredFrom: '803', continues: 'continues', transfer: 'to' },
      doubts: ['digitsHidden', 'durationEstimated'],
      raw: JSON.stringify(message),
    },
  });
});

test('what it does not tell is not made up', () => {
  const { raw: _raw, ...bare } = recordOf(cdr({ number: '', name: '', account: '', peer: '802', more: false })).smdr;
  expect(bare).toEqual({
    ...{ start: '2026-11-22T09:30:12', durationMs: 60_000, direction: 'in', answered: 'answered', end: 'normal' },
    ...{ recordNo: '9.4', code: 'NORMAL', doubts: [] },
  });
  const later = recordOf(cdr({ dir: '#later', end: '#later' })).smdr;
  expect([later.direction, later.end, later.code]).toEqual(['unknown', undefined, '#LATER']);
});

test('each way is kept, and whom it came from', () => {
  for (const dir of ['in', 'out', 'internal'] as const) expect(recordOf(cdr({ dir })).smdr.direction).toBe(dir);
  expect(recordOf(cdr({ from: '803' })).smdr).toMatchObject({ transferredFrom: '803', transfer: 'from' });
  expect(recordOf(cdr({ end: 'transferred' })).smdr).not.toHaveProperty('transfer');
});

test.each([
  ['normal', 'normal', 'answered'],
  ['transferred', 'transferred', 'answered'],
  ['busy', 'busy', 'unanswered'],
  ['noanswer', 'noAnswer', 'unanswered'],
  ['rejected', 'rejected', 'unanswered'],
  ['failed', 'failed', 'unanswered'],
  ['abandoned', 'abandoned', 'unanswered'],
  ['barred', 'barred', 'unanswered'],
  ['cut', 'cut', undefined],
])('one that ended %s before its first second: %s, %s', (end, told, answered) => {
  expect(recordOf(cdr({ end, durationS: 0 })).smdr).toMatchObject({ end: told });
  expect(recordOf(cdr({ end, durationS: 0 })).smdr.answered).toBe(answered);
  expect(recordOf(cdr({ end, durationS: 1 })).smdr.answered).toBe('answered');
});
