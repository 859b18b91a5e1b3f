import {
  asId,
  type BridgeId,
  type ConnectionId,
  type DriverCommand,
  type DriverReply,
  type PlaybackId,
} from '@cordboard/cti-core';
import { settle } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { AskedPlaybacks } from './asked-playbacks.js';
import { Lanes } from './lanes.js';
import { carryOutMedia, type MediaHands } from './media-commands.js';
import { ACCEPTED, refused } from './replies.js';

const never = new AbortController().signal;
const a = asId<ConnectionId>('a');
const b = asId<ConnectionId>('b');
const p = asId<PlaybackId>('p');
const command = (said: object): DriverCommand => ({ commandId: 'c', boundMs: 1_000, ...said }) as DriverCommand;

/** Hands that note what they are told, and hold every reply until it is let go. */
function world(gone: readonly string[] = [], more: Partial<MediaHands<string>> = {}) {
  const log: string[] = [];
  const held: (() => void)[] = [];
  const note = (words: string): Promise<DriverReply> => {
    log.push(words);
    return new Promise((resolve) => held.push(() => resolve(ACCEPTED)));
  };
  const hands: MediaHands<string> = {
    lanes: new Lanes(),
    asked: new AskedPlaybacks(),
    legOf: (id) => (gone.includes(id) ? undefined : `leg ${id}`),
    bridgeLane: (bridgeId) => `bridge ${bridgeId}`,
    originate: () => note('originate'),
    clear: (_one, leg) => note(`clear ${leg}`),
    stopPlay: (_one, leg) => note(`stopPlay ${leg}`),
    bridge: (one, legs) => note(`bridge ${one.bridgeId} ${legs.join(' ')}`),
    monitor: (one, { supervisor, target }) => note(`monitor ${supervisor} ${target} ${one.mode}`),
    onLeg: (one, leg) => note(`${one.type} ${leg}`),
    ...more,
  };
  const say = (said: object): Promise<DriverReply> => carryOutMedia(hands, command(said), never);
  const letGo = async (): Promise<void> => {
    held.shift()?.();
    await settle();
  };
  return { log, say, letGo };
}

describe('carryOutMedia', () => {
  it('keeps commands on one connection in order; a hang-up and the end of a playback wait for nobody', async () => {
    const { log, say, letGo } = world();
    void say({ type: 'answer', connectionId: a });
    void say({ type: 'play', connectionId: a, playbackId: 'p' });
    void say({ type: 'play', connectionId: b, playbackId: 'q' });
    await settle();
    expect(log).toEqual(['answer leg a', 'play leg b']);
    void say({ type: 'stopPlay', connectionId: a });
    void say({ type: 'clear', connectionId: a });
    expect(log.slice(2)).toEqual(['stopPlay leg a', 'clear leg a']);
    await letGo();
    expect(log.slice(4)).toEqual(['play leg a']);
  });

  it('lets a command wait for what was said to somebody else too, and those after it for both', async () => {
    const alsoAfter = ({ type }: { readonly type: string }) => (type === 'play' ? [a] : []);
    const { log, say, letGo } = world([], { alsoAfter });
    void say({ type: 'unbridge', connectionId: a });
    void say({ type: 'play', connectionId: b });
    void say({ type: 'holdMusic', connectionId: a });
    void say({ type: 'answer', connectionId: b });
    await settle();
    expect(log).toEqual(['unbridge leg a']);
    await letGo();
    expect(log.slice(1)).toEqual(['play leg b']);
    await letGo();
    expect(log.slice(2)).toEqual(['holdMusic leg a', 'answer leg b']);
  });

  it('notes the end of a playback that still waits for its turn, and refuses a second one of its id', async () => {
    const asked = new AskedPlaybacks();
    const { say, letGo } = world([], { asked });
    void say({ type: 'answer', connectionId: a });
    const played = say({ type: 'play', connectionId: a, playbackId: p });
    await expect(say({ type: 'play', connectionId: b, playbackId: p })).resolves.toEqual(refused('conflict'));
    expect(asked.isStopped(p)).toBe(false);
    void say({ type: 'stopPlay', connectionId: a, playbackId: p });
    expect(asked.isStopped(p)).toBe(true);
    await letGo();
    expect(asked.isStopped(p)).toBe(true);
    await letGo();
    await letGo();
    await expect(played).resolves.toEqual(ACCEPTED);
    void say({ type: 'stopPlay', connectionId: a, playbackId: p });
    expect(asked.isStopped(p)).toBe(false);
    void say({ type: 'play', connectionId: a, playbackId: p });
    await settle();
    expect(asked.isStopped(p)).toBe(false);
  });

  it('joins after what was said to each connection and to the bridge', async () => {
    const { log, say, letGo } = world();
    void say({ type: 'holdMusic', connectionId: b });
    void say({ type: 'bridge', bridgeId: asId<BridgeId>('x'), connectionIds: [a, b] });
    void say({ type: 'bridge', bridgeId: asId<BridgeId>('x'), connectionIds: [asId<ConnectionId>('c')] });
    await settle();
    expect(log).toEqual(['holdMusic leg b']);
    await letGo();
    expect(log.slice(1)).toEqual(['bridge x leg a leg b']);
    await letGo();
    expect(log.slice(2)).toEqual(['bridge x leg c']);
  });

  it('keeps both connections of a monitor', async () => {
    const { log, say, letGo } = world();
    void say({ type: 'monitor', connectionId: a, targetId: b, mode: 'listen' });
    void say({ type: 'unbridge', connectionId: b });
    await settle();
    expect(log).toEqual(['monitor leg a leg b listen']);
    await letGo();
    expect(log.slice(1)).toEqual(['unbridge leg b']);
  });

  it('says which connection is gone, looked at when its turn comes', async () => {
    const gone: string[] = [];
    const { log, say, letGo } = world(gone);
    void say({ type: 'answer', connectionId: a });
    const later = say({ type: 'play', connectionId: a });
    await settle();
    gone.push('a');
    await letGo();
    await expect(later).resolves.toMatchObject({ outcome: 'refused', code: 'gone' });
    for (const said of [
      { type: 'clear', connectionId: a },
      { type: 'stopPlay', connectionId: a },
      { type: 'bridge', bridgeId: 'x', connectionIds: [b, a] },
      { type: 'monitor', connectionId: b, targetId: a, mode: 'listen' },
      { type: 'monitor', connectionId: a, targetId: b, mode: 'listen' },
    ])
      await expect(say(said)).resolves.toMatchObject({ outcome: 'refused', code: 'gone' });
    expect(log).toEqual(['answer leg a']);
  });

  it('carries out no service of another profile, and no flash', async () => {
    const { log, say } = world();
    for (const said of [
      { type: 'hold', connectionId: a },
      { type: 'flash', connectionId: a },
    ])
      await expect(say(said)).resolves.toMatchObject({ outcome: 'refused', code: 'notSupported' });
    expect(log).toEqual([]);
  });

  it('makes a call beside everything else', async () => {
    const { log, say } = world();
    void say({ type: 'answer', connectionId: a });
    void say({ type: 'originate', connectionId: a });
    await settle();
    expect(log).toContain('originate');
  });
});
