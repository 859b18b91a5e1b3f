import { type DriverFacets, deviceId } from '@cordboard/cti-core';
import { Probe } from '@cordboard/driver-kit/conformance';
import { expect, it } from 'vitest';
import { KtsWorld, type KtsWorldOptions } from './driver/world.js';

const never = new AbortController().signal;

async function bench(pbx: KtsWorldOptions['pbx']) {
  const world = new KtsWorld({ profile: 'kts-ascii/1', face: 'simulator', ...(pbx === undefined ? {} : { pbx }) });
  const probe = new Probe(world, 'off');
  const before = probe.driver.facets ?? {};
  await probe.start();
  const asked = async (promise: Promise<unknown> | undefined): Promise<unknown> => {
    let outcome: unknown;
    promise?.then(
      () => {
        outcome = 'done';
      },
      (error: { code: string; details: { native?: string } }) => {
        outcome = [error.code, error.details.native];
      },
    );
    await world.until(() => outcome !== undefined, 60_000);
    return outcome;
  };
  const outcomes = async ({ programming, clock, hotel }: DriverFacets) => ({
    programming: await asked(programming?.get([{ id: 'dayNight.mode', index: 0 }], { signal: never })),
    clock: await asked(clock?.get({ signal: never, timeZone: 'Asia/Shanghai' })),
    hotel: await asked(
      hotel?.carryOut({ type: 'checkOut', room: deviceId(world.switchId, 'extension', '801') }, { signal: never }),
    ),
  });
  const end = async (): Promise<void> => {
    await probe.finish();
    await world.close();
  };
  return { world, driver: probe.driver, before, outcomes, end };
}

it('what WELCOME does not offer is no facet, and who has it already is told so', async () => {
  const { driver, before, outcomes, end } = await bench({ lacks: ['parameters', 'hotel', 'clock'] });
  expect(Object.keys(before).sort()).toEqual(['clock', 'hotel', 'programming']);
  expect(driver.facets).toEqual({});
  expect(await outcomes(before)).toEqual({
    programming: ['command.notSupported', 'PARAM'],
    clock: ['command.notSupported', 'CLOCK'],
    hotel: ['command.notSupported', 'HOTEL'],
  });
  await end();
});

it('each stands by itself, and stays while the line is down', async () => {
  const { world, driver, before, outcomes, end } = await bench({ lacks: ['hotel'] });
  expect(Object.keys(driver.facets ?? {}).sort()).toEqual(['clock', 'programming']);
  const sound = { programming: 'done', clock: 'done', hotel: ['command.notSupported', 'HOTEL'] };
  expect(await outcomes(before)).toEqual(sound);
  await world.cutLink(5_000);
  expect(Object.keys(driver.facets ?? {}).sort()).toEqual(['clock', 'programming']);
  await world.pass(30_000);
  expect(await outcomes(before)).toEqual(sound);
  await end();
});

it('a PBX that offers all has all', async () => {
  const { driver, before, outcomes, end } = await bench({});
  expect(driver.facets).toEqual(before);
  expect(await outcomes(before)).toEqual({ programming: 'done', clock: 'done', hotel: 'done' });
  await end();
});
