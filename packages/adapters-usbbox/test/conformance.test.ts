import { describeDriver } from '@cordboard/driver-kit/conformance';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { BoxWorld } from './world.js';

/** What holds for switches and not for a box that stands between a person and a line. */
const SKIP = [
  { case: 'DRV-ORIG-02', reason: 'an analog phone has no way to refuse: it rings, or it is off-hook' },
  { case: 'DRV-STOP-03', reason: 'a box that is let go drops its line: nothing holds the loop any more' },
  { case: 'DRV-SNAP-01', reason: 'a box keeps no calls without its driver' },
];

describeDriver(
  {
    name: 'analog lines',
    openWorld: () => Promise.resolve(new BoxWorld()),
    skip: SKIP,
    onResult: (result) => {
      if (result.status === 'skipped') process.stdout.write(`${result.id} skipped: ${result.reason ?? ''}\n`);
    },
  },
  { describe, it, beforeAll, afterAll },
);
