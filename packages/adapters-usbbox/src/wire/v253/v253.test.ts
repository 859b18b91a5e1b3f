import { encodeCallerIdMessage } from '@cordboard/telephony-dsp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallerIdLines, readCallerIdHex } from './caller-id.js';
import { MAX_LINE, MAX_PACKET, V253Decoder } from './decoder.js';
import { bestFormat, readFormats } from './formats.js';
import { readLine } from './lines.js';
import { bytesOf, samplesOf } from './samples.js';
import { dle, shield } from './shield.js';

const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...Buffer.from(part, 'latin1')])));

/** What a decoder tells of pieces that come one after the other; sound in one piece. */
function told(pieces: readonly Uint8Array[], awaits: 'sound' | 'text' = 'text'): string[] {
  const out: string[] = [];
  const decoder = new V253Decoder({
    line: (text) => void out.push(`line ${text}`),
    code: (code) => void out.push(`code ${code}`),
    packet: (text) => void out.push(`packet ${text}`),
    sound: (sound) => {
      const hex = Buffer.from(sound).toString('hex');
      if (out.at(-1)?.startsWith('sound ') === true) out.push(`${out.pop() ?? ''}${hex}`);
      else out.push(`sound ${hex}`);
    },
    soundEnd: () => void out.push('end'),
  });
  decoder.expect(awaits);
  for (const piece of pieces) decoder.push(piece);
  return out;
}

/** Dialogues as modems hold them, with what they say. */
const STREAMS: readonly (readonly [
  name: string,
  bytes: Uint8Array,
  awaits: 'sound' | 'text',
  told: readonly string[],
])[] = [
  ['an answer', bytes('AT+FCLASS=8\r\r\nOK\r\n'), 'text', ['line AT+FCLASS=8', 'line OK']],
  ['an answer after line feeds', bytes('\nOK\n'), 'text', ['line OK']],
  ['a figure', bytes('0\r'), 'text', ['line 0']],
  [
    'a ring and who calls',
    bytes('\r\nRING\r\n\r\nDATE = 1122\r\nTIME=0930\r\nNMBR = 13900001111\r\nNAME = ', 0xd5, 0xc5, '\r\n'),
    'text',
    ['line RING', 'line DATE = 1122', 'line TIME=0930', 'line NMBR = 13900001111', 'line NAME = \u00d5\u00c5'],
  ],
  [
    'a stream with everything in it',
    bytes(
      ...['\r\nCONNECT\r\n', 0x80, 0x0d, 0x0a, 0x10, 0x10, 0x10, 0x1a, 0x7f],
      ...[0x10, '/', 0x10, '5', 0x10, '~', 'A', 0x10, 'X', 'CID', 0x10, 0x10, 'x', 0x10, '.', 'B'],
      ...[0x10, 0x03, '\r\nOK\r\n'],
    ),
    'sound',
    [
      'line CONNECT',
      'sound 800d0a1010107f',
      'code /',
      'code 5',
      'code ~',
      'sound 41',
      'packet CID\u0010x',
      'sound 42',
      'end',
      'line OK',
    ],
  ],
  [
    'the end of what was played',
    bytes('\r\nCONNECT\r\n', 0x10, 'u', '\r\nOK\r\n'),
    'text',
    ['line CONNECT', 'code u', 'line OK'],
  ],
  ['codes between lines', bytes(0x10, 'h', '\r\nRI', 0x10, 'L', 'NG\r\n'), 'text', ['code h', 'code L', 'line RING']],
];

describe('the stream of a modem', () => {
  for (const [name, whole, awaits, expected] of STREAMS)
    it(`says the same, cut at every place: ${name}`, () => {
      expect(told([whole], awaits)).toEqual(expected);
      for (let at = 0; at <= whole.length; at++)
        expect(told([whole.subarray(0, at), whole.subarray(at)], awaits), `cut at ${at}`).toEqual(expected);
      expect(
        told(
          [...whole].map((byte) => Uint8Array.of(byte)),
          awaits,
        ),
      ).toEqual(expected);
    });

  it('gives every byte of sound back that was shielded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.integer({ min: 1, max: 700 }), (sound, step) => {
        const wire = Buffer.concat([Buffer.from('CONNECT\r\n'), shield(sound), dle(3)]);
        const pieces = [];
        for (let at = 0; at < wire.length; at += step) pieces.push(wire.subarray(at, at + step));
        const hex = Buffer.from(sound).toString('hex');
        expect(told(pieces, 'sound')).toEqual(['line CONNECT', ...(hex === '' ? [] : [`sound ${hex}`]), 'end']);
      }),
      { seed: 3 },
    );
  });

  it('throws nothing, keeps little, and says the same however it is cut, whatever comes', () => {
    const nasty = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc
          .constantFrom(
            '\r\nCONNECT\r\n',
            '\r\nOK\r\n',
            'RING\r',
            'NMBR = ',
            '80',
            '\u0010',
            '\u0010X',
            '\u0010.',
            '\u0010\u0003',
          )
          .map((text) => Buffer.from(text, 'latin1')),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 9 }), (parts, step) => {
        const whole = Buffer.concat(parts);
        const pieces = [];
        for (let at = 0; at < whole.length; at += step) pieces.push(whole.subarray(at, at + step));
        expect(told(pieces, 'sound')).toEqual(told([whole], 'sound'));
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('counts what it throws away of a million bytes and holds no more than a line', () => {
    let random = 1;
    const piece = new Uint8Array(1_000);
    const decoder = new V253Decoder({
      line: (text) => void readLine(text),
      code: () => undefined,
      packet: () => undefined,
      sound: () => undefined,
      soundEnd: () => undefined,
    });
    for (let round = 0; round < 1_000; round++) {
      for (let i = 0; i < piece.length; i++) {
        random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
        piece[i] = random >>> 16;
      }
      decoder.push(piece);
      expect(decoder.pendingBytes).toBeLessThanOrEqual(MAX_LINE + MAX_PACKET + 1_024);
    }
    expect(decoder.counts.garbage).toBeGreaterThan(50_000);
    expect(decoder.counts.unknownCodes).toBeGreaterThan(1_000);
  });
});

describe('a line', () => {
  it.each([
    ['OK', { type: 'final', result: 'ok' }],
    ['no dial tone', { type: 'final', result: 'noDialTone' }],
    ['CONNECT 8000', { type: 'final', result: 'connect' }],
    ['8', { type: 'final', result: 'noAnswer' }],
    ['2', { type: 'ring' }],
    ['RINGING', { type: 'ringing' }],
    ['ATE0', { type: 'echo' }],
    ['DRON=10', { type: 'cadence', part: 'on', ms: 1_000 }],
    ['NMBR = P', { type: 'callerId', field: 'number', value: 'P' }],
    ['NAME=LEE = SON', { type: 'callerId', field: 'name', value: 'LEE = SON' }],
    ['BANANA', { type: 'information', text: 'BANANA' }],
    ['constructor', { type: 'information', text: 'constructor' }],
  ])('%s', (text, read) => {
    expect(readLine(text)).toEqual(read);
  });
});

describe('a caller ID', () => {
  const whole = encodeCallerIdMessage({
    type: 'cid',
    datetime: '11220930',
    number: '13900001111',
    name: '张三',
  } as never);
  const hexOf = (some: Uint8Array): string => Buffer.from(some).toString('hex').toUpperCase();

  it('in hex is read with its checksum and without', () => {
    const caller = { method: 'fsk', datetime: '11220930', number: '13900001111', name: '张三' };
    expect(readCallerIdHex(hexOf(whole))).toMatchObject(caller);
    expect(readCallerIdHex(hexOf(whole.subarray(0, -1)))).toMatchObject(caller);
    expect(readLine(hexOf(whole)).type).toBe('callerIdHex');
  });

  it('in hex that is cut or damaged tells nothing', () => {
    for (let length = 0; length < whole.length - 1; length++)
      expect(readCallerIdHex(hexOf(whole.subarray(0, length))), `${length} bytes`).toBeUndefined();
    for (let at = 0; at < whole.length; at++) {
      const damaged = whole.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x04;
      expect(readCallerIdHex(hexOf(damaged)), `byte ${at}`).toBeUndefined();
    }
  });

  it('in lines is told once, and nothing of a number that is none', () => {
    const lines = new CallerIdLines();
    const take = (text: string): void => {
      const line = readLine(text);
      if (line.type === 'callerId') lines.take(line);
    };
    for (const text of ['DATE = 1122', 'TIME = 0930', 'NMBR = 13900001111', 'NAME = O']) take(text);
    expect(lines.finish()).toEqual({
      method: 'fsk',
      number: '13900001111',
      nameAbsence: 'O',
      datetime: '11220930',
    });
    expect(lines.finish()).toBeUndefined();
    take('NMBR = PRIVATE');
    expect(lines.finish()).toEqual({ method: 'fsk', absence: 'P' });
    take('NMBR = 12%4');
    expect(lines.finish()).toBeUndefined();
  });
});

describe('formats of sound', () => {
  it.each([
    [
      '128,"8-BIT LINEAR",(7200,8000,11025)',
      [7_200, 8_000, 11_025].map((rate) => ({ method: 128, coding: 'unsigned', rate })),
    ],
    ['1,"UNSIGNED PCM",8,0,8000,0,0', [{ method: 1, coding: 'unsigned', rate: 8_000 }]],
    ['0,"SIGNED PCM",8,0,8000,0,0', [{ method: 0, coding: 'signed', rate: 8_000 }]],
    ['131,"G.711 uLAW",8,0,8000', [{ method: 131, coding: 'ulaw', rate: 8_000 }]],
    ['5,"A-LAW",8,0,(7200-11025)', [7_200, 11_025, 8_000].map((rate) => ({ method: 5, coding: 'alaw', rate }))],
    ['129,"IMA ADPCM",4,0,8000,0,0', []],
    ['nonsense', []],
  ])('%s', (line, formats) => {
    expect(readFormats(line)).toEqual(formats);
  });

  it('the best is at 8,000, and G.711 before linear', () => {
    const all = ['128,"8-BIT LINEAR",(7200,8000)', '4,"ULAW",8,0,(7200,8000)'].flatMap(readFormats);
    expect(bestFormat(all, {})).toEqual({ method: 4, coding: 'ulaw', rate: 8_000 });
    expect(bestFormat(all, { coding: 'unsigned', rate: 7_200 })).toEqual({
      method: 128,
      coding: 'unsigned',
      rate: 7_200,
    });
    expect(bestFormat(all, { coding: 'signed' })).toBeUndefined();
  });

  it.each(['unsigned', 'signed', 'ulaw', 'alaw'] as const)('%s gives each byte back', (coding) => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const samples = samplesOf(every, coding, new Int16Array(256));
    const back = samplesOf(bytesOf(samples, coding), coding, new Int16Array(256));
    expect([...back]).toEqual([...samples]);
    expect(new Set(samples).size).toBeGreaterThan(253);
  });
});
