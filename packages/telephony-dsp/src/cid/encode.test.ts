import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallerIdToEncode, encodeCallerIdMessage } from './encode.js';
import { bytesToHex, hexToBytes } from './hex.js';
import { parseCallerIdMessage } from './message.js';
import { decodeCallerName } from './name.js';

const chars = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const number = chars('0123456789*#+ABCD', 1, 20).filter((digits) => digits !== 'C');
const datetime = chars('0123456789', 8, 8);

describe('what is encoded', () => {
  it('is what is read', () => {
    const message = fc.record(
      {
        datetime,
        number,
        name: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }),
        dialled: number,
        redirecting: number,
      },
      { requiredKeys: ['number'] },
    );
    fc.assert(
      fc.property(message, (fields) => {
        const sent = { type: 'cid' as const, ...fields };
        const parsed = parseCallerIdMessage(encodeCallerIdMessage(sent));
        expect(parsed).toMatchObject({ ok: true, message: sent });
      }),
    );
    const sdmf = encodeCallerIdMessage({ type: 'cid', format: 'sdmf', datetime: '11220930', absence: 'P' });
    expect(parseCallerIdMessage(sdmf)).toEqual({
      ok: true,
      message: { type: 'cid', datetime: '11220930', absence: 'P' },
    });
    for (const format of ['sdmf', 'mdmf'] as const)
      for (const state of ['on', 'off'] as const) {
        const message = { type: 'messageWaiting' as const, state };
        expect(parseCallerIdMessage(encodeCallerIdMessage({ ...message, format }))).toEqual({ ok: true, message });
      }
  });

  it('is a published message', () => {
    const bytes = encodeCallerIdMessage({ type: 'cid', format: 'sdmf', datetime: '09301224', number: '6095551212' });
    expect(bytesToHex(bytes)).toBe('041230393330313232343630393535353132313251');
  });

  const wrong: CallerIdToEncode[] = [
    { type: 'cid', number: '1', absence: 'P' },
    { type: 'cid', number: 'x' },
    { type: 'cid', number: '' },
    { type: 'cid', number: 'C' },
    { type: 'cid', number: '1', datetime: '1' },
    { type: 'cid', format: 'sdmf', number: '123' },
    { type: 'cid', format: 'sdmf', number: '123', datetime: '11220930', name: 'A' },
    { type: 'cid', number: '123', name: 'A'.repeat(256) },
    { type: 'cid', number: '123', name: 'A'.repeat(250) },
    { type: 'cid', number: '123', other: [[256, new Uint8Array(1)]] },
    { type: 'cid' },
  ];
  it.each(wrong.map((message) => [message]))('is nothing that cannot be said: %j', (message) => {
    expect(() => encodeCallerIdMessage(message)).toThrow(TypeError);
  });
});

describe('a name', () => {
  it.each([
    ['JOHN DOE', '4a4f484e20444f45'],
    ['张三', 'd5c5c8fd'],
    ['杭州市某某科技有限公司', 'babcd6ddcad0c4b3c4b3bfc6bcbcd3d0cfdeb9abcbbe'],
    ['李四', 'e69d8ee59b9b'],
    ['Ren\u00e9', '52656ee9'],
  ])('is %s', (name, hex) => {
    expect(decodeCallerName(hexToBytes(hex) ?? new Uint8Array())).toBe(name);
  });

  it('is some text whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(typeof decodeCallerName(bytes)).toBe('string');
      }),
    );
  });
});

describe('hex', () => {
  it('goes there and back, and refuses what is none', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hexToBytes(bytesToHex(bytes))).toEqual(bytes);
      }),
    );
    expect(hexToBytes('80 1A\r\n')).toEqual(Uint8Array.of(0x80, 0x1a));
    for (const bad of ['8', '8g', '0x80', 'MESG']) expect(hexToBytes(bad)).toBeUndefined();
  });
});

describe('any bytes at all', () => {
  it('are read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof parseCallerIdMessage(bytes).ok).toBe('boolean');
      }),
    );
  });
});
