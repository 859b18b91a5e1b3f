import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type EslCall, type EslServer, listenEsl } from '../src/esl/index.js';
import type { EslServerOptionsInput } from '../src/options.js';
import { type Asked, dialAsSwitch, type FakePeer, standard } from './fake-esl.js';

let server: EslServer | undefined;
const peers: FakePeer[] = [];
afterEach(async () => {
  await server?.close();
  await server?.close();
  for (const { socket } of peers.splice(0)) socket.destroy();
});

/** A switch that hands over one call. `full` is what the dialplan says behind the address. */
async function callFrom(options: {
  uuid: string;
  full: boolean;
  answer?: (asked: Asked, peer: FakePeer) => void;
}): Promise<FakePeer> {
  const peer = await dialAsSwitch(server?.port ?? 0);
  peers.push(peer);
  peer.answer = (asked, each) => {
    if (asked.line === 'connect') {
      each.head({
        'Event-Name': 'CHANNEL_DATA',
        'Unique-ID': options.uuid,
        'Caller-Caller-ID-Name': '%E5%BC%A0%E4%B8%89',
        'Content-Type': 'command/reply',
        'Reply-Text': '%2BOK%0A',
        'Socket-Mode': 'async',
        Control: options.full ? 'full' : 'single-channel',
      });
    } else (options.answer ?? standard)(asked, each);
  };
  return peer;
}

/** Starts a server and gives the calls that it takes, one by one. */
async function listen(options: EslServerOptionsInput = {}): Promise<() => Promise<EslCall>> {
  const taken: EslCall[] = [];
  const waiting: ((call: EslCall) => void)[] = [];
  server = await listenEsl({ port: 0, linger: '3s', ...options }, (call) => {
    const next = waiting.shift();
    if (next === undefined) taken.push(call);
    else next(call);
  });
  return () => {
    const call = taken.shift();
    return call === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(call);
  };
}

describe('EslServer', () => {
  it('takes a call with connect first, lingers, and hears its events', async () => {
    const next = await listen();
    const peer = await callFrom({ uuid: 'u-1', full: true });
    const call = await next();
    expect(peer.lines).toEqual(['connect', 'linger 3', 'myevents']);
    expect([call.uuid, call.control, call.mode]).toEqual(['u-1', 'full', 'async']);
    expect(call.channel.get('Caller-Caller-ID-Name')).toBe('张三');
    const heard = new Promise<string | undefined>((resolve) => {
      call.on('DTMF', (event) => resolve(event.get('DTMF-Digit')));
    });
    peer.event({ 'Event-Name': 'DTMF', 'DTMF-Digit': '5' });
    expect(await heard).toBe('5');
  });

  it('waits for the end of an application, by its own id', async () => {
    const next = await listen();
    const peer = await callFrom({ uuid: 'u-2', full: true });
    const call = await next();
    const ended = call.run('playback', 'a.wav');
    const { headers } = await peer.until('sendmsg');
    peer.event({ 'Event-Name': 'CHANNEL_EXECUTE_COMPLETE', 'Application-UUID': 'of another' });
    peer.event({
      'Event-Name': 'CHANNEL_EXECUTE_COMPLETE',
      'Application-UUID': headers['Event-UUID'] ?? '',
      'Application-Response': 'FILE PLAYED',
    });
    expect((await ended).get('Application-Response')).toBe('FILE PLAYED');
    expect([headers['execute-app-name'], headers['event-lock']]).toEqual(['playback', 'true']);
  });

  it('tells those that wait for an application when the call ends first, reads on, and is closed by the switch', async () => {
    const next = await listen();
    const peer = await callFrom({ uuid: 'u-3', full: true });
    const call = await next();
    const names: string[] = [];
    call.on('*', (event) => names.push(event.name));
    const run = call.run('playback', 'a.wav');
    await peer.until('sendmsg');
    peer.event({ 'Event-Name': 'CHANNEL_HANGUP', 'Unique-ID': 'u-3' });
    // The notice of lingering may come before the last events: nothing may be closed by it.
    peer.head({
      'Content-Type': 'text/disconnect-notice',
      'Content-Disposition': 'linger',
      'Linger-Time': '3',
      'Content-Length': '0',
    });
    peer.event({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', 'Unique-ID': 'u-3' });
    await expect(run).rejects.toMatchObject({ code: 'call.state' });
    peer.notice();
    peer.socket.end();
    expect(await call.closed).toBe('closed');
    expect(names).toEqual(['CHANNEL_HANGUP', 'CHANNEL_HANGUP_COMPLETE']);
    await expect(call.hangUp()).rejects.toMatchObject({ code: 'driver.linkLost' });
    await call.close();
  });

  it('takes calls without full too, where linger and api are refused', async () => {
    const next = await listen();
    const refusing = (asked: Asked, peer: FakePeer): void =>
      /^(linger|api)/.test(asked.line) ? peer.reply('-ERR command not found') : standard(asked, peer);
    await callFrom({ uuid: 'u-4', full: false, answer: refusing });
    const call = await next();
    expect(call.control).toBe('single');
    await expect(call.variable('x')).rejects.toMatchObject({ code: 'driver.refused' });
    await call.execute('answer');
  });

  it('gives a call back to the dialplan when there are too many, and takes the next when one has ended', async () => {
    const next = await listen({ maxCalls: 1 });
    const first = await callFrom({ uuid: 'u-5', full: true });
    await next();
    const second = await callFrom({ uuid: 'u-6', full: true });
    await once(second.socket, 'close');
    expect(second.lines).toEqual(['connect', 'resume']);
    first.socket.end();
    await once(first.socket, 'close');
    await callFrom({ uuid: 'u-7', full: true });
    expect((await next()).uuid).toBe('u-7');
  });

  it('closes on a peer that is no switch, and on one that says nothing', async () => {
    await listen({ connectTimeout: 100 });
    const peer = await dialAsSwitch(server?.port ?? 0);
    peers.push(peer);
    peer.answer = () => peer.reply('+OK');
    await once(peer.socket, 'close');
    const silent = await dialAsSwitch(server?.port ?? 0);
    peers.push(silent);
    silent.answer = () => undefined;
    await once(silent.socket, 'close');
    expect(server?.calls).toBe(0);
  });

  it('serves fifty calls at once, each with its own events', async () => {
    const next = await listen();
    const calls = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        await callFrom({ uuid: `u-${n}`, full: true });
        return await next();
      }),
    );
    expect(new Set(calls.map(({ uuid }) => uuid)).size).toBe(50);
    const texts = await Promise.all(calls.map(async (call) => (await call.api(`echo ${call.uuid}`)).text));
    expect(texts).toEqual(calls.map(({ uuid }) => `echo ${uuid}\n`));
    expect(server?.calls).toBe(50);
  });
});
