import { describeDriver } from '@cordboard/driver-kit/conformance';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { EslWorld } from './esl-world.js';

const skipped: string[] = [];

/** Event orders as the recordings begin with them, and drawn from all that they show. */
const WORLDS = [
  { name: 'freeswitch', orders: 'plain', seed: 1 },
  { name: 'freeswitch, orders drawn', orders: 'drawn', seed: 2 },
  { name: 'freeswitch, orders drawn again', orders: 'drawn', seed: 5 },
] as const;

for (const { name, orders, seed } of WORLDS) {
  describeDriver(
    {
      name,
      openWorld: () => EslWorld.open({ orders, seed }),
      onResult: ({ id, status, reason }) => {
        if (status === 'skipped') skipped.push(`${id} (${reason})`);
      },
    },
    { describe, it, beforeAll, afterAll },
  );
}

afterAll(() => {
  if (skipped.length > 0) console.info(`skipped: ${skipped.join(', ')}`);
});
