import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MediaRef } from '../contract/index.js';
import { moneyMedia, moneyPrompts } from './money.js';

const spoken = (text: string, currency: string, words: Readonly<Record<string, string>>) =>
  moneyMedia(text, { currency, language: words === en ? 'en' : 'zh-CN' }, (prompt) =>
    Object.hasOwn(words, prompt) ? { kind: 'prompt', prompt: words[prompt] ?? '' } : undefined,
  )
    ?.map((ref) => (ref.kind === 'number' ? ref.value : ref.kind === 'prompt' ? ref.prompt : '?'))
    .join(' ');

const en = {
  'money.USD.major': 'dollars',
  'money.USD.major.one': 'dollar',
  'money.USD.minor': 'cents',
  'money.USD.minor.one': 'cent',
  'money.JPY.major': 'yen',
  'money.KWD.major': 'dinars',
  'money.KWD.minor': 'fils',
  'money.minus': 'minus',
  'money.CNY.major': 'yuan',
  'money.CNY.minor': 'fen',
  'money.CNY.tenth': 'jiao',
};
const zh = { 'money.CNY.major': '元', 'money.CNY.tenth': '角', 'money.CNY.minor': '分', 'money.minus': '负' };

describe('amounts', () => {
  test.each([
    ['1250', 'USD', '12 dollars 50 cents'],
    ['101', 'USD', '1 dollar 1 cent'],
    ['300', 'USD', '3 dollars'],
    ['7', 'USD', '7 cents'],
    ['0', 'USD', '0 dollars'],
    ['-0', 'USD', '0 dollars'],
    ['-205', 'USD', 'minus 2 dollars 5 cents'],
    ['1250', 'JPY', '1250 yen'],
    ['1250', 'KWD', '1 dinars 250 fils'],
    ['1250', 'CNY', '12 yuan 50 fen'],
  ])('%s %s in English: %s', (text, currency, said) => {
    expect(spoken(text, currency, en)).toBe(said);
  });

  test.each([
    ['1250', '12 元 5 角'],
    ['1255', '12 元 5 角 5 分'],
    ['1205', '12 元 0 5 分'],
    ['5', '5 分'],
    ['50', '5 角'],
    ['-100', '负 1 元'],
  ])('%s fen in Chinese: %s', (text, said) => {
    expect(spoken(text, 'CNY', zh)).toBe(said);
  });

  test('a flow that names no tenths says hundredths', () => {
    expect(spoken('1250', 'CNY', { 'money.CNY.major': '元', 'money.CNY.minor': '分' })).toBe('12 元 50 分');
  });

  test.each(['', '12.50', '1e3', '1,250', '1234567890123456', '--1', 'x'])('%j is no amount', (text) => {
    expect(moneyMedia(text, { currency: 'CNY', language: 'zh' }, () => undefined)).toBeUndefined();
  });

  test('which prompts a flow needs', () => {
    expect(moneyPrompts('CNY')).toEqual(['money.CNY.major', 'money.CNY.minor']);
    expect(moneyPrompts('JPY')).toEqual(['money.JPY.major']);
    expect(moneyPrompts('constructor')).toHaveLength(2);
  });

  test('no amount loses or gains a unit, in any currency', () => {
    const scales = { JPY: [1], KWD: [1000, 1], CNY: [100, 10, 1], USD: [100, 1] } as const;
    fc.assert(
      fc.property(
        fc.constantFrom('JPY', 'KWD', 'CNY', 'USD'),
        fc.nat(999_999_999),
        (currency: keyof typeof scales, amount) => {
          const worth: Record<string, number> = {};
          const names = scales[currency].length === 3 ? ['major', 'tenth', 'minor'] : ['major', 'minor'];
          names.forEach((name, index) => {
            worth[`money.${currency}.${name}`] = scales[currency][index] ?? 0;
          });
          const refs = moneyMedia(String(amount), { currency, language: 'zh' }, (prompt): MediaRef | undefined =>
            worth[prompt] === undefined ? undefined : { kind: 'prompt', prompt },
          );
          let sum = 0;
          let last = 0;
          for (const ref of refs ?? []) {
            if (ref.kind === 'number') last = ref.value;
            else if (ref.kind === 'prompt') sum += last * (worth[ref.prompt] ?? 0);
          }
          expect(sum).toBe(amount);
        },
      ),
    );
  });
});
