import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesRead, readBurst, type UartSettings } from './index.js';

const settings: fc.Arbitrary<UartSettings> = fc.record({
  baudRate: fc.constantFrom(300, 1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200),
  dataBits: fc.constantFrom(7 as const, 8 as const),
  parity: fc.constantFrom('none' as const, 'even' as const, 'odd' as const, 'mark' as const, 'space' as const),
  stopBits: fc.constantFrom(1 as const, 2 as const),
});
const N81 = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const E71 = { baudRate: 9_600, dataBits: 7, parity: 'even', stopBits: 1 } as const;
const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A second reckoning, of one character at a time, with levels and times written out. */
function plainRead(byte: number, ends: { sent: UartSettings; read: UartSettings }): number[] {
  const { sent, read } = ends;
  const ones = [...byte.toString(2)].filter((bit) => bit === '1').length;
  const check = { none: [], even: [ones % 2], odd: [1 - (ones % 2)], mark: [1], space: [0] }[sent.parity];
  const data = Array.from({ length: sent.dataBits }, (_, bit) => (byte >> bit) & 1);
  const levels = [0, ...data, ...check];
  const level = (bitTimes: number): number => levels[Math.floor(bitTimes)] ?? 1;
  const ratio = sent.baudRate / read.baudRate;
  return Array.from({ length: read.dataBits }, (_, bit) => level((1.5 + bit) * ratio));
}

describe('both ends alike', () => {
  test('every byte comes back, at every phase and with any gap', () => {
    fc.assert(
      fc.property(
        settings,
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.record({ gapBits: fc.nat(12), phase: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
        (both, bytes, options) => {
          const sent = bytes.map((byte) => byte & ((1 << both.dataBits) - 1));
          const read = readBurst(sent, { sent: both, read: both }, options);
          expect(read.every(({ error }) => error === undefined)).toBe(true);
          expect([...bytesRead(read)]).toEqual([...sent]);
        },
      ),
    );
  });
  test('clocks that are 3 % apart still understand each other, and 6 % apart not', () => {
    const text = ascii('Every good frame comes whole. UUUU\x00\xff');
    const at = (baudRate: number) => bytesRead(readBurst(text, { sent: N81, read: { ...N81, baudRate } }));
    expect(hex(at(9_600 * 1.03))).toBe(hex(text));
    expect(hex(at(9_600 * 0.97))).toBe(hex(text));
    expect(hex(at(9_600 * 1.06))).not.toBe(hex(text));
    expect(hex(at(9_600 * 0.94))).not.toBe(hex(text));
  });
});

describe('what is known of wrong settings', () => {
  test('seven bits with even parity read as eight without: the parity is the eighth bit', () => {
    const read = readBurst(ascii('AC\r\n'), { sent: E71, read: N81 });
    expect(read).toEqual([{ byte: 0x41 }, { byte: 0xc3 }, { byte: 0x8d }, { byte: 0x0a }]);
  });
  test('eight without parity read as seven with even: text is whole, and half of it has a wrong parity', () => {
    const read = readBurst(ascii('AC'), { sent: N81, read: E71 });
    expect(read).toEqual([{ byte: 0x41 }, { byte: 0x43, error: 'parity' }]);
  });
  test('a parity bit where a stop bit should be is a framing error when it is low', () => {
    const sent = { ...N81, parity: 'even' } as const;
    expect(readBurst(ascii('\x03'), { sent, read: N81 })[0]).toEqual({ byte: 3, error: 'framing' });
    expect(readBurst(ascii('\x07'), { sent, read: N81 })).toEqual([{ byte: 7 }]);
  });
  test('one stop bit too few costs nothing, one too many neither', () => {
    const two = { ...N81, stopBits: 2 } as const;
    expect(hex(bytesRead(readBurst(ascii('Hello'), { sent: N81, read: two })))).toBe(hex(ascii('Hello')));
    expect(hex(bytesRead(readBurst(ascii('Hello'), { sent: two, read: N81 })))).toBe(hex(ascii('Hello')));
  });
  test('half the rate: U becomes what stands in every second bit', () => {
    // 55 at 9600 is low, high, low, ...: at 4800 each look falls on the same half of a pair.
    const read = readBurst(ascii('U'), { sent: N81, read: { ...N81, baudRate: 4_800 } }, { gapBits: 20 });
    expect(read.length).toBeLessThanOrEqual(1);
  });
  test('a slow zero read fast is breaks', () => {
    const read = readBurst(Uint8Array.of(0), { sent: { ...N81, baudRate: 300 }, read: N81 });
    expect(read).toEqual([{ byte: 0, error: 'break' }]);
  });
  test('a single character is read as a second reckoning says', () => {
    fc.assert(
      fc.property(settings, settings, fc.nat(255), (sent, read, given) => {
        const byte = given & ((1 << sent.dataBits) - 1);
        // Where the edges of both clocks fall together the sixteenths decide, which the second reckoning has not.
        fc.pre(read.baudRate <= sent.baudRate && (sent.baudRate / read.baudRate) % 2 !== 0);
        const [first] = readBurst(Uint8Array.of(byte), { sent, read }, { phase: 0 });
        const bits = plainRead(byte, { sent, read });
        const firstStart = sent.baudRate / read.baudRate / 2 < 1;
        fc.pre(firstStart);
        expect(first?.byte).toBe(bits.reduce((value, bit, index) => value | (bit << index), 0));
      }),
    );
  });
});

test('nothing makes it throw or run on', () => {
  fc.assert(
    fc.property(settings, settings, fc.uint8Array({ maxLength: 200 }), (sent, read, bytes) => {
      const found = readBurst(bytes, { sent, read });
      const fastest = Math.ceil((bytes.length * 12 * read.baudRate) / sent.baudRate / (read.dataBits + 1)) + 2;
      expect(found.length).toBeLessThanOrEqual(fastest);
    }),
  );
});
