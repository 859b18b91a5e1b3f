import { type FeedSubject, feedEveryWay } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainOf } from '../../test/plain.js';
import { EslDecoder } from './esl-decoder.js';
import type { EslEvent } from './esl-event.js';
import type { EslFrame } from './esl-frames.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const MAX = 2_048;
const framed = (type: string, body: string): string =>
  `Content-Length: ${encode(body).length}\nContent-Type: ${type}\n\n${body}`;

function decode(bytes: Uint8Array, options = {}): EslFrame[] {
  const frames: EslFrame[] = [];
  const decoder = new EslDecoder(options);
  decoder.push(bytes, (frame) => frames.push(frame));
  expect(decoder.pendingBytes).toBe(0);
  return frames;
}
function eventOf(type: 'plain' | 'json' | 'xml', body: string | Uint8Array, options = {}): EslEvent {
  const bytes = typeof body === 'string' ? encode(body) : body;
  const head = encode(`Content-Length: ${bytes.length}\nContent-Type: text/event-${type}\n\n`);
  const [frame] = decode(Buffer.concat([head, bytes]), options);
  if (frame?.type !== 'event') throw new Error('no event came');
  return frame;
}

const GOOD =
  'Content-Type: auth/request\n\n' +
  'Content-Type: command/reply\nReply-Text: +OK accepted: yes\n\n' +
  'Content-Type: api/response\nContent-Length: 5\n\n+OK\n\n' +
  framed('text/event-plain', 'Event-Name: CUSTOM\nContent-Length: 9\nX: a%20b\nContent-Length: 4\n\nbody') +
  framed('text/event-json', '{"Event-Name":"DTMF","A":["1","2"],"A":"3","_body":"x"}') +
  'Content-Type: text/disconnect-notice\nContent-Disposition: linger\nContent-Length: 0\n\n';
const GOOD_FRAMES = [
  { kind: 'auth/request', outer: [['Content-Type', 'auth/request']], inner: [] },
  {
    kind: 'command/reply',
    outer: [
      ['Content-Type', 'command/reply'],
      ['Reply-Text', '+OK accepted: yes'],
    ],
    inner: [],
  },
  {
    kind: 'api/response',
    outer: [
      ['Content-Type', 'api/response'],
      ['Content-Length', '5'],
    ],
    inner: [],
    body: '+OK\n\n',
  },
  {
    kind: 'text/event-plain',
    outer: [],
    inner: [
      ['Event-Name', 'CUSTOM'],
      ['Content-Length', '9'],
      ['X', 'a b'],
      ['Content-Length', '4'],
    ],
    body: 'body',
  },
  {
    kind: 'text/event-json',
    outer: [],
    inner: [
      ['Event-Name', 'DTMF'],
      ['A', 'ARRAY::1|:2'],
      ['A', '3'],
    ],
    body: 'x',
  },
  {
    kind: 'text/disconnect-notice',
    outer: [
      ['Content-Type', 'text/disconnect-notice'],
      ['Content-Disposition', 'linger'],
      ['Content-Length', '0'],
    ],
    inner: [],
  },
];

const subject: FeedSubject<EslFrame> = {
  create: () => new EslDecoder({ maxFrameBytes: MAX, maxHeaderBytes: MAX, maxBodyBytes: MAX }),
  plain: plainOf,
  good: { name: 'one frame of each kind', bytes: encode(GOOD), frames: GOOD_FRAMES },
  garbage: [
    { name: 'blank lines', bytes: encode('\n\n\n') },
    { name: 'a block that says nothing', bytes: encode('no such thing\nmore\n\n') },
    { name: 'an unknown kind', bytes: encode('Content-Type: text/new\nContent-Length: 3\n\n\n\n\n') },
    {
      name: 'lengths that are none',
      bytes: encode('Content-Length: -1\n\nContent-Length: x\n\nContent-Length: 1e3\n\n'),
    },
    { name: 'bytes that are no UTF-8', bytes: new Uint8Array([0xff, 0xfe, 0xc0, 10, 10]) },
  ],
  empty: {
    name: 'an event without anything',
    bytes: encode('Content-Length: 0\nContent-Type: text/event-plain\n\n'),
    frames: [{ kind: 'text/event-plain', outer: [], inner: [] }],
  },
  multibyte: {
    name: 'umlaut, han, emoji, raw and encoded',
    bytes: encode(
      framed('text/event-plain', 'Caller-Caller-ID-Name: %E5%BC%A0%E4%B8%89\nRaw: Grüße 日本 🎧\n\n') +
        framed('text/event-json', '{"Caller-Caller-ID-Name":"张三 🎧"}'),
    ),
    frames: [
      {
        kind: 'text/event-plain',
        outer: [],
        inner: [
          ['Caller-Caller-ID-Name', '张三'],
          ['Raw', 'Grüße 日本 🎧'],
        ],
      },
      { kind: 'text/event-json', outer: [], inner: [['Caller-Caller-ID-Name', '张三 🎧']] },
    ],
  },
  maxFrameBytes: MAX,
  frameOfBytes: (bytes) => {
    const head = 'Content-Type: api/response\nContent-Length: ';
    const size = bytes - head.length - 2 - 4;
    return encode(`${head}${String(size).padStart(4, '0')}\n\n${'x'.repeat(size)}`);
  },
  overCap: 'throws',
  endless: encode('Header: for ever and ever\n'),
};

describe('EslDecoder', () => {
  it('stands every way of feeding', () => {
    expect(feedEveryWay(subject)).toEqual([]);
  });

  it('gives the same frames however any stream is cut', () => {
    const body = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constant('a: b\n\nContent-Length: 7\n\n'));
    const kind = fc.constantFrom('api/response', 'log/data', 'text/event-plain', 'text/event-json', 'x/y');
    const frame = fc.oneof(
      fc.tuple(kind, body).map(([type, text]) => framed(type, text)),
      fc
        .tuple(kind, body)
        .map(([type, text]) => `Content-Type: ${type}\nContent-Length: ${encode(text).length}\n\n${text}`),
      fc
        .string({ maxLength: 20 })
        .map((text) => `Content-Type: command/reply\nReply-Text: ${text.replaceAll('\n', '')}\n\n`),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(600), { maxLength: 16 }), (frames, cuts) => {
        const bytes = encode(frames.join(''));
        const whole = decode(bytes).map(plainOf);
        expect(whole).toHaveLength(frames.length);
        const got: unknown[] = [];
        const decoder = new EslDecoder();
        let from = 0;
        for (const cut of [...cuts.filter((each) => each < bytes.length).sort((a, b) => a - b), bytes.length]) {
          decoder.push(bytes.slice(from, cut), (each) => got.push(plainOf(each)));
          from = cut;
        }
        expect(got).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('caps header, body and frame, each by itself', () => {
    const over = (options: object, text: string): unknown => {
      try {
        new EslDecoder(options).push(encode(text), () => undefined);
        return 'taken';
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
    };
    const header = `Content-Type: command/reply\nReply-Text: ${'x'.repeat(2_000)}\n\n`;
    expect(over({ maxHeaderBytes: 1_024 }, header)).toBe('wire.frameTooLarge');
    expect(over({ maxHeaderBytes: 4_096 }, header)).toBe('taken');
    const long = framed('text/event-plain', 'x'.repeat(2_000));
    expect(over({ maxBodyBytes: 1_999 }, long)).toBe('wire.frameTooLarge');
    expect(over({ maxBodyBytes: 2_000 }, long)).toBe('taken');
    expect(over({ maxFrameBytes: long.length - 1 }, long)).toBe('wire.frameTooLarge');
    expect(over({ maxFrameBytes: long.length }, long)).toBe('taken');
    // A claim alone must not make it hold anything.
    expect(over({}, 'Content-Length: 99999999999999\nContent-Type: text/event-plain\n\n')).toBe('wire.frameTooLarge');
    expect(over({}, 'Content-Length: 99999999999999999999999\nContent-Type: api/response\n\n')).toBe(
      'wire.frameTooLarge',
    );
  });

  it('finds its way back behind a reply that lost its blank line', () => {
    const text =
      'Content-Type: command/reply\nJob-UUID: LLLL' +
      framed('text/event-plain', 'Event-Name: BACKGROUND_JOB\n\n') +
      framed('text/event-plain', 'Event-Name: HEARTBEAT\n\n');
    const frames = decode(encode(text));
    expect(frames.at(-1)).toMatchObject({ type: 'event', name: 'HEARTBEAT' });
  });
});

describe('values', () => {
  it('are UTF-8, else GB18030 or the charset configured, else bytes that say so', () => {
    const gbk = 'Name: %D5%C5%C8%FD\nLatin: Ren%E9\nCut: %E5%BC%A0%E4%B8\nNone: %FF%FE%80\nPercent: 100% %zz %\n\n';
    const event = eventOf('plain', gbk);
    expect([event.get('Name'), event.value('Name')?.charset]).toEqual(['张三', 'gb18030']);
    expect([event.get('Latin'), event.value('Latin')?.charset]).toEqual(['René', 'bytes']);
    expect([event.get('Cut'), event.value('Cut')?.charset]).toEqual(['张\ufffd', 'utf-8']);
    expect(event.value('None')).toMatchObject({ charset: 'bytes', bytes: Buffer.from([0xff, 0xfe, 0x80]) });
    expect(event.get('Percent')).toBe('100% %zz %');
    expect(eventOf('plain', gbk, { charset: 'windows-1252' }).get('Latin')).toBe('René');
    const json = eventOf('json', Buffer.from('{"Name":"\xd5\xc5\xc8\xfd","E":"a\\u0001\\"\\\\\\n\\u5f20"}', 'latin1'));
    expect([json.get('Name'), json.get('E')]).toEqual(['张三', 'a\u0001"\\\n张']);
  });

  it('are the same in any order of asking, and for names that look like others', () => {
    const event = eventOf(
      'plain',
      'Unique-ID: 1\nCaller-Unique-ID: 2\nA: b: c\nUnique-ID: 3\nEmpty:\nUnique-IDx: 4\n\nUnique-IDy: 5',
    );
    for (const _ of [1, 2]) {
      expect(event.get('Unique-IDx')).toBe('4');
      expect(event.get('Caller-Unique-ID')).toBe('2');
      expect(event.get('Unique-IDy')).toBeUndefined();
      expect(event.get('Unique-ID')).toBe('1');
      expect(event.all('Unique-ID')).toEqual(['1', '3']);
      expect([event.get('A'), event.get('Empty'), event.get('Absent-Header')]).toEqual(['b: c', '', undefined]);
    }
    const other = eventOf('plain', 'Unique-ID: other\n\n');
    expect([other.get('Unique-ID'), event.get('Unique-ID'), other.get('Unique-ID')]).toEqual(['other', '1', 'other']);
  });

  it('of lists are taken apart in every form', () => {
    const forms = [
      eventOf('plain', 'Event-Name: X\nL: ARRAY%3A%3Aa%7C%3Ab\n\n'),
      eventOf('json', '{"Event-Name":"X","L":["a","b"]}'),
      eventOf('xml', '<event>\n  <headers>\n    <L>a</L>\n    <L>b</L>\n  </headers>\n</event>\n'),
    ];
    expect(forms.map((event) => event.all('L'))).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(forms.slice(0, 2).map((event) => event.get('L'))).toEqual(['ARRAY::a|:b', 'ARRAY::a|:b']);
  });

  it('never make a method throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom('plain', 'json', 'xml'), fc.uint8Array({ maxLength: 120 }), (type, noise) => {
        const starts = {
          plain: 'Event-Name: X\n',
          json: '{"Event-Name":"',
          xml: '<event>\n  <headers>\n    <',
        } as const;
        for (const bytes of [noise, Buffer.concat([Buffer.from(starts[type]), noise])]) {
          const event = eventOf(type, bytes);
          const all = event.headers();
          for (const name of ['Event-Name', 'Unique-ID', 'X']) {
            void [event.value(name), event.all(name), event.body, event.bodyValue, event.sample, event.name];
          }
          for (const [name] of all.slice(0, 5)) {
            if (/^[\x20-\x7e]+$/.test(name) && !name.includes('\\')) expect(event.all(name)[0]).toBeDefined();
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
