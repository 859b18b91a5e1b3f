import { fileURLToPath } from 'node:url';
import { readTraces, streamsOf } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { EslDecoder } from '../src/wire/esl-decoder.js';
import type { EslFrame } from '../src/wire/esl-frames.js';
import { type OracleFrame, readAll } from './oracle.js';
import { latin1Of, plainOf } from './plain.js';

const TRACES = fileURLToPath(new URL('../../../../shared/traces/freeswitch', import.meta.url));
const isDeep = process.env.CORDBOARD_DEEP === '1';
/** One byte a read is slow by its nature: every test run reads the first part of each dialogue so, `npm run deep` the whole. */
const BYTEWISE_BYTES = isDeep ? Number.POSITIVE_INFINITY : 20_000;
const streams = [...readTraces(TRACES)].flatMap((trace) =>
  streamsOf(trace, { link: 'esl', kind: 'in' }).map((stream) => ({ ...stream, name: trace.name })),
);
type Stream = (typeof streams)[number];
const read = new Map<Stream, OracleFrame[]>();

/** The oracle is slow for being plain, and is asked once for each dialogue. */
function wantedOf(stream: Stream): OracleFrame[] {
  const known = read.get(stream) ?? readAll(Buffer.concat(stream.chunks));
  read.set(stream, known);
  return known;
}

function decode(chunks: readonly Uint8Array[]): EslFrame[] {
  const decoder = new EslDecoder();
  const frames: EslFrame[] = [];
  for (const chunk of chunks) {
    const own = Uint8Array.from(chunk);
    decoder.push(own, (frame) => frames.push(frame));
    own.fill(0x21);
  }
  return frames;
}

if (streams.length === 0) console.info('skipped: recorded event socket dialogues are not on this machine');

describe.skipIf(streams.length === 0)('recorded event socket dialogues', () => {
  it.each(streams.map((each) => [`${each.name} #${each.conn}`, each] as const))(
    '%s',
    (_, stream) => {
      const { chunks } = stream;
      const all = Buffer.concat(chunks);
      const wanted = wantedOf(stream);
      for (const fed of [chunks, [all]]) {
        const got = decode(fed);
        expect(got.length).toBe(wanted.length);
        expectSame(got.map(plainOf), wanted.map(latin1Of));
      }
      const start = all.subarray(0, BYTEWISE_BYTES);
      const bytewise = decode(Array.from(start, (byte) => Uint8Array.of(byte)));
      expectSame(bytewise.map(plainOf), wanted.slice(0, wholeIn(wanted, start.length)).map(latin1Of));
    },
    300_000,
  );

  it('finds each header by its name, in any order, as the first of that name', () => {
    const wrong: string[] = [];
    // Events with the same names in the same order are one to a reader of names.
    const seen = new Set<string>();
    for (const stream of streams) {
      const { name, chunks } = stream;
      const wanted = wantedOf(stream).filter(({ inner }) => inner.length > 0);
      const got = decode(chunks).filter((frame) => frame.type === 'event');
      for (const [at, event] of got.entries()) {
        const { inner } = wanted[at] as OracleFrame;
        const layout = `${event.format} ${inner.map(([key]) => key).join()}`;
        if (seen.has(layout)) continue;
        seen.add(layout);
        const first = new Map([...inner].reverse());
        for (const key of [...first.keys(), 'No-Such-Header', 'Seq']) {
          const value = event.value(key);
          const bytes = value === undefined ? undefined : Buffer.from(value.bytes).toString('latin1');
          if (bytes !== first.get(key)) wrong.push(`${name} ${at} ${key}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('cuts each distinct shape of frame at every offset', () => {
    const shapes = new Map<string, Buffer>();
    for (const stream of streams) {
      const all = Buffer.concat(stream.chunks);
      for (const frame of wantedOf(stream)) {
        const shape = shapeOf(frame);
        const known = shapes.get(shape);
        if (known === undefined || known.length > frame.to - frame.from) {
          shapes.set(shape, Buffer.from(all.subarray(frame.from, frame.to)));
        }
      }
    }
    expect(shapes.size).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const [shape, bytes] of shapes) {
      const [whole] = decode([bytes]);
      expect(whole === undefined ? undefined : plainOf(whole)).toEqual(latin1Of(readAll(bytes)[0]));
      // One decoder for all cuts: what a cut leaves behind in it would show in the next.
      const decoder = new EslDecoder();
      const got: EslFrame[] = [];
      for (let cut = 1; cut < bytes.length; cut++) {
        got.length = 0;
        decoder.push(bytes.subarray(0, cut), (frame) => got.push(frame));
        if (got.length > 0 && cut < bytes.length) wrong.push(`${shape} came before its end, cut at ${cut}`);
        decoder.push(bytes.subarray(cut), (frame) => got.push(frame));
        if (got.length !== 1 || !holdsSame(got[0], whole)) wrong.push(`${shape} cut at ${cut}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** How many frames end within so many bytes. */
function wholeIn(frames: readonly OracleFrame[], bytes: number): number {
  return frames.filter(({ to }) => to <= bytes).length;
}

/** As `toEqual`, which takes its time with lists of thousands and is only asked to tell what differs. */
function expectSame(got: unknown, wanted: unknown): void {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) expect(got).toEqual(wanted);
}

/** Do two frames hold the same bytes? */
function holdsSame(one: EslFrame | undefined, other: EslFrame | undefined): boolean {
  const held = (one ?? {}) as unknown as Readonly<Record<string, unknown>>;
  const wanted = (other ?? {}) as unknown as Readonly<Record<string, unknown>>;
  const parts = ['type', 'raw', 'block', ...(one?.type === 'event' ? [] : ['bodyBytes'])];
  return parts.every((part) => held[part] === wanted[part]);
}

/** What makes two frames the same to a decoder: kind, event, number of headers in tens, body or none. */
function shapeOf({ kind, outer, inner, body }: OracleFrame): string {
  const name = inner.find(([key]) => key === 'Event-Name')?.[1] ?? outer.map(([key]) => key).join();
  return [
    kind,
    name,
    body === undefined ? 'bare' : 'body',
    inner.length === new Set(inner.map(([key]) => key)).size,
  ].join(' ');
}
