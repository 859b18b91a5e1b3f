import { expect, it } from 'vitest';
import { ACCEPTED, Running } from './running.js';

/** What sounds on the only channel, and a hand of the switch that ends it. */
function soundsOf(running: Running) {
  const [channel] = [...running.world.face.sw.channels.values()];
  return {
    paths: () => [...(channel?.sounds ?? [])].map(({ path }) => path),
    end: () => {
      for (const sound of [...(channel?.sounds ?? [])]) sound.stop('break');
    },
  };
}

const MUSIC = 'local_stream://moh';

/**
 * FreeSWITCH 1.11.2: whoever was joined with a caller leaves that bridge only when a tone that they hear has ended, and breaks off what the
 * caller hears then. A caller on hold heard nothing for the rest of a consultation.
 */
it('plays hold music again when the switch has ended it by itself', async () => {
  const running = await Running.start();
  const connectionId = await running.caller();
  const { paths, end } = soundsOf(running);
  expect(await running.run({ type: 'holdMusic', connectionId, mode: 'start' })).toEqual(ACCEPTED);
  expect(await running.world.until(() => paths().includes(MUSIC), 2_000)).toBe(true);
  end();
  expect(paths()).toEqual([]);
  expect(await running.world.until(() => paths().includes(MUSIC), 2_000)).toBe(true);

  expect(await running.run({ type: 'holdMusic', connectionId, mode: 'stop' })).toEqual(ACCEPTED);
  expect(await running.world.until(() => paths().length > 0, 5_000)).toBe(false);
});

it('gives a stream up that ends again and again', async () => {
  const running = await Running.start();
  const connectionId = await running.caller();
  const { paths, end } = soundsOf(running);
  expect(await running.run({ type: 'holdMusic', connectionId, mode: 'start' })).toEqual(ACCEPTED);
  let begun = 0;
  await running.world.until(() => {
    begun += paths().length;
    end();
    return false;
  }, 60_000);
  expect(begun).toBe(6);
});

it('plays no hold music to one who was joined meanwhile, or whose call is over', async () => {
  const running = await Running.start();
  await running.world.phones[0].setHabit('answer');
  const connectionId = await running.caller();
  const { paths, end } = soundsOf(running);
  expect(await running.originate('agent')).toEqual(ACCEPTED);
  await running.sees('connected', 2);
  expect(await running.run({ type: 'holdMusic', connectionId, mode: 'start' })).toEqual(ACCEPTED);
  expect(await running.world.until(() => paths().includes(MUSIC), 2_000)).toBe(true);
  end();
  const both = { type: 'bridge', bridgeId: 'b1', connectionIds: [connectionId, 'sim~agent'] };
  expect(await running.run(both)).toEqual(ACCEPTED);
  expect(await running.world.until(() => paths().length > 0, 5_000)).toBe(false);
  expect(running.of('cleared')).toEqual([]);
  expect(await running.run({ type: 'clear', connectionId, cause: 'normal' })).toEqual(ACCEPTED);
  await running.sees('cleared');
});

/** An administrator's `uuid_bridge` at the console, or `intercept` in a dialplan of their own: the driver is not asked, and stops nothing before. */
it('plays no hold music to one whom somebody has joined at the switch itself', async () => {
  const running = await Running.start();
  const { world } = running;
  await world.phones[0].setHabit('answer');
  const connectionId = await running.caller();
  expect(await running.originate('agent')).toEqual(ACCEPTED);
  await running.sees('connected', 2);
  expect(await running.run({ type: 'holdMusic', connectionId, mode: 'start' })).toEqual(ACCEPTED);
  const [caller, agent] = [...world.face.sw.channels.values()];
  if (caller === undefined || agent === undefined) throw new Error('two channels are needed');
  const paths = (): string[] => [...caller.sounds].map(({ path }) => path);
  expect(await world.until(() => paths().includes(MUSIC), 2_000)).toBe(true);
  world.face.sw.bridgeCommand?.(agent, caller);
  expect(await world.until(() => paths().length === 0 && caller.partner === agent, 2_000)).toBe(true);
  expect(await world.until(() => paths().length > 0, 5_000)).toBe(false);
  expect(caller.partner).toBe(agent);
  expect(running.of('cleared')).toEqual([]);
});
