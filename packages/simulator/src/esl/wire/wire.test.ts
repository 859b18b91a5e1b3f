import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CommandReader, type Incoming } from './command-reader.js';
import { encodeValue, eventFrame, jsonEvent, plainEvent, replyFrame, xmlEvent } from './encode.js';
import { bytesOf, rawText, textOf } from './text.js';

const event = (headers: [string, string | string[]][], body?: string) => ({
  name: 'CUSTOM',
  headers,
  ...(body === undefined ? {} : { body }),
});

describe('text', () => {
  test('any bytes come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect([...bytesOf(textOf(bytes))]).toEqual([...bytes]);
      }),
    );
  });

  test('bytes of another charset stay bytes, whatever they spell', () => {
    const gbk = Buffer.from('d5c5c8fd', 'hex');
    expect(bytesOf(rawText(gbk))).toEqual(gbk);
    expect(bytesOf(`张${rawText(Buffer.from([0xe9]))}三`)).toEqual(
      Buffer.concat([Buffer.from('张'), Buffer.from([0xe9]), Buffer.from('三')]),
    );
  });
});

describe('events', () => {
  test('plain values are percent-encoded, nothing is told by a word, lists by a sign', () => {
    expect(encodeValue('a b/c,d:é')).toBe('a%20b/c,d%3A%C3%A9');
    expect(encodeValue('')).toBe('_undef_');
    expect(plainEvent(event([['A', ['x', 'y']]])).toString()).toBe('A: ARRAY%3A%3Ax%7C%3Ay\n\n');
  });

  test('a body has a length of its own inside', () => {
    const frame = eventFrame(event([['A', '1']], '张\n'), 'plain').toString();
    expect(frame).toBe('Content-Length: 28\nContent-Type: text/event-plain\n\nA: 1\nContent-Length: 4\n\n张\n');
  });

  test('JSON repeats a key that stands twice and lets through what is no UTF-8', () => {
    const raw = rawText(Buffer.from([0xe9]));
    expect(
      jsonEvent(
        event([
          ['A', '1'],
          ['A', `"2${raw}`],
        ]),
      ).toString('latin1'),
    ).toBe('{"A":"1","A":"\\"2\xe9"}');
    expect(jsonEvent(event([['A', ['x', 'y']]], 'b\n')).toString()).toBe(
      '{"A":["x","y"],"Content-Length":"2","_body":"b\\n"}',
    );
  });

  test('XML indents, encodes twice, and adds its indent to a body that ends a line', () => {
    expect(xmlEvent(event([['A', "a'b c"]], '<张>\n')).toString()).toBe(
      "<event>\n  <headers>\n    <A>a'b%20c</A>\n  </headers>\n  <Content-Length>6</Content-Length>\n  <body>&lt;&#x5F20;&gt;\n  </body>\n</event>\n",
    );
  });

  test('a reply too long for its 512 bytes loses its end', () => {
    expect(replyFrame('+OK').toString()).toBe('Content-Type: command/reply\nReply-Text: +OK\n\n');
    expect(replyFrame('x'.repeat(600)).length).toBe(511);
  });
});

describe('commands', () => {
  const read = (chunks: readonly Uint8Array[]): readonly Incoming[] => {
    const reader = new CommandReader();
    return chunks.flatMap((chunk) => reader.push(chunk));
  };
  const text =
    '\n\nauth x\r\n\r\nsendevent CUSTOM\nEvent-Subclass: a::b\nContent-Length: 7\n\nbo\n\ndy!api status\n\n\n\nbgapi version\njob-uuid: 张\n\n';

  test('any cut of the stream gives the same commands', () => {
    const bytes = Buffer.from(text);
    const whole = read([bytes]);
    expect(whole.map((item) => (item.kind === 'command' ? item.command.line : item.kind))).toEqual([
      'auth x',
      'sendevent CUSTOM',
      'api status',
      'bgapi version',
    ]);
    for (let at = 1; at < bytes.length; at++) expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test('a body ends at a NUL; lengths that are none count as none; bad ones are refused', () => {
    const [first] = read([Buffer.from('sendevent X\nContent-Length: 5\n\nab\0cd')]);
    expect(first).toMatchObject({ kind: 'command', command: { body: 'ab' } });
    expect(read([Buffer.from('a\nContent-Length: abc\n\n')])).toHaveLength(1);
    for (const length of ['-5', '99999999']) {
      const reader = new CommandReader();
      expect(reader.push(Buffer.from(`a\nContent-Length: ${length}\n\nx\n\n`))).toEqual([{ kind: 'refused' }]);
      expect(reader.push(Buffer.from('b\n\n'))).toEqual([]);
    }
  });

  test('no bytes make it throw, and what it keeps is bounded', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
        read(chunks);
      }),
    );
    const reader = new CommandReader();
    const block = Buffer.alloc(1024 * 1024, 97);
    expect([block, block, block].flatMap((one) => reader.push(one)).map((item) => item.kind)).toEqual(['refused']);
  });
});
