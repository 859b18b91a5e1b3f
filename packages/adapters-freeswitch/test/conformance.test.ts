import { describeDriver } from '@cordboard/driver-kit/conformance';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { EslWorld } from './esl-world.js';

const skipped: string[] = [];

/** What the virtual FreeSWITCH can not do yet; the driver has no excuse. */
const NOT_THERE_YET = {
  'DRV-CALL-02': 'uuid_ring_ready',
  'DRV-DEVICE-02': 'list_users',
  'DRV-REFER-01': 'endpoint_disposition',
  'DRV-REFER-02': 'endpoint_disposition',
} as const;

describeDriver(
  {
    name: 'freeswitch',
    openWorld: () => EslWorld.open(),
    skip: Object.entries(NOT_THERE_YET).map(([id, what]) => ({ case: id, reason: `the virtual switch lacks ${what}` })),
    onResult: ({ id, status, reason }) => {
      if (status === 'skipped') skipped.push(`${id} (${reason})`);
    },
  },
  { describe, it, beforeAll, afterAll },
);

afterAll(() => {
  if (skipped.length > 0) console.info(`skipped: ${skipped.join(', ')}`);
});
