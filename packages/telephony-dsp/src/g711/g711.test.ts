import { describe, expect, test } from 'vitest';
import { alawToLinear, decodeAlaw, encodeAlaw, linearToAlaw } from './alaw.js';
import { decodeUlaw, encodeUlaw, linearToUlaw, ulawToLinear } from './ulaw.js';

const bytes = Array.from({ length: 256 }, (_, byte) => byte);

/** Tables 1 and 2 of G.711 written another way: the sixteen equal steps of each segment, by their first value and their width. */
function segments(law: 'a' | 'u'): { readonly byte: number; readonly value: number }[] {
  const rows: { byte: number; value: number }[] = [];
  for (let segment = 0; segment < 8; segment += 1) {
    for (let step = 0; step < 16; step += 1) {
      const number = segment * 16 + step;
      if (law === 'a') {
        // A-law, 16-bit scale: two segments with steps of 16, then each twice as wide as the last.
        const width = segment < 2 ? 16 : 16 * 2 ** (segment - 1);
        const start = segment === 0 ? 0 : 256 * 2 ** (segment - 1);
        const value = start + step * width + width / 2;
        rows.push({ byte: (number | 0x80) ^ 0x55, value }, { byte: number ^ 0x55, value: -value });
      } else {
        const width = 8 * 2 ** segment;
        const start = 132 * (2 ** segment - 1);
        const value = start + step * width;
        rows.push({ byte: ~number & 0xff, value }, { byte: ~number & 0x7f, value: -value });
      }
    }
  }
  return rows;
}

describe.each([
  { law: 'a' as const, toLinear: alawToLinear, toByte: linearToAlaw },
  { law: 'u' as const, toLinear: ulawToLinear, toByte: linearToUlaw },
])('$law-law', ({ law, toLinear, toByte }) => {
  test('every byte stands for the value of its segment and step', () => {
    const rows = segments(law);
    expect(rows).toHaveLength(256);
    for (const { byte, value } of rows) expect(toLinear(byte) + 0).toBe(value + 0);
  });

  test('every byte comes back from its value; only the two zeros of mu-law are one', () => {
    for (const byte of bytes) expect(toByte(toLinear(byte))).toBe(law === 'u' && byte === 0x7f ? 0xff : byte);
  });

  test('every sample goes to a step at most half a step away, and louder never becomes quieter', () => {
    let last = toLinear(toByte(-32_768));
    for (let sample = -32_768; sample < 32_768; sample += 1) {
      const value = toLinear(toByte(sample));
      if (value < last) expect.fail(`${sample} became ${value} after ${last}`);
      last = value;
      const clipped = Math.max(-32_124, Math.min(32_124, sample));
      // A twentieth of the magnitude, and the smallest step with what its cut-off takes.
      if (Math.abs(value - clipped) > Math.abs(sample) / 30 + 16) expect.fail(`${sample} became ${value}`);
    }
  });
});

test('idle channels have the bytes that G.711 gives them', () => {
  expect([linearToAlaw(0), linearToAlaw(-1), linearToUlaw(0), linearToUlaw(-1)]).toEqual([0xd5, 0x55, 0xff, 0x7f]);
});

test('blocks go through whole, into room that is given', () => {
  const samples = Int16Array.from({ length: 500 }, (_, n) => (n - 250) * 131);
  expect(encodeAlaw(decodeAlaw(Uint8Array.from(bytes)))).toEqual(Uint8Array.from(bytes));
  expect([...encodeUlaw(samples)]).toEqual([...samples].map(linearToUlaw));
  const room = new Int16Array(300);
  expect(decodeUlaw(Uint8Array.from(bytes), room)).toBe(room);
  expect([...room.subarray(0, 256)]).toEqual(bytes.map(ulawToLinear));
  for (const code of [encodeAlaw, encodeUlaw]) expect(() => code(samples, new Uint8Array(499))).toThrow(RangeError);
  for (const code of [decodeAlaw, decodeUlaw])
    expect(() => code(new Uint8Array(5), new Int16Array(4))).toThrow(RangeError);
});
