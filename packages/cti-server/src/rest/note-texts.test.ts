import type { CallNote } from '@cordboard/cti-protocol';
import { expect, test } from 'vitest';
import { newestOf } from './note-texts.js';

const note = (text: string, atWallMs: number): CallNote => ({ text, by: 'ann', atWallMs });
const NOTES = new Map([
  ['c2', note('first', 1)],
  ['c3', note('last', 3)],
  ['c4', note('second', 2)],
]);

test('of joined calls without a note of their own the newest note counts, in whatever order they were joined', () => {
  expect(newestOf(['c1', 'c2', 'c3', 'c4'], NOTES)?.text).toBe('last');
  expect(newestOf(['c1', 'c4', 'c3', 'c2'], NOTES)?.text).toBe('last');
});

test('a note of its own counts before newer ones of joined calls', () => {
  expect(newestOf(['c2', 'c3', 'c4'], NOTES)?.text).toBe('first');
});

test('a call without notes has none', () => {
  expect(newestOf(['c1'], NOTES)).toBeUndefined();
  expect(newestOf([], NOTES)).toBeUndefined();
});
