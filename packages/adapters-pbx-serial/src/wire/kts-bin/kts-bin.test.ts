import { type FeedSubject, feedEveryWay } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../test/kts/line.js';
import { plain, SAMPLES } from '../../../test/kts/samples.js';
import { crc16 } from '../kts/crc16.js';
import type { KtsFrame, KtsMessage } from '../kts/index.js';
import { KtsBinDecoder } from './decoder.js';
import { encodeKtsBin } from './encode.js';
import { MAX_FRAME_BYTES } from './format.js';

const FRAMES = SAMPLES.map(({ header, message }) => encodeKtsBin(message, header));
const told = ({ header, message }: (typeof SAMPLES)[number]): unknown => plain({ kind: 'message', header, message });

function decode(...chunks: Uint8Array[]): KtsFrame[] {
  const frames: KtsFrame[] = [];
  const decoder = new KtsBinDecoder();
  for (const chunk of chunks) decoder.push(chunk, (frame) => frames.push(frame));
  return frames;
}

function padded(bytes: number): Uint8Array {
  const frame = new Uint8Array(bytes);
  const payload = bytes - 10;
  frame.set([0xaa, 0x55, 0x14, 0, 0, 0x99, payload & 0xff, payload >> 8]);
  const crc = crc16(frame.subarray(2, bytes - 2));
  frame.set([crc >> 8, crc & 0xff], bytes - 2);
  return frame;
}

const good = [5, 7, 8, 13].map((at) => SAMPLES[at]).filter((each) => each !== undefined);

function subject(create: () => KtsBinDecoder): FeedSubject<KtsFrame> {
  const bytesOf = (samples: typeof SAMPLES): Uint8Array =>
    Uint8Array.from(Buffer.concat(samples.map(({ header, message }) => encodeKtsBin(message, header))));
  const cid = SAMPLES.filter(({ message }) => message.type === 'callerId');
  const beat = SAMPLES.filter(({ message }) => message.type === 'heartbeat');
  return {
    create,
    plain,
    good: { name: 'four frames', bytes: bytesOf(good), frames: good.map(told) },
    garbage: [
      { name: 'noise', bytes: Uint8Array.from([0, 0xff, 0x55, 0xaa, 0xaa, 0x13, 0x0d, 0x0a]) },
      { name: 'a doubled start', bytes: Uint8Array.from([0xaa, 0x55, 0xaa]) },
      { name: 'a length over the cap', bytes: Uint8Array.from([0xaa, 0x55, 0x10, 0, 0, 1, 1, 4]) },
      {
        name: 'a false start that reaches into the next frame',
        bytes: Uint8Array.from([0xaa, 0x55, 0x14, 0, 0, 2, 9, 0]),
      },
      { name: 'a frame with a wrong check', bytes: Uint8Array.from([0xaa, 0x55, 0x15, 0, 0, 2, 0, 0, 1, 2]) },
    ],
    empty: { name: 'a heartbeat', bytes: bytesOf(beat), frames: beat.map(told) },
    multibyte: { name: 'a name', bytes: bytesOf(cid), frames: cid.map(told) },
    maxFrameBytes: MAX_FRAME_BYTES,
    frameOfBytes: padded,
    overCap: 'skips',
    endless: Uint8Array.from([0xaa, 0x55, 0x11, 0]),
  };
}

describe('kts-bin/1', () => {
  it('has the check of the published vector', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0x29b1);
  });

  it('reads back every message', () => {
    for (const [at, sample] of SAMPLES.entries()) {
      expect(decode(FRAMES[at] ?? new Uint8Array()).map(plain)).toEqual([told(sample)]);
    }
  });

  it('reads every frame cut at every place, and a byte at a time', () => {
    for (const [at, frame] of FRAMES.entries()) {
      const want = [told(SAMPLES[at] as (typeof SAMPLES)[number])];
      for (let cut = 0; cut <= frame.length; cut++) {
        expect(decode(frame.subarray(0, cut), frame.subarray(cut)).map(plain)).toEqual(want);
      }
      expect(decode(...[...frame].map((byte) => Uint8Array.of(byte))).map(plain)).toEqual(want);
    }
  });

  it('survives what a socket, a switch or an enemy can feed it', () => {
    expect(feedEveryWay(subject(() => new KtsBinDecoder()))).toEqual([]);
  });

  it('delivers nothing of a frame with one bit flipped, and the frame behind it', () => {
    const next = encodeKtsBin({ type: 'clockGet', ref: 77 }, { seq: 99, node: 0 });
    for (const frame of FRAMES) {
      for (let bit = 0; bit < frame.length * 8; bit++) {
        const flipped = frame.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const got: KtsFrame[] = [];
        const decoder = new KtsBinDecoder();
        decoder.push(flipped, (each) => got.push(each));
        decoder.push(next, (each) => got.push(each));
        decoder.giveUp((each) => got.push(each));
        const messages = got.flatMap((each) => (each.kind === 'message' ? [each.message] : []));
        expect([bit, messages]).toEqual([bit, [{ type: 'clockGet', ref: 77 }]]);
        expect(got.every((each) => each.kind === 'message' || each.kind === 'damaged')).toBe(true);
      }
    }
  });

  it('makes no message of a million random bytes', () => {
    const random = randomOf(20_261_122);
    const decoder = new KtsBinDecoder();
    const kinds = new Set<string>();
    for (let at = 0; at < 1_000; at++) {
      const bytes = Uint8Array.from({ length: 1_000 }, () => Math.floor(random() * 256));
      decoder.push(bytes, (frame) => kinds.add(frame.kind));
    }
    expect([...kinds]).toEqual(['damaged']);
  });

  it('keeps types, fields and codes that it does not know', () => {
    const message: KtsMessage = {
      type: 'lineState',
      line: 1,
      lineState: '#77',
      unknown: [{ tag: 0xf0, value: Uint8Array.of(1, 2) }],
    };
    const frame = encodeKtsBin(message, { seq: 1, node: 3 });
    expect(decode(frame)).toEqual([{ kind: 'message', header: { seq: 1, node: 3 }, message }]);
    const newer = Uint8Array.from([0xaa, 0x55, 0x11, 5, 0, 0x99, 6, 0, 1, 2, 7, 1, 0x80, 0, 0, 0]);
    const crc = crc16(newer.subarray(2, -2));
    newer.set([crc >> 8, crc & 0xff], newer.length - 2);
    expect(decode(newer)).toMatchObject([{ kind: 'unknown', name: '99', cls: 'request', link: 'reliable', ref: 263 }]);
  });

  it('does not deliver what breaks the rules, and says what it was', () => {
    const wrong = (payload: number[], flags = 0x15): KtsFrame[] => {
      const frame = Uint8Array.from([0xaa, 0x55, flags, 5, 0, 0x10, payload.length, 0, ...payload, 0, 0]);
      const crc = crc16(frame.subarray(2, -2));
      frame.set([crc >> 8, crc & 0xff], frame.length - 2);
      return decode(frame);
    };
    const whys = [
      wrong([0x10, 1, 3]),
      wrong([0x10, 2, 3, 0, 0x12, 1, 2]),
      wrong([0x10, 1, 3, 0x12, 9, 2]),
      wrong([0x10, 1, 3, 0x12, 1, 2, 0x17, 1, 0x41]),
      wrong([0x10, 1, 3, 0x12, 1, 2, 0x17, 1, 0x7a]),
      wrong([0x10, 1, 3, 0x12, 1, 2], 0x12),
      wrong([0x10, 1, 3, 0x12, 1, 2], 0x14),
    ].map(([frame]) => (frame?.kind === 'malformed' ? frame.why : frame?.kind));
    expect(whys).toEqual(['lineState', 'line', 'length', 'message', 'number', 'flags', 'flags']);
  });

  it('finds a whole frame behind a false start when the line falls silent', () => {
    const got: KtsFrame[] = [];
    const decoder = new KtsBinDecoder();
    const start = Uint8Array.from([0xaa, 0x55, 0x14, 0, 0, 2, 0, 3]);
    decoder.push(Buffer.concat([start, FRAMES[7] ?? start]), (each) => got.push(each));
    expect(got).toEqual([]);
    decoder.giveUp((each) => got.push(each));
    expect(got.map(plain)).toEqual([told(SAMPLES[7] as (typeof SAMPLES)[number])]);
    expect(decoder.pendingBytes).toBe(0);
  });
});

describe('what feedEveryWay finds in a decoder of kts-bin/1 with a defect planted', () => {
  const planted: Record<string, () => KtsBinDecoder> = {
    'forgets between chunks': () =>
      new (class extends KtsBinDecoder {
        override push(chunk: Uint8Array, sink: (frame: KtsFrame) => void): void {
          this.reset();
          super.push(chunk, sink);
        }
      })(),
    'drops what is held at a damaged frame': () =>
      new (class extends KtsBinDecoder {
        override push(chunk: Uint8Array, sink: (frame: KtsFrame) => void): void {
          let isDamaged = false;
          super.push(chunk, (frame) => {
            isDamaged ||= frame.kind === 'damaged';
            if (!isDamaged) sink(frame);
          });
        }
      })(),
  };
  for (const [name, create] of Object.entries(planted)) {
    it(name, () => {
      expect(feedEveryWay(subject(create)).length).toBeGreaterThan(0);
    });
  }
});
