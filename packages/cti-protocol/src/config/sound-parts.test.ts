import { isCtiError } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { fromZodError } from '../errors.js';
import { readIvrGraph } from '../ivr.js';
import { configInput } from './input.js';
import { readConfig } from './resolve.js';

const driver = (): undefined => undefined;
const flow = (id: string, nodes: object) => ({
  ...{ format: 'cordboard-ivr/1', id, version: '1', languages: ['en'], start: Object.keys(nodes)[0], prompts: {} },
  nodes,
});
const inPlace = flow('inPlace', { bye: { type: 'hangup' } });

/** Every kind of name, each used somewhere. */
const whole = {
  tenant: 'main',
  timeZone: 'Asia/Shanghai',
  switches: { main: driver, second: { driver: 'asterisk', options: {}, defaultTrunk: 'city' } },
  dialPlan: { countryCode: '86', internal: [{ from: '8000', to: '8099' }] },
  devices: { 8001: { label: 'desk' }, 'second:extension:1': { dial: { trunk: 'main:trunk:t', number: '139' } } },
  agents: { ann: { seat: '8001', queues: ['support'], speedDial: { 1: '8002' } }, bo: { seat: 'second:extension:1' } },
  queues: {
    support: { agents: ['bo'], overflow: { queue: 'sales' }, routesToReasons: ['rest'], ringTimeout: '20s' },
    sales: { overflow: { agent: 'ann' }, survey: 'survey' },
  },
  routes: [
    { number: '100', to: { ivr: 'front' }, switch: 'second', popTo: { agent: 'ann' } },
    { number: '2*', to: { queue: 'sales' }, priority: 1 },
    { id: 'named', number: '100', to: { ivr: inPlace } },
    { number: '300', to: { ivr: 'inPlace' } },
  ],
  flows: {
    front: flow('front', {
      hours: { type: 'hours', calendar: 'days', rules: [], otherwise: 'mode' },
      mode: { type: 'mode', mode: 'house', ways: { night: 'END' }, otherwise: 'list' },
      list: { type: 'list', rules: [{ list: 'vip', goTo: 'queue' }], otherwise: 'desk' },
      desk: { type: 'orderDesk', group: 'office', timeout: 'END', failed: 'sub' },
      sub: { type: 'subflow', flow: 'survey', results: {}, otherwise: 'queue' },
      queue: { type: 'queue', queue: 'support', overflow: 'END' },
    }),
    survey: flow('survey', { bye: { type: 'hangup' } }),
  },
  calendars: { days: { holidays: ['2026-10-01'] } },
  groups: { office: ['8001', '8002'] },
  modes: { house: { values: ['day', 'night'], initial: 'day' } },
  lists: { vip: ['139*'] },
  firewall: { refuse: ['vip'], favour: [{ list: 'vip', priority: 1 }] },
  notReadyReasons: ['rest', 'lunch'],
  boxes: { main: { pin: '1234', callOut: { number: '139', flow: 'front' } } },
  server: { port: 8090 },
};

type Path = readonly (string | number)[];

/** Every place of the configuration; flows are checked by their own schema. */
function* places(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null || path[0] === 'flows' || value === inPlace) return;
  for (const [key, inside] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    yield place;
    yield* places(inside, place);
  }
}

type Change = (place: Record<string, unknown>, part: string) => object;

/** A copy in which one place was changed. */
function changed(value: unknown, [part = '', ...rest]: Path, change: Change): unknown {
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...(value as object) };
  if (rest.length === 0) return change(copy, String(part));
  return Object.assign(copy, { [part]: changed(copy[part], rest, change) });
}

const problemsOf = (input: unknown): number => {
  try {
    readConfig(input, readIvrGraph);
    return 0;
  } catch (error) {
    if (!isCtiError(error)) throw error;
    return Number(error.details.problems);
  }
};

const put =
  (by: unknown): Change =>
  (place, part) =>
    Object.assign(place, { [part]: by });
const other = put({ what: 7 });
const NAMES = { agents: {}, queues: {}, calendars: {}, groups: {}, modes: {}, lists: {}, switches: {} };
const rename: Change = (place, part) =>
  Array.isArray(place)
    ? place
    : Object.fromEntries(Object.entries(place).map(([key, one]) => [key === part ? `${key} X` : key, one]));

test('the whole is right', () => {
  expect(problemsOf(whole)).toBe(0);
});

test.each<[string, Change]>([
  ['a number', put(70_007)],
  ['a fraction', put(-0.5)],
  ['nothing', put(null)],
  ['a text', put('\u0000 ')],
  ['no text', put('')],
  ['a list', put([7])],
  ['an object', other],
  ['another name', rename],
])('%s in any one place makes no problem but those of the fields', (_what, change) => {
  let refused = 0;
  for (const path of places(whole)) {
    const damaged = changed(whole, path, change);
    const result = configInput.safeParse(damaged);
    // Another table has other names: that some are missing there is no mistake of this test.
    const isOtherTable = path.length === 1 && Object.hasOwn(NAMES, path[0] ?? '') && change === other;
    if (result.success || isOtherTable) continue;
    refused += 1;
    const { problems } = fromZodError('config.invalid', result.error).details;
    expect(problemsOf(damaged), path.join('.')).toBe(problems);
  }
  expect(refused).toBeGreaterThan(20);
});
