import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MediaRef } from '../contract/index.js';
import { dateMedia, datePrompts, timeMedia } from './date.js';

/** What is heard: numbers and digits as they are, prompts by the end of their key. */
function spoken(media: readonly MediaRef[] | undefined): string | undefined {
  return media
    ?.map((ref) =>
      ref.kind === 'number'
        ? ref.value
        : ref.kind === 'digits'
          ? ref.text
          : ref.kind === 'prompt'
            ? ref.prompt
            : ref.kind,
    )
    .join(' ');
}
const words =
  (known: readonly string[]) =>
  (prompt: string): MediaRef | undefined =>
    known.includes(prompt) ? { kind: 'prompt', prompt: prompt.replace('date.', '') } : undefined;
const date = (text: string, language: string, known = datePrompts('date', language)) =>
  spoken(dateMedia(text, { language, word: words(known) }));
const time = (text: string, language: string, known = datePrompts('time', language)) =>
  spoken(timeMedia(text, { language, word: words(known) }));

describe('dates', () => {
  test.each([
    ['2026-11-22', 'zh', '2026 year 11 month 22 day'],
    ['2005-01-02', 'zh-CN', '2005 year 1 month 2 day'],
    ['2026-11-22', 'en', 'month.11 22 20 26'],
    ['2005-01-02', 'en-GB', 'month.1 2 2005'],
    ['1999-12-31', 'en', 'month.12 31 19 99'],
    ['1900-12-31', 'en', 'month.12 31 1900'],
    ['2026-11-22', 'de', '22 month.11 2026'],
    ['2024-02-29', 'fr', '29 month.2 2024'],
    ['2000-02-29', 'fr', '29 month.2 2000'],
  ])('%s in %s: %s', (text, language, said) => {
    expect(date(text, language)).toBe(said);
  });

  test('days have words of their own where the flow has them', () => {
    expect(date('2026-11-22', 'en', [...datePrompts('date', 'en'), 'date.day.22'])).toBe('month.11 day.22 20 26');
  });

  test('without prompts the bare numbers are said', () => {
    expect(date('2026-11-22', 'zh', [])).toBe('2026 11 22');
    expect(date('2026-11-22', 'en', [])).toBe('11 22 20 26');
    expect(date('2026-11-22', 'nl', [])).toBe('22 11 2026');
  });

  test.each([
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '26-1-1',
    '20261122',
    '',
    '2026-11-22x',
  ])('%j is none', (text) => {
    expect(date(text, 'zh')).toBeUndefined();
  });

  test('the calendar is that of the language of this program', () => {
    const day = fc.tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(day, ([year, month, dayOfMonth]) => {
        const pad = (value: number, width: number) => String(value).padStart(width, '0');
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}`;
        const parsed = new Date(`${text}T00:00:00Z`);
        const isOne = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
        expect(date(text, 'zh') !== undefined).toBe(isOne);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('times of day', () => {
  test.each([
    ['17:30', 'zh', '17 hour 30 minute'],
    ['09:05', 'zh', '9 hour 0 5 minute'],
    ['00:00', 'zh', '0 hour'],
    ['17:30', 'en', '5 30 pm'],
    ['09:05', 'en', '9 0 5 am'],
    ['12:00', 'en', '12 pm'],
    ['00:15', 'en', '12 15 am'],
    ['17:30', 'de', '17 30'],
    ['17:00', 'de', '17 0 0'],
    ['08:07', 'de', '8 0 7'],
  ])('%s in %s: %s', (text, language, said) => {
    expect(time(text, language)).toBe(said);
  });

  test('words that a flow may have', () => {
    expect(time('02:00', 'zh', ['date.hour', 'date.minute', 'date.hour.2', 'date.sharp'])).toBe('hour.2 sharp');
    expect(time('17:00', 'de', ['date.hour'])).toBe('17 hour 0 0');
    expect(time('17:20', 'de', ['date.hour', 'date.minute'])).toBe('17 hour 20 minute');
    expect(time('17:00', 'de', ['date.hour', 'date.sharp'])).toBe('17 hour sharp');
    expect(time('17:30', 'en', [])).toBe('17 30');
  });

  test.each(['24:00', '17:60', '7:30', '1730', '', '17:30:00'])('%j is none', (text) => {
    expect(time(text, 'zh')).toBeUndefined();
  });
});

test('the prompts that a language needs', () => {
  expect(datePrompts('date', 'zh')).toEqual(['date.year', 'date.month', 'date.day']);
  expect(datePrompts('date', 'en')).toHaveLength(12);
  expect(datePrompts('time', 'zh')).toEqual(['date.hour', 'date.minute']);
  expect(datePrompts('time', 'en')).toEqual(['date.am', 'date.pm']);
  expect(datePrompts('time', 'de')).toEqual([]);
});
