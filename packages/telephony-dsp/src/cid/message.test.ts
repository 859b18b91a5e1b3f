import { describe, expect, it } from 'vitest';
import { hexToBytes } from './hex.js';
import { type CallerIdFault, parseCallerIdMessage } from './message.js';

const text = (s: string): number[] => [...new TextEncoder().encode(s)];
const seal = (type: number, body: readonly number[]): Uint8Array => {
  const head = [type, body.length, ...body];
  return Uint8Array.from([...head, (256 - (head.reduce((a, b) => a + b, 0) % 256)) % 256]);
};
const read = (bytes: Uint8Array) => {
  const parsed = parseCallerIdMessage(bytes);
  return parsed.ok ? parsed.message : parsed.fault;
};
const DATE = [1, 8, ...text('11220930')];
const NUMBER = [2, 11, ...text('13912345678')];

describe('a caller ID message', () => {
  it('is read in the single format, number or letter', () => {
    expect(read(seal(0x04, text('1122093088886666')))).toEqual({
      type: 'cid',
      datetime: '11220930',
      number: '88886666',
    });
    for (const absence of ['O', 'P', 'C', 'I', 'S'])
      expect(read(seal(0x04, text(`11220930${absence}`)))).toEqual({ type: 'cid', datetime: '11220930', absence });
  });

  it('is read in the multiple format, every parameter by its name and the others kept', () => {
    const body = [
      ...DATE,
      ...NUMBER,
      ...[3, 3, ...text('110'), 6, 1, ...text('L'), 7, 4, 0xd5, 0xc5, 0xc8, 0xfd],
      ...[0x1a, 4, ...text('8001'), 0x11, 1, 1, 0x99, 0],
    ];
    expect(read(seal(0x80, body))).toEqual({
      type: 'cid',
      datetime: '11220930',
      number: '13912345678',
      dialled: '110',
      longDistance: 'L',
      name: '张三',
      nameHex: 'd5c5c8fd',
      redirecting: '8001',
      other: { '11': '01', '99': '' },
    });
    expect(read(seal(0x80, [...DATE, 4, 1, ...text('P'), 8, 1, ...text('O')]))).toEqual({
      type: 'cid',
      datetime: '11220930',
      absence: 'P',
      nameAbsence: 'O',
    });
  });

  it('tells the lamp of both formats', () => {
    expect(read(seal(0x06, [0x42, 0x42, 0x42]))).toEqual({ type: 'messageWaiting', state: 'on' });
    expect(read(seal(0x06, [0x6f, 0x6f, 0x6f]))).toEqual({ type: 'messageWaiting', state: 'off' });
    expect(read(seal(0x82, [0x0b, 1, 0xff]))).toEqual({ type: 'messageWaiting', state: 'on' });
    expect(read(seal(0x82, [0x0b, 1, 0x00]))).toEqual({ type: 'messageWaiting', state: 'off' });
  });

  it('agrees with published test strings, and finds those wrong that are', () => {
    const bytes = hexToBytes('04 12 30 39 33 30 31 32 32 34 36 30 39 35 35 35 31 32 31 32 51');
    expect(bytes).toBeDefined();
    expect(read(bytes ?? new Uint8Array())).toEqual({ type: 'cid', datetime: '09301224', number: '6095551212' });
    const bad = bytes?.slice() ?? new Uint8Array();
    bad[20] = 0x12;
    expect(read(bad)).toBe('checksum');
  });

  const faulty: [CallerIdFault, Uint8Array][] = [
    ['type', new Uint8Array(3)],
    ['type', new Uint8Array(0)],
    ['type', seal(0x40, text('1122093088886666'))],
    ['length', seal(0x80, [])],
    ['length', seal(0x80, [...DATE, ...NUMBER]).slice(0, -1)],
    ['length', Uint8Array.from([...seal(0x80, [...DATE, ...NUMBER]), 0])],
    ['checksum', seal(0x80, [...DATE, ...NUMBER]).map((b, i) => (i === 14 ? b ^ 1 : b))],
    ['structure', seal(0x80, [...DATE, 2, 12, ...text('13912345678')])],
    ['structure', seal(0x80, [...DATE, 2])],
    ['date', seal(0x04, text('1122093O88886666'))],
    ['date', seal(0x80, [1, 7, ...text('1122093'), ...NUMBER])],
    ['number', seal(0x04, text('1122093088:86666'))],
    ['number', seal(0x80, [...DATE, 2, 3, ...text('1 2')])],
    ['number', seal(0x80, [2, 33, ...new Array<number>(33).fill(0x31)])],
    ['lamp', seal(0x06, [0x42, 0x42, 0x6f])],
    ['lamp', seal(0x82, [...DATE])],
    ['contradiction', seal(0x80, [...NUMBER, 2, 3, ...text('110')])],
    ['contradiction', seal(0x80, [...NUMBER, 4, 1, ...text('P')])],
    ['empty', seal(0x80, DATE)],
    ['empty', seal(0x04, text('11220930'))],
  ];
  it.each(faulty)('is refused for its %s', (fault, bytes) => {
    expect(read(bytes)).toBe(fault);
  });

  it('is refused when any one byte is another', () => {
    const good = seal(0x80, [...DATE, ...NUMBER]);
    for (let i = 0; i < good.length; i++)
      for (let x = 1; x < 256; x++) {
        const bad = good.slice();
        bad[i] = (bad[i] ?? 0) ^ x;
        expect(parseCallerIdMessage(bad).ok).toBe(false);
      }
  });
});
