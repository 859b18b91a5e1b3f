import { expect, it } from 'vitest';
import { ACCEPTED, Running } from './running.js';

const LATE_MS = 200;

/** A caller and an agent in a bridge, and what the switch reads from then on; its park of the caller is late. */
async function talk() {
  const seen: string[] = [];
  let isOver = true;
  const running = await Running.start({
    faults: {
      reply: (line) => {
        if (isOver) return undefined;
        const [word = '', command = ''] = line.split(' ');
        if (word === 'sendmsg') seen.push(line.split('\n')[0]?.endsWith(caller) ? 'to the caller' : 'to the agent');
        if (word !== 'api' || command !== 'uuid_transfer') return undefined;
        seen.push('parks');
        return { lateMs: LATE_MS };
      },
    },
  });
  await running.world.phones[0].setHabit('answer');
  const connectionId = await running.caller();
  const caller = [...running.world.face.sw.channels.keys()][0] ?? '';
  expect(await running.originate('agent')).toEqual(ACCEPTED);
  await running.sees('connected', 2);
  const both = { type: 'bridge', bridgeId: 'b1', connectionIds: ['sim~agent', connectionId] };
  expect(await running.run(both)).toEqual(ACCEPTED);
  isOver = false;
  return { running, connectionId, seen };
}

const ringing = {
  type: 'play',
  connectionId: 'sim~agent',
  playbackId: 'y1',
  media: [{ kind: 'tone', tone: 'ringback' }],
};

/**
 * A consultation: the caller is taken out of the bridge and hears music, the agent hears the ringing tone, all asked in one breath. Whoever plays something in a bridge of
 * FreeSWITCH leaves it when that has ended and not before (`switch_ivr_bridge.c`, `switch_ivr_parse_next_event`), and breaks off what the other one hears then.
 */
it('plays a tone to one whose partner is on the way out of their bridge when both are out', async () => {
  const { running, connectionId, seen } = await talk();
  void running.give({ type: 'unbridge', connectionId }).then((reply) => seen.push(`parted ${reply.outcome}`));
  void running.give({ type: 'holdMusic', connectionId, mode: 'start' });
  void running.give(ringing);
  expect(await running.world.until(() => seen.includes('to the agent'), 3_000)).toBe(true);
  expect(seen.slice(0, 2)).toEqual(['parks', 'parted accepted']);
  expect([...seen].sort()).toEqual(['parks', 'parted accepted', 'to the agent', 'to the caller']);
  await running.sees('playbackStarted');
});

it.each([
  ['a tone that is asked for a moment later', [], [ringing]],
  ['music, as they both leave at once', [{ type: 'unbridge' }, { type: 'holdMusic', mode: 'start' }], []],
])('plays %s when both are out', async (_what, atOnce, later) => {
  const { running, connectionId, seen } = await talk();
  // The agent's channel, which looks first, is slow to see that it is alone.
  const slow = [3 * LATE_MS];
  running.world.face.sw.noticeMs = () => slow.shift() ?? 5;
  running.reader = (event) => {
    if (event.type !== 'unbridged' || event.connectionId !== connectionId) return;
    seen.push('caller out');
    for (const command of later) void running.give(command);
  };
  void running.give({ type: 'unbridge', connectionId });
  for (const command of atOnce) void running.give({ ...command, connectionId: 'sim~agent' });
  expect(await running.world.until(() => seen.includes('caller out'), 1_000)).toBe(true);
  await running.world.pass(LATE_MS);
  expect(seen).toEqual(['parks', 'caller out']);
  expect(await running.world.until(() => seen.includes('to the agent'), 2 * LATE_MS)).toBe(true);
});

it('waits no longer for one whom the switch does not tell of than for any other', async () => {
  const { running, connectionId, seen } = await talk();
  // The agent's channel sees only after a minute that it is alone.
  const slow = [60_000];
  running.world.face.sw.noticeMs = () => slow.shift() ?? 5;
  void running.give({ type: 'unbridge', connectionId }).then((reply) => seen.push(`parted ${reply.outcome}`));
  expect(await running.world.until(() => seen.includes('parks'), 1_000)).toBe(true);
  const played = running.give({ type: 'holdMusic', connectionId: 'sim~agent', mode: 'start' });
  expect(await running.world.until(() => seen.includes('to the agent'), 2_000)).toBe(true);
  expect(seen).toContain('parted accepted');
  expect(await played).toEqual(ACCEPTED);
});

it('waits for nobody whom an outage has let out of the bridge unseen', async () => {
  const { running, connectionId, seen } = await talk();
  const parted = running.give({ type: 'unbridge', connectionId });
  expect(await running.world.until(() => seen.includes('parks'), 1_000)).toBe(true);
  await running.world.cutLink(300);
  await running.sees('linkSynced', 2);
  expect(await parted).toMatchObject({ outcome: 'refused', code: 'linkLost' });
  expect(await running.run(ringing)).toEqual(ACCEPTED);
  await running.sees('playbackStarted');
});

it('plays nothing that was stopped while it had to wait', async () => {
  const { running, connectionId, seen } = await talk();
  void running.give({ type: 'unbridge', connectionId }).then(() => seen.push('parted'));
  const played = running.give(ringing);
  const { connectionId: agent, playbackId } = ringing;
  expect(await running.run({ type: 'stopPlay', connectionId: agent, playbackId })).toEqual(ACCEPTED);
  await running.sees('playbackFinished');
  expect(await running.world.until(() => seen.includes('to the agent'), 2_000)).toBe(false);
  expect(seen).toEqual(['parks', 'parted']);
  expect(await played).toEqual(ACCEPTED);
  expect(running.of('playbackFinished').map(({ outcome }) => outcome)).toEqual(['stopped']);

  expect(await running.run({ ...ringing, playbackId: 'y2' })).toEqual(ACCEPTED);
  await running.sees('playbackStarted', 2);
  expect(running.laws.breaks).toEqual([]);
});
