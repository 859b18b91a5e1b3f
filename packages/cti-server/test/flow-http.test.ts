import { SimulatedClock } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type AddressLookup, isPublicAddress } from '../src/questions/addresses.js';
import { ask, open, question, SECRET, setUp } from './support/ask-http.js';
import { json, type Service, startService } from './support/service.js';

const opened: Service[] = [];
afterEach(async () => {
  for (const service of opened.splice(0)) await service.close();
});
const serve = async (...args: Parameters<typeof startService>): Promise<Service> => {
  const service = await startService(...args);
  opened.push(service);
  return service;
};

const FAILED = { outcome: 'failed' };

test('sends texts, headers and the key, and takes values out of the answer', async () => {
  const service = await serve((_asked, response) =>
    json(response, { customer: { name: 'Li', 'a/b': 7, vip: true }, list: ['x', 'y'], none: null }),
  );
  const { options } = setUp(open(service));
  const answer = await ask(
    options,
    question(`${service.origin}/orders?n=1#top`, {
      method: 'POST',
      headers: { 'X-Site': 'north', Authorization: 'Bearer {secret.ERP}' },
      body: { number: '+8613912345678' },
      keep: {
        name: '/customer/name',
        odd: '/customer/a~1b',
        vip: '/customer/vip',
        y: '/list/1',
        gone: '/no/where',
        none: 'none',
      },
    }),
  );
  expect(answer).toEqual({
    outcome: 'answered',
    way: '200',
    values: { name: 'Li', odd: '7', vip: 'true', y: 'y', gone: '', none: '' },
  });
  expect(service.asked).toMatchObject([
    {
      method: 'POST',
      path: '/orders?n=1',
      body: '{"number":"+8613912345678"}',
      headers: {
        'x-site': 'north',
        authorization: `Bearer ${SECRET}`,
        'idempotency-key': 'e-c1:front/book:3',
        'content-type': 'application/json',
      },
    },
  ]);
});

describe('tries again', () => {
  test.each([408, 425, 429, 500, 503])(
    'after %s, with the same key, and gives the answer that came then',
    async (status) => {
      const service = await serve((_asked, response) => {
        if (service.asked.length < 3) response.writeHead(status).end();
        else json(response, {});
      });
      expect(await ask(setUp(open(service)).options, question(service.origin), { tries: 5 })).toMatchObject({
        way: '200',
      });
      expect(service.asked).toHaveLength(3);
      expect(new Set(service.asked.map(({ headers }) => headers['idempotency-key']))).toEqual(
        new Set(['e-c1:front/book:3']),
      );
    },
  );

  test('after a connection that broke, and after silence', async () => {
    const clock = new SimulatedClock();
    const service = await serve((_asked, response) => {
      if (service.asked.length === 1) response.socket?.destroy();
      else if (service.asked.length === 3) json(response, {});
    });
    const { options } = setUp(open(service), { clock });
    const answer = ask(options, question(service.origin), { tries: 3, timeoutMs: 3000 });
    for (const heard of [1, 2]) {
      await expect.poll(() => service.asked.length, { interval: 5 }).toBe(heard);
      // The end of the second try, which meets silence: time goes on when the service has the question.
      if (heard === 2) await clock.tick(3000);
      // The pause after it: no timer of a try is under way then, or it has the whole of its bound before it.
      await expect.poll(() => (clock.nextDelayMs ?? 3000) < 3000, { interval: 5 }).toBe(true);
      await clock.tick(clock.nextDelayMs);
    }
    expect(await answer).toMatchObject({ outcome: 'answered', way: '200' });
  });

  test.each([200, 204, 301, 400, 401, 404, 409, 422])('not after %s', async (status) => {
    const service = await serve((_asked, response) => response.writeHead(status).end());
    expect(await ask(setUp(open(service)).options, question(service.origin), { tries: 5 })).toMatchObject({
      way: String(status),
    });
    expect(service.asked).toHaveLength(1);
  });

  test('when the service says when, not before; and not at all when that is too late for the caller', async () => {
    const times: number[] = [];
    const service = await serve((asked, response) => {
      times.push(performance.now());
      response.writeHead(503, { 'retry-after': asked.path === '/soon' ? '1' : '3600' }).end();
    });
    const { options } = setUp(open(service));
    expect(await ask(options, question(`${service.origin}/soon`), { tries: 2 })).toMatchObject({ way: '503' });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
    const beganMs = performance.now();
    const late = { tries: 5, timeoutMs: 60_000 };
    expect(await ask(options, question(`${service.origin}/late`), late)).toMatchObject({ way: '503' });
    // At once, which on a busy machine is soon: not when its time is over.
    expect(performance.now() - beganMs).toBeLessThan(30_000);
    expect(service.asked).toHaveLength(3);
  });

  test('never longer than the bound that the flow has set itself', async () => {
    const clock = new SimulatedClock();
    const service = await serve(() => undefined);
    const { options } = setUp(open(service), { clock, random: () => 0.999 });
    let state = 'asks';
    const asked = ask(options, question(service.origin), { tries: 5, timeoutMs: 1000 }).finally(() => {
      state = 'done';
    });
    for (let tries = 1; ; tries++) {
      // Time goes on when the service has the question: on the way to it the process may be held up for long.
      await expect.poll(() => state === 'done' || service.asked.length === tries, { interval: 5 }).toBe(true);
      if (state === 'done') break;
      // The end of this try, then of the pause after it.
      await clock.tick(clock.nextDelayMs);
      await expect.poll(() => state === 'done' || clock.pendingTimers > 0, { interval: 5 }).toBe(true);
      await clock.tick(clock.nextDelayMs);
    }
    expect(await asked).toEqual(FAILED);
    expect(clock.nowMs()).toBeLessThan(5 * 1000 + 5000);
    expect(service.asked.length).toBeGreaterThan(2);
  });
});

describe('where it may go', () => {
  test('only to what stands on the list', async () => {
    const service = await serve((_asked, response) => json(response, {}));
    const other = await serve((_asked, response) => json(response, {}));
    const { options } = setUp(open(service));
    const { port } = service;
    for (const url of [
      other.origin,
      `http://127.0.0.1:${port}@127.0.0.1:${other.port}/`,
      `http://user:word@127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `https://127.0.0.1:${port}/`,
      `file:///etc/passwd`,
      `//127.0.0.1:${port}/`,
      'no url',
      '',
    ]) {
      expect(await ask(options, question(url)), url).toEqual(FAILED);
    }
    expect(await ask(setUp([]).options, question(service.origin))).toEqual(FAILED);
    expect([...service.asked, ...other.asked]).toEqual([]);
    // Other ways to write the same address are the same address.
    expect(await ask(options, question(`http://0x7f.1:${port}/`))).toMatchObject({ way: '200' });
  });

  test('a name that leads to this machine or a private network only where that is allowed', async () => {
    const service = await serve((_asked, response) => json(response, {}));
    const origin = `http://api.example.com:${service.port}`;
    const lookup = ((_name: string, _options: object, done: (e: null, found: object[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as AddressLookup;
    expect(await ask(setUp([{ origin, network: 'public' }], { lookup }).options, question(origin))).toEqual(FAILED);
    expect(service.asked).toEqual([]);
    const plain = ((_name: string, options: { all?: boolean }, done: (e: null, ...found: unknown[]) => void) =>
      options.all
        ? done(null, [{ address: '127.0.0.1', family: 4 }])
        : done(null, '127.0.0.1', 4)) as unknown as AddressLookup;
    const trusted = setUp([{ origin, network: 'private' }], { lookup: plain });
    expect(await ask(trusted.options, question(origin))).toMatchObject({ way: '200' });
    expect(service.asked[0]?.headers.host).toBe(`api.example.com:${service.port}`);
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::127.0.0.1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'ff02::1',
    '',
    'example.com',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  test('an IPv4 address is as public inside of IPv6 as it is by itself', () => {
    const byte = fc.nat(255);
    fc.assert(
      fc.property(byte, byte, byte, byte, (a, b, c, d) => {
        const hex = (n: number): string => n.toString(16).padStart(2, '0');
        const inside = `::ffff:${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
        expect(isPublicAddress(inside)).toBe(isPublicAddress(`${a}.${b}.${c}.${d}`));
      }),
    );
  });
});

describe('what comes back is taken only if it is whole and fits', () => {
  const bad: readonly (readonly [string, Parameters<typeof startService>[0]])[] = [
    ['no JSON', (_a, r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"name":')],
    ['another type', (_a, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('{"name":"x"}')],
    ['too long', (_a, r) => json(r, { name: 'x', more: 'y'.repeat(300_000) })],
    ['endless', (_a, r) => void r.writeHead(200, { 'content-type': 'application/json' }).write('['.repeat(400_000))],
    ['a value that is too long', (_a, r) => json(r, { name: 'x'.repeat(1001) })],
    ['a value that is no text', (_a, r) => json(r, { name: { first: 'x' } })],
    [
      'broken off',
      (_a, r) => {
        r.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        r.write('{"name":"x"}', () => r.socket?.destroy());
      },
    ],
    [
      'nothing within the bound',
      (_a, r) => {
        r.writeHead(200, { 'content-type': 'application/json' }).write('{');
      },
    ],
  ];
  test.each(bad)('%s', async (_what, answer) => {
    const service = await serve(answer);
    const { options, lines } = setUp(open(service));
    expect(await ask(options, question(service.origin, { keep: { name: 'name' } }), { timeoutMs: 400 })).toEqual(
      FAILED,
    );
    expect(lines.join()).not.toContain('first');
  });

  test('of a refusal the status stands, whatever its body is', async () => {
    const service = await serve((_asked, response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<p>'),
    );
    expect(await ask(setUp(open(service)).options, question(service.origin, { keep: { name: 'name' } }))).toEqual({
      outcome: 'answered',
      way: '404',
      values: { name: '' },
    });
  });

  test.each(['Host', 'Content-Length', 'transfer-encoding', 'Idempotency-Key', 'bad name', 'x'])(
    'a header %s that would change the message is not sent',
    async (name) => {
      const service = await serve((_asked, response) => json(response, {}));
      const value = name === 'x' ? 'a\r\nhost: evil' : 'x';
      expect(await ask(setUp(open(service)).options, question(service.origin, { headers: { [name]: value } }))).toEqual(
        FAILED,
      );
      expect(service.asked).toEqual([]);
    },
  );
});
