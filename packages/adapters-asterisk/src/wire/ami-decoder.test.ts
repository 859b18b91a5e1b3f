import { type FeedSubject, feedEveryWay } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AmiDecoder } from './ami-decoder.js';
import { encodeAmiAction } from './ami-encoder.js';
import { type AmiFrame, AmiMessage } from './ami-message.js';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const BANNER = encode('Asterisk Call Manager/11.0.0\r\n');

const plain = (frame: AmiFrame): unknown =>
  frame instanceof AmiMessage ? { type: frame.type, headers: frame.headers() } : frame;

function decode(text: string): AmiMessage[] {
  const decoder = new AmiDecoder();
  const messages: AmiMessage[] = [];
  decoder.push(BANNER, () => undefined);
  decoder.push(encode(text), (frame) => {
    if (frame instanceof AmiMessage) messages.push(frame);
  });
  expect(decoder.pendingBytes).toBe(0);
  return messages;
}

const MAX = 2_048;
const event = (lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

const subject: FeedSubject<AmiFrame> = {
  create: () => new AmiDecoder({ maxFrameBytes: MAX }),
  preamble: BANNER,
  plain,
  good: {
    name: 'a response with bare LF, an event with repeated keys, one without values',
    bytes: encode(
      event(['Response: Success', 'ActionID: a-1', 'Message: Park successful\n']) +
        event(['Event: UserEvent', 'Dup: 1', 'Dup: 2', 'Colon: a: b: c', 'Lead:   three']) +
        event(['Event: Hangup', 'Cause:', 'Uniqueid: 1.2']),
    ),
    frames: [
      {
        type: 'response',
        headers: [
          ['Response', 'Success'],
          ['ActionID', 'a-1'],
          ['Message', 'Park successful'],
        ],
      },
      {
        type: 'event',
        headers: [
          ['Event', 'UserEvent'],
          ['Dup', '1'],
          ['Dup', '2'],
          ['Colon', 'a: b: c'],
          ['Lead', '  three'],
        ],
      },
      {
        type: 'event',
        headers: [
          ['Event', 'Hangup'],
          ['Cause', ''],
          ['Uniqueid', '1.2'],
        ],
      },
    ],
  },
  garbage: [
    { name: 'a noisy message', bytes: encode('\u0001\u0002noise\r\nmore\r\n\r\n') },
    { name: 'a false start', bytes: encode('Event\r\n\r\nResp: 1\r\n\r\n') },
    { name: 'bytes that are no UTF-8', bytes: new Uint8Array([0xff, 0xfe, 0xc0, 0x80, 13, 10, 13, 10]) },
  ],
  empty: { name: 'blank lines', bytes: encode('\r\n\r\n\r\n'), frames: [] },
  multibyte: {
    name: 'umlaut, han, emoji',
    bytes: encode(event(['Event: Newchannel', 'CallerIDName: Grüße 日本 🎧'])),
    frames: [
      {
        type: 'event',
        headers: [
          ['Event', 'Newchannel'],
          ['CallerIDName', 'Grüße 日本 🎧'],
        ],
      },
    ],
  },
  maxFrameBytes: MAX,
  frameOfBytes: (bytes) => {
    const frame = event(['Event: Long', 'Output: ']);
    return encode(event(['Event: Long', `Output: ${'x'.repeat(bytes - frame.length)}`]));
  },
  overCap: 'throws',
  endless: encode('Output: for ever and ever\r\n'),
};

describe('AmiDecoder', () => {
  it('stands every way of feeding', () => {
    expect(feedEveryWay(subject)).toEqual([]);
  });

  it('finds the same frames as a naive reader in any text, however it is cut', () => {
    const value = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .map((text) => text.replaceAll('\r', '').replaceAll('\0', ''));
    const key = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_()-]{0,12}$/);
    const message = fc.tuple(
      fc.constantFrom('Event', 'Response'),
      value,
      fc.array(fc.tuple(key, value), { maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(400), { maxLength: 12 }), (messages, cuts) => {
        const bytes = encode(
          messages.map(([first, name, rest]) => event([[first, name], ...rest].map(([k, v]) => `${k}: ${v}`))).join(''),
        );
        const decoder = new AmiDecoder();
        const got: unknown[] = [];
        decoder.push(BANNER, () => undefined);
        let from = 0;
        for (const cut of [...cuts.filter((each) => each < bytes.length).sort((a, b) => a - b), bytes.length]) {
          decoder.push(bytes.subarray(from, cut), (frame) =>
            got.push(frame instanceof AmiMessage ? frame.headers() : frame),
          );
          from = cut;
        }
        const trim = (text: string): string => (text.endsWith('\n') ? text.slice(0, -1) : text);
        expect(got).toEqual(
          messages.map(([first, name, rest]) => [[first, trim(name)], ...rest.map(([k, v]) => [k, trim(v)])]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a port that is not a manager port', () => {
    const decoder = new AmiDecoder();
    expect(() => decoder.push(encode('HTTP/1.1 400 Bad Request\r\n'), () => undefined)).toThrow(
      expect.objectContaining({ code: 'wire.frameInvalid' }),
    );
    expect(() => decoder.push(encode('x'), () => undefined)).toThrow(
      expect.objectContaining({ code: 'wire.frameInvalid' }),
    );
    decoder.reset();
    expect(() => decoder.push(new Uint8Array(257).fill(0x41), () => undefined)).toThrow(
      expect.objectContaining({ code: 'wire.frameTooLarge' }),
    );
    decoder.reset();
    const frames: AmiFrame[] = [];
    decoder.push(BANNER, (frame) => frames.push(frame));
    expect(frames).toEqual([{ type: 'banner', version: '11.0.0' }]);
  });
});

describe('AmiMessage', () => {
  it('is what its first header says, whatever follows', () => {
    const [one, two, three] = decode(
      event(['Event: OriginateResponse', 'Response: Failure', 'Event: Hangup']) +
        event(['Response: Error', 'Event: x']) +
        event(['Nothing: known']),
    );
    expect([one?.type, one?.name, one?.get('Response')]).toEqual(['event', 'OriginateResponse', 'Failure']);
    expect([two?.type, two?.name]).toEqual(['response', 'Error']);
    expect([three?.type, three?.name, three?.get('nothing')]).toEqual(['unreadable', '', 'known']);
  });

  it('looks keys up case-blind, first value first, and tells absent from empty', () => {
    const [message] = decode(
      event(['Event: E', 'UniqueID: 1.5', 'Dup: 1', 'dup: 2', 'Empty:', 'Space: ', 'forged;key e | f: h%25']),
    );
    expect(message?.get('Uniqueid')).toBe('1.5');
    expect(message?.get('UNIQUEID')).toBe('1.5');
    expect(message?.get('event')).toBe('E');
    expect(message?.get('Dup')).toBe('1');
    expect(message?.all('DUP')).toEqual(['1', '2']);
    expect([message?.get('Empty'), message?.get('Space'), message?.get('Absent')]).toEqual(['', '', undefined]);
    expect(message?.get('forged;key e | f')).toBe('h%25');
  });
});

describe('encodeAmiAction', () => {
  it('writes headers in order with one blank line at the end', () => {
    expect(
      encodeAmiAction('Originate', 'p-1', [
        ['Variable', 'A=1'],
        ['Variable', 'B=2'],
        ['Empty', ''],
      ]),
    ).toBe('Action: Originate\r\nActionID: p-1\r\nVariable: A=1\r\nVariable: B=2\r\nEmpty: \r\n\r\n');
  });

  it.each(['a\r\nAction: Command', 'a\nb', 'a\rb', 'a\0b'])('refuses a value that could start a line', (value) => {
    expect(() => encodeAmiAction('Ping', '1', [['X', value]])).toThrow(
      expect.objectContaining({ code: 'wire.unsafeValue' }),
    );
    expect(() => encodeAmiAction(value, '1')).toThrow(expect.objectContaining({ code: 'wire.unsafeValue' }));
    expect(() => encodeAmiAction('Ping', value)).toThrow(expect.objectContaining({ code: 'wire.unsafeValue' }));
  });

  it('refuses keys that are no words and lines over the limit, counted in bytes', () => {
    for (const key of ['', 'a b', 'a:b', 'a\r\nb', ' a', '1a']) {
      expect(() => encodeAmiAction('Ping', '1', [[key, 'x']])).toThrow(
        expect.objectContaining({ code: 'wire.unsafeValue' }),
      );
    }
    const room = 1_022 - 'Key: '.length;
    expect(encodeAmiAction('Ping', '1', [['Key', 'x'.repeat(room)]])).toContain('xxx');
    expect(() => encodeAmiAction('Ping', '1', [['Key', 'x'.repeat(room + 1)]])).toThrow(/longer than 1022/);
    expect(() => encodeAmiAction('Ping', '1', [['Key', '日'.repeat(340)]])).toThrow(/longer than 1022/);
  });
});
