import type { HoursRule } from '@cordboard/cti-core';
import type { Choices } from './random.js';

/** Opening hours without a fault. */
export interface Times {
  readonly calendar?: string;
  readonly zone?: string;
  readonly rules: readonly HoursRule[];
}

interface Edges {
  readonly open: string;
  readonly other: string;
  readonly closed: string;
}

const WEEK = [1, 2, 3, 4, 5];
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Shanghai',
  'Africa/Casablanca',
  'Europe/Lisbon',
  'UTC',
];

const MAKERS: readonly ((edges: Edges) => Times)[] = [
  // A working week with a break for lunch.
  ({ open }) => ({
    rules: [
      { weekdays: WEEK, from: '09:00', to: '12:00', goTo: open },
      { weekdays: WEEK, from: '13:30', to: '18:00', goTo: open },
    ],
  }),
  // Exceptions before the rule.
  ({ open, other, closed }) => ({
    calendar: 'cn',
    rules: [
      { dates: ['2026-12-24/2026-12-26', '2027-01-01'], goTo: closed },
      { dayKind: 'workday', from: '10:00', to: '16:00', goTo: open },
      { dayKind: 'workday', goTo: closed },
      { dayKind: 'holiday', from: '10:00', to: '12:00', goTo: other },
      { dayKind: 'holiday', goTo: closed },
      { weekdays: WEEK, from: '08:30', to: '17:00', goTo: open },
    ],
  }),
  // Over midnight.
  ({ open, other }) => ({
    rules: [
      { from: '22:00', to: '06:00', weekdays: [1, 2, 3, 4], goTo: other },
      { from: '06:00', to: '22:00', weekdays: [1, 2, 3, 4, 5], goTo: open },
    ],
  }),
  // The narrower first: lunch within the day, Friday within the week.
  ({ open, other, closed }) => ({
    rules: [
      { weekdays: WEEK, from: '12:00', to: '13:00', goTo: other },
      { weekdays: [5], from: '09:00', to: '15:00', goTo: closed },
      { weekdays: WEEK, from: '09:00', to: '18:00', goTo: open },
    ],
  }),
  // Shifts that meet, round the clock on working days.
  ({ open, other, closed }) => ({
    rules: [
      { weekdays: WEEK, to: '08:00', goTo: other },
      { weekdays: WEEK, from: '08:00', to: '16:00', goTo: open },
      { weekdays: WEEK, from: '16:00', to: '24:00', goTo: closed },
    ],
  }),
  // Around the hour that is skipped or comes twice.
  ({ open, other }) => ({
    rules: [
      { from: '01:00', to: '04:00', weekdays: [7], goTo: open },
      { from: '04:00', to: '05:00', goTo: other },
    ],
  }),
  ({ open, other }) => ({
    rules: [
      { from: '23:00', to: '03:00', goTo: open },
      { from: '03:00', to: '05:00', goTo: other },
    ],
  }),
  ({ open }) => ({ rules: [{ from: '05:00', to: '01:00', goTo: open }] }),
  // Seasons.
  ({ open, other }) => ({
    rules: [
      { dates: ['2026-05-01/2026-09-30'], from: '07:00', to: '21:00', goTo: open },
      { dates: ['2026-10-01/2027-04-30'], from: '09:00', to: '17:00', goTo: other },
    ],
  }),
];

/** Sound opening hours, with a zone of their own as often as not. `to` makes a node where one is led to. */
export function timesFor(choices: Choices, to: () => string): Times {
  const made: Partial<Record<keyof Edges, string>> = {};
  const edge = (name: keyof Edges): string => {
    made[name] ??= to();
    return made[name];
  };
  const edges: Edges = {
    get open() {
      return edge('open');
    },
    get other() {
      return edge('other');
    },
    get closed() {
      return edge('closed');
    },
  };
  const times = choices.pick(MAKERS)(edges);
  return choices.often(50) ? { ...times, zone: choices.pick(ZONES) } : times;
}
