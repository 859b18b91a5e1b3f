import { isCtiError } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { clientCommand } from './client-commands.js';
import { complaintsOf } from './complaints.js';
import { readConfig } from './config/resolve.js';
import { queueConfig, routeConfig } from './config/tenant.js';
import { readIvrGraph } from './ivr.js';
import { cdrQuery } from './rest/schemas.js';

const SECRET = 'hush-13900000001';

const complaints = (schema: z.ZodType, value: unknown): Record<string, string> => {
  const result = schema.safeParse(value);
  if (result.success) throw new Error('the schema has no complaint');
  return Object.fromEntries(complaintsOf(result.error.issues).map(({ path, expected }) => [path, expected]));
};

describe('complaints are in our own words', () => {
  const target = 'expected one of ivr, queue, extension, agent, outside, hangup';
  const dialled = 'expected a number, a reference, agent:<id>, queue:<id>, ivr:<flow> or speed:<code>';
  test.each<[string, z.ZodType, unknown, Record<string, string>]>([
    ['a time that is no number', cdrQuery, { from: 'yesterday' }, { from: 'expected ms since 1970' }],
    ['a limit out of range', cdrQuery, { limit: '100000' }, { limit: 'expected a whole number from 1 to 500' }],
    ['a cursor', cdrQuery, { cursor: '$' }, { cursor: 'expected `next` of the page before' }],
    ['a target of no kind', routeConfig, { id: 'r', number: '1', to: { kind: 'voicemail' } }, { 'to.kind': target }],
    ['nothing to dial', clientCommand, { type: 'call.make', to: '' }, { to: dialled }],
    ['a missing text', queueConfig, { id: 'q' }, { name: 'expected a text' }],
    ['half a number', z.object({ a: z.int() }), { a: 1.5 }, { a: 'expected a whole number' }],
    ['too few', z.object({ a: z.array(z.int()).min(2) }), { a: [1] }, { a: 'expected at least 2 entries' }],
    ['too long', z.object({ a: z.string().max(3) }), { a: SECRET }, { a: 'expected at most 3 characters' }],
    ['none of the words', z.object({ a: z.enum(['on', 'off']) }), { a: SECRET }, { a: "expected 'on' or 'off'" }],
    ['a URL', z.object({ a: z.url() }), { a: SECRET }, { a: "expected a URL such as 'https://pbx.example.com'" }],
    ['two unknown fields', z.strictObject({}), { a: 1, b: 2 }, { a: 'unknown field', b: 'unknown field' }],
  ])('%s', (_what, schema, value, expected) => {
    expect(complaints(schema, value)).toEqual(expected);
  });

  test('no complaint of any field of a configuration has the words of the library or a value', () => {
    for (const value of [SECRET, 7, true, null, [SECRET], { [SECRET]: SECRET }, -1e9, '']) {
      const result = queueConfig
        .extend({ to: routeConfig })
        .safeParse(Object.fromEntries([...Object.keys(queueConfig.shape), 'to'].map((key) => [key, value])));
      expect(result.success).toBe(false);
      for (const { expected } of complaintsOf(result.error?.issues ?? [])) {
        expect(expected).toMatch(/^expected |^unknown field$|^as a key, /u);
        expect(expected).not.toContain(SECRET);
      }
    }
  });
});

describe('every problem of a configuration is told at once', () => {
  const driver = (): undefined => undefined;
  const problemsOf = (more: object): { code: string; all: unknown; problems: unknown; message: string } => {
    try {
      readConfig({ switches: { main: driver }, ...more }, readIvrGraph);
    } catch (error) {
      if (!isCtiError(error)) throw error;
      const { code, message, details } = error;
      return { code, message, all: details.all, problems: details.problems };
    }
    throw new Error('the configuration was taken');
  };

  test('fields', () => {
    const found = problemsOf({
      quues: {},
      timeZone: 'Mars/Olympus',
      queues: { support: { ringTimeout: '20 parsecs' } },
      server: { port: 70_000 },
      switches: {},
    });
    expect(found).toMatchObject({ code: 'config.invalid', problems: 5 });
    expect(found.all).toEqual(
      expect.arrayContaining([
        'quues: unknown field',
        "timeZone: expected an IANA time zone such as 'Asia/Shanghai'",
        expect.stringMatching(/^queues\.support\.ringTimeout: expected a duration/u),
        'server.port: expected at most 65535',
        'switches: expected at least one switch',
      ]),
    );
  });

  test('names, and ids that are used twice', () => {
    const found = problemsOf({
      agents: { ann: { queues: ['suport'] } },
      routes: [
        { number: '100', to: { queue: 'sales' } },
        { number: '100', to: 'hangup' },
      ],
    });
    expect(found).toMatchObject({ code: 'config.unresolved', problems: 3 });
    expect(found.message).toMatch(/^routes\.100\.to\.queue names "sales"/u);
    expect(found.all).toEqual([
      expect.stringMatching(/^routes\.100\.to\.queue names "sales"/u),
      expect.stringMatching(/^agents\.ann\.queues names "suport"/u),
      'routes.100: expected an id that is used once',
    ]);
  });

  test('flows', () => {
    expect(problemsOf({ flows: { a: {}, b: { format: 'cordboard-ivr/1' } } }).all).toEqual(
      expect.arrayContaining([expect.stringMatching(/^flows\.a\./u), expect.stringMatching(/^flows\.b\./u)]),
    );
  });

  const graph = (id: string, more: object = {}) => ({
    ...{ format: 'cordboard-ivr/1', id, version: '1', languages: ['en'], start: 'bye', prompts: {} },
    nodes: { bye: { type: 'hangup' } },
    ...more,
  });

  test('fields, flows and names in one go', () => {
    const { code, all } = problemsOf({
      timeZone: 'Mars/Olympus',
      agents: { ann: { queues: ['suport'], release: 'sometimes' } },
      queues: { support: { ringTimeout: '20 parsecs', overflow: { agent: 'nobody' } } },
      flows: {
        front: graph('front', { start: 7 }),
        back: graph('back', { nodes: { q: { type: 'queue', queue: 'x', overflow: 'END' } } }),
      },
      routes: [
        { number: '400abc', to: { queue: 'sales' } },
        { number: '100', to: { ivr: 'front' } },
        { number: '100', to: { ivr: 'frnt' }, switch: 'west' },
      ],
    });
    expect(code).toBe('config.invalid');
    expect((all as string[]).map((one) => one.split(/ |: /u)[0])).toEqual([
      ...['timeZone', 'agents.ann.release', 'queues.support.ringTimeout', 'routes[0].number', 'flows.front.start'],
      ...['routes.r-0.to.queue', 'routes.100.to.ivr', 'routes.100.switch', 'queues.support.overflow.agent'],
      ...['agents.ann.queues', 'flows.back.nodes.q.queue', 'routes.100'],
    ]);
  });

  test.each<[string, object]>([
    [
      'an entry that is wrong',
      { queues: { sales: { priority: 'high' } }, routes: [{ number: '1', to: { queue: 'sales' } }] },
    ],
    ['an entry of another kind', { queues: { sales: 7 }, routes: [{ number: '1', to: { queue: 'sales' } }] }],
    ['a table of another kind', { queues: ['sales'], routes: [{ number: '1', to: { queue: 'sales' } }] }],
    ['a table whose name is mistyped', { quues: { sales: {} }, agents: { ann: { queues: ['sales'] } } }],
    [
      'a switch whose name is wrong',
      { switches: { main: driver, West: driver }, routes: [{ number: '1', switch: 'West', to: 'hangup' }] },
    ],
    ['a switch that is wrong', { switches: { main: { drivr: 'asterisk' } }, agents: { ann: { seat: '8001' } } }],
    ['switches of another kind', { switches: [driver], agents: { ann: { seat: 'main:extension:8001' } } }],
    ['a flow that is wrong', { flows: { f: graph('f', { start: 7 }) }, routes: [{ number: '1', to: { ivr: 'f' } }] }],
    ['a flow without an id', { flows: { f: graph('f', { id: 7 }) }, routes: [{ number: '1', to: { ivr: 'f' } }] }],
    [
      'a flow in a target that is wrong',
      {
        routes: [
          { number: '1', to: { ivr: graph('f'), queue: 'q' } },
          { number: '2', to: { ivr: 'f' } },
        ],
      },
    ],
    [
      'values of a mode',
      {
        modes: { m: ['day'] },
        flows: [graph('f', { nodes: { bye: { type: 'mode', mode: 'm', ways: { night: 'END' }, otherwise: 'END' } } })],
      },
    ],
    ['reasons of another kind', { notReadyReasons: 'rest', queues: { q: { routesToReasons: ['rest'] } } }],
    ['a reason of another kind', { notReadyReasons: ['rest', 7], queues: { q: { routesToReasons: ['rest'] } } }],
    [
      'a route id',
      {
        routes: [
          { id: 7, number: '1', to: 'hangup' },
          { number: '1', to: 'hangup' },
        ],
      },
    ],
    ['a route of another kind', { routes: [7, { id: 'r-1', number: '1', to: 'hangup' }] }],
    ['a list of the firewall', { lists: { vip: 'all' }, firewall: { refuse: ['vip'] } }],
  ])('what is wrong makes no follow-up of it: %s', (what, more) => {
    const { problems } = problemsOf(more);
    expect(problems, what).toBe(1);
  });

  test('what is no configuration at all is told as that', () => {
    for (const none of [7, null, 'switches', []]) {
      expect(() => readConfig(none, readIvrGraph)).toThrow('value: expected an object [config.invalid]');
    }
  });

  test('twenty at most, and how many there are', () => {
    const queues = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`q${index}`, { priority: 'high' }]));
    const found = problemsOf({ queues });
    expect(found.problems).toBe(50);
    expect(found.all).toHaveLength(20);
  });

  test('a single problem is told as it is', () => {
    expect(problemsOf({ quues: {} })).toEqual({
      code: 'config.invalid',
      message: 'quues: unknown field [config.invalid]',
      all: undefined,
      problems: 1,
    });
  });
});
