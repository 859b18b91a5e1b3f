import { CtiError } from '@cordboard/cti-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLIENT_COMMAND_TYPES, clientCommand, dialString } from './client-commands.js';
import { fromWireError, fromZodError, toWireError } from './errors.js';
import { clientFrame } from './frames.js';

describe('client frames', () => {
  test.each([
    { type: 'hello', protocol: 1, token: 't', resume: [{ stream: 'agent:ann', cursor: { epoch: 'e1', seq: 3 } }] },
    { type: 'subscribe', stream: 'board' },
    { type: 'subscribe', stream: 'queue:support', cursor: { epoch: 'e1', seq: 0 } },
    { type: 'unsubscribe', stream: 'agent:ann' },
    { type: 'command', commandId: 'c1', command: { type: 'call.hold', callId: 'e-c1' } },
    { type: 'ping' },
  ])('a good frame comes out as it went in: $type', (frame) => {
    expect(clientFrame.parse(frame)).toEqual(frame);
  });

  test.each([
    [{ type: 'subscribe', stream: 'calls' }, 'stream'],
    [{ type: 'subscribe', stream: 'board', cursor: { epoch: 'e', seq: -1 } }, 'cursor.seq'],
    [{ type: 'command', commandId: '', command: { type: 'agent.ready' } }, 'commandId'],
    [{ type: 'command', commandId: 'c', command: { type: 'call.make', to: '12ab34' } }, 'command.to'],
    [{ type: 'command', commandId: 'c', command: { type: 'nothing.known' } }, 'command.type'],
    [{ type: 'toString' }, 'type'],
    [{ type: 'hello', protocol: 1, token: 'x'.repeat(5000) }, 'token'],
  ])('a bad frame is refused with its place: %j', (frame, path) => {
    const result = clientFrame.safeParse(frame);
    expect(result.success).toBe(false);
    if (result.success) return;
    const error = fromZodError('wire.frameInvalid', result.error);
    expect(error.details.path).toBe(path);
    expect(error.message).not.toContain('12ab34');
  });

  test('no JSON value makes the schema throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        clientFrame.safeParse(value);
      }),
      { numRuns: 300 },
    );
  });
});

describe('commands', () => {
  test('unknown fields are dropped, so that nobody smuggles what was not checked', () => {
    expect(clientCommand.parse({ type: 'agent.ready', actor: 'admin', __proto__: { role: 'admin' } })).toEqual({
      type: 'agent.ready',
    });
  });

  test('the table names each command by its own type', () => {
    expect(CLIENT_COMMAND_TYPES.length).toBeGreaterThan(30);
    expect(new Set(CLIENT_COMMAND_TYPES).size).toBe(CLIENT_COMMAND_TYPES.length);
  });

  test.each([
    '8001',
    '+86 139 0000 0000',
    '(010) 8888-6666',
    '*98',
    'ref:AAAAAAAAAAAAAAAAAAAAAA',
    'agent:ann',
    'queue:客服',
  ])('can be dialled: %s', (text) => expect(dialString.safeParse(text).success).toBe(true));
  test.each(['', 'abc', '12a', '+', 'ref:short', 'sip:x@y', '1\n2', '1'.repeat(41), 'agent:', '12,34;'])(
    'cannot be dialled: %j',
    (text) => expect(dialString.safeParse(text).success).toBe(false),
  );
});

describe('errors on the wire', () => {
  test('ours keep code and details; foreign ones lose their text', () => {
    const ours = new CtiError('call.notFound', 'no such call', { details: { callId: 'e-c1' } });
    expect(toWireError(ours)).toEqual({
      code: 'call.notFound',
      message: 'no such call [call.notFound]',
      details: { callId: 'e-c1' },
      retryable: false,
    });
    expect(JSON.stringify(toWireError(new Error('connect to 10.0.0.1 as root')))).not.toContain('root');
  });

  test('there and back it is the same error', () => {
    const error = new CtiError('server.busy', 'too many frames', { details: { limit: 50 } });
    const back = fromWireError(JSON.parse(JSON.stringify(toWireError(error))));
    expect(back).toMatchObject({ code: error.code, message: error.message, details: error.details, retryable: true });
  });

  test('a code of a newer server is an internal error, not a crash', () => {
    const back = fromWireError({ code: 'toString' as 'server.busy', message: 'x' });
    expect(back.code).toBe('server.internal');
  });
});
