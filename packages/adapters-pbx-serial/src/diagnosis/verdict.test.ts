import { describe, expect, test } from 'vitest';
import { eighthBitOf, fitOf, fitWith, otherLanguage, SERIAL_LANGUAGES, settingsText, settingsToTry } from './index.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const LINE = "06/24/96 10:07AM   103 03 5551234                        00:00'10              \r\n";
const ones = (byte: number): number => [...byte.toString(2)].filter((bit) => bit === '1').length;
const parity = (text: string, bit: (byte: number) => number): Uint8Array =>
  bytes(text).map((byte) => byte | (bit(byte) << 7));
const kxTd = SERIAL_LANGUAGES.find(({ id }) => id === 'smdr-kx-td');

describe('the eighth bit', () => {
  test.each([
    ['even', (byte: number) => ones(byte) % 2],
    ['odd', (byte: number) => 1 - (ones(byte) % 2)],
    ['mark', () => 1],
  ] as const)('%s parity is seen in the bytes, and taken off', (name, bit) => {
    const seen = eighthBitOf(parity(LINE, bit));
    expect(seen?.parity).toBe(name);
    expect([...(seen?.bytes ?? [])]).toEqual([...bytes(LINE)]);
  });
  test('is no parity in plain text, in UTF-8, in few bytes', () => {
    expect(eighthBitOf(bytes(LINE))).toBeUndefined();
    expect(eighthBitOf(Uint8Array.from(Buffer.from('张三 and 李四 talk')))).toBeUndefined();
    expect(eighthBitOf(Uint8Array.of(0x81, 0x82))).toBeUndefined();
  });
});

describe('whether a language reads', () => {
  test('most of it must be whole; a cut line at either end is no harm; titles alone prove nothing', () => {
    expect(fitOf({ good: 0, bad: 0, weak: 0 }, 0)).toBe('silent');
    expect(fitOf({ good: 1, bad: 2, weak: 0 }, 90)).toBe('reads');
    expect(fitOf({ good: 1, bad: 3, weak: 0 }, 90)).toBe('garbled');
    expect(fitOf({ good: 0, bad: 0, weak: 2 }, 90)).toBe('weak');
    expect(fitOf({ good: 0, bad: 1, weak: 2 }, 90)).toBe('garbled');
  });
  test('random bytes are in no language', () => {
    let state = 7;
    const noise = Uint8Array.from({ length: 20_000 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor(state / 65_536) & 0xff;
    });
    for (const language of SERIAL_LANGUAGES) expect(fitWith(language, noise), language.id).toBe('garbled');
    expect(otherLanguage(noise)).toBeUndefined();
  });
  test('a language that is left out is not found', () => {
    expect(kxTd === undefined ? undefined : otherLanguage(bytes(LINE), kxTd)?.id).toBe('smdr-panasonic-a');
  });
  test('never throws, whatever the bytes', () => {
    for (const language of SERIAL_LANGUAGES) {
      for (const text of ['', '\x02', '\r\n\r\n', '>', 'T', '"', ',,,,,,,,,,,,,,,,,', '\xff'.repeat(5_000)])
        expect(() => language.read(bytes(text))).not.toThrow();
    }
  });
});

test('settings are tried each once, the given rate first, and never the given ones', () => {
  const given = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' } as const;
  for (const language of SERIAL_LANGUAGES) {
    const list = settingsToTry(language, given).map(settingsText);
    expect(new Set(list).size).toBe(list.length);
    expect(list).not.toContain('9600 8N1');
    expect(list.length).toBeGreaterThanOrEqual(language.rates.length * language.shapes.length - 1);
    expect(list[0]).toMatch(/^9600 /u);
  }
});

test('only languages with a harmless question ask', () => {
  const asking = SERIAL_LANGUAGES.filter(({ question }) => question !== undefined).map(({ id }) => id);
  expect(asking).toEqual(['kts-bin', 'kts-ascii', 'nec-pms']);
});
