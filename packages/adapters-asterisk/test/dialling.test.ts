import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Asked, FakeAri } from './fake-ari.js';
import { channel, dialled, Harness, incoming, originate, told } from './harness.js';

let harness: Harness;
let ari: FakeAri;
beforeEach(async () => {
  harness = await Harness.open();
  ({ ari } = harness);
});
afterEach(() => harness.close());

const arrives = (id: string): void => ari.say({ type: 'StasisStart', args: ['out'], channel: dialled(id) });
const asked = (method: string, path: string): readonly Asked[] =>
  ari.asked.filter((one) => one.method === method && one.path === path);

describe('dialling', () => {
  it('tells a channel to dial when it has entered the application, not before', async () => {
    const running = await harness.synced();
    const reply = running.run(originate('x1'));
    await vi.waitFor(() => expect(asked('POST', '/channels/create')).toHaveLength(1));
    // Asterisk refuses a command between its answer and the event. Other calls go on meanwhile.
    ari.say(incoming('1.1'));
    await told(running, 'created');
    expect(await running.run({ type: 'answer', connectionId: 'main~1.1' })).toEqual({ outcome: 'accepted' });
    expect(asked('POST', '/channels/x1/dial')).toEqual([]);
    arrives('x1');
    expect(await reply).toEqual({ outcome: 'accepted' });
    expect(asked('POST', '/channels/x1/dial').map((one) => one.query)).toEqual([{ timeout: '5' }]);
    expect(running.events.at(-1)).toMatchObject({ type: 'created', connectionId: 'main~x1', callId: 'c' });
  });

  it('ends a channel that never enters, also when it enters late', async () => {
    const running = await harness.synced();
    expect(await running.run({ ...originate('x1'), boundMs: 100 })).toEqual({ outcome: 'refused', code: 'timeout' });
    await vi.waitFor(() => expect(asked('DELETE', '/channels/x1')).toHaveLength(1));
    arrives('x1');
    await vi.waitFor(() => expect(asked('DELETE', '/channels/x1')).toHaveLength(2));
    expect(running.types()).not.toContain('created');
    expect(asked('POST', '/channels/x1/dial')).toEqual([]);
  });

  it('ends a channel that is not told to dial', async () => {
    const running = await harness.synced();
    ari.answer = ({ path, method }) => {
      if (method === 'POST' && path === '/channels/create') arrives('x1');
      return path === '/channels/x1/dial' ? { status: 500, body: { error: 'no' } } : undefined;
    };
    expect(await running.run(originate('x1'))).toEqual({ outcome: 'accepted' });
    await vi.waitFor(() => expect(asked('DELETE', '/channels/x1')).toHaveLength(1));
    ari.say({ type: 'ChannelDestroyed', channel: dialled('x1'), cause: 16 });
    await told(running, 'cleared');
  });

  it('lets nothing but a hang-up and a mark through to a channel that rings', async () => {
    const running = await harness.synced();
    ari.answer = ({ path }) => {
      if (path === '/channels/create') arrives('x1');
      return undefined;
    };
    await running.run(originate('x1'));
    ari.say({ type: 'ChannelStateChange', channel: dialled('x1', 'Ringing') });
    await told(running, 'alerting');
    const on = { connectionId: 'main~x1' };
    const conflict = { outcome: 'refused', code: 'conflict' };
    expect(await running.run({ type: 'answer', ...on })).toEqual(conflict);
    expect(await running.run({ type: 'holdMusic', ...on, mode: 'start' })).toEqual(conflict);
    expect(await running.run({ type: 'bridge', bridgeId: 'b', connectionIds: ['main~x1'] })).toEqual(conflict);
    expect(await running.run({ type: 'clear', ...on, cause: 'cancelled' })).toEqual({ outcome: 'accepted' });
    ari.say({ type: 'ChannelStateChange', channel: dialled('x1', 'Up') });
    await told(running, 'connected');
    expect(await running.run({ type: 'mute', ...on, mode: 'mute' })).toEqual({ outcome: 'accepted' });
  });
});

describe('after an outage', () => {
  it('ends channels that nobody told to dial, and keeps those whose far end has answered something', async () => {
    ari.channels = [dialled('x1'), dialled('x2'), dialled('x3', 'Ringing'), dialled('x4', 'Up')];
    ari.answer = ({ path, method, query }) =>
      method === 'GET' && path === '/channels/x2/variable' && query.variable === 'CHANNEL(pjsip,remote_tag)'
        ? { status: 200, body: { value: 'tag' } }
        : undefined;
    const running = await harness.synced();
    const shown = running.events.flatMap((event) => (event.type === 'snapshot' ? event.snapshot.connections : []));
    expect(shown.map(({ connectionId, state }) => [connectionId, state])).toEqual([
      ['main~x2', 'initiated'],
      ['main~x3', 'alerting'],
      ['main~x4', 'connected'],
    ]);
    expect(asked('DELETE', '/channels/x1')).toHaveLength(1);
  });

  it('tells its snapshot while channels take no variable because something plays to them', async () => {
    ari.channels = [channel('1.1', { state: 'Up' })];
    ari.answer = ({ path, method }) => (method === 'POST' && path.endsWith('/variable') ? 'silence' : undefined);
    const running = await harness.synced();
    expect(running.types()).toEqual(['linkUp', 'snapshot', 'linkSynced']);
    await vi.waitFor(() => expect(asked('POST', '/channels/1.1/variable').length).toBeGreaterThan(0));
  });
});

describe('a phone that takes the place of another', () => {
  it('tells it, marks the newcomer, and ends what is left over in the bridge', async () => {
    const running = await harness.synced();
    ari.answer = ({ path }) => {
      if (path === '/channels/create') arrives('x1');
      return undefined;
    };
    await running.run(originate('x1'));
    ari.say({ type: 'ChannelStateChange', channel: dialled('x1', 'Up') });
    const bridge = (channels: readonly string[]): object => ({ id: 'b~1', bridge_class: 'stasis', channels });
    ari.say({ type: 'ChannelEnteredBridge', channel: dialled('x1', 'Up'), bridge: bridge(['x1']) });
    const thief = channel('9.9', { name: 'PJSIP/8003-00000009', state: 'Up', dialplan: { exten: '8001' } });
    ari.say({ type: 'StasisStart', args: [], channel: thief, replace_channel: dialled('x1', 'Up') });
    ari.say({ type: 'ChannelLeftBridge', channel: dialled('x1', 'Up'), bridge: bridge([]) });
    ari.say({ type: 'ChannelEnteredBridge', channel: thief, bridge: bridge(['9.9']) });
    await vi.waitFor(() => expect(asked('DELETE', '/channels/x1')).toHaveLength(1));
    ari.say({ type: 'ChannelDestroyed', channel: dialled('x1', 'Up'), cause: 16 });
    await told(running, 'cleared');
    expect(running.events.slice(5)).toMatchObject([
      { type: 'bridged', connectionId: 'main~x1' },
      { type: 'created', connectionId: 'main~9.9', device: 'main:extension:8003', callId: 'c' },
      { type: 'connected', connectionId: 'main~9.9' },
      { type: 'replaced', connectionId: 'main~x1', by: 'main~9.9' },
      { type: 'unbridged', connectionId: 'main~x1' },
      { type: 'bridged', connectionId: 'main~9.9' },
      { type: 'cleared', connectionId: 'main~x1', release: { cause: 'replaced' } },
    ]);
    const marks = (): readonly Asked[] =>
      asked('POST', '/channels/9.9/variable').filter((one) => one.query.variable === 'CORDBOARD_CALL');
    // Nobody waits for its answer, and it may go over another connection than what was asked after it.
    await vi.waitFor(() => expect(marks().map((one) => one.query.value)).toEqual(['c']));
  });

  it('leaves the end of one that rings to the switch', async () => {
    const running = await harness.synced();
    ari.answer = ({ path }) => {
      if (path === '/channels/create') arrives('x1');
      return undefined;
    };
    await running.run(originate('x1'));
    const thief = channel('9.9', { name: 'PJSIP/8003-00000009', state: 'Up', dialplan: { exten: '8001' } });
    ari.say({ type: 'StasisStart', args: [], channel: thief, replace_channel: dialled('x1', 'Ringing') });
    ari.say({ type: 'StasisEnd', channel: dialled('x1', 'Ringing') });
    ari.say({ type: 'ChannelDestroyed', channel: dialled('x1', 'Ringing'), cause: 0 });
    await told(running, 'cleared');
    expect(running.events.at(-1)).toMatchObject({ connectionId: 'main~x1', release: { cause: 'replaced' } });
    expect(asked('DELETE', '/channels/x1')).toEqual([]);
  });
});

describe('a recording', () => {
  const snoop = 'cb-rec-r1-m';
  const ended = { type: 'ChannelDestroyed', channel: channel('1.1', { state: 'Up' }), cause: 16 };

  it('ends as failed within two seconds of its connection when Asterisk never tells its end', async () => {
    const running = await harness.synced();
    ari.say(incoming('1.1'));
    await told(running, 'created');
    ari.answer = ({ path }) => {
      if (path.endsWith(`/snoop/${snoop}`)) ari.say({ type: 'StasisStart', args: ['helper'], channel: channel(snoop) });
      return undefined;
    };
    const record = { type: 'record', connectionId: 'main~1.1', recordingId: 'r1', tracks: 'mixed', format: 'wav' };
    expect(await running.run(record)).toEqual({ outcome: 'accepted' });
    ari.say({ type: 'RecordingStarted', recording: { name: 'r1', format: 'wav', state: 'recording' } });
    await told(running, 'recordingStarted');
    const from = performance.now();
    ari.say(ended);
    await told(running, 'cleared');
    expect(performance.now() - from).toBeGreaterThan(1_500);
    expect(running.events.slice(-2)).toMatchObject([
      { type: 'recordingFinished', recordingId: 'r1', outcome: 'failed', files: [] },
      { type: 'cleared', connectionId: 'main~1.1' },
    ]);
  });

  it('of an earlier life of the driver ends in the same way', async () => {
    ari.channels = [
      channel('1.1', { state: 'Up' }),
      channel(snoop, { name: 'Snoop/1.1-00000001', dialplan: { app_name: 'Stasis', app_data: 'cordboard,helper' } }),
    ];
    ari.answer = ({ path }) =>
      path === '/recordings/live/r1' ? { status: 200, body: { name: 'r1', format: 'wav' } } : undefined;
    const running = await harness.synced();
    expect(running.events[1]).toMatchObject({
      snapshot: { recordings: [{ recordingId: 'r1', connectionId: 'main~1.1' }] },
    });
    ari.say(ended);
    await told(running, 'cleared');
    expect(running.events.slice(-2)).toMatchObject([
      { type: 'recordingFinished', recordingId: 'r1', outcome: 'failed' },
      { type: 'cleared', connectionId: 'main~1.1' },
    ]);
  });
});
