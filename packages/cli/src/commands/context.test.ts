import { CtiError } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { describeError } from './context.js';

test('an error about a file names it, once', () => {
  const file = '/srv/cordboard/records.sqlite';
  const nameless = new CtiError('store.unavailable', 'the database cannot be opened', { details: { file } });
  expect(describeError(nameless)).toBe(`the database cannot be opened [store.unavailable]\n  file:     ${file}`);
  const named = new CtiError('journal.corrupt', `${file} is torn`, { details: { file } });
  expect(describeError(named).split(file)).toHaveLength(2);
  const several = new CtiError('config.invalid', 'x', { details: { file, problems: 2, all: ['x', 'y'] } });
  expect(describeError(several)).toBe(`2 problems [config.invalid]\n  x\n  y\n  file:     ${file}`);
});
