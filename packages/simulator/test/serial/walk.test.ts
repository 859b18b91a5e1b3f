import { describe, it } from 'vitest';
import { CALLS } from './checks/calls.js';
import { DETAILS } from './checks/details.js';
import { HOTEL } from './checks/hotel.js';
import { LINK } from './checks/link.js';
import { PARAMETERS } from './checks/parameters.js';
import { RECORDS } from './checks/records.js';

const ALL = { link: LINK, calls: CALLS, records: RECORDS, parameters: PARAMETERS, hotel: HOTEL, details: DETAILS };

for (const profile of ['kts-bin/1', 'kts-ascii/1'] as const) {
  describe.each(Object.entries(ALL))(`${profile}: %s`, (_, checks) => {
    for (const check of checks) it(check.name, () => check.run(profile));
  });
}
