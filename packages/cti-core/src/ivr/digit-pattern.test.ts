import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileDigitPattern, MAX_DIGITS, matchesDigitPattern } from './digit-pattern.js';

const fits = (pattern: string, input: string): boolean | undefined => {
  const compiled = compileDigitPattern(pattern);
  return compiled === undefined ? undefined : matchesDigitPattern(compiled, input);
};

test.each([
  ['\\d{4}', '1234', true],
  ['\\d{4}', '123', false],
  ['\\d{4}', '12345', false],
  ['^1[3-9]\\d{9}$', '13912345678', true],
  ['^1[3-9]\\d{9}$', '12912345678', false],
  ['1?2{0,2}3', '3', true],
  ['1?2{0,2}3', '12223', false],
  ['1{1,3}1', '11', true],
  ['1{1,3}1', '11111', false],
  ['.{2}', '*#', true],
  ['\\*\\d{2}#', '*97#', true],
  ['[^0]\\d', '01', false],
  ['[\\d*]{3}', '1*2', true],
  ['[9-1]', '5', undefined],
  ['', '', true],
  ['', '1', false],
  ['\\d{3,2}', '1', undefined],
  ['\\d{65}', '1', undefined],
  ['\\d{64}', '1'.repeat(64), true],
  ['\\d{64}', '1'.repeat(65), false],
])('%s on %s: %s', (pattern, input, expected) => {
  expect(fits(pattern, input)).toBe(expected);
});

test.each([
  '\\d+',
  '\\d*',
  '(1)',
  '1|2',
  '(?=1)',
  '\\1',
  '[a-z]',
  '\\w',
  '\\d{2,}',
  '[',
  '1{',
  '^^1',
  '1$$',
  '[]',
  '('.repeat(50),
  '1'.repeat(201),
])('%s is refused', (pattern) => {
  expect(compileDigitPattern(pattern)).toBeUndefined();
});

const keys = fc.string({ unit: fc.constantFrom(...'0123456789*#'), maxLength: 12 });
const unit = fc.constantFrom('\\d', '.', '1', '#', '\\*', '[0-4]', '[^5-9]', '[12*#]');
const times = fc.constantFrom('', '?', '{2}', '{0,3}', '{1,2}');
const pattern = fc.array(fc.tuple(unit, times), { maxLength: 6 }).map((parts) => parts.flat().join(''));

test('agrees with the regular expressions of the language', () => {
  fc.assert(
    fc.property(pattern, keys, (text, input) => {
      // `.` and negated classes mean telephone keys here, and the input holds nothing else.
      expect(fits(text, input)).toBe(new RegExp(`^(?:${text})$`).test(input));
    }),
    { numRuns: 500 },
  );
});

test('the worst pattern on the longest input is quick', () => {
  const worst = compileDigitPattern('.{0,64}'.repeat(28));
  // Of the processor: others may have it for longer.
  const before = process.cpuUsage();
  expect(worst === undefined || matchesDigitPattern(worst, '1'.repeat(MAX_DIGITS))).toBe(true);
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});
