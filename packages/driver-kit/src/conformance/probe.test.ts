import { asId, type CtiDriver, type DriverCapability, type DriverEvent, type LinkId } from '@cordboard/cti-core';
import { expect, it } from 'vitest';
import { Probe } from './probe.js';
import type { World } from './world.js';

const CALLS = asId<LinkId>('calls');
const WATCH = asId<LinkId>('watch');
const synced = (linkId: LinkId, capabilities: readonly DriverCapability[]): DriverEvent => ({
  type: 'linkSynced',
  linkId,
  capabilities,
});

/** A world of one driver that tells what it is given, one event a look. */
function worldOf(told: DriverEvent[]): World {
  let tell: (event: DriverEvent) => void = () => undefined;
  const driver: Partial<CtiDriver> = {
    capabilities: new Set<DriverCapability>(['answer', 'observe']),
    start: async (sink) => {
      tell = sink;
    },
  };
  const world: Partial<World> = {
    switchId: asId('main'),
    patienceMs: 1_000,
    createDriver: () => driver as CtiDriver,
    until: async (condition) => {
      while (!condition()) {
        const next = told.shift();
        if (next === undefined) return false;
        tell(next);
      }
      return true;
    },
  };
  return world as World;
}

it('begins a case when the last link of the driver is up, since only then is everything told', async () => {
  const probe = new Probe(worldOf([synced(CALLS, ['answer']), synced(WATCH, ['answer', 'observe'])]), 'n');
  await probe.start();
  expect(probe.count('linkSynced')).toBe(2);
});

it('begins no case with a driver that never brings what it promises', async () => {
  const probe = new Probe(worldOf([synced(CALLS, ['answer'])]), 'n');
  await expect(probe.start()).rejects.toThrow(/linkSynced was not told in time/);
});
