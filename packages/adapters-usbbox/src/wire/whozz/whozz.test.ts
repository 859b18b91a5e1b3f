import { feedEveryWay } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWhozzDatagram, WhozzDecoder } from './decoder.js';
import { parseWhozzRecord, type WhozzRecord } from './record.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const START = '01 I S 0000 G A0 09/26 11:28 AM 800-240-4637   CallerID.com   ';
const call = (over: object = {}): object => ({
  kind: 'call',
  line: 1,
  direction: 'in',
  phase: 'start',
  durationS: 0,
  checksum: 'good',
  rings: 0,
  datetime: '09261128',
  number: '8002404637',
  name: 'CallerID.com',
  ...over,
});

describe('records of a unit', () => {
  it.each<[string, object]>([
    [START, call()],
    [`$${START.replaceAll('-', '')}`, call()],
    ['01 I S 0276 G B3 09/26 11:28 AM 800-240-4637 CallerID.com', call({ durationS: 276, rings: 3 })],
    [
      '08 O E 0012 G A0 12/31 12:05 AM 13912345678                   ',
      {
        ...call({
          line: 8,
          direction: 'out',
          phase: 'end',
          durationS: 12,
          datetime: '12310005',
          number: '13912345678',
        }),
        name: undefined,
      },
    ],
    [
      '02 I S 0000 B A1 01/02 12:00 PM 0123456789     ?',
      call({ line: 2, checksum: 'bad', rings: 1, datetime: '01021200', number: '0123456789', name: '?' }),
    ],
    [
      '01 I S 0000 G A1 09/26 01:28 PM Private        ',
      { ...call({ rings: 1, datetime: '09261328', absence: 'P' }), number: undefined, name: undefined },
    ],
    [
      '01 I S 0000 G A1 09/26 01:28 PM Out-of-Area    SMITH',
      { ...call({ rings: 1, datetime: '09261328', absence: 'O', name: 'SMITH' }), number: undefined },
    ],
    [
      '01 I S 0000 G A1 09/26 01:28 PM                SMITH',
      { ...call({ rings: 1, datetime: '09261328', absence: 'O', name: 'SMITH' }), number: undefined },
    ],
    [
      '$01     09/26     02:30     PM     8002404637     I     CallerID.com',
      call({ checksum: 'unknown', datetime: '09261430' }),
    ],
    ['01 R     11/07 07:43:52', { kind: 'detail', line: 1, what: 'ring' }],
    ['$03 F     11/07 23:43:52', { kind: 'detail', line: 3, what: 'offHook' }],
    ['01 N     00/00 00:00:02', { kind: 'detail', line: 1, what: 'onHook' }],
    ['01 H     11/07 07:43:52 ', { kind: 'detail', line: 1, what: 'flash' }],
    ['V9.7 ECXUdASoBKT L=01 00/00 00:00:12', { kind: 'version', toggles: 'ECXUdASoBKT' }],
  ])('%s', (text, expected) => {
    expect(parseWhozzRecord(text)).toEqual(JSON.parse(JSON.stringify(expected)));
  });

  it.each([
    '',
    '?',
    '00 I S 0000 G A0 09/26 11:28 AM 8002404637',
    '01 I S 0000 G A0 13/26 11:28 AM 8002404637',
    '01 I S 0000 G A0 09/32 11:28 AM 8002404637',
    '01 I S 0000 G A0 09/26 13:28 AM 8002404637',
    '01 I S 0000 X A0 09/26 11:28 AM 8002404637',
    '1 R     11/07 07:43:52',
    '01 R     11/07 07:43:52 more',
  ])('is unknown: %s', (text) => {
    expect(parseWhozzRecord(text).kind).toBe('unknown');
  });

  it('are the same however the bytes are cut, with noise between them', () => {
    const lines = (...texts: readonly string[]): { bytes: Uint8Array; frames: WhozzRecord[] } => ({
      bytes: bytes(texts.map((text) => `${text}\r\n`).join('')),
      frames: texts.map(parseWhozzRecord),
    });
    const latin = Uint8Array.from([...bytes(START.slice(0, 50)), 0xe9, 0xe8, 0xff, 13, 10]);
    const faults = feedEveryWay<WhozzRecord>({
      create: () => new WhozzDecoder(),
      plain: (record) => record,
      good: { name: 'records', ...lines(START, '01 R     11/07 07:43:52', '02 F     11/07 07:43:53') },
      garbage: [
        { name: 'noise', bytes: Uint8Array.from([0, 255, 128, 7, 13]) },
        { name: 'an endless line', bytes: bytes(`${'#'.repeat(5_000)}\n`) },
        { name: 'half a record', bytes: bytes(`${START.slice(0, 20)}\r`) },
      ],
      empty: { name: 'empty lines', bytes: bytes('\r\n\r\n\n'), frames: [] },
      multibyte: {
        name: 'Latin-1',
        bytes: latin,
        frames: [parseWhozzRecord(`${START.slice(0, 50)}\u00e9\u00e8\u00ff`)],
      },
      maxFrameBytes: 161,
      maxPendingBytes: 160,
      frameOfBytes: (count) => bytes(`${START.trimEnd().padEnd(count - 1)}\n`),
      overCap: 'skips',
      endless: bytes('#'),
    });
    expect(faults).toEqual([]);
  });

  it('never throws, keeps nothing of noise, and is itself again after an end of line', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (chunks) => {
        const decoder = new WhozzDecoder();
        for (const chunk of chunks) decoder.push(chunk, () => undefined);
        const heard: WhozzRecord[] = [];
        decoder.push(bytes('\r\n'), () => undefined);
        decoder.push(bytes(`${START}\r\n`), (record) => heard.push(record));
        return decoder.pendingBytes === 0 && heard.length === 1 && heard[0]?.kind === 'call';
      }),
    );
  });
});

describe('datagrams of a unit', () => {
  const header = Uint8Array.from([
    ...bytes('^^<U>'),
    0,
    0,
    0,
    0,
    0x89,
    0x79,
    ...bytes('<S>'),
    0,
    0,
    0,
    0x84,
    0x48,
    0x84,
  ]);

  it('carry unit, serial number and record, with and without $ and end of line', () => {
    for (const tail of [START, `$${START}`, `${START}\r\n`]) {
      expect(parseWhozzDatagram(Uint8Array.from([...header, ...bytes(tail)]))).toEqual({
        unit: 0x8979,
        serial: '000000844884',
        record: parseWhozzRecord(START),
      });
    }
  });

  it('are nothing when cut in the header or made of anything else', () => {
    for (let length = 0; length < header.length; length++)
      expect(parseWhozzDatagram(header.subarray(0, length))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (noise) => parseWhozzDatagram(noise) === undefined));
  });
});
