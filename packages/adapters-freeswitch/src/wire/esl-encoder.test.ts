import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEslCommand, executeCommand, hangupCommand } from './esl-encoder.js';

const unsafe = expect.objectContaining({ code: 'wire.unsafeValue' });

describe('encodeEslCommand', () => {
  it('writes a line, headers, and a body with its length in bytes', () => {
    expect(encodeEslCommand({ line: 'api status' })).toBe('api status\n\n');
    expect(encodeEslCommand({ line: 'sendevent CUSTOM', headers: [['Event-Subclass', 'a::b']], body: '张\n\nx' })).toBe(
      'sendevent CUSTOM\nEvent-Subclass: a::b\nContent-Length: 6\n\n张\n\nx',
    );
  });

  it.each(['a\r\nb', 'a\nb', 'a\rb', 'a\0b'])('refuses a value that could begin a command', (value) => {
    expect(() => encodeEslCommand({ line: `api ${value}` })).toThrow(unsafe);
    expect(() => encodeEslCommand({ line: 'sendmsg', headers: [['x', value]] })).toThrow(unsafe);
    expect(() => encodeEslCommand({ line: 'sendmsg', headers: [[value, 'x']] })).toThrow(unsafe);
    expect(() => executeCommand('u', { app: 'playback', arg: value })).toThrow(unsafe);
    expect(() => executeCommand(value, { app: 'playback' })).toThrow(unsafe);
    expect(() => executeCommand('u', { app: value })).toThrow(unsafe);
    expect(() => executeCommand('u', { app: 'a', eventUuid: value })).toThrow(unsafe);
    expect(() => hangupCommand('u', value)).toThrow(unsafe);
  });

  it('refuses a length that is told, a name that is none, a body with NUL, and nothing at all', () => {
    expect(() => encodeEslCommand({ line: 'sendmsg', headers: [['content-length', '3']] })).toThrow(unsafe);
    for (const name of ['', 'a b', 'a:b', ' a']) {
      expect(() => encodeEslCommand({ line: 'sendmsg', headers: [[name, 'x']] })).toThrow(unsafe);
    }
    expect(() => encodeEslCommand({ line: 'sendmsg', body: 'a\0b' })).toThrow(unsafe);
    expect(() => encodeEslCommand({ line: '  ' })).toThrow(unsafe);
  });

  it('never lets any text out of its line', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, text, text, (line, value, body) => {
        let wire: string;
        try {
          wire = encodeEslCommand({ line: `api x${line}`, headers: [['h', value]], body });
        } catch (error) {
          expect(error).toEqual(unsafe);
          return;
        }
        const end = wire.indexOf('\n\n');
        const lines = wire.slice(0, end).split('\n');
        expect(lines.length).toBe(body === '' ? 2 : 3);
        expect(wire.slice(end + 2)).toBe(body);
      }),
      { numRuns: 500 },
    );
  });

  it('starts applications one after the other unless told not to, and puts long arguments into the body', () => {
    expect(
      encodeEslCommand(executeCommand('u-1', { app: 'playback', arg: 'a: b.wav', eventUuid: 'e-1', loops: 2 })),
    ).toBe(
      'sendmsg u-1\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: a: b.wav\nloops: 2\nEvent-UUID: e-1\nevent-lock: true\n\n',
    );
    const long = encodeEslCommand(executeCommand(undefined, { app: 'speak', arg: 'x'.repeat(3_000), lock: false }));
    expect(long).toBe(
      `sendmsg\ncall-command: execute\nexecute-app-name: speak\ncontent-type: text/plain\nContent-Length: 3000\n\n${'x'.repeat(3_000)}`,
    );
    expect(encodeEslCommand(executeCommand('u', { app: 'speak', body: '<speak>\na\n</speak>' }))).toContain(
      '\n\n<speak>\na\n</speak>',
    );
  });
});
