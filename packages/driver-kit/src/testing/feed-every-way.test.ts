import { CtiError } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import type { FrameDecoder } from '../frame-decoder.js';
import { type FeedCase, type FeedSubject, feedEveryWay } from './feed-every-way.js';

const MAX = 64;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Faults that the toy decoder below can be given, each with the cases of which at least one must find it. */
const DEFECTS = {
  decodesPerChunk: ['DEC-UTF8'],
  losesRestOfChunk: ['DEC-WHOLE'],
  losesCarry: ['DEC-CUT', 'DEC-BYTEWISE'],
  emitsPartialAtPush: ['DEC-PARTIAL', 'DEC-CUT'],
  recurses: ['DEC-MANY'],
  noCap: ['DEC-ENDLESS', 'DEC-MAX'],
  capOffByOneLow: ['DEC-MAX'],
  capOffByOneHigh: ['DEC-MAX'],
  throwsPlainError: ['DEC-FLIP'],
  keepsAfterReset: ['DEC-PARTIAL', 'DEC-ENDLESS'],
  aliasesChunk: ['DEC-ALIAS'],
  sharedState: ['DEC-SHARED'],
  emptyEndsStream: ['DEC-EMPTY'],
  swallowsAfterNoise: ['DEC-GARBAGE'],
  losesFrameAfterFlipReset: ['DEC-FLIP'],
} as const satisfies Record<string, readonly FeedCase[]>;

type Defect = keyof typeof DEFECTS;
type Line = { readonly read: () => string };

let shared = new Uint8Array(0);

/** Lines that end in LF; empty ones are skipped; a line that starts with `?` is noise and is skipped. */
class ToyDecoder implements FrameDecoder<Line> {
  readonly #defect: Defect | undefined;
  #carry = new Uint8Array(0);
  #text = '';
  #dead = false;
  #flipped = false;

  constructor(defect?: Defect) {
    this.#defect = defect;
    if (defect === 'sharedState') shared = new Uint8Array(0);
  }

  get pendingBytes(): number {
    return this.#carry.length;
  }

  reset(): void {
    if (this.#defect !== 'keepsAfterReset') this.#carry = new Uint8Array(0);
    if (this.#defect === 'losesFrameAfterFlipReset' && this.#flipped) return;
    this.#dead = false;
  }

  push(chunk: Uint8Array, sink: (frame: Line) => void): void {
    if (this.#dead) return;
    if (chunk.length === 0 && this.#defect === 'emptyEndsStream') this.#dead = true;
    if (this.#defect === 'decodesPerChunk') {
      this.#pushText(new TextDecoder().decode(chunk), sink);
      return;
    }
    const carry = this.#defect === 'sharedState' ? shared : this.#carry;
    const whole = new Uint8Array(carry.length + chunk.length);
    whole.set(carry);
    whole.set(chunk, carry.length);
    const source = this.#defect === 'aliasesChunk' && carry.length === 0 ? chunk : whole;
    const rest = this.#defect === 'recurses' ? this.#recurse(source, sink, 0) : this.#loop(source, sink);
    if (this.#defect === 'sharedState') shared = source.slice(rest);
    this.#carry = this.#defect === 'losesCarry' ? new Uint8Array(0) : source.slice(rest);
    if (this.#carry.length > MAX && this.#defect !== 'noCap') {
      this.#carry = new Uint8Array(0);
      this.#dead = true;
      throw new CtiError('wire.frameTooLarge', 'line too long');
    }
  }

  #pushText(text: string, sink: (frame: Line) => void): void {
    this.#text += text;
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) if (line !== '') sink({ read: () => line });
  }

  #loop(bytes: Uint8Array, sink: (frame: Line) => void): number {
    let from = 0;
    for (let lf = bytes.indexOf(0x0a); lf >= 0; lf = bytes.indexOf(0x0a, from)) {
      this.#emit(bytes.subarray(from, lf + 1), sink);
      from = lf + 1;
      if (this.#defect === 'losesRestOfChunk') return bytes.length;
    }
    if (this.#defect === 'emitsPartialAtPush' && bytes.length - from > 5) {
      this.#emit(bytes.subarray(from), sink);
      return bytes.length;
    }
    return from;
  }

  #recurse(bytes: Uint8Array, sink: (frame: Line) => void, from: number): number {
    const lf = bytes.indexOf(0x0a, from);
    if (lf < 0) return from;
    this.#emit(bytes.subarray(from, lf + 1), sink);
    return this.#recurse(bytes, sink, lf + 1);
  }

  #emit(line: Uint8Array, sink: (frame: Line) => void): void {
    const cap = MAX + (this.#defect === 'capOffByOneHigh' ? 1 : this.#defect === 'capOffByOneLow' ? -1 : 0);
    if (line.length > cap && this.#defect !== 'noCap') {
      this.#dead = true;
      throw new CtiError('wire.frameTooLarge', 'line too long');
    }
    if (line.length === 1) return;
    if (line[0] === 0x3f) {
      if (this.#defect === 'swallowsAfterNoise') this.#dead = true;
      return;
    }
    if (this.#defect === 'throwsPlainError' && line.some((byte) => byte > 0xf4)) throw new Error('bad utf-8');
    if (line.some((byte) => byte > 0xf4)) {
      this.#flipped = true;
      this.#dead = this.#defect === 'losesFrameAfterFlipReset' || this.#dead;
    }
    const bytes = this.#defect === 'aliasesChunk' ? line : line.slice();
    sink({ read: () => new TextDecoder().decode(bytes.subarray(0, -1)) });
  }
}

function subjectOf(defect?: Defect): FeedSubject<Line> {
  return {
    create: () => new ToyDecoder(defect),
    plain: (line) => line.read(),
    good: {
      name: 'three lines',
      bytes: encode('one: 1\ntwo: 22\nthree: 333\n'),
      frames: ['one: 1', 'two: 22', 'three: 333'],
    },
    garbage: [{ name: 'a noise line', bytes: encode('?\u0001\u0002 noise\n') }],
    empty: { name: 'two empty lines', bytes: encode('\n\n'), frames: [] },
    multibyte: { name: 'umlaut, han, emoji', bytes: encode('Grüße 日本 🎧\n'), frames: ['Grüße 日本 🎧'] },
    maxFrameBytes: MAX,
    frameOfBytes: (bytes) => encode(`${'x'.repeat(bytes - 1)}\n`),
    overCap: 'throws',
    endless: encode('abcd'),
  };
}

describe('feedEveryWay', () => {
  it('finds nothing wrong with a good decoder', () => {
    expect(feedEveryWay(subjectOf())).toEqual([]);
  });

  it.each(Object.entries(DEFECTS))('finds the planted defect %s', (defect, cases) => {
    const found = new Set(feedEveryWay(subjectOf(defect as Defect)).map((fault) => fault.case));
    expect(cases.filter((id) => found.has(id))).not.toEqual([]);
  });
});
