import { type FeedSubject, feedEveryWay } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../test/kts/line.js';
import { plain, SAMPLES } from '../../../test/kts/samples.js';
import type { KtsFrame } from '../kts/index.js';
import { KtsAsciiDecoder } from './decoder.js';
import { encodeKtsAscii } from './encode.js';
import { MAX_LINE_BYTES } from './format.js';

type Sample = (typeof SAMPLES)[number];
const told = ({ header, message }: Sample): unknown => plain({ kind: 'message', header, message });
const bytesOf = (samples: readonly Sample[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(samples.map(({ header, message }) => encodeKtsAscii(message, header))));
const decode = (...chunks: Uint8Array[]): KtsFrame[] => {
  const frames: KtsFrame[] = [];
  const decoder = new KtsAsciiDecoder();
  for (const chunk of chunks) decoder.push(chunk, (frame) => frames.push(frame));
  return frames;
};
const line = (text: string): KtsFrame[] => decode(Buffer.from(`${text}\r\n`));

const withXor = (body: string): string => {
  const sum = Buffer.from(body).reduce((all, byte) => all ^ byte, 0);
  return `${body}*${sum.toString(16).padStart(2, '0')}`;
};

const good = [5, 7, 8, 13].map((at) => SAMPLES[at]).filter((each) => each !== undefined);

const subject: FeedSubject<KtsFrame> = {
  create: () => new KtsAsciiDecoder(),
  plain,
  good: { name: 'four lines', bytes: bytesOf(good), frames: good.map(told) },
  garbage: [
    { name: 'noise', bytes: Uint8Array.from([0, 0xff, 0x80, 0x2a, 0x3e, 0x21, 0x13]) },
    { name: 'half a line', bytes: Buffer.from('!41,LINE,l=03,s=RI') },
    { name: 'a line with a wrong check', bytes: Buffer.from('!41,LINE,l=03,s=RING*00\r\n') },
    { name: 'text of people', bytes: Buffer.from('login: \r\n\r\n# ') },
  ],
  empty: { name: 'an empty line', bytes: Buffer.from('\r\n'), frames: [] },
  multibyte: {
    name: 'a name',
    bytes: Uint8Array.from(Buffer.from(`!${withXor('43,CID,l=3,k=NUMBER,nm=张é𝄞')}\r\n`)),
    frames: [
      plain({
        kind: 'message',
        header: { seq: 43, node: 0 },
        message: { type: 'callerId', line: 3, presentation: 'number', name: '张é𝄞' },
      }),
    ],
  },
  maxFrameBytes: MAX_LINE_BYTES + 1,
  maxPendingBytes: MAX_LINE_BYTES,
  frameOfBytes: (bytes) => Buffer.from(`!1,${'X'.repeat(bytes - 7)}*00\n`),
  overCap: 'skips',
  endless: Buffer.from('!1,LINE,'),
};

describe('kts-ascii/1', () => {
  it('reads the worked line, in every form that the rules allow', () => {
    const message = { type: 'lineState', line: 3, lineState: 'ring', number: '13912345678' };
    for (const text of [
      '!41,LINE,l=03,s=RING,n=13912345678*65',
      'noise!41,LINE,l=03,s=RING,n=13912345678*65',
      '>7,GET!41,LINE,l=03,s=RING,n=13912345678*65',
    ]) {
      expect(line(text)).toEqual([{ kind: 'message', header: { seq: 41, node: 0 }, message }]);
    }
    expect(encodeKtsAscii({ type: 'heartbeat' }, { seq: 1, node: 2 }, { check: 'xor' }).toString()).toBe(
      '!1@2,BEAT*7D\r\n',
    );
  });

  it('reads back every message, with either check', () => {
    for (const sample of SAMPLES) {
      for (const check of ['crc', 'xor'] as const) {
        const bytes = encodeKtsAscii(sample.message, sample.header, { check });
        expect(decode(bytes).map(plain)).toEqual([told(sample)]);
        expect(Buffer.from(bytes).toString('latin1')).toMatch(/^[ -~]*\r\n$/u);
      }
    }
  });

  it('reads every line cut at every place', () => {
    for (const sample of SAMPLES) {
      const bytes = encodeKtsAscii(sample.message, sample.header);
      for (let cut = 0; cut <= bytes.length; cut++) {
        expect(decode(bytes.subarray(0, cut), bytes.subarray(cut)).map(plain)).toEqual([told(sample)]);
      }
    }
  });

  it('survives what a socket, a switch or an enemy can feed it', () => {
    expect(feedEveryWay(subject)).toEqual([]);
  });

  for (const check of ['crc', 'xor'] as const) {
    it(`delivers nothing wrong of a line with one bit flipped (${check})`, () => {
      const next = encodeKtsAscii({ type: 'clockGet', ref: 77 }, { seq: 99, node: 0 });
      for (const sample of SAMPLES) {
        const bytes = encodeKtsAscii(sample.message, sample.header, { check });
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          const flipped = Uint8Array.from(bytes);
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const got = decode(flipped, next)
            .filter((each) => each.kind !== 'damaged')
            .map(plain);
          const right = told(sample);
          // A flip in the line end, or in the case of a digit of the check, leaves the line as good as it was.
          const isHarmless = JSON.stringify(got[0]) === JSON.stringify(right);
          const rest = isHarmless ? got.slice(1) : got;
          const wrong = rest.filter((each) => JSON.stringify(each) !== JSON.stringify(decode(next).map(plain)[0]));
          expect([bit, wrong]).toEqual([bit, []]);
        }
      }
    });
  }

  it('takes a sigil that does not fit for damage, since the check does not cover it', () => {
    expect(line('<41,LINE,l=03,s=RING,n=13912345678*65')).toMatchObject([{ kind: 'damaged' }]);
  });

  it('makes no message of a million random bytes', () => {
    const random = randomOf(20_261_122);
    const decoder = new KtsAsciiDecoder();
    const kinds = new Set<string>();
    for (let at = 0; at < 1_000; at++) {
      const bytes = Uint8Array.from({ length: 1_000 }, () => Math.floor(random() * 256));
      decoder.push(bytes, (frame) => kinds.add(frame.kind));
    }
    expect([...kinds]).toEqual(['damaged']);
  });

  it('takes keys in any order, unknown keys, words of either case, and codes of later versions', () => {
    expect(line(`!${withXor('5,line,zz=a%2cb,S=#77,l=1')}`)).toEqual([
      {
        kind: 'message',
        header: { seq: 5, node: 0 },
        message: { type: 'lineState', line: 1, lineState: '#77', unknown: [{ key: 'zz', value: 'a,b' }] },
      },
    ]);
  });
});
