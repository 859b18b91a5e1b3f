import type { EngineInputBody, TenantConfig } from '@cordboard/cti-core';
import { isCtiError } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { createServer } from '../src/server.js';
import { Zones } from '../src/shell/zones.js';
import { type FlowFloor, FRONT, flowOf, say, startFlowFloor } from './support/flow-floor.js';
import { quiet } from './support/shell.js';

let floor: FlowFloor | undefined;
afterEach(async () => {
  await floor?.end();
  floor = undefined;
});

const menu = (end: string) => ({
  choose: { type: 'menu', say: say('choose'), keys: { 1: 'end' }, timeoutMs: 20_000, noInput: 'end', noMatch: 'end' },
  end: { type: 'play', say: say(end), next: 'END' },
});
const put = (body: object) => ({
  method: 'PUT',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

describe('a flow is replaced while callers are in it', () => {
  test('who is in it finishes on the version that they began with, who comes then takes the new one', async () => {
    floor = await startFlowFloor({ flows: [flowOf(menu('old end'))] });
    const before = floor.call('+8613900000001');
    await before.hears('choose');
    expect((await floor.rest('/v1/flows/front', put(flowOf(menu('new end'), { version: '2' })))).status).toBe(200);
    const after = floor.call('+8613900000002');
    await after.hears('choose');
    await before.presses('1');
    await after.presses('1');
    await before.hears('old end');
    await after.hears('new end');
    expect(before.heard).not.toContain('new end');
    expect(after.heard).not.toContain('old end');
  });

  test('also over a restart in between', async () => {
    const first = await startFlowFloor({ flows: [flowOf(menu('old end'))] });
    const { dir } = first;
    await first.rest('/v1/flows/front', put(flowOf(menu('new end'), { version: '2' })));
    await first.server.stop();
    floor = await startFlowFloor({ flows: [flowOf(menu('old end'))] }, { dir });
    const caller = floor.call();
    await caller.hears('choose');
    await caller.presses('1');
    await caller.hears('new end');
    await floor.end();
    floor = undefined;
    await first.end();
  });
});

describe('what flows need is there, or the configuration is refused with both places', () => {
  const needing = (node: object) => flowOf({ ask: { timeoutMs: 1000, failed: 'END', ...node } });
  const http = { type: 'http', method: 'GET', url: 'https://api.example.com/x', ways: {}, otherwise: 'END' };
  const refused: readonly (readonly [string, object, string, string])[] = [
    ['a function', { type: 'query', function: 'find-order@2', ways: { found: 'END' } }, 'function', 'functions'],
    ['a service', http, 'url', 'ivr.http.allow'],
    [
      'a secret',
      { ...http, url: 'https://ok.example.com/', headers: { authorization: '{secret.ERP}' } },
      'headers.authorization',
      'ivr.secrets',
    ],
  ];
  const base = {
    ivr: { http: { allow: ['https://ok.example.com'] } },
    functions: { 'find-order@1': () => ({ way: 'found' }) },
  };

  test.each(refused)('%s, at the start', async (_what, node, place, expectedIn) => {
    const error: unknown = await startFlowFloor({ ...base, flows: [needing(node)] }).then(
      (one) => one.end(),
      (caught: unknown) => caught,
    );
    expect(isCtiError(error, 'config.unresolved') && error.details).toMatchObject({
      path: `flows.front.nodes.ask.${place}`,
      expectedIn,
    });
  });

  test('and when a flow comes by REST; the one before stays', async () => {
    floor = await startFlowFloor({ ...base, flows: [flowOf(menu('end'))] });
    for (const [, node] of refused) {
      const response = await floor.rest('/v1/flows/front', put(needing(node)));
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ code: 'config.unresolved' });
    }
    expect(await floor.json('/v1/flows/front')).toMatchObject({ start: 'choose' });
  });

  test('what is registered by code counts, and runs', async () => {
    const node = {
      type: 'query',
      function: 'find-order@2',
      pass: { n: 'x' },
      ways: { found: 'end' },
      failed: 'END',
      timeoutMs: 20_000,
    };
    const keys: string[] = [];
    floor = await startFlowFloor(
      { flows: [flowOf({ ask: node, end: { type: 'play', say: say('end'), next: 'END' } })] },
      {
        ports: {
          functions: {
            'find-order@2': ({ key }) => {
              keys.push(key);
              return { way: 'found' };
            },
          },
        },
      },
    );
    await floor.call().hears('end');
    expect(keys).toEqual([expect.stringMatching(/:front\/ask:\d+$/u)]);
  });

  test('names and origins are checked before anything starts', () => {
    const make = (more: object) => () =>
      createServer({ switches: { main: () => undefined }, routes: [{ number: FRONT, to: 'hangup' }], ...more });
    expect(make({ functions: { 'no version': () => undefined } })).toThrow(/functions/u);
    expect(make({ ivr: { http: { allow: ['https://api.example.com/path'] } } })).toThrow(/ivr\.http\.allow/u);
    expect(make({ ivr: { http: { allow: ['ftp://api.example.com'] } } })).toThrow(/origin/u);
    expect(make({ ivr: { secrets: { ERP: {} } } })).toThrow(/either env or file/u);
  });
});

describe('the time in the zones that flows name', () => {
  const config = (...zones: readonly string[]): TenantConfig =>
    ({ flows: [{ nodes: Object.fromEntries(zones.map((zone, n) => [`n${n}`, { type: 'hours', zone }])) }] }) as never;
  const at = (text: string) => {
    const clock = new SimulatedClock();
    clock.advance(Date.parse(text) - clock.wallMs());
    const told: EngineInputBody[] = [];
    const zones = new Zones({ clock, log: quiet, submit: (input) => told.push(input) });
    const offsets = () => told.flatMap((input) => (input.kind === 'zones' ? [input.offsets] : []));
    return { clock, zones, offsets };
  };

  test('is told at the start, with the flows, and in the minute in which it changes', () => {
    const { clock, zones, offsets } = at('2026-03-29T00:20:00Z');
    zones.follow(config('Europe/Berlin'));
    expect(offsets()).toEqual([]);
    zones.start();
    expect(offsets()).toEqual([{ 'Europe/Berlin': 60 }]);
    clock.advance(Date.parse('2026-03-29T00:59:59.999Z') - clock.wallMs());
    expect(offsets()).toHaveLength(1);
    clock.advance(1);
    expect(offsets()).toEqual([{ 'Europe/Berlin': 60 }, { 'Europe/Berlin': 120 }]);
    zones.follow(config('Europe/Berlin', 'Asia/Kathmandu'));
    expect(offsets().at(-1)).toEqual({ 'Asia/Kathmandu': 345, 'Europe/Berlin': 120 });
    zones.follow(config('Europe/Berlin', 'Asia/Kathmandu'));
    expect(offsets()).toHaveLength(3);
    zones.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  test('of a year changes as often as the rules say, and costs a timer each quarter of an hour', () => {
    const { clock, zones, offsets } = at('2026-01-01T00:00:00Z');
    zones.follow(config('America/New_York', 'Australia/Lord_Howe'));
    zones.start();
    clock.advance(365 * 86_400_000);
    expect(offsets().map((one) => one['America/New_York'])).toEqual([-300, -240, -240, -240, -300]);
    expect(offsets().map((one) => one['Australia/Lord_Howe'])).toEqual([660, 660, 630, 660, 660]);
    zones.stop();
  });

  test('nothing is told where no flow names a zone, and one that is not known is passed over', () => {
    const { clock, zones, offsets } = at('2026-01-01T00:00:00Z');
    zones.follow(config());
    zones.start();
    expect(offsets()).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
    zones.follow(config('Mars/Olympus', 'Asia/Tokyo'));
    expect(offsets()).toEqual([{ 'Asia/Tokyo': 540 }]);
    zones.stop();
  });

  test('reaches the flows of a live server: where it is a day later it is a day later', async () => {
    const day = (offsetH: number): string => new Date(Date.now() + offsetH * 3_600_000).toISOString().slice(0, 10);
    // Fourteen hours ahead and twelve behind: 26 hours apart, never the same day.
    const dates = [`${day(14)}/${day(15)}`];
    floor = await startFlowFloor({
      flows: [
        flowOf({
          behind: { type: 'hours', zone: 'Etc/GMT+12', rules: [{ dates, goTo: 'wrong' }], otherwise: 'ahead' },
          ahead: { type: 'hours', zone: 'Pacific/Kiritimati', rules: [{ dates, goTo: 'right' }], otherwise: 'wrong' },
          right: { type: 'play', say: say('right'), next: 'END' },
          wrong: { type: 'play', say: say('wrong'), next: 'END' },
        }),
      ],
    });
    const caller = floor.call();
    await caller.hears('right');
    expect(caller.heard).toEqual(['right']);
  });
});
