import { CtiError } from '@cordboard/cti-core';
import type { FrameDecoder } from '@cordboard/driver-kit';
import { type FeedCase, type FeedSubject, feedEveryWay } from '@cordboard/driver-kit/testing';
import { expect, it } from 'vitest';
import { readAll } from './oracle.js';
import { latin1Of } from './plain.js';

/** What can be wrong with a decoder. */
type Flaw =
  | 'none'
  | 'cut'
  | 'endless'
  | 'over'
  | 'alias'
  | 'shared'
  | 'utf8'
  | 'reset'
  | 'body'
  | 'recursion'
  | 'throws';

const MAX = 1_024;
const inner = 'Event-Name: DTMF\nA: b%20c\n\n';
const good =
  'Content-Type: command/reply\nReply-Text: +OK\n\n' +
  `Content-Length: ${inner.length}\nContent-Type: text/event-plain\n\n${inner}` +
  'Content-Type: api/response\nContent-Length: 7\n\n+OK\n\nx\n';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const plainOf = (text: string): unknown[] => readAll(Buffer.from(text)).map(latin1Of);
let shared = Buffer.alloc(0);

/** The plainest decoder there is, with one thing wrong. A frame is what the oracle reads in its bytes. */
class Planted implements FrameDecoder<() => unknown> {
  readonly #flaw: Flaw;
  #held = Buffer.alloc(0);

  constructor(flaw: Flaw) {
    this.#flaw = flaw;
  }

  get pendingBytes(): number {
    return this.#held.length;
  }

  reset(): void {
    if (this.#flaw !== 'reset') this.#held = Buffer.alloc(0);
    shared = Buffer.alloc(0);
  }

  push(chunk: Uint8Array, sink: (frame: () => unknown) => void): void {
    const flaw = this.#flaw;
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const text = flaw === 'utf8' ? Buffer.from(bytes.toString('utf8')) : bytes;
    const before = flaw === 'cut' ? Buffer.alloc(0) : flaw === 'shared' ? shared : this.#held;
    // Without a copy for each frame, or a long block takes many seconds before the stack is full.
    let all = before.length === 0 && (flaw === 'alias' || flaw === 'recursion') ? text : Buffer.concat([before, text]);
    for (;;) {
      while (all[0] === 0x0a) all = all.subarray(1);
      const end = all.indexOf('\n\n');
      if (end < 0) break;
      const head = all.toString('latin1', 0, end);
      const length =
        flaw === 'body' && head.includes('api/') ? 5 : Number(/^Content-Length: (\d+)$/m.exec(head)?.[1] ?? 0);
      if (end + 2 + length > MAX && flaw !== 'over' && flaw !== 'endless') throw tooLarge();
      if (end + 2 + length > all.length) break;
      const frame = all.subarray(0, end + 2 + length);
      const own = flaw === 'alias' ? frame : Buffer.from(frame);
      if (flaw === 'throws' && /[^\n\x20-\x7f]/.test(own.toString('latin1'))) throw new URIError('URI malformed');
      sink(() => latin1Of(readAll(own)[0]));
      all = all.subarray(end + 2 + length);
      if (flaw === 'recursion') {
        this.#held = Buffer.alloc(0);
        if (all.length > 0) this.push(all, sink);
        return;
      }
    }
    if (all.length > MAX && flaw !== 'endless') throw tooLarge();
    if (flaw === 'shared') shared = Buffer.from(all);
    else this.#held = flaw === 'cut' ? Buffer.alloc(0) : Buffer.from(all);
  }
}

function tooLarge(): CtiError {
  return new CtiError('wire.frameTooLarge', 'too large');
}

const multibyte = 'Content-Type: api/response\nContent-Length: 10\n\n张三🎧';
const subject = (flaw: Flaw): FeedSubject<() => unknown> => ({
  create: () => new Planted(flaw),
  plain: (frame) => frame(),
  good: { name: 'good', bytes: encode(good), frames: plainOf(good) },
  garbage: [{ name: 'a block that says nothing', bytes: encode('no such thing\n\n') }],
  empty: { name: 'blank lines', bytes: encode('\n\n\n'), frames: [] },
  multibyte: { name: 'han', bytes: encode(multibyte), frames: plainOf(multibyte) },
  maxFrameBytes: MAX,
  frameOfBytes: (bytes) => {
    const head = 'Content-Type: api/response\nContent-Length: ';
    const size = bytes - head.length - 6;
    return encode(`${head}${String(size).padStart(4, '0')}\n\n${'x'.repeat(size)}`);
  },
  overCap: 'throws',
  endless: encode('Header: for ever\n'),
});

const caught: Readonly<Record<Exclude<Flaw, 'none'>, FeedCase>> = {
  cut: 'DEC-CUT',
  endless: 'DEC-ENDLESS',
  over: 'DEC-MAX',
  alias: 'DEC-ALIAS',
  shared: 'DEC-SHARED',
  utf8: 'DEC-UTF8',
  reset: 'DEC-PARTIAL',
  body: 'DEC-WHOLE',
  recursion: 'DEC-MANY',
  throws: 'DEC-FLIP',
};

it('finds nothing wrong with a plain decoder that is right', () => {
  expect(feedEveryWay(subject('none'))).toEqual([]);
});

it.each(Object.entries(caught) as [Flaw, FeedCase][])('catches a decoder with the flaw "%s" by %s', (flaw, by) => {
  expect(feedEveryWay(subject(flaw)).map((fault) => fault.case)).toContain(by);
});
