import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { SimulatedClock, settle } from '@cordboard/driver-kit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { connectEsl, dialEsl, EslSession, type EslSocket } from '../src/esl/index.js';
import { FakeEsl, FakePeer, PASSWORD, standard } from './fake-esl.js';

const noOpenssl = spawnSync('openssl', ['version']).error !== undefined;
if (noOpenssl) console.info('skipped: without the program openssl there is no certificate to speak TLS with');

let fake: FakeEsl | undefined;
afterEach(async () => {
  await fake?.stop();
  fake = undefined;
});

/** A socket that is none: what is written is kept, and the clock is the test's. */
function quiet(): {
  session: EslSession;
  clock: SimulatedClock;
  written: string[];
  say: (text: string) => void;
  closed: () => boolean;
} {
  const clock = new SimulatedClock();
  const written: string[] = [];
  let onClose: () => void = () => undefined;
  let isClosed = false;
  const socket: EslSocket = {
    writableLength: 0,
    write: (text) => {
      written.push(text);
      return true;
    },
    destroy: () => {
      isClosed = true;
      queueMicrotask(onClose);
    },
    on: () => undefined,
    once: (_, listener) => {
      onClose = listener;
    },
  };
  const session = new EslSession(socket, { clock, random: () => 0.5 });
  return { session, clock, written, say: (text) => session.receive(Buffer.from(text)), closed: () => isClosed };
}
const reply = (text: string): string => `Content-Type: command/reply\nReply-Text: ${text}\n\n`;
const response = (text: string): string => `Content-Type: api/response\nContent-Length: ${text.length}\n\n${text}`;

describe('EslSession', () => {
  it('leaves no timer when it is closed, and answers all that wait', async () => {
    const { session, clock } = quiet();
    const waiting = [session.api('a'), session.api('b'), session.bgapi('c'), session.probe()];
    session.close('stopped');
    session.close('stopped');
    for (const each of waiting) await expect(each).rejects.toMatchObject({ code: 'driver.linkLost' });
    expect(await session.closed).toBe('stopped');
    expect(clock.pendingTimers).toBe(0);
    await expect(session.api('late')).rejects.toMatchObject({ code: 'driver.linkLost' });
  });

  it('sends one command at a time, and never one that was given up before', async () => {
    const { session, clock, written, say } = quiet();
    const first = session.api('one', { timeoutMs: 5_000 });
    const second = session.api('two', { timeoutMs: 1_000 });
    const third = session.api('three', { timeoutMs: 5_000 });
    await clock.tick(1_000);
    await expect(second).rejects.toMatchObject({ code: 'driver.timeout' });
    say(response('1'));
    say(response('3'));
    expect([(await first).text, (await third).text]).toEqual(['1', '3']);
    expect(written).toEqual(['api one\n\n', 'api three\n\n']);
  });

  it('gives up with its signal, and matches what comes late', async () => {
    const { session, written, say } = quiet();
    const abort = new AbortController();
    const first = session.api('one', { signal: abort.signal });
    const second = session.api('two');
    abort.abort();
    await expect(first).rejects.toMatchObject({ code: 'wait.aborted' });
    const marker = written.at(-1)?.match(/cordboard-marker (\S+)/)?.[1] ?? '';
    say(response('late answer of one'));
    say(reply(`+OK filter deleted. [cordboard-marker][${marker}]`));
    say(response('2'));
    expect((await second).text).toBe('2');
    expect(session.strays).toBe(0);
  });

  it('keeps its count with a peer that does not know the marker', async () => {
    const { session, clock, say } = quiet();
    const first = session.command({ line: 'noevents' }, { timeoutMs: 10 });
    const second = session.api('two');
    await clock.tick(10);
    await expect(first).rejects.toMatchObject({ code: 'driver.timeout' });
    say(reply('+OK no longer listening'));
    say(reply('-ERR command not found'));
    say(response('2'));
    expect((await second).text).toBe('2');
  });

  it('knows a job by its id, in whatever order results and answers come', async () => {
    const { session, written, say } = quiet();
    const jobs = [session.bgapi('a'), session.bgapi('b'), session.bgapi('c')];
    await settle();
    const ids = written.map((text) => /Job-UUID: (\S+)/.exec(text)?.[1] ?? '');
    expect(new Set(ids).size).toBe(3);
    const result = (id: string, text: string): string => {
      const inner = `Event-Name: BACKGROUND_JOB\nJob-UUID: ${id}\nContent-Length: ${text.length}\n\n${text}`;
      return `Content-Length: ${inner.length}\nContent-Type: text/event-plain\n\n${inner}`;
    };
    say(reply(`+OK Job-UUID: ${ids[0]}`));
    say(result(ids[2] ?? '', 'C'));
    // The answer to the second was left out: the third's tells so, and takes nothing away from it.
    say(reply(`+OK Job-UUID: ${ids[2]}`));
    say(result(ids[0] ?? '', 'A'));
    expect((await jobs[0])?.text).toBe('A');
    expect((await jobs[2])?.text).toBe('C');
    await expect(jobs[1]).rejects.toMatchObject({ code: 'driver.outcomeUnknown' });
  });

  it('counts an answer that nobody asked for, and reports what nobody can read', () => {
    const { session, say } = quiet();
    const samples: string[] = [];
    session.read({ unreadable: (sample) => samples.push(Buffer.from(sample).toString()) });
    say(reply('+OK'));
    say(`No: such thing\n${'x'.repeat(1_000)}\n\n`);
    expect(session.strays).toBe(1);
    expect([samples[0]?.slice(0, 14), samples[0]?.length]).toEqual(['No: such thing', 256]);
  });

  it('closes on a frame over its caps, and by itself behind a notice when the peer does not', async () => {
    const one = quiet();
    one.say('Content-Length: 99999999999\nContent-Type: text/event-plain\n\n');
    expect(await one.session.closed).toBe('overflow');
    const two = quiet();
    two.say('Content-Type: text/disconnect-notice\nContent-Length: 0\n\n');
    expect(two.closed()).toBe(false);
    await two.clock.tick(3_000);
    expect(await two.session.closed).toBe('closed');
    expect(two.clock.pendingTimers).toBe(0);
    const three = quiet();
    three.say('Content-Type: text/rude-rejection\nContent-Length: 0\n\n');
    expect(await three.session.closed).toBe('refused');
  });

  it('does not take a switch for dead that runs a long api within its bound', async () => {
    const { session, clock } = quiet();
    const slow = session.api('msleep 60000', { timeoutMs: 70_000 });
    await clock.tick(60_000);
    expect(clock.nowMs() - session.heardAtMs).toBe(0);
    await clock.tick(10_000);
    await expect(slow).rejects.toMatchObject({ code: 'driver.timeout' });
    expect(clock.nowMs() - session.heardAtMs).toBe(70_000);
    session.close('stopped');
  });
});

describe('connections', () => {
  it('end when the peer is silent without closing', async () => {
    const silent = createServer((socket) => {
      const peer = new FakePeer(socket);
      // Logs in, then never says a word again, as behind a firewall that forgot the connection.
      peer.answer = (asked, each) => (/^(auth|event)/.test(asked.line) ? standard(asked, each) : undefined);
      peer.head({ 'Content-Type': 'auth/request' });
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await using client = await connectEsl({
      port,
      password: PASSWORD,
      probeEvery: 100,
      probeTimeout: 100,
      backoffFirst: '60s',
    });
    const reason = await new Promise((resolve) => {
      client.onLink((event) => event.type === 'down' && resolve(event.reason));
    });
    expect(reason).toBe('timeout');
    silent.close();
  });

  it('give up with their signal, and tell that nobody listens', async () => {
    fake = await FakeEsl.start();
    const abort = new AbortController();
    abort.abort(new Error('given up'));
    const options = { clock: new SimulatedClock(), random: Math.random };
    const address = { host: '127.0.0.1', port: fake.port };
    await expect(dialEsl(address, { ...options, signal: abort.signal })).rejects.toThrow('given up');
    await fake.stop();
    await expect(dialEsl(address, { ...options, signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    fake = undefined;
  });

  it.skipIf(noOpenssl)('speak TLS where a proxy does, and refuse a certificate that nobody vouches for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'esl-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
      ],
      { stdio: 'ignore' },
    );
    const pair = { key: readFileSync(key), cert: readFileSync(cert) };
    rmSync(folder, { recursive: true });
    const proxy = createTlsServer(pair, (socket) => {
      const peer = new FakePeer(socket);
      peer.head({ 'Content-Type': 'auth/request' });
    });
    proxy.on('tlsClientError', () => undefined);
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const client = await connectEsl({ port, password: PASSWORD, tls: { ca: pair.cert } });
    expect((await client.api('status')).text).toBe('status\n');
    await client.close();
    await expect(connectEsl({ port, password: PASSWORD, tls: true })).rejects.toMatchObject({
      code: 'link.closed',
      message: expect.stringMatching(/DEPTH_ZERO_SELF_SIGNED_CERT/),
    });
    proxy.close();
  });
});
