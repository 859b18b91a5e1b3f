import { type FeedSubject, feedEveryWay } from '@cordboard/driver-kit/testing';
import { describe, expect, it, test } from 'vitest';
import { randomOf } from '../../../test/kts/line.js';
import { encodeNec, NecDecoder, type NecFrame, necRecordOf, reportOf, textOf } from './index.js';

const decode = (...chunks: readonly Uint8Array[]): NecFrame[] => {
  const frames: NecFrame[] = [];
  const decoder = new NecDecoder();
  for (const chunk of chunks) decoder.push(chunk, (frame) => frames.push(frame));
  return frames;
};
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const checked = (inside: string): string =>
  `\x02${inside}\x03${String.fromCharCode([...`${inside}\x03`].reduce((sum, char) => sum ^ char.charCodeAt(0), 0))}`;
const lamp = textOf({ type: 'messageLamp', extension: '801', mode: 'on' });
const record = checked(`0!${'KA001007'.padEnd(128)}`);

const subject: FeedSubject<NecFrame> = {
  create: () => new NecDecoder(),
  plain: (frame) => (frame.kind === 'damaged' ? { ...frame, sample: [...frame.sample] } : frame),
  good: {
    name: 'a transmission and a record',
    bytes: bytes(`1!\x05\x06${Buffer.from(encodeNec(lamp)).toString('latin1')}\x06\x04${record}`),
    frames: [
      { kind: 'start', address: 'hotel' },
      { kind: 'ack' },
      lamp,
      { kind: 'ack' },
      { kind: 'eot' },
      { kind: 'record', data: 'KA001007'.padEnd(128) },
    ],
  },
  garbage: [
    { name: 'noise', bytes: bytes('\x80\xffabc\x10x') },
    { name: 'half a text', bytes: bytes('\x021!L13111801') },
    { name: 'half a start sequence', bytes: bytes('1!') },
  ],
  empty: {
    name: 'a text without a body',
    bytes: encodeNec(textOf({ type: 'nopTest' })),
    frames: [textOf({ type: 'nopTest' })],
  },
  multibyte: {
    name: 'a name',
    bytes: encodeNec(textOf({ type: 'guestName', extension: '801', name: "O'BRIEN {~}" })),
    frames: [textOf({ type: 'guestName', extension: '801', name: "O'BRIEN {~}" })],
  },
  maxFrameBytes: 133,
  frameOfBytes: (count) => bytes(checked(`0!${'K'.padEnd(count - 5)}`)),
  overCap: 'skips',
  endless: bytes('abcdefgh'),
};

describe('the NEC hotel link', () => {
  it('is decoded however it is fed', () => {
    expect(feedEveryWay(subject)).toEqual([]);
  });

  it('has texts as the figures of the specification show them', () => {
    // Figure 4-7: STX 1 ! L, feature 13, length 11, function 1, six places of extension, ETX at 15, check at 16.
    const message = encodeNec(lamp);
    expect(Buffer.from(message.subarray(1, 15)).toString()).toBe('1!L13111801   ');
    expect([message[0], message[15], message.length]).toEqual([2, 3, 17]);
    const at = (command: Parameters<typeof textOf>[0]): string =>
      Buffer.from(encodeNec(textOf(command)).subarray(4, -2)).toString();
    expect(at({ type: 'restriction', extension: '801', cutOff: 'off', doNotDisturb: 'on' })).toBe('15141801   5  ');
    expect(at({ type: 'checkIn', extension: '801', model: '60' })).toBe('16111801   ');
    expect(at({ type: 'checkOut', extension: '801', model: '60' })).toBe('16112801   ');
    expect(at({ type: 'wakeUp', extension: '801', time: '06:30' })).toBe('19164801   06304');
    expect(at({ type: 'wakeUpClear', extension: '801' })).toBe('19165801       4');
    expect(at({ type: 'roomMove', extension: '801', to: '802' })).toBe('20171801   802   ');
    expect(at({ type: 'guestName', extension: '801', name: 'WARD' })).toBe(`21266801   ${'WARD'.padEnd(15)}`);
    expect(at({ type: 'roomStatus', extension: '801', status: { room: 0, cleaning: 4 } })).toBe('61133801   04');
    // Figure 4-17: ETX at 50, so 46 characters.
    const checkIn = encodeNec(textOf({ type: 'checkIn', extension: '801', model: '90', name: 'WARD' }));
    expect([Buffer.from(checkIn.subarray(6, 8)).toString(), checkIn.indexOf(3)]).toEqual(['46', 50]);
  });

  it('refuses what has no form', () => {
    for (const extension of ['', '1234567', '80a']) {
      expect(() => textOf({ type: 'wakeUpClear', extension })).toThrow('wire.unsafeValue');
    }
    expect(() => textOf({ type: 'wakeUp', extension: '801', time: '25:00' })).toThrow('wire.unsafeValue');
    expect(() => textOf({ type: 'guestName', extension: '801', name: 'a\x03b' })).toThrow('wire.unsafeValue');
    expect(() => encodeNec({ kind: 'text', feature: '70', function: 'F', body: 'x'.repeat(95) })).toThrow(
      'wire.frameTooLarge',
    );
  });

  it.each([
    ['13', '3', '801   ', { type: 'messageLamp', extension: '801', mode: 'on' }],
    ['53', '3', '801   ', { type: 'messageLamp', extension: '801', mode: 'off' }],
    ['15', '2', '801   6  ', { type: 'restriction', extension: '801', cutOff: 'on', doNotDisturb: 'on' }],
    ['15', '2', '801   9  ', { type: 'other', feature: '15', function: '2' }],
    ['19', '3', '801   06303', { type: 'wakeUpResult', extension: '801', time: '06:30', result: 'noAnswer' }],
    ['19', '1', '801   06301', { type: 'wakeUpSet', extension: '801', time: '06:30' }],
    ['19', '2', '801       2', { type: 'wakeUpCleared', extension: '801' }],
    ['19', '3', '801   99993', { type: 'other', feature: '19', function: '3' }],
    ['11', '4', '801   77    ', { type: 'maid', extension: '801', step: 'outOfOrder', maid: '77' }],
    ['70', '2', '', { type: 'nopAnswer', recover: 'wanted' }],
    ['93', '1', '999   ', { type: 'violation', feature: '13', function: '1', body: '999   ' }],
    ['99', '4', '801   25004', { type: 'violation', feature: '19', function: '4', body: '801   25004' }],
    ['62', '2', '801   802   ', { type: 'other', feature: '62', function: '2' }],
    ['13', '3', 'x', { type: 'other', feature: '13', function: '3' }],
  ])('feature %s function %s with %j is told', (feature, code, body, expected) => {
    expect(reportOf({ kind: 'text', feature, function: code, body })).toEqual(expected);
  });

  it('takes a port set to eight bits, which delivers the parity', () => {
    const even = Uint8Array.from(
      encodeNec(lamp),
      (byte) => byte | (([...byte.toString(2)].filter((bit) => bit === '1').length % 2) << 7),
    );
    expect(decode(even)).toEqual([lamp]);
  });

  it('tells a text whose length is wrong, whose check is wrong, that stops', () => {
    expect(decode(bytes(checked('1!L13121801   ')))).toMatchObject([{ kind: 'damaged', why: 'length' }]);
    expect(decode(bytes(`${checked('1!L13111801   ').slice(0, -1)}\x7f`))).toMatchObject([
      { kind: 'damaged', why: 'check' },
    ]);
    const frames: NecFrame[] = [];
    const decoder = new NecDecoder();
    decoder.push(bytes('\x021!L131'), (frame) => frames.push(frame));
    decoder.giveUp((frame) => frames.push(frame));
    expect(frames).toMatchObject([{ kind: 'damaged', why: 'gap' }]);
    expect(decoder.pendingBytes).toBe(0);
    // The check is lost: the frame behind it is not.
    expect(decode(bytes(`${checked('1!L13111801   ').slice(0, -1)}${checked('1!L13112801   ')}`)).at(-1)).toMatchObject(
      { function: '2' },
    );
  });

  it('finds no text and no record in a million random bytes', () => {
    const random = randomOf(11);
    const found = new Set<string>();
    const decoder = new NecDecoder();
    for (let block = 0; block < 1_000; block += 1) {
      const noise = Uint8Array.from({ length: 1_000 }, () => Math.floor(random() * 256));
      decoder.push(noise, (frame) => found.add(frame.kind));
      expect(decoder.pendingBytes).toBeLessThanOrEqual(133);
    }
    expect([...found].filter((kind) => kind === 'text' || kind === 'record')).toEqual([]);
  });
});

describe('call records of 128 characters', () => {
  const at = (places: Readonly<Record<number, string>>): string => {
    const data = Array.from({ length: 128 }, () => ' ');
    for (const [place, text] of Object.entries(places))
      for (const [index, char] of [...text].entries()) data[Number(place) - 1 + index] = char;
    return data.join('');
  };
  const out = {
    1: 'KA',
    3: '001007',
    9: '0',
    10: '01',
    12: '801',
    18: '1122091530',
    28: '1122091735',
    38: '1234',
    51: '000',
    60: '13912345678',
    104: '55',
    114: '2626',
  };
  test('places of NDA-24238 p. 406', () => {
    expect(necRecordOf(at(out))).toMatchObject({
      direction: 'out',
      start: '2026-11-22T09:15:30',
      durationMs: 125_000,
      extension: '801',
      line: '001007',
      number: '13912345678',
      accountCode: '1234',
      personalCode: '55',
      doubts: [],
    });
  });
  test('without a year it is that of the arrival, and said to be', () => {
    const { 114: _, ...untold } = out;
    expect(necRecordOf(at(untold), '2026-11-22T10:00:00')).toMatchObject({
      start: '2026-11-22T09:15:30',
      doubts: ['dateGuessed'],
    });
    expect(necRecordOf(at(untold))).toMatchObject({ doubts: ['startUnknown'] });
  });
  test('over the new year', () => {
    const call = necRecordOf(at({ ...out, 18: '1231235900', 28: '0101000100' }));
    expect(call).toMatchObject({ start: '2026-12-31T23:59:00', durationMs: 120_000 });
  });
  test('incoming, inside, transferred, from an attendant, and unknown kinds', () => {
    expect(necRecordOf(at({ ...out, 1: 'KE', 51: '1' }))).toMatchObject({
      direction: 'in',
      did: '13912345678',
      transfer: 'to',
    });
    expect(necRecordOf(at({ ...out, 1: 'KB' }))?.line).toBeUndefined();
    expect(necRecordOf(at({ ...out, 9: '1' }))?.extension).toBeUndefined();
    expect(necRecordOf(at({ ...out, 1: 'KK' }))).toBeUndefined();
    expect(necRecordOf(at({ ...out, 18: '9922091530' }))).toMatchObject({ doubts: ['startUnknown'] });
  });
});
