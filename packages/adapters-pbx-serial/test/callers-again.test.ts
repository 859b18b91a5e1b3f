import { Probe } from '@cordboard/driver-kit/conformance';
import { expect, it } from 'vitest';
import { KtsWorld } from './driver/world.js';

it.each(['kts-bin/1', 'kts-ascii/1'] as const)(
  'a host that comes later knows who calls, by name (%s)',
  async (profile) => {
    const world = new KtsWorld({ profile, face: 'simulator' });
    const nameBytes = new TextEncoder().encode('Anna Berg');
    world.sim.ringIn(3, { presentation: 'number', number: '13912345678', nameBytes, charset: 'ascii' });
    await world.pass(3_000);
    const probe = new Probe(world, 'late');
    await probe.start();
    const snapshots = probe.events.flatMap((event) => (event.type === 'snapshot' ? [event.snapshot] : []));
    const callers = snapshots.at(-1)?.connections.map(({ calling }) => calling);
    expect(callers?.length).toBeGreaterThan(1);
    for (const caller of callers ?? [])
      expect(caller).toEqual({ number: '13912345678', presentation: 'allowed', name: 'Anna Berg' });
    await probe.finish();
    await world.close();
  },
);
