import { connect } from 'node:net';
import type { ClientCommand } from '@cordboard/cti-core';
import { ERROR_CODES } from '@cordboard/cti-core';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestClient } from './support/client.js';
import { CALLER, type Floor, startFloor } from './support/floor.js';

const SECRET = 'a secret of this test, long enough for it';
const FOREIGN = 'https://evil.example.com';
const FRIEND = 'https://erp.example.com';
const PIN = '80467351';

let floor: Floor;
beforeAll(async () => {
  floor = await startFloor({
    config: { server: { port: 0, dataDir: '', tokenSecret: SECRET, origins: [FRIEND], logLevel: 'debug' } },
  });
});
afterAll(() => floor?.end());

const sign = (claims: Record<string, unknown>, secret = SECRET): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('cordboard')
    .sign(new TextEncoder().encode(secret));
const soon = (): number => Math.floor(Date.now() / 1000) + 600;

/** Tokens that must not open anything, with the code that each gets. */
const BAD_TOKENS: readonly (readonly [string, () => Promise<string | undefined> | string | undefined, string])[] = [
  ['none', () => undefined, 'auth.missing'],
  ['empty', () => '', 'auth.missing'],
  ['garbage', () => 'xyz', 'auth.invalid'],
  [
    'of another secret',
    () => sign({ sub: 'ann', role: 'admin', tenant: 'main', exp: soon() }, `${SECRET}!`),
    'auth.invalid',
  ],
  ['ended', () => sign({ sub: 'ann', role: 'admin', tenant: 'main', exp: 1000 }), 'auth.expired'],
  ['without an end', () => sign({ sub: 'ann', role: 'admin', tenant: 'main' }), 'auth.invalid'],
  ['of another tenant', () => sign({ sub: 'ann', role: 'admin', tenant: 'other', exp: soon() }), 'auth.invalid'],
  ['of an unknown role', () => sign({ sub: 'ann', role: 'root', tenant: 'main', exp: soon() }), 'auth.invalid'],
  [
    'unsigned',
    async () => {
      const [, body] = (await sign({ sub: 'ann', role: 'admin', tenant: 'main', exp: soon() })).split('.');
      return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    },
    'auth.invalid',
  ],
];

describe('tokens', () => {
  test.each(BAD_TOKENS)('%s: REST', async (_what, make, code) => {
    const token = await make();
    const response = await floor.get('/v1/me', token);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code });
  });

  test.each(BAD_TOKENS)('%s: WebSocket', async (_what, make, code) => {
    const token = await make();
    const client = await TestClient.open(floor.address.ws);
    client.raw(
      JSON.stringify({ type: 'hello', protocol: 1, ...(token === '' || token === undefined ? {} : { token }) }),
    );
    expect(await client.next('bye')).toMatchObject({ code });
    expect(await client.ended()).toMatchObject({ code: 4401 });
  });

  test('a token offered as a sub-protocol opens; it is not echoed', async () => {
    const token = await floor.token('agent');
    const client = await TestClient.open(floor.address.ws, { protocols: ['cordboard.v1', `cordboard.token.${token}`] });
    client.send({ type: 'hello', protocol: 1 });
    expect(await client.next('welcome')).toMatchObject({ userId: 'ann' });
    client.close();
  });

  test('an agent who is not configured is refused', async () => {
    const client = await TestClient.open(floor.address.ws);
    client.send({ type: 'hello', protocol: 1, token: await floor.token('agent', { userId: 'mallory' }) });
    expect(await client.next('bye')).toMatchObject({ code: 'auth.forbidden' });
  });

  test("another user's token does not take over a socket; one's own renews it", async () => {
    const client = await floor.client('agent');
    client.send({ type: 'token', token: await floor.token('agent', { userId: 'bob' }) });
    expect(await client.next('error')).toMatchObject({ code: 'auth.forbidden' });
    client.send({ type: 'token', token: 'garbage' });
    expect(await client.next('error', ({ code }) => code === 'auth.invalid')).toBeDefined();
    client.send({ type: 'token', token: await floor.token('agent', { ttlS: 7200 }) });
    client.send({ type: 'ping', nonce: 'after' });
    expect(await client.next('pong')).toMatchObject({ nonce: 'after' });
  });

  test('a token with fewer rights resets the streams of the socket', async () => {
    const client = await floor.client('supervisor');
    await client.watch('board');
    await client.watch('agent:ann');
    const from = client.frames.length;
    client.send({ type: 'token', token: await floor.token('supervisor', { numbers: 'masked' }) });
    for (const stream of ['board', 'agent:ann']) {
      expect(await client.next('reset', (frame) => frame.stream === stream, from)).toMatchObject({
        why: 'permissionsChanged',
      });
    }
    client.send({ type: 'token', token: await floor.token('reviewer', { userId: 'supervisor' }) });
    expect(await client.next('unsubscribed')).toMatchObject({ code: 'auth.forbidden' });
  });
});

/** Frames that are refused while the socket lives, with the code that each gets. */
const BAD_FRAMES: readonly (readonly [string, string | Buffer, string])[] = [
  ['broken JSON', '{"type":"ping"', 'wire.frameInvalid'],
  ['no object', '[1,2]', 'wire.frameInvalid'],
  ['null', 'null', 'wire.frameInvalid'],
  ['nothing', '', 'wire.frameInvalid'],
  ['an unknown type', '{"type":"dial"}', 'wire.frameInvalid'],
  ['a type of Object.prototype', '{"type":"__proto__"}', 'wire.frameInvalid'],
  ['deep nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'wire.frameInvalid'],
  ['binary', Buffer.from([1, 2, 3]), 'wire.frameInvalid'],
  ['a second hello', '{"type":"hello","protocol":1}', 'wire.frameInvalid'],
  ['an unknown stream', '{"type":"subscribe","stream":"calls"}', 'wire.frameInvalid'],
  ['a stream of nobody', '{"type":"subscribe","stream":"agent:nobody"}', 'auth.forbidden'],
  ['an unknown command', '{"type":"command","commandId":"a","command":{"type":"call.explode"}}', 'command.unknown'],
  [
    'a command of Object.prototype',
    '{"type":"command","commandId":"a","command":{"type":"constructor"}}',
    'command.unknown',
  ],
  [
    'a number with letters',
    `{"type":"command","commandId":"b","command":{"type":"call.make","to":"139abc${PIN}"}}`,
    'argument.number',
  ],
  [
    'a made-up reference',
    '{"type":"command","commandId":"b2","command":{"type":"call.make","to":"ref:AAAAAAAAAAAAAAAAAAAAAA"}}',
    'argument.number',
  ],
  [
    'digits with letters',
    `{"type":"command","commandId":"c","command":{"type":"call.sendDigits","callId":"x","digits":"${PIN}x"}}`,
    'argument.invalid',
  ],
  ['no call id', '{"type":"command","commandId":"d","command":{"type":"call.hold"}}', 'argument.invalid'],
  [
    'a long command id',
    `{"type":"command","commandId":"${'i'.repeat(65)}","command":{"type":"agent.ready"}}`,
    'wire.frameInvalid',
  ],
  [
    'a command of another role',
    '{"type":"command","commandId":"e","command":{"type":"supervise.stop","callId":"x"}}',
    'auth.forbidden',
  ],
];

describe('frames', () => {
  test.each(BAD_FRAMES)('%s: a typed error, and the socket lives', async (what, frame, code) => {
    const client = await floor.client('agent');
    client.raw(frame);
    const error = await client.next('error');
    expect(error, what).toMatchObject({ code, retryable: ERROR_CODES[error.code].retryable });
    client.send({ type: 'ping', nonce: 'alive' });
    expect(await client.next('pong')).toMatchObject({ nonce: 'alive' });
    client.close();
  });

  test('10 MB: the error is told, then the socket is closed with 1009; the server lives', async () => {
    const client = await floor.client('agent');
    client.raw(`{"type":"ping","nonce":"${'x'.repeat(10 * 1024 * 1024)}"}`);
    expect(await client.next('error')).toMatchObject({ code: 'wire.frameTooLarge' });
    expect(await client.ended()).toMatchObject({ code: 1009 });
    (await floor.client('agent')).close();
  });

  test('a flood is refused and the socket lives; what was refused is told', async () => {
    const client = await floor.client('agent');
    // As many more than a burst as a machine that stands still for seconds lets through.
    for (let index = 0; index < 500; index++) client.send({ type: 'ping', nonce: String(index) });
    expect(await client.next('error')).toMatchObject({ code: 'server.busy', retryable: true });
    expect(client.closed).toBeUndefined();
  });

  test('a flood without end is closed', async () => {
    const client = await floor.client('agent');
    // A machine that stands still for a second makes a quiet time of it, which clears the record: it goes on.
    while (client.closed === undefined) {
      for (let index = 0; index < 1500; index++) client.send({ type: 'ping' });
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    expect(await client.ended()).toMatchObject({ code: 4429 });
  });

  test('bytes that are no WebSocket end that connection only', async () => {
    const socket = connect(floor.address.port, '127.0.0.1');
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.end('\x00\xff\x13 garbage\r\n\r\n');
    socket.resume();
    await ended;
    expect((await floor.get('/healthz')).status).toBe(200);
  });

  test.each([
    ['another path', '/v1/other', FRIEND, '404'],
    ['no key of a WebSocket', '/v1/ws', FOREIGN, '400'],
  ])('an upgrade that is refused, of %s, ends that connection only', async (_what, path, origin, status) => {
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nOrigin: ${origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    const unheard: unknown[] = [];
    const note = (error: unknown): void => void unheard.push(error);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', note);
    try {
      for (let times = 0; times < 200; times++) {
        const socket = connect(floor.address.port, '127.0.0.1');
        const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
        socket.on('error', () => undefined);
        // A reset that overtakes the answer.
        socket.write(request, () => socket.resetAndDestroy());
        await gone;
      }
      // One that asks, and never hangs up itself.
      const socket = connect({ port: floor.address.port, host: '127.0.0.1', allowHalfOpen: true });
      let answer = '';
      socket.on('data', (bytes) => {
        answer += String(bytes);
      });
      const ended = new Promise<void>((resolve) => socket.once('end', () => resolve()));
      socket.write(request);
      await ended;
      expect(answer).toContain(`HTTP/1.1 ${status} `);
      const refused = new Promise<void>((resolve) => socket.once('error', () => resolve()));
      const writing = setInterval(() => socket.write('still here\r\n'), 10);
      await refused;
      clearInterval(writing);
      expect((await floor.get('/healthz')).status).toBe(200);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const other of others) process.on('uncaughtException', other);
    }
    expect(unheard).toEqual([]);
  });
});

describe('commands', () => {
  const make: ClientCommand = { type: 'call.setData', callId: 'none' as never, data: { a: '1' } };

  test('an id that is told twice has one outcome; with another body it is refused', async () => {
    const client = await floor.client('agent');
    const first = await client.command({ type: 'agent.logOn' }, 'once');
    expect(first).toMatchObject({ outcome: { outcome: 'done' } });
    expect(await client.command({ type: 'agent.logOn' }, 'once')).toEqual(first);
    expect(await client.command({ type: 'agent.logOff' }, 'once')).toMatchObject({
      outcome: { outcome: 'failed', code: 'command.duplicate' },
    });
    client.close();
  });

  test('an unknown call and a state that does not allow it have codes of their own', async () => {
    const client = await floor.client('agent');
    expect(await client.command(make)).toMatchObject({ outcome: { outcome: 'failed', code: 'call.notFound' } });
    await client.command({ type: 'agent.logOff' }, 'off');
    expect(await client.command({ type: 'agent.ready' }, 'not on')).toMatchObject({
      outcome: { outcome: 'failed', code: 'agent.state' },
    });
    client.close();
  });
});

describe('REST', () => {
  const json = { 'content-type': 'application/json' };
  const cases: readonly (readonly [string, string, RequestInit, number, string])[] = [
    ['an unknown operation', '/v1/nothing', {}, 404, 'resource.notFound'],
    ['an unknown id', '/v1/agents/nobody', {}, 404, 'agent.notFound'],
    ['an unknown call', '/v1/calls/none', {}, 404, 'call.notFound'],
    ['an unknown record', '/v1/cdrs/none', {}, 404, 'cdr.notFound'],
    ['an unknown recording', '/v1/recordings/none', {}, 404, 'recording.notFound'],
    ['an unknown flow', '/v1/flows/none', {}, 404, 'flow.notFound'],
    ['a made-up cursor', '/v1/cdrs?cursor=abc', {}, 400, 'argument.invalid'],
    ['a number with letters', `/v1/cdrs?number=139abc${PIN}`, {}, 400, 'argument.number'],
    ['a limit out of range', '/v1/cdrs?limit=100000', {}, 400, 'argument.invalid'],
    ['broken JSON', '/v1/agents', { method: 'POST', body: '{"id":', headers: json }, 400, 'argument.invalid'],
    [
      'another media type',
      '/v1/agents',
      { method: 'POST', body: 'id=1', headers: { 'content-type': 'text/plain' } },
      400,
      'argument.invalid',
    ],
    ['a missing field', '/v1/agents', { method: 'POST', body: '{"id":"x"}', headers: json }, 400, 'argument.invalid'],
    [
      'an id that is taken',
      '/v1/agents',
      { method: 'POST', body: '{"id":"ann","name":"A"}', headers: json },
      409,
      'resource.conflict',
    ],
    [
      'a name that leads nowhere',
      '/v1/agents',
      { method: 'POST', body: '{"id":"x","name":"X","queues":["none"]}', headers: json },
      422,
      'config.unresolved',
    ],
    ['a queue that is in use', '/v1/queues/support', { method: 'DELETE' }, 422, 'config.unresolved'],
    [
      'an unknown field of a change',
      '/v1/agents/ann',
      { method: 'PATCH', body: '{"nme":"A"}', headers: json },
      400,
      'argument.invalid',
    ],
    [
      'a flow that leads nowhere',
      '/v1/flows/f',
      {
        method: 'PUT',
        body: '{"format":"cordboard-ivr/1","id":"f","version":"1","languages":["en"],"start":"gone","nodes":{},"prompts":{}}',
        headers: json,
      },
      422,
      'flow.invalid',
    ],
    [
      '10 MB',
      '/v1/agents',
      { method: 'POST', body: `{"id":"${'x'.repeat(10 * 1024 * 1024)}"}`, headers: json },
      413,
      'wire.frameTooLarge',
    ],
  ];
  test.each(cases)('%s', async (_what, path, init, status, code) => {
    const response = await floor.get(path, await floor.token('admin'), init);
    const body = await response.text();
    expect(response.status, body).toBe(status);
    expect(JSON.parse(body)).toMatchObject({ code });
    expect(body).not.toContain(PIN);
    expect(body).not.toContain('FST_');
  });

  test('a body that is named and empty is none', async () => {
    const token = await floor.token('admin');
    const made = { id: 'r-empty', number: '400999', to: { kind: 'hangup' } };
    await floor.get('/v1/routes', token, { method: 'POST', body: JSON.stringify(made), headers: json });
    for (const body of ['', undefined]) {
      const init = { method: 'POST', headers: json, ...(body === undefined ? {} : { body }) };
      expect((await floor.get('/v1/routes/r-empty/pause', token, init)).status).toBe(200);
    }
    const gone = await floor.get('/v1/routes/r-empty', token, { method: 'DELETE', headers: json });
    expect(gone.status).toBe(204);
    const nothing = await floor.get('/v1/agents', token, { method: 'POST', headers: json });
    expect(await nothing.json()).toMatchObject({ code: 'argument.invalid', details: { path: 'id' } });
  });

  test('a refused change changes nothing', async () => {
    const agents = (await (await floor.get('/v1/agents', await floor.token('admin'))).json()) as {
      items: { id: string }[];
    };
    expect(agents.items.map(({ id }) => id)).toEqual(['ann', 'bob', 'sue']);
  });
});

describe('origins', () => {
  test('a page of a foreign origin is refused at both doors; a configured one and programs are not', async () => {
    const offered = ['cordboard.v1', `cordboard.token.${await floor.token('agent')}`];
    for (let times = 0; times < 2; times++) {
      const stranger = await TestClient.open(floor.address.ws, { origin: FOREIGN, protocols: offered });
      expect(await stranger.ended()).toEqual({ code: 4403, reason: 'auth.origin' });
      expect(stranger.frames).toEqual([expect.objectContaining({ type: 'bye', code: 'auth.origin' })]);
    }
    expect(floor.log.filter((line) => line.includes('turned away'))).toEqual([expect.stringContaining(FOREIGN)]);
    for (const origin of [FRIEND, floor.address.url]) (await TestClient.open(floor.address.ws, { origin })).close();
    const token = await floor.token('agent');
    const foreign = await floor.get('/v1/me', token, { headers: { origin: FOREIGN } });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toMatchObject({ code: 'auth.origin' });
    const friend = await floor.get('/v1/me', token, { headers: { origin: FRIEND } });
    expect(friend.status).toBe(200);
    expect(friend.headers.get('access-control-allow-origin')).toBe(FRIEND);
    const asked = await floor.get('/v1/me', undefined, { method: 'OPTIONS', headers: { origin: FRIEND } });
    expect(asked.status).toBe(204);
  });
});

test('nothing of all this is in the log in clear', () => {
  const log = floor.log.join('');
  expect(log.length).toBeGreaterThan(0);
  for (const secret of [PIN, CALLER, SECRET, 'eyJ']) expect(log).not.toContain(secret);
});
