import { expect, it } from 'vitest';
import { ACCEPTED, Running } from './running.js';

/** FreeSWITCH 1.11.2 tells CHANNEL_BRIDGE before it has joined the two: what is played or taken away then hangs both up. */
it('asks nothing of two that are being joined until the switch has done so', async () => {
  const seen: string[] = [];
  let joining = false;
  const running = await Running.start({
    faults: {
      reply: (line) => {
        if (!joining) return undefined;
        const [word = '', command = ''] = line.split(' ');
        if (word === 'sendmsg') seen.push('plays');
        if (word !== 'api' || command !== 'uuid_dump') return undefined;
        seen.push('looked');
        return { lateMs: 100 };
      },
    },
  });
  await running.world.phones[0].setHabit('answer');
  const caller = await running.caller();
  expect(await running.originate('agent')).toEqual(ACCEPTED);
  await running.sees('connected', 2);
  expect(await running.give({ type: 'bridge', bridgeId: 'b1', connectionIds: ['sim~agent'] })).toEqual(ACCEPTED);
  joining = true;
  running.reader = ({ type }) => {
    if (type !== 'bridged' || seen.includes('bridged')) return;
    seen.push('bridged');
    const media = [{ kind: 'prompt', prompt: 'welcome' }] as const;
    void running.give({ type: 'play', connectionId: 'sim~agent', playbackId: 'p1', media });
  };
  void running.give({ type: 'bridge', bridgeId: 'b1', connectionIds: [caller] }).then(() => seen.push('joined'));
  expect(await running.world.until(() => seen.includes('plays'), 2_000)).toBe(true);
  expect(seen).toEqual(['bridged', 'looked', 'joined', 'plays']);
});
