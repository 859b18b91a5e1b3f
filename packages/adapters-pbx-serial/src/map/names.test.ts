import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeName, nameOf } from './names.js';
import { callerOf } from './parties.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

/** Bytes of the code charts of each charset. */
const NAMES: readonly (readonly [charset: string, bytes: string, name: string])[] = [
  ['gbk', 'd5c5c8fd', '张三'],
  // Four bytes: a character that GB18030 has and GBK has not.
  ['gbk', '8139ef30d5c5', '㐁张'],
  ['big5', 'b169a454', '張三'],
  ['shiftjis', '8e529363', '山田'],
  ['latin1', '4dfc6c6c6572', 'Müller'],
  ['utf16be', '5f204e09', '张三'],
  ['utf8', 'e5bca0e4b889', '张三'],
  ['ascii', '4a6f686e20446f65', 'John Doe'],
  ['unknown', 'e5bca0e4b889', '张三'],
  ['unknown', 'd5c5c8fd', '张三'],
  ['#200', '4a6f686e', 'John'],
  // The PBX guessed wrong: it is no UTF-8.
  ['utf8', 'd5c5c8fd', '张三'],
  // Filled up with zeros and blanks.
  ['gbk', 'd5c5c8fd0000', '张三'],
  ['ascii', '2020416e6e2020', 'Ann'],
  ['gbk', '', ''],
];

describe('names of callers', () => {
  it.each(NAMES)('are read from %s %s', (charset, bytes, name) => {
    expect(decodeName(hex(bytes), charset)).toBe(name);
  });

  it('are some text without controls for any bytes in any charset', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.constantFrom('unknown', 'ascii', 'gbk', 'utf8', 'latin1', 'shiftjis', 'big5', 'utf16be', '#9'),
        (bytes, charset) => {
          const name = decodeName(bytes, charset);
          expect(name).not.toMatch(/\p{Cc}/u);
          expect([...name].length).toBeLessThanOrEqual(128);
        },
      ),
      { seed: 1, numRuns: 2_000 },
    );
  });

  it('are the PBX’s own text where it is sure', () => {
    const message = {
      type: 'callerId',
      line: 1,
      presentation: 'number',
      name: '李四',
      nameBytes: hex('d5c5'),
      charset: 'gbk',
    } as const;
    expect(nameOf(message)).toBe('李四');
    expect(nameOf({ type: 'callerId', line: 1, presentation: 'number' })).toBeUndefined();
  });
});

describe('callers', () => {
  const of = (presentation: 'number' | 'withheld' | 'unavailable' | 'payphone' | 'overseas' | '#9', number?: string) =>
    callerOf({ type: 'callerId', line: 1, presentation, ...(number === undefined ? {} : { number }) });

  it('have a number only where the PBX shows one', () => {
    expect(of('number', '139')).toEqual({ number: '139', presentation: 'allowed' });
    expect(of('withheld', '139')).toEqual({ number: '', presentation: 'withheld' });
    for (const word of ['unavailable', 'payphone', 'overseas', '#9'] as const)
      expect(of(word)).toEqual({ number: '', presentation: 'unavailable' });
  });
});
