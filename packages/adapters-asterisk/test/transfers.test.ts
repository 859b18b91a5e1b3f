import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FakeAri } from './fake-ari.js';
import { dialled, Harness, incoming, originate, type Running, told } from './harness.js';

let harness: Harness;
let ari: FakeAri;
beforeEach(async () => {
  harness = await Harness.open();
  ({ ari } = harness);
});
afterEach(() => harness.close());

const progress = (): readonly (string | undefined)[] =>
  ari.asked.filter((one) => one.path === '/channels/x1/transfer_progress').map((one) => one.query.states);

/** How long a transfer may take before the phone is told that there is none; it is over when the test says so. */
const WAIT_MS = 4_321;

/** Extension 8001 talks and asks for a transfer. */
const refers = async (): Promise<Running> => {
  harness.hold(WAIT_MS);
  const running = await harness.synced({ transferWait: `${WAIT_MS}ms` });
  ari.answer = ({ path }) => {
    if (path === '/channels/create') ari.say({ type: 'StasisStart', args: ['out'], channel: dialled('x1') });
    return undefined;
  };
  await running.run(originate('x1'));
  ari.say({ type: 'ChannelStateChange', channel: dialled('x1', 'Up') });
  await told(running, 'connected');
  ari.say({
    type: 'ChannelTransfer',
    channel: dialled('x1', 'Up'),
    referred_by: { source_channel: dialled('x1', 'Up') },
    refer_to: { requested_destination: { destination: '8099' } },
  });
  await told(running, 'transferRequested');
  return running;
};

describe('a phone that asked for a transfer', () => {
  it('is told that there is none when nothing came of it', async () => {
    await refers();
    expect(harness.timersOf(WAIT_MS)).toBe(1);
    expect(progress()).toEqual([]);
    harness.fire(WAIT_MS);
    await vi.waitFor(() => expect(progress()).toEqual(['channel_declined']), { interval: 2 });
  });

  it('is told good news when its connection is cleared, and nothing later', async () => {
    const running = await refers();
    await running.run({ type: 'clear', connectionId: 'main~x1', cause: 'transferred' });
    expect(progress()).toEqual(['channel_answered']);
    ari.say({ type: 'ChannelDestroyed', channel: dialled('x1', 'Up'), cause: 16 });
    await told(running, 'cleared');
    harness.fire(WAIT_MS);
    expect(harness.timersOf(WAIT_MS)).toBe(0);
    // Whatever it asked then, it asked before this.
    ari.say(incoming('1.1'));
    await vi.waitFor(() => expect(running.events.at(-1)).toMatchObject({ connectionId: 'main~1.1' }), { interval: 2 });
    expect(await running.run({ type: 'answer', connectionId: 'main~1.1' })).toEqual({ outcome: 'accepted' });
    expect(progress()).toEqual(['channel_answered']);
  });
});
