import { describe, it } from 'vitest';
import { CALLS } from './checks/calls.js';
import { LINK } from './checks/link.js';

const ALL = { link: LINK, calls: CALLS };

for (const profile of ['kts-bin/1', 'kts-ascii/1'] as const) {
  describe.each(Object.entries(ALL))(`${profile}: %s`, (_, checks) => {
    for (const check of checks) it(check.name, () => check.run(profile));
  });
}
