import { isCtiError } from '@cordboard/cti-core';
import type { FrameDecoder } from '../frame-decoder.js';
import { bytewise, inPieces, join, repeat } from './bytes.js';

/** A way of feeding a decoder; the id stands in front of each fault that it finds. */
export type FeedCase =
  | 'DEC-WHOLE'
  | 'DEC-CUT'
  | 'DEC-BYTEWISE'
  | 'DEC-GARBAGE'
  | 'DEC-FLIP'
  | 'DEC-EMPTY'
  | 'DEC-MAX'
  | 'DEC-ENDLESS'
  | 'DEC-UTF8'
  | 'DEC-MANY'
  | 'DEC-PARTIAL'
  | 'DEC-ALIAS'
  | 'DEC-SHARED';

/** One thing that a decoder did wrong. */
export interface FeedFault {
  readonly case: FeedCase;
  readonly what: string;
}

/** A piece of wire and the frames that it must give, in their plain form. */
export interface FeedSample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly frames: readonly unknown[];
}

/** What the harness must know of a decoder and its protocol. */
export interface FeedSubject<F> {
  /** A new decoder, with the caps that `maxFrameBytes` and `maxPendingBytes` tell of. */
  readonly create: () => FrameDecoder<F>;
  /** The plain, comparable form of a frame; all of a lazy frame must be read here. */
  readonly plain: (frame: F) => unknown;
  /** A few good frames, 40 to 2,000 bytes (it is fed once per byte, several times). */
  readonly good: FeedSample;
  /**
   * What a decoder must survive in front of good frames: noise, a false start, an unreadable frame. The good frames must
   * all come, unchanged, as the last ones. Empty when the protocol has no way back from noise.
   */
  readonly garbage: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Frames of length 0, or as near to it as the protocol has; `[]` of frames when they are skipped. */
  readonly empty: FeedSample;
  /** A good frame with characters of two, three and four bytes in UTF-8, or in the protocol's own charset. */
  readonly multibyte: FeedSample;
  /** The largest legal frame, in bytes, as counted by the decoder. */
  readonly maxFrameBytes: number;
  /** A frame of exactly this many bytes, so that the cap can be tried on both sides. */
  readonly frameOfBytes: (bytes: number) => Uint8Array;
  /** What happens to a frame over the cap: `throws` a CtiError, or `skips` it (a frame of fault or none) and goes on. */
  readonly overCap: 'throws' | 'skips';
  /** Bytes that can be repeated for ever without a frame ending. */
  readonly endless: Uint8Array;
  /** Most that `pendingBytes` may reach; default `maxFrameBytes`. */
  readonly maxPendingBytes?: number;
  /** Bytes in front of the first frame of a socket that give no frame (a banner); default none. */
  readonly preamble?: Uint8Array;
}

/** Frames of DEC-MANY: far more than a stack that recurses per frame can hold. */
const MANY = 10_000;

/**
 * Feeds a decoder in every way that a socket, a switch or an enemy can, and tells what it did wrong.
 *
 * It knows no test framework: assert that the result is empty.
 *
 * @returns one entry per fault, at most one per case and sample; empty for a good decoder
 */
export function feedEveryWay<F>(subject: FeedSubject<F>): readonly FeedFault[] {
  const faults: FeedFault[] = [];
  for (const [name, run] of Object.entries(CASES)) {
    const id = name as FeedCase;
    const report = (what: string): void => {
      faults.push({ case: id, what });
    };
    try {
      run(subject as FeedSubject<unknown>, report);
    } catch (error) {
      report(`threw ${describe(error)}`);
    }
  }
  return faults;
}

type Report = (what: string) => void;
type Subject = FeedSubject<unknown>;

const CASES: { readonly [C in FeedCase]: (subject: Subject, report: Report) => void } = {
  'DEC-WHOLE': (subject, report) => {
    compare(report, subject.good.name, { got: feed(subject, [subject.good.bytes]), want: subject.good.frames });
  },

  'DEC-CUT': (subject, report) => {
    const { bytes, frames, name } = subject.good;
    for (let cut = 1; cut < bytes.length; cut++) {
      const got = feed(subject, [bytes.subarray(0, cut), bytes.subarray(cut)]);
      if (!compare(report, `${name} cut at ${cut}`, { got, want: frames })) return;
    }
  },

  'DEC-BYTEWISE': (subject, report) => {
    compare(report, subject.good.name, { got: feed(subject, bytewise(subject.good.bytes)), want: subject.good.frames });
  },

  'DEC-GARBAGE': (subject, report) => {
    for (const { name, bytes } of subject.garbage) {
      for (const chunks of [[join([bytes, subject.good.bytes])], bytewise(join([bytes, subject.good.bytes]))]) {
        const got = feed(subject, chunks);
        const tail = got.slice(Math.max(0, got.length - subject.good.frames.length));
        if (!compare(report, `good frames behind ${name}`, { got: tail, want: subject.good.frames })) break;
      }
    }
  },

  'DEC-FLIP': (subject, report) => {
    const { bytes, frames } = subject.good;
    const reused = subject.create();
    for (let at = 0; at < bytes.length; at++) {
      for (const mask of [0xff, 0x20, 0x01]) {
        const flipped = bytes.slice();
        flipped[at] = (bytes[at] ?? 0) ^ mask;
        reused.reset();
        try {
          preamble(subject, reused);
          reused.push(flipped, (frame) => void subject.plain(frame));
        } catch (error) {
          if (!isCtiError(error)) return report(`byte ${at} flipped by ${mask}: threw ${describe(error)}`);
        }
        if (reused.pendingBytes > maxPending(subject))
          return report(`byte ${at} flipped: holds ${reused.pendingBytes}`);
      }
    }
    reused.reset();
    compare(report, 'good frames after every flip and a reset', {
      got: feedInto(subject, reused, [bytes]),
      want: frames,
    });
  },

  'DEC-EMPTY': (subject, report) => {
    compare(report, 'chunks of length 0', {
      got: feed(subject, [EMPTY, subject.good.bytes, EMPTY]),
      want: subject.good.frames,
    });
    const { name, bytes, frames } = subject.empty;
    const expected = [...frames, ...subject.good.frames];
    compare(report, `${name} before good frames`, {
      got: feed(subject, [join([bytes, subject.good.bytes])]),
      want: expected,
    });
    compare(report, `${name} bytewise`, {
      got: feed(subject, bytewise(join([bytes, subject.good.bytes]))),
      want: expected,
    });
  },

  'DEC-MAX': (subject, report) => {
    const { maxFrameBytes, good } = subject;
    const largest = subject.frameOfBytes(maxFrameBytes);
    if (largest.length !== maxFrameBytes) return report(`the sample of ${maxFrameBytes} bytes has ${largest.length}`);
    const chunkings = (bytes: Uint8Array): Uint8Array[][] => [[bytes], inPieces(bytes, 7), inPieces(bytes, 4096)];
    for (const chunks of chunkings(join([largest, good.bytes]))) {
      const got = feed(subject, chunks);
      if (got.length !== 1 + good.frames.length) report(`a frame of the largest size gave ${got.length} frames`);
    }
    const over = subject.frameOfBytes(maxFrameBytes + 1);
    for (const chunks of chunkings(join([over, good.bytes]))) {
      if (subject.overCap === 'throws') {
        if (!throwsCtiError(() => feed(subject, chunks))) report('a frame one byte over the cap was accepted');
      } else {
        const got = feed(subject, chunks);
        const tail = got.slice(Math.max(0, got.length - good.frames.length));
        compare(report, 'good frames behind a frame one byte over the cap', { got: tail, want: good.frames });
      }
    }
  },

  'DEC-ENDLESS': (subject, report) => {
    for (const pieceBytes of [subject.endless.length, 4096]) {
      const piece = repeat(subject.endless, pieceBytes);
      const decoder = subject.create();
      preamble(subject, decoder);
      let threw = false;
      const pushes = Math.ceil((4 * maxPending(subject)) / piece.length) + 4;
      for (let push = 0; push < pushes && !threw; push++) {
        threw = throwsCtiError(() => decoder.push(piece, () => undefined));
        if (decoder.pendingBytes > maxPending(subject)) return report(`holds ${decoder.pendingBytes} bytes`);
      }
      if (subject.overCap === 'throws' && !threw) report('took four times its cap without a word');
      decoder.reset();
      if (decoder.pendingBytes !== 0) report('holds bytes after reset');
      compare(report, 'good frames after reset', {
        got: feedInto(subject, decoder, [subject.good.bytes]),
        want: subject.good.frames,
      });
    }
  },

  'DEC-UTF8': (subject, report) => {
    const { bytes, frames, name } = subject.multibyte;
    for (let cut = 1; cut < bytes.length; cut++) {
      const got = feed(subject, [bytes.subarray(0, cut), bytes.subarray(cut)]);
      if (!compare(report, `${name} cut at ${cut}`, { got, want: frames })) return;
    }
    compare(report, `${name} bytewise`, { got: feed(subject, bytewise(bytes)), want: frames });
  },

  'DEC-MANY': (subject, report) => {
    const each = subject.good.frames.length;
    const times = Math.ceil(MANY / Math.max(1, each));
    const all = repeat(subject.good.bytes, subject.good.bytes.length * times);
    const decoder = subject.create();
    preamble(subject, decoder);
    let count = 0;
    let wrong = false;
    decoder.push(all, (frame) => {
      wrong ||= !same(subject.plain(frame), subject.good.frames[count % each]);
      count += 1;
    });
    if (count !== each * times) report(`${each * times} frames in one chunk gave ${count}`);
    if (wrong) report('a frame of many in one chunk differs');
  },

  'DEC-PARTIAL': (subject, report) => {
    const { bytes, frames } = subject.good;
    for (let end = 0; end < bytes.length; end++) {
      const decoder = subject.create();
      const got = feedInto(subject, decoder, [bytes.subarray(0, end)]);
      if (got.length > frames.length || !same(got, frames.slice(0, got.length))) {
        return report(`a stream that ends at ${end} gave a frame that was not whole`);
      }
      if (got.length === frames.length && end < wholeEnd(subject)) return report(`all frames were out at ${end}`);
      decoder.reset();
      if (decoder.pendingBytes !== 0) return report(`holds ${decoder.pendingBytes} bytes after reset`);
      if (
        !compare(report, `next socket after an end at ${end}`, {
          got: feedInto(subject, decoder, [bytes]),
          want: frames,
        })
      )
        return;
    }
  },

  'DEC-ALIAS': (subject, report) => {
    const { bytes, frames } = subject.good;
    for (const size of [bytes.length, 11]) {
      const decoder = subject.create();
      preamble(subject, decoder);
      const kept: unknown[] = [];
      for (const piece of inPieces(bytes, size)) {
        const chunk = piece.slice();
        decoder.push(chunk, (frame) => kept.push(frame));
        chunk.fill(0x2e);
      }
      compare(report, 'frames read after their chunk was overwritten', { got: kept.map(subject.plain), want: frames });
    }
  },

  'DEC-SHARED': (subject, report) => {
    const { bytes, frames } = subject.good;
    const one = subject.create();
    const two = subject.create();
    const half = bytes.length >> 1;
    preamble(subject, one);
    preamble(subject, two);
    const got: [unknown[], unknown[]] = [[], []];
    for (const [from, to] of [
      [0, half],
      [half, bytes.length],
    ] as const) {
      one.push(bytes.subarray(from, to), (frame) => got[0].push(subject.plain(frame)));
      two.push(bytes.subarray(from, to), (frame) => got[1].push(subject.plain(frame)));
    }
    compare(report, 'the first of two decoders fed in turn', { got: got[0], want: frames });
    compare(report, 'the second of two decoders fed in turn', { got: got[1], want: frames });
  },
};

const EMPTY = new Uint8Array(0);

function feed(subject: Subject, chunks: readonly Uint8Array[]): unknown[] {
  return feedInto(subject, subject.create(), chunks);
}

function feedInto(subject: Subject, decoder: FrameDecoder<unknown>, chunks: readonly Uint8Array[]): unknown[] {
  const got: unknown[] = [];
  preamble(subject, decoder);
  for (const chunk of chunks) decoder.push(chunk, (frame) => got.push(subject.plain(frame)));
  return got;
}

function preamble(subject: Subject, decoder: FrameDecoder<unknown>): void {
  if (subject.preamble !== undefined) decoder.push(subject.preamble, () => undefined);
}

/** The shortest prefix of the good bytes that gives all frames when fed bytewise: where the last frame ends. */
function wholeEnd(subject: Subject): number {
  const decoder = subject.create();
  preamble(subject, decoder);
  let count = 0;
  let end = 0;
  for (const byte of bytewise(subject.good.bytes)) {
    decoder.push(byte, () => {
      count += 1;
    });
    end += 1;
    if (count === subject.good.frames.length) return end;
  }
  return end;
}

function maxPending(subject: Subject): number {
  return subject.maxPendingBytes ?? subject.maxFrameBytes;
}

function throwsCtiError(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (isCtiError(error)) return true;
    throw error;
  }
}

/** Are these the frames? Reports the first difference when they are not. */
function compare(report: Report, what: string, frames: { got: readonly unknown[]; want: readonly unknown[] }): boolean {
  const { got, want } = frames;
  if (same(got, want)) return true;
  const at = want.findIndex((frame, index) => !same(frame, got[index]));
  report(`${what}: ${got.length === want.length ? `frame ${at} differs` : `${got.length} frames for ${want.length}`}`);
  return false;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
