import { expect, test } from 'vitest';
import { parseDuration } from './duration.js';

test.each([
  ['500ms', 500],
  ['20s', 20_000],
  ['1m30s', 90_000],
  ['2h', 7_200_000],
  ['1h1m1s1ms', 3_661_001],
  ['0s', 0],
  ['366d', 31_622_400_000],
  ['1d2h', 93_600_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  '',
  '20',
  's',
  '-5s',
  '1.5s',
  '30s1m',
  '5 s',
  '5S',
  '99999999999s',
  `${'1'.repeat(40)}s`,
  'ms',
  '1mm',
  '367d',
  '9000h',
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
