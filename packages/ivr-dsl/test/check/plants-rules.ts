import type { HoursRule, IvrNode } from '@cordboard/cti-core';
import type { Garden, Plant } from './garden.js';

type Rules = readonly (Omit<HoursRule, 'goTo'> & { readonly goTo?: string })[];

const WEEK = [1, 2, 3, 4, 5];

/** Opening hours on an edge. A rule leads to an end unless it says otherwise; `{next}` is where the edge led. */
function hours(garden: Garden, rules: Rules, more: { readonly calendar?: string; readonly zone?: string } = {}) {
  return garden.splice((next, graph) => {
    const bye = garden.add(graph, { type: 'hangup' });
    const node: IvrNode = {
      type: 'hours',
      ...more,
      rules: rules.map(({ goTo = 'bye', ...rule }) => ({
        ...rule,
        goTo: goTo === 'next' ? next : goTo === 'bye' ? bye : goTo,
      })),
      otherwise: next,
    };
    return node;
  });
}

const planted = (
  code: string,
  pick: (garden: Garden) => readonly [Rules, { readonly calendar?: string; readonly zone?: string }?],
): Plant => {
  // What lies in an hour that is skipped lies in the one that comes twice as well.
  return (garden) => ({ code, ...hours(garden, ...pick(garden)), along: ['hours.twice'] });
};

/** Faults of rules: opening hours, areas, lists. */
export const RULES: Readonly<Record<string, Plant>> = {
  'hours.invalid': planted('hours.invalid', ({ choices }) => [
    choices.pick<Rules>([
      [{ from: '09:00', to: '09:00' }],
      [{ from: '24:00' }],
      [{ weekdays: [], from: '09:00' }],
      [{ dates: ['2026-02-29'] }],
      [{ dates: ['2026-03-02/2026-03-01'], from: '10:00' }],
      [{ dayKind: 'holiday' }],
      [{ weekdays: [1], dates: ['2026-11-22'] }],
    ]),
  ]),
  'hours.covered': planted('hours.covered', ({ choices }) => [
    choices.pick<Rules>([
      [
        { weekdays: WEEK, from: '08:00', to: '18:00', goTo: 'END' },
        { weekdays: [2], from: '09:00', to: '12:00' },
      ],
      [{ weekdays: WEEK, goTo: 'END' }, { dates: ['2026-12-24'] }],
      [
        { from: '08:00', to: '12:00', goTo: 'END' },
        { from: '12:00', to: '18:00', goTo: 'END' },
        { from: '10:00', to: '16:00' },
      ],
      [
        { from: '20:00', to: '06:00', goTo: 'END' },
        { weekdays: [3], from: '22:00', to: '02:00' },
      ],
      [
        { weekdays: [1, 3, 5], from: '07:00', goTo: 'END' },
        { weekdays: [2, 4], from: '06:00', goTo: 'END' },
        { weekdays: [3, 4], from: '09:00', to: '10:00' },
      ],
    ]),
  ]),
  'hours.overlap': planted('hours.overlap', ({ choices }) => [
    choices.pick<Rules>([
      [
        { weekdays: WEEK, from: '09:00', to: '13:00', goTo: 'END' },
        { weekdays: WEEK, from: '12:00', to: '18:00' },
      ],
      [
        { from: '22:00', to: '07:00', goTo: 'END' },
        { from: '06:00', to: '12:00' },
      ],
      [
        { weekdays: [1, 2, 3], from: '09:00', to: '12:00', goTo: 'END' },
        { weekdays: [3, 4], from: '11:00', to: '15:00' },
      ],
      [
        { weekdays: [1], from: '22:00', to: '06:00', goTo: 'END' },
        { weekdays: [2], from: '05:00', to: '12:00' },
      ],
      [
        { weekdays: WEEK, from: '09:00', to: '18:00', goTo: 'END' },
        { dates: ['2026-12-24'], from: '08:00', to: '12:00' },
      ],
    ]),
  ]),
  'hours.gap': planted('hours.gap', ({ choices }) => [
    choices.pick<Rules>([
      [
        { weekdays: WEEK, from: '09:00', to: '12:00' },
        { weekdays: WEEK, from: '12:01', to: '18:00' },
      ],
      [
        { from: '08:00', to: '23:59' },
        { from: '00:00', to: '08:00' },
      ],
      [
        { from: '22:00', to: '05:59' },
        { from: '06:00', to: '21:00' },
      ],
      [
        { weekdays: [5], from: '09:00', to: '16:55' },
        { weekdays: [4, 5], from: '17:00', to: '20:00' },
      ],
    ]),
  ]),
  'hours.otherwise': planted('hours.otherwise', ({ choices }) => [
    choices.pick<Rules>([
      [
        { from: '08:00', to: '20:00' },
        { from: '20:00', to: '08:00' },
      ],
      [{ weekdays: WEEK }, { weekdays: [6, 7] }],
      [{}],
      [{ dates: ['2026-12-24'], goTo: 'END' }, { to: '12:00' }, { from: '12:00' }],
    ]),
  ]),
  'hours.skipped': planted('hours.skipped', ({ choices }) =>
    choices.pick<readonly [Rules, { zone: string }]>([
      [[{ weekdays: [7], from: '02:15', to: '02:45' }], { zone: 'Europe/Berlin' }],
      [[{ from: '02:00', to: '03:00' }], { zone: 'America/New_York' }],
      [[{ dates: ['2027-03-28'], from: '01:10', to: '01:50' }], { zone: 'Europe/London' }],
      [[{ from: '02:05', to: '02:25', weekdays: [6, 7] }], { zone: 'Australia/Lord_Howe' }],
    ]),
  ),
  'hours.twice': planted('hours.twice', ({ choices }) =>
    choices.pick<readonly [Rules, { zone: string }]>([
      [[{ from: '02:30', to: '06:00' }], { zone: 'Europe/Paris' }],
      [[{ from: '20:00', to: '01:30' }], { zone: 'America/Chicago' }],
      [[{ weekdays: [6], from: '22:00', to: '02:10' }], { zone: 'Europe/Berlin' }],
      [[{ dates: ['2026-10-25'], from: '01:15', to: '04:00' }], { zone: 'Europe/London' }],
    ]),
  ),
  'zone.unknown': planted('zone.unknown', ({ choices }) => [
    [{ from: '09:00', to: '17:00' }],
    { zone: choices.pick(['Europe/Berln', 'Beijing', '+08:00', 'Mars/Olympus']) },
  ]),
  'calendar.unknown': planted('calendar.unknown', ({ choices }) => [
    [{ dayKind: 'holiday' }],
    { calendar: choices.pick(['de', 'constructor']) },
  ]),
  'area.covered': (garden) => {
    const rules = garden.choices.pick([
      [{ prefixes: ['+86'] }, { prefixes: ['+8610', '+8621'] }],
      [{ prefixes: ['+86', '+852'] }, { prefixes: ['+852'], province: 'Hubei' }],
      [{ province: 'Hubei' }, { province: 'Hubei', city: 'Wuhan' }],
      [{ prefixes: [] }],
      [{ carrier: 'Mobile' }, { prefixes: ['+49'] }, { prefixes: ['+491'], carrier: 'Mobile' }],
      [{}],
    ]);
    const made = garden.splice((next) => ({
      type: 'area',
      rules: rules.map((rule) => ({ ...rule, goTo: 'END' })),
      otherwise: next,
    }));
    return { code: 'area.covered', ...made };
  },
  'list.covered': (garden) => {
    const lists = garden.choices.pick([
      ['vip', 'vip'],
      ['press', 'vip', 'press'],
    ]);
    const made = garden.splice((next) => ({
      type: 'list',
      rules: lists.map((list) => ({ list, goTo: 'END' })),
      otherwise: next,
    }));
    return { code: 'list.covered', ...made };
  },
};
