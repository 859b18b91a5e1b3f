import { ACCEPTED } from '@cordboard/driver-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asterisk } from '../src/index.js';
import type { AsteriskOptionsInput } from '../src/options.js';
import type { FakeAri } from './fake-ari.js';
import { channel, dialled, Harness, incoming, originate, type Running, synced } from './harness.js';

let harness: Harness;
let ari: FakeAri;
let logged: readonly string[] = [];
const start = (more?: Partial<AsteriskOptionsInput>): Promise<Running> => harness.start(more);

beforeEach(async () => {
  harness = await Harness.open();
  ({ ari, logged } = harness);
});
afterEach(() => harness.close());

describe('the link', () => {
  it('logs in with a header, settles, and shows who lives', async () => {
    ari.channels = [channel('1.1', { state: 'Up' }), channel('2.2', { dialplan: { app_name: 'Dial', app_data: 'x' } })];
    ari.answer = ({ path, method }) =>
      method === 'GET' && path === '/channels/1.1/variable' ? { status: 200, body: { value: 'e-c9' } } : undefined;
    const running = await start();
    await synced(running);
    expect(running.types()).toEqual(['linkUp', 'snapshot', 'linkSynced']);
    expect(running.events[1]).toMatchObject({
      snapshot: {
        connections: [
          { connectionId: 'main~1.1', device: 'main:trunk:trunk', state: 'connected', callId: 'e-c9', control: 'full' },
        ],
        devices: [
          { device: 'main:extension:8001', presence: 'idle' },
          { device: 'main:trunk:trunk', presence: 'busy' },
        ],
      },
    });
    const subscribed = ari.asked.map((asked) => asked.query.eventSource).filter((source) => source !== undefined);
    // Device states over ARI lock Asterisk up when the socket closes under them.
    expect(subscribed).toEqual(['endpoint:PJSIP']);
  });

  it.each([404, 503])('takes %i at the event socket for a switch that starts, and tries again', async (status) => {
    ari.refuse = status;
    const running = await start();
    await vi.waitFor(() => expect(logged.filter((line) => line.includes('waiting')).length).toBeGreaterThan(2));
    expect(running.events).toEqual([]);
    ari.refuse = 0;
    await synced(running);
  });

  it('merges what is told while it asks: states into the snapshot, digits after it', async () => {
    ari.channels = [channel('1.1', { state: 'Up' }), channel('1.2')];
    let told = false;
    ari.answer = async ({ path }) => {
      if (path !== '/endpoints' || told) return undefined;
      told = true;
      ari.say({ type: 'StasisEnd', channel: channel('1.2') });
      ari.say({ type: 'ChannelDestroyed', channel: channel('1.2'), cause: 16 });
      ari.say(incoming('1.3'));
      ari.say({ type: 'ChannelDtmfReceived', digit: '5', duration_ms: 100, channel: channel('1.1', { state: 'Up' }) });
      await ari.heard();
      return undefined;
    };
    const running = await start();
    await vi.waitFor(() => expect(running.types()).toContain('digit'));
    expect(running.types()).toEqual(['linkUp', 'snapshot', 'linkSynced', 'digit']);
    const snapshot = running.events.find((event) => event.type === 'snapshot');
    expect(snapshot?.type === 'snapshot' ? snapshot.snapshot.connections.map((each) => each.connectionId) : []).toEqual(
      ['main~1.1', 'main~1.3'],
    );
  });

  it('answers linkLost to what waits before it tells the loss, and comes back with the same calls', async () => {
    const running = await start();
    await synced(running);
    ari.say(incoming('1.1'));
    await vi.waitFor(() => expect(running.types()).toContain('created'));
    ari.answer = ({ path }) => (path.endsWith('/answer') ? 'silence' : undefined);
    let answered = '';
    const waiting = running.run({ type: 'answer', connectionId: 'main~1.1' }).then((reply) => {
      answered = running.types().includes('linkDown') ? 'after' : 'before';
      return reply;
    });
    await vi.waitFor(() => expect(ari.asked.some((asked) => asked.path.endsWith('/answer'))).toBe(true));
    ari.channels = [channel('1.1')];
    ari.cut();
    expect(await waiting).toEqual({ outcome: 'refused', code: 'linkLost' });
    await vi.waitFor(() => expect(running.types().filter((type) => type === 'linkSynced').length).toBe(2));
    expect(running.types().filter((type) => type === 'created').length).toBe(1);
    expect(answered).not.toBe('');
  });

  it('gives way to another client of the same application and does not fight it', async () => {
    const running = await start();
    await synced(running);
    ari.say({ type: 'ApplicationReplaced', application: 'cordboard' });
    await vi.waitFor(() => expect(running.types()).toContain('linkDown'));
    expect(running.events.at(-1)).toMatchObject({ type: 'linkDown', reason: 'replaced' });
    await vi.waitFor(() => expect(logged.some((line) => line.includes('gaveUp'))).toBe(true));
    // The other end of the socket sees for itself that it is closed.
    await vi.waitFor(() => expect(ari.sockets.size).toBe(0));
    expect(harness.timers).toBe(0);
  });

  it('drops a link that gives no sign of life', async () => {
    const running = await start({ probeEvery: '100ms', probeTimeout: '100ms' });
    await synced(running);
    for (const socket of ari.sockets) socket.pause();
    await vi.waitFor(() => expect(running.types()).toContain('linkDown'));
    expect(running.events.find((event) => event.type === 'linkDown')).toMatchObject({ reason: 'timeout' });
  });

  it('leaves no timer, socket or word behind, at whatever moment it is stopped', async () => {
    for (const moment of ['before', 'dialling', 'up', 'inCommand'] as const) {
      const running = await start();
      if (moment === 'up' || moment === 'inCommand') await synced(running);
      if (moment === 'inCommand') {
        ari.say(incoming('1.1'));
        await vi.waitFor(() => expect(running.types()).toContain('created'));
        ari.answer = () => 'silence';
        const pending = running.run({ type: 'answer', connectionId: 'main~1.1' });
        await Promise.all([running.driver.stop(), running.driver.stop()]);
        expect(await pending).toEqual({ outcome: 'refused', code: 'stopped' });
      }
      await running.driver.stop();
      const count = running.events.length;
      await vi.waitFor(() => expect([harness.timers, ari.connections]).toEqual([0, 0]));
      expect(running.events.length).toBe(count);
      expect(await running.run({ type: 'answer', connectionId: 'main~1.1' })).toEqual({
        outcome: 'refused',
        code: 'stopped',
      });
    }
  });
});

describe('hostile input', () => {
  it('counts what it can not read, with a sample, and goes on', async () => {
    // More of them is told after a second: not while this looks.
    harness.hold(1_000);
    const running = await start();
    await synced(running);
    ari.say('{"type":');
    ari.say('[]');
    ari.say({ type: 'StasisStart', args: 'no list', channel: {} });
    ari.say({ type: 'EventOfALaterVersion', anything: 1 });
    ari.say(incoming('1.1'));
    await vi.waitFor(() => expect(running.types()).toContain('created'));
    const unreadable = running.events.filter((event) => event.type === 'unreadable');
    expect(unreadable).toEqual([
      { type: 'unreadable', linkId: 'ari', count: 1, sampleHex: Buffer.from('{"type":').toString('hex') },
    ]);
  });

  it('tells an event once that comes twice', async () => {
    const running = await start();
    await synced(running);
    for (const event of [
      incoming('1.1'),
      { type: 'ChannelDtmfReceived', timestamp: '1', digit: '5', channel: channel('1.1') },
      { type: 'ChannelDtmfReceived', timestamp: '2', digit: '5', channel: channel('1.1') },
    ]) {
      ari.say(event);
      ari.say(event);
    }
    await vi.waitFor(() => expect(running.types().filter((type) => type === 'digit').length).toBe(2));
    expect(running.types().slice(3)).toEqual(['created', 'digit', 'digit']);
  });

  it('cuts a peer off that sends more than the cap, and comes back', async () => {
    const running = await start();
    await synced(running);
    ari.say(`{"type":"${'x'.repeat(5 << 20)}"}`);
    await vi.waitFor(() => expect(running.types().filter((type) => type === 'linkSynced').length).toBe(2));
    expect(running.events.find((event) => event.type === 'linkDown')).toMatchObject({ reason: 'overflow' });
  });

  it('keeps numbers, names and passwords out of its log', async () => {
    const running = await start();
    await synced(running);
    ari.answer = ({ method }) => (method === 'GET' ? undefined : { status: 400, body: { message: 'no 13900000000' } });
    ari.say(incoming('1.1'));
    await vi.waitFor(() => expect(logged.some((line) => line.includes('failed'))).toBe(true));
    const reply = await running.run({ type: 'answer', connectionId: 'main~1.1' });
    expect(reply).toEqual({ outcome: 'refused', code: 'rejected', native: 'HTTP 400' });
    expect(logged.join('\n')).not.toMatch(/13900000000|secret pass/);
  });
});

describe('commands', () => {
  it('bounds each one', async () => {
    const running = await start();
    await synced(running);
    ari.say(incoming('1.1'));
    await vi.waitFor(() => expect(running.types()).toContain('created'));
    ari.answer = () => 'silence';
    expect(await running.run({ type: 'mute', connectionId: 'main~1.1', mode: 'mute', boundMs: 100 })).toEqual({
      outcome: 'refused',
      code: 'timeout',
    });
  });

  it('knows an originated leg whose event overtakes the answer, and one that comes to nothing', async () => {
    const running = await start();
    await synced(running);
    ari.answer = ({ path, method, query }) => {
      if (method !== 'POST') return undefined;
      if (path === '/channels/x1/dial') {
        ari.say({ type: 'Dial', dialstatus: '', peer: dialled('x1') });
        ari.say({ type: 'Dial', dialstatus: 'RINGING', peer: dialled('x1', 'Ringing') });
      }
      if (path !== '/channels/create') return undefined;
      if (query.channelId === 'x2') return { status: 500, body: { error: 'Allocation failed' } };
      ari.say({ type: 'StasisStart', args: ['out'], channel: dialled('x1') });
      return { status: 200, body: dialled('x1') };
    };
    expect(await running.run(originate('x1'))).toEqual({ outcome: 'accepted' });
    await vi.waitFor(() => expect(running.types()).toContain('alerting'));
    expect(await running.run(originate('x1'))).toEqual({ outcome: 'refused', code: 'conflict' });
    expect(await running.run(originate('x2'))).toEqual({ outcome: 'accepted' });
    expect(running.events.slice(3)).toMatchObject([
      { type: 'created', connectionId: 'main~x1' },
      { type: 'alerting', connectionId: 'main~x1' },
      { type: 'created', connectionId: 'main~x2' },
      { type: 'cleared', connectionId: 'main~x2', release: { cause: 'deviceUnreachable' } },
    ]);
  });

  it('ends a playback that Asterisk never ends, and one whose connection ends', async () => {
    const maxPlayMs = 7_654;
    harness.hold(maxPlayMs);
    const running = await start({ maxPlay: `${maxPlayMs}ms` });
    await synced(running);
    ari.say(incoming('1.1'));
    await vi.waitFor(() => expect(running.types()).toContain('created'));
    const play = (id: string): object => ({
      type: 'play',
      connectionId: 'main~1.1',
      playbackId: id,
      media: [{ kind: 'prompt', prompt: 'x' }],
    });
    expect(await running.run(play('p1'))).toEqual({ outcome: 'accepted' });
    harness.fire(maxPlayMs);
    await vi.waitFor(() => expect(running.types()).toContain('playbackFinished'));
    expect(running.events.at(-1)).toMatchObject({ playbackId: 'p1', outcome: 'failed' });
    await running.run(play('p2'));
    ari.say({ type: 'ChannelDestroyed', channel: channel('1.1'), cause: 16 });
    await vi.waitFor(() => expect(running.types()).toContain('cleared'));
    expect(running.events.slice(-3)).toMatchObject([
      { type: 'playbackStarted', playbackId: 'p2' },
      { type: 'playbackFinished', playbackId: 'p2', outcome: 'stopped' },
      { type: 'cleared' },
    ]);
  });
  it('plays nothing that was stopped while it had to wait for its turn', async () => {
    const { running, asked, letGo } = await heldBack('POST', '/channels/1.1/answer');
    const answered = running.run({ type: 'answer', connectionId: 'main~1.1' });
    await vi.waitFor(() => expect(asked()).toBe(1));
    const played = running.run(ringing('p1'));
    expect(await running.run({ type: 'stopPlay', connectionId: 'main~1.1', playbackId: 'p1' })).toEqual(ACCEPTED);
    letGo();
    expect(await answered).toEqual(ACCEPTED);
    expect(await played).toEqual(ACCEPTED);
    expect(running.events.slice(-2)).toMatchObject([
      { type: 'playbackStarted', playbackId: 'p1' },
      { type: 'playbackFinished', playbackId: 'p1', outcome: 'stopped' },
    ]);
    expect(ari.asked.filter(({ path, method }) => method === 'POST' && path.includes('/play/'))).toEqual([]);
  });

  it('stops a playback again whose stop came to Asterisk before it', async () => {
    const { running, asked, letGo } = await heldBack('POST', '/channels/1.1/play/');
    const played = running.run(ringing('p1'));
    await vi.waitFor(() => expect(asked()).toBe(1));
    const stops = (): number =>
      ari.asked.filter(({ path, method }) => method === 'DELETE' && path.includes('p1')).length;
    expect(await running.run({ type: 'stopPlay', connectionId: 'main~1.1', playbackId: 'p1' })).toEqual(ACCEPTED);
    expect(stops()).toBe(1);
    letGo();
    expect(await played).toEqual(ACCEPTED);
    expect(stops()).toBe(2);
  });

  it('plays what is in the store; what is not fails at once, since Asterisk would play it for ever', async () => {
    const running = await start();
    await synced(running);
    ari.say(incoming('1.1'));
    await vi.waitFor(() => expect(running.types()).toContain('created'));
    ari.answer = ({ path, method }) =>
      method === 'GET' && path === '/recordings/stored/w1' ? { status: 200, body: { name: 'w1' } } : undefined;
    const play = (id: string, recordingId: string): object => ({
      type: 'play',
      connectionId: 'main~1.1',
      playbackId: id,
      media: [{ kind: 'recording', recordingId }],
    });
    expect(await running.run(play('p1', 'w2'))).toEqual({ outcome: 'accepted' });
    await vi.waitFor(() => expect(running.types()).toContain('playbackFinished'));
    expect(running.events.at(-1)).toMatchObject({ playbackId: 'p1', outcome: 'failed' });
    expect(await running.run(play('p2', 'w1'))).toEqual({ outcome: 'accepted' });
    const played = ari.asked.filter(({ path, method }) => method === 'POST' && path.includes('/play/'));
    expect(played.map(({ query }) => query.media)).toEqual(['recording:w1']);
  });
});

/** A call that came in, on a switch that keeps its answers to one request back until it is let go, and does not know any playback. */
async function heldBack(method: string, path: string) {
  const running = await start();
  await synced(running);
  ari.say(incoming('1.1'));
  await vi.waitFor(() => expect(running.types()).toContain('created'));
  let letGo = (): void => undefined;
  const free = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let held = 0;
  ari.answer = async (asked) => {
    if (asked.method === 'DELETE') return { status: 404, body: { message: 'Playback not found' } };
    if (asked.method !== method || !asked.path.startsWith(path)) return undefined;
    held++;
    await free;
    return { status: 204 };
  };
  return { running, asked: () => held, letGo: () => letGo() };
}

const ringing = (playbackId: string): object => ({
  type: 'play',
  connectionId: 'main~1.1',
  playbackId,
  media: [{ kind: 'tone', tone: 'ringback' }],
});

describe('options', () => {
  it('names the field that is wrong', () => {
    for (const [wrong, path] of [
      [{}, 'ari'],
      [{ ari: { url: 'ftp://x', user: 'u', password: 'p' } }, 'ari.url'],
      [{ ari: { url: 'http://x', user: 'u', password: 'p' }, probeEvery: 'soon' }, 'probeEvery'],
      [{ ari: { url: 'http://x', user: 'u', password: 'p' }, typo: 1 }, 'asterisk'],
    ] as const) {
      expect(() => asterisk(wrong as unknown as AsteriskOptionsInput)).toThrow(
        expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(`option ${path}`) }),
      );
    }
  });
});
