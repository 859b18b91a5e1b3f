import type { ConfigInput } from '@cordboard/cti-protocol';
import { fiveLevels, front } from './survey.js';

/** What the configuration of the server needs for the survey; a route of yours leads to `{ ivr: 'front' }`. */
export const site = {
  flows: [front, fiveLevels],
  // When the agent hangs up, the caller goes into the survey.
  queues: { support: { name: 'Support', survey: fiveLevels } },
} satisfies Partial<ConfigInput>;
