import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectEsl, EslClient, type EslEvent, type EslGap, type EslLinkEvent } from '../src/esl/index.js';
import type { EslOptionsInput } from '../src/options.js';
import { type Asked, FakeEsl, type FakePeer, PASSWORD, standard } from './fake-esl.js';

let fake: FakeEsl;
const open: EslClient[] = [];
beforeEach(async () => {
  fake = await FakeEsl.start();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
  await fake.stop();
});

const QUICK: Partial<EslOptionsInput> = { backoffFirst: 10, backoffMax: 10 };
async function dial(options: Partial<EslOptionsInput> = {}): Promise<EslClient> {
  const client = await connectEsl({ host: '127.0.0.1', port: fake.port, password: PASSWORD, ...QUICK, ...options });
  open.push(client);
  return client;
}
/** The next thing that is told of a link. */
function next<T extends EslLinkEvent['type']>(client: EslClient, type: T): Promise<Extract<EslLinkEvent, { type: T }>> {
  return new Promise((resolve) => {
    const off = client.onLink((event) => {
      if (event.type !== type) return;
      off();
      resolve(event as Extract<EslLinkEvent, { type: T }>);
    });
  });
}

describe('EslClient', () => {
  it('logs in, asks for its events in one form, and hands them on', async () => {
    const client = await dial({ events: ['CHANNEL_ANSWER'], custom: ['sofia::register'] });
    expect(fake.last.lines).toEqual([
      'event plain BACKGROUND_JOB',
      'event plain CHANNEL_ANSWER CUSTOM sofia::register',
    ]);
    const heard: string[] = [];
    const all = new Promise<void>((resolve) => {
      client.on('CHANNEL_ANSWER', (event) => heard.push(`answer ${event.get('Unique-ID')}`));
      client.on('sofia::register', (event) => heard.push(`register ${event.get('from-user')}`));
      client.on('*', (event) => {
        heard.push(`any ${event.name}`);
        if (event.name === 'HEARTBEAT') resolve();
      });
    });
    fake.last.event({ 'Event-Name': 'CHANNEL_ANSWER', 'Unique-ID': 'u-1' });
    fake.last.event({ 'Event-Name': 'CUSTOM', 'Event-Subclass': 'sofia::register', 'from-user': '1000' });
    fake.last.event({ 'Event-Name': 'HEARTBEAT' });
    await all;
    expect(heard).toEqual(['answer u-1', 'any CHANNEL_ANSWER', 'register 1000', 'any CUSTOM', 'any HEARTBEAT']);
  });

  it('runs api and bgapi, and tells their refusals', async () => {
    const client = await dial();
    expect((await client.api('status')).text).toBe('status\n');
    const job = await client.bgapi('originate user/1000 &park()');
    expect([job.text, job.isRefusal]).toEqual(['+OK originate user/1000 &park()\n', false]);
    fake.answer = (_, peer) => peer.reply('-ERR permission denied');
    await expect(client.api('status')).rejects.toMatchObject({ code: 'driver.refused' });
    await expect(client.bgapi('status')).rejects.toMatchObject({ code: 'driver.refused' });
    await expect(client.execute('u-1', { app: 'playback' })).rejects.toMatchObject({ code: 'driver.refused' });
  });

  it('tells a wrong password, and that nobody lets us in', async () => {
    await expect(dial({ password: 'wrong' })).rejects.toMatchObject({ code: 'link.auth' });
    expect(() => new EslClient({ password: 'x', port: 0 })).toThrow(
      expect.objectContaining({ code: 'config.invalid' }),
    );
    expect(() => new EslClient({ password: 'x', charset: 'no-such' })).toThrow(/charset/);
    expect(() => new EslClient({ password: 'a\nb' })).toThrow(/password/);
  });

  it('comes back after a loss, asks for everything again, and tells the gap', async () => {
    const client = await dial({ events: ['CHANNEL_ANSWER'] });
    await client.subscribe({ events: ['DTMF'] });
    await client.filter('Unique-ID', 'u-1');
    const got: (EslEvent | EslGap)[] = [];
    const reading = (async () => {
      for await (const item of client.events()) got.push(item);
    })();
    const lost = client.bgapi('status');
    fake.answer = () => undefined;
    const down = next(client, 'down');
    const up = next(client, 'up');
    fake.answer = standard;
    fake.last.socket.destroy();
    await expect(lost).rejects.toMatchObject({ code: 'driver.linkLost' });
    expect((await down).reason).toBe('closed');
    await up;
    expect(fake.last.lines).toEqual([
      'event plain BACKGROUND_JOB',
      'event plain CHANNEL_ANSWER',
      'event plain DTMF',
      'filter Unique-ID u-1',
      'filter Event-Name BACKGROUND_JOB',
    ]);
    fake.last.event({ 'Event-Name': 'DTMF' });
    await client.api('x');
    await client.close();
    await client.close();
    await reading;
    expect(got.map((item) => (item.type === 'gap' ? item.reason : item.name))).toEqual(['linkLost', 'DTMF']);
    await expect(client.api('status')).rejects.toMatchObject({ code: 'driver.linkLost' });
  });

  it('keeps a listener that throws from the others', async () => {
    const errors: string[] = [];
    const quiet = (): void => undefined;
    const log = { debug: quiet, info: quiet, warn: quiet, error: (message: string) => errors.push(message) };
    const client = await connectEsl({ port: fake.port, password: PASSWORD }, { log });
    open.push(client);
    const heard = new Promise<void>((resolve) => {
      client.on('DTMF', () => {
        throw new Error('broken');
      });
      client.on('DTMF', () => resolve());
    });
    fake.last.event({ 'Event-Name': 'DTMF' });
    await heard;
    expect(errors).toEqual(['a listener of an event failed']);
  });
});

type Answering = (asked: Asked, peer: FakePeer) => void;
/** Answers as the standard does, but leaves out, or delays, what `rule` says. */
const but =
  (rule: (asked: Asked, peer: FakePeer) => boolean): Answering =>
  (asked, peer) => {
    if (!rule(asked, peer)) standard(asked, peer);
  };

describe('answers that do not come', () => {
  it('are not taken from the next command, when they never come', async () => {
    const client = await dial();
    fake.answer = but(({ line }) => line === 'api stuck');
    const stuck = client.api('stuck', { timeoutMs: 30 });
    const second = client.api('second');
    await expect(stuck).rejects.toMatchObject({ code: 'driver.timeout' });
    expect((await second).text).toBe('second\n');
    expect((await client.api('third')).text).toBe('third\n');
  });

  it('are not given to the next command, when they come late', async () => {
    const client = await dial();
    let late: (() => void) | undefined;
    const waiting: (() => void)[] = [];
    fake.answer = (asked, peer) => {
      const say = (): void => standard(asked, peer);
      // As FreeSWITCH does: nothing is answered before the api that runs.
      if (asked.line === 'api slow') late = say;
      else if (late !== undefined) waiting.push(say);
      else say();
    };
    const slow = client.api('slow', { timeoutMs: 30 });
    const second = client.api('second');
    await expect(slow).rejects.toMatchObject({ code: 'driver.timeout' });
    await fake.last.until('filter delete');
    late?.();
    late = undefined;
    for (const say of waiting) say();
    expect((await second).text).toBe('second\n');
    expect((await client.api('third')).text).toBe('third\n');
  });

  it('let the link end when not even a marker is answered', async () => {
    const client = await dial({ probeEvery: 100, probeTimeout: 100 });
    fake.answer = (asked, peer) => {
      if (peer !== fake.peers[0]) standard(asked, peer);
    };
    const down = next(client, 'down');
    expect((await down).reason).toBe('timeout');
    await next(client, 'up');
  });
});

describe('a slow reader', () => {
  it('loses events past the cap, is told so, and the socket is read all the time', async () => {
    const client = await dial({ events: ['ALL'], maxQueuedEvents: 50 });
    let heard = 0;
    let dropped = 0;
    const reasons = new Set<string>();
    client.onLink((event) => {
      if (event.type !== 'gap') return;
      dropped += event.dropped;
      reasons.add(event.reason);
    });
    client.on('DTMF', () => {
      const until = performance.now() + 1;
      while (performance.now() < until) heard += 0;
      heard += 1;
    });
    for (let n = 0; n < 2_000; n++) fake.last.event({ 'Event-Name': 'DTMF', Seq: String(n), Filler: 'x'.repeat(500) });
    // The reader may catch up in between, when the system holds back a part of what was sent: then there is more than one gap.
    await vi.waitFor(() => expect(heard + dropped).toBe(2_000));
    expect([...reasons]).toEqual(['slow']);
    expect(dropped).toBeGreaterThan(1_000);
    expect(fake.last.socket.writableLength).toBe(0);
  });

  it('does not keep the result of a job from coming', async () => {
    const client = await dial({ events: ['ALL'], maxQueuedEvents: 1 });
    client.on('DTMF', () => {
      const until = performance.now() + 20;
      while (performance.now() < until);
    });
    const ids = Array.from({ length: 20 }, (_, n) => client.bgapi(`n ${n}`));
    for (let n = 0; n < 20; n++) fake.last.event({ 'Event-Name': 'DTMF' });
    expect((await Promise.all(ids)).map(({ text }) => text)).toEqual(ids.map((_, n) => `+OK n ${n}\n`));
  });
});

it('reads a stream of its own at its own pace', async () => {
  const client = await dial({ events: ['ALL'] });
  const stream = client.events({ maxQueued: 3 });
  for (let n = 0; n < 6; n++) fake.last.event({ 'Event-Name': 'DTMF', N: String(n) });
  await client.api('done');
  const got: string[] = [];
  for await (const item of stream) {
    got.push(item.type === 'gap' ? `gap ${item.dropped}` : (item.get('N') ?? ''));
    if (item.type === 'gap') fake.last.event({ 'Event-Name': 'DTMF', N: 'after' });
    if (got.at(-1) === 'after') break;
  }
  expect(got).toEqual(['0', '1', '2', 'gap 3', 'after']);
});
