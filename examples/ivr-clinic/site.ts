import type { ConfigInput } from '@cordboard/cti-protocol';
import { clinic } from './clinic.js';

/** What the configuration of the server needs for the clinic; a route of yours leads to `{ ivr: 'clinic' }`. */
export const site = {
  flows: [clinic],
  calendars: {
    clinic: {
      // The national days, and the Saturday on which the missed day is made up for.
      holidays: ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05', '2026-10-06', '2026-10-07'],
      workdays: ['2026-10-10'],
    },
  },
  modes: { house: { values: ['byHours', 'night'], initial: 'byHours' } },
  queues: { desk: { name: 'Appointments' }, nurse: { name: 'Nurse' } },
} satisfies Partial<ConfigInput>;
