import { describeDriver } from '@cordboard/driver-kit/conformance';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ModemWorld } from './modem-world.js';

/** What holds for switches and not for a modem that stands between a person and a line. */
const SKIP = [
  { case: 'DRV-ORIG-02', reason: 'an analog phone has no way to refuse: it rings, or it is off-hook' },
  { case: 'DRV-STOP-03', reason: 'a modem that is let go drops its line: nothing holds the loop any more' },
  { case: 'DRV-SNAP-01', reason: 'a modem keeps no calls without its driver' },
];

/** What needs sound both ways at once. */
const HALF = [
  ...['DRV-STOP-04', 'DRV-BRIDGE-01', 'DRV-BRIDGE-02', 'DRV-BRIDGE-03', 'DRV-BRIDGE-04', 'DRV-BRIDGE-05'],
  ...['DRV-REC-01', 'DRV-REC-02', 'DRV-REC-03', 'DRV-REC-04', 'DRV-PLAY-REC-01', 'DRV-RESTART-01', 'DRV-LINE-08'],
].map((each) => ({ case: each, reason: 'it bridges, and a half-duplex modem hears or speaks, not both' }));

for (const duplex of ['half', 'full'] as const)
  describeDriver(
    {
      name: `voice modems, ${duplex} duplex`,
      openWorld: () => Promise.resolve(new ModemWorld({ duplex })),
      skip: duplex === 'half' ? [...SKIP, ...HALF] : SKIP,
      onResult: (result) => {
        if (result.status === 'skipped') process.stdout.write(`${result.id} skipped: ${result.reason ?? ''}\n`);
      },
    },
    { describe, it, beforeAll, afterAll },
  );
