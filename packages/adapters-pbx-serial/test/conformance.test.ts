import { describeDriver } from '@cordboard/driver-kit/conformance';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { KtsWorld, type KtsWorldOptions } from './driver/world.js';

const WORLDS: readonly KtsWorldOptions[] = [
  { profile: 'kts-bin/1', face: 'simulator' },
  { profile: 'kts-ascii/1', face: 'simulator' },
  { profile: 'kts-bin/1' },
  { profile: 'kts-ascii/1' },
  { profile: 'kts-bin/1', togetherMs: 60 },
  { profile: 'kts-bin/1', order: 'extensionsFirst' },
  { profile: 'kts-ascii/1', order: 'linesFirst' },
];

for (const how of WORLDS) {
  describeDriver(
    {
      name: `${how.profile}, ${how.face ?? 'double'}, ${how.order ?? (how.togetherMs === undefined ? 'as told' : 'in one piece')}`,
      openWorld: () => Promise.resolve(new KtsWorld(how)),
      onResult: (result) => {
        if (result.status === 'skipped' && result.id.startsWith('DRV-CC'))
          process.stdout.write(`${result.id} skipped: ${result.reason ?? ''}\n`);
      },
    },
    { describe, it, beforeAll, afterAll },
  );
}
