import { Probe } from '@cordboard/driver-kit/conformance';
import { describe, expect, it } from 'vitest';
import { KtsWorld } from './driver/world.js';

const WAYS = [
  { profile: 'kts-bin/1', baudRate: 9_600 },
  { profile: 'kts-ascii/1', baudRate: 1_200 },
  { profile: 'kts-bin/1', baudRate: 0 },
] as const;

async function bench(how: (typeof WAYS)[number]) {
  const world = new KtsWorld({ ...how, face: 'simulator' });
  const probe = new Probe(world, 'clk');
  await probe.start();
  const clock = probe.driver.facets?.clock;
  if (clock === undefined) throw new Error('no clock');
  const abort = new AbortController();
  const done = async <T>(promise: Promise<T>): Promise<T> => {
    let isOver = false;
    const over = (): void => {
      isOver = true;
    };
    promise.then(over, over);
    await world.until(() => isOver, 60_000);
    return promise;
  };
  const end = async (): Promise<void> => {
    await probe.finish();
    await world.close();
  };
  return { world, clock, abort, done, end, options: { signal: abort.signal, timeZone: 'Asia/Shanghai' } };
}

for (const how of WAYS) {
  describe(`the clock of a PBX that speaks ${how.profile} at ${how.baudRate} Bd`, () => {
    it('is read with how far it is ahead, to a quarter of a second, whatever the way over the line takes', async () => {
      const { world, clock, done, end, options } = await bench(how);
      for (const offMs of [0, 90, 740, 2_480, -1_950, 3_600_000, -86_400_000 * 40]) {
        await world.pass(317);
        // The virtual PBX is eight hours ahead of UTC.
        world.sim.setTime(world.clock.wallMs() + 8 * 3_600_000 + offMs);
        const { at, aheadMs } = await done(clock.get(options));
        expect(Math.abs(aheadMs - offMs), `${offMs} ms`).toBeLessThanOrEqual(250);
        expect(Math.abs(Date.parse(`${at}Z`) + 500 - world.sim.now())).toBeLessThanOrEqual(1_500);
      }
      await end();
    });

    it('is set to within 100 ms of the host’s', async () => {
      const { world, clock, done, end, options } = await bench(how);
      world.sim.setTime(0);
      for (let times = 0; times < 3; times++) {
        await world.pass(731);
        await done(clock.set(options));
        const offMs = world.sim.now() - (world.clock.wallMs() + 8 * 3_600_000);
        expect(Math.abs(offMs)).toBeLessThanOrEqual(100);
      }
      await end();
    });
  });
}

describe('a clock that cannot be asked', () => {
  it('says so: no session, no such zone, given up', async () => {
    const { world, clock, abort, done, end, options } = await bench(WAYS[0]);
    await expect(clock.get({ ...options, timeZone: 'Mars/Base' })).rejects.toMatchObject({ code: 'argument.invalid' });
    const given = clock.get(options);
    abort.abort();
    await expect(done(given)).rejects.toMatchObject({ code: 'wait.aborted' });
    await expect(done(clock.set(options))).rejects.toMatchObject({ code: 'wait.aborted' });
    await world.cutLink(5_000);
    const { signal } = new AbortController();
    await expect(done(clock.get({ ...options, signal }))).rejects.toMatchObject({ code: 'driver.linkLost' });
    await end();
  });
});
