import { type FeedSubject, feedEveryWay } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../test/kts/line.js';
import { encodeShenou, ShenouDecoder, type ShenouFrame } from './index.js';

const RECORD = `T20050920083428 000324 ${'8012'.padEnd(16)}${'8012'.padEnd(8)}${'02134567890'.padEnd(24)}02 0.50    `;
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

const subject: FeedSubject<ShenouFrame> = {
  create: () => new ShenouDecoder(),
  plain: (frame) => (frame.kind === 'damaged' ? { ...frame, sample: [...frame.sample] } : frame),
  good: {
    name: 'a record and an answer',
    bytes: bytes(`${RECORD}\r\nR10*3*8123\r\n`),
    frames: [
      { kind: 'record', line: RECORD },
      { kind: 'classSet', classOfService: 3, extension: '8123' },
    ],
  },
  garbage: [
    { name: 'noise', bytes: bytes('\x00\xff\x80') },
    { name: 'half a line', bytes: bytes('T2005092\r\n') },
    { name: 'an answer that is none', bytes: bytes('R10*3\n') },
  ],
  empty: { name: 'an empty line', bytes: bytes('\r\n'), frames: [] },
  multibyte: {
    name: 'a line',
    bytes: bytes('R10*0*1\r'),
    frames: [{ kind: 'classSet', classOfService: 0, extension: '1' }],
  },
  maxFrameBytes: 257,
  maxPendingBytes: 256,
  frameOfBytes: (count) => bytes(`T20050920083428 ${'x'.repeat(count - 17)}\n`),
  overCap: 'skips',
  endless: bytes('T20050920083428 '),
};

describe('class control and records of Shenou USO', () => {
  it('is decoded however it is fed', () => {
    expect(feedEveryWay(subject)).toEqual([]);
  });
  it('asks as the note says', () => {
    expect(Buffer.from(encodeShenou({ type: 'setClass', extension: '8123', classOfService: 3 })).toString()).toBe(
      'Q10*3*8123#',
    );
  });
  it.each([
    ['', 3],
    ['123456789', 3],
    ['81#3', 3],
    ['8123', 10],
    ['8123', -1],
    ['8123', 1.5],
  ])('does not write extension %j class %d', (extension, classOfService) => {
    expect(() => encodeShenou({ type: 'setClass', extension, classOfService })).toThrow('wire.unsafeValue');
  });
  it('finds nothing in ten seconds of random bytes', () => {
    const random = randomOf(5);
    const found: string[] = [];
    const decoder = new ShenouDecoder();
    for (let at = 0; at < 100; at += 1) {
      decoder.push(
        Uint8Array.from({ length: 1_000 }, () => Math.floor(random() * 256)),
        ({ kind }) => found.push(kind),
      );
    }
    expect(found.filter((kind) => kind !== 'damaged')).toEqual([]);
  });
});
