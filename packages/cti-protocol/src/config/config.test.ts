import { type CtiErrorCode, isCtiError } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { readIvrGraph } from '../ivr.js';
import { readConfig } from './resolve.js';

const driver = (): undefined => undefined;
const flow = (id: string, nodes: object = { bye: { type: 'hangup' } }) => ({
  format: 'cordboard-ivr/1',
  id,
  version: '1',
  languages: ['en'],
  start: Object.keys(nodes)[0] ?? '',
  nodes,
  prompts: {},
});
const read = (more: object) => readConfig({ switches: { main: driver }, ...more }, readIvrGraph);

test('the smallest configuration is a switch; all else has a default', () => {
  const { tenant, switches } = read({});
  expect(switches).toEqual([{ id: 'main', driver }]);
  expect(tenant).toMatchObject({
    tenant: 'main',
    agents: [],
    dialPlan: { countryCode: '86' },
    recording: { format: 'wav' },
  });
});

test.each([
  ['carrier', 'main:trunk:carrier'],
  ['trunk:city', 'main:trunk:city'],
  ['line:one', 'main:line:one'],
  ['other:trunk:x', 'other:trunk:x'],
])('the trunk %s of a switch is the device %s', (defaultTrunk, id) => {
  const { tenant } = read({ switches: { main: { driver: 'asterisk', defaultTrunk } } });
  expect(tenant.switches).toEqual([{ id: 'main', defaultTrunk: id }]);
});

test.each(['', ':x', 'extension:8001', 'main:extension:8001', 'main:line:'])('%j is no trunk', (defaultTrunk) => {
  expect(() => read({ switches: { main: { driver: 'asterisk', defaultTrunk } } })).toThrow('switches.main');
});

test('what people write becomes what the engine reads', () => {
  const front = flow('front');
  const { tenant } = read({
    switches: { main: { driver: 'asterisk', options: {}, defaultTrunk: 'carrier', callerNumber: '010 8888 6666' } },
    agents: { ann: { seat: '8001' }, bob: { seat: 'main:external:13900000000', queues: ['sales'] } },
    queues: {
      support: { agents: ['ann'], ringTimeout: '1m30s', waitTimeout: 'never', overflow: { ivr: front } },
      sales: {},
    },
    routes: [
      { number: '4008001000', to: { ivr: front } },
      { number: '400*', to: { outside: '010 1234-5678' }, enabled: 'paused' },
      { number: '4008001001', to: { queue: 'support' }, popTo: { agent: 'ann' } },
      { number: '4008001002', to: 'hangup', popTo: { extension: '8001' } },
    ],
  });
  expect(tenant.switches).toEqual([{ id: 'main', defaultTrunk: 'main:trunk:carrier', callerNumber: '01088886666' }]);
  expect(tenant.agents).toMatchObject([
    { id: 'ann', name: 'ann', seat: 'main:extension:8001', queues: ['support'], answer: 'manual' },
    { id: 'bob', seat: 'main:external:13900000000', queues: ['sales'] },
  ]);
  expect(tenant.queues[0]).toMatchObject({
    id: 'support',
    ringTimeoutMs: 90_000,
    waitTimeoutMs: 0,
    overflow: { kind: 'ivr', flow: 'front' },
  });
  expect(tenant.routes).toMatchObject([
    { id: '4008001000', to: { kind: 'ivr', flow: 'front' }, enabled: 'enabled' },
    { id: 'r-1', to: { kind: 'outside', number: '01012345678' }, enabled: 'paused' },
    { to: { kind: 'queue', queue: 'support' }, popTo: { kind: 'agent', agent: 'ann' } },
    { to: { kind: 'hangup' }, popTo: { kind: 'extension', number: '8001' } },
  ]);
  expect(tenant.routes[0]).not.toHaveProperty('popTo');
  expect(tenant.flows.map(({ id }) => id)).toEqual(['front']);
});

test('what phones of nobody may dial is told to the engine only where it is written', () => {
  expect(read({}).tenant).not.toHaveProperty('phones');
  expect(read({ phones: { mayDial: 'none' } }).tenant.phones).toEqual({ mayDial: 'none' });
  expect(() => read({ phones: { mayDial: 'abroad' } })).toThrow(/phones\.mayDial/u);
});

test('speed dial lists, pops by place and site, kinds of work and release stand where people look for them', () => {
  const { tenant } = read({
    dialPlan: { countryCode: '86', speedDialPrefix: '**' },
    speedDial: { 1: '010 6500-1001', '#2': { number: '8001', name: 'Ann' } },
    pop: { url: 'https://erp/{call.id}', at: 'connected' },
    devices: { 8001: { popUrl: 'https://seat/', popAt: 'alerting' } },
    agents: { ann: { release: 'manual', speedDial: { 1: { number: '8002' } } } },
    queues: { back: { work: 'callBack', blockedBy: ['dialled'], ageing: '2m' }, plain: {} },
  });
  expect(tenant.speedDial).toEqual([
    { id: '1', code: '1', number: '01065001001', name: '01065001001' },
    { id: '#2', code: '#2', number: '8001', name: 'Ann' },
    { id: 'ann/1', code: '1', agent: 'ann', number: '8002', name: '8002' },
  ]);
  expect(tenant.agents[0]).toMatchObject({ release: 'manual' });
  expect(tenant.agents[0]).not.toHaveProperty('speedDial');
  expect(tenant.queues).toMatchObject([
    { work: 'callBack', blockedBy: ['dialled'], ageingMs: 120_000 },
    { id: 'plain' },
  ]);
  expect(tenant.queues[1]).not.toHaveProperty('work');
  expect(tenant.queues[1]).not.toHaveProperty('blockedBy');
  expect(tenant).toMatchObject({
    pop: { url: 'https://erp/{call.id}', at: 'connected' },
    devices: [{ id: 'main:extension:8001', popUrl: 'https://seat/', popAt: 'alerting' }],
    dialPlan: { speedDialPrefix: '**' },
  });
});

test.each([
  [{ speedDial: { abc: '8001' } }, 'speedDial.abc'],
  [{ speedDial: { 1: 'somebody' } }, 'speedDial.1'],
  [{ speedDial: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [n, '8001'])) }, 'speedDial'],
  [{ agents: { ann: { release: 'sometimes' } } }, 'agents.ann.release'],
  [{ queues: { q: { blockedBy: ['lunch'] } } }, 'queues.q.blockedBy[0]'],
  [{ queues: { q: { work: 'homework' } } }, 'queues.q.work'],
  [{ pop: { url: '' } }, 'pop.url'],
  [{ dialPlan: { countryCode: '86', speedDialPrefix: 'xx' } }, 'dialPlan.speedDialPrefix'],
])('%# is refused at its place', (more, path) => {
  try {
    read(more);
    expect.unreachable();
  } catch (error) {
    expect(isCtiError(error, 'config.invalid') && error.details.path).toBe(path);
  }
});

describe('a wrong configuration is refused with the place and what was expected', () => {
  const cases: readonly (readonly [string, object, CtiErrorCode, string, RegExp])[] = [
    ['no switch', { switches: {} }, 'config.invalid', 'switches', /at least one switch/u],
    ['a typing mistake', { quues: {} }, 'config.invalid', 'quues', /unknown field/u],
    [
      'one deeper',
      { queues: { support: { ringTimeot: '20s' } } },
      'config.invalid',
      'queues.support.ringTimeot',
      /unknown field/u,
    ],
    [
      'a bare number as a duration',
      { queues: { support: { ringTimeout: 20 } } },
      'config.invalid',
      'queues.support.ringTimeout',
      /duration such as '20s'/u,
    ],
    [
      'a duration out of range',
      { queues: { support: { ringTimeout: '1h' } } },
      'config.invalid',
      'queues.support.ringTimeout',
      /between 1000 ms and 300000 ms/u,
    ],
    [
      'a target of two kinds',
      { routes: [{ number: '1', to: { queue: 'a', agent: 'b' } }] },
      'config.invalid',
      'routes[0].to',
      /hangup/u,
    ],
    [
      'a target of no kind',
      { routes: [{ number: '1', to: { que: 'a' } }] },
      'config.invalid',
      'routes[0].to',
      /hangup/u,
    ],
    [
      'a number with letters',
      { routes: [{ number: '400abc', to: 'hangup' }] },
      'config.invalid',
      'routes[0].number',
      /dialled number/u,
    ],
    ['a port out of range', { server: { port: 70_000 } }, 'config.invalid', 'server.port', /./u],
    ['a short secret', { server: { tokenSecret: 'short' } }, 'config.invalid', 'server.tokenSecret', /32 characters/u],
    [
      'an origin with a path',
      { server: { origins: ['https://a.example/x'] } },
      'config.invalid',
      'server.origins[0]',
      /origin such as/u,
    ],
    [
      'a seat that is none',
      { agents: { ann: { seat: 'desk 4' } } },
      'config.invalid',
      'agents.ann.seat',
      /extension such as '8001'/u,
    ],
    ['a time zone that is none', { timeZone: 'Mars/Olympus' }, 'config.invalid', 'timeZone', /IANA/u],
    [
      'an uneven range',
      { dialPlan: { countryCode: '86', internal: [{ from: '80', to: '8999' }] } },
      'config.invalid',
      'dialPlan.internal[0]',
      /equal length/u,
    ],
    [
      'an unknown queue of a route',
      { routes: [{ number: '1', to: { queue: 'none' } }] },
      'config.unresolved',
      'routes.1.to.queue',
      /not in queues/u,
    ],
    [
      'an unknown flow of a route',
      { routes: [{ number: '1', to: { ivr: 'none' } }] },
      'config.unresolved',
      'routes.1.to.ivr',
      /not in flows/u,
    ],
    [
      'an unknown agent whose screen pops',
      { routes: [{ number: '1', to: 'hangup', popTo: { agent: 'none' } }] },
      'config.unresolved',
      'routes.1.popTo.agent',
      /not in agents/u,
    ],
    [
      'a screen that is neither of an agent nor at an extension',
      { routes: [{ number: '1', to: 'hangup', popTo: { queue: 'support' } }], queues: { support: {} } },
      'config.invalid',
      'routes[0].popTo',
      /./u,
    ],
    [
      'an unknown agent of a queue',
      { queues: { q: { overflow: { agent: 'none' } } } },
      'config.unresolved',
      'queues.q.overflow.agent',
      /not in agents/u,
    ],
    [
      'an unknown queue of an agent',
      { agents: { ann: { queues: ['none'] } } },
      'config.unresolved',
      'agents.ann.queues',
      /not in queues/u,
    ],
    [
      'a seat on an unknown switch',
      { agents: { ann: { seat: 'west:extension:1' } } },
      'config.unresolved',
      'agents.ann.seat',
      /not in switches/u,
    ],
    [
      'an unknown queue in a flow',
      { flows: [flow('f', { q: { type: 'queue', queue: 'none', overflow: 'END' } })] },
      'config.unresolved',
      'flows.f.nodes.q.queue',
      /not in queues/u,
    ],
    [
      'an unknown flow in a flow',
      { flows: [flow('f', { s: { type: 'subflow', flow: 'none', results: {}, otherwise: 'END' } })] },
      'config.unresolved',
      'flows.f.nodes.s.flow',
      /not in flows/u,
    ],
    [
      'an unknown calendar',
      { flows: [flow('f', { h: { type: 'hours', calendar: 'none', rules: [], otherwise: 'END' } })] },
      'config.unresolved',
      'flows.f.nodes.h.calendar',
      /not in calendars/u,
    ],
    [
      'a flow id used twice',
      { flows: [flow('f'), { ...flow('f'), version: '2' }] },
      'config.invalid',
      'flows[1]',
      /used once/u,
    ],
    [
      'a route id used twice',
      {
        routes: [
          { id: 'r', number: '1', to: 'hangup' },
          { id: 'r', number: '2', to: 'hangup' },
        ],
      },
      'config.invalid',
      'routes.r',
      /used once/u,
    ],
    [
      'a flow of another form',
      { flows: { f: { ...flow('f'), nodes: { x: { type: 'nothing' } } } } },
      'flow.invalid',
      'flows.f.nodes.x.type',
      /./u,
    ],
  ];
  test.each(cases)('%s', (_what, more, code, path, expected) => {
    let error: unknown;
    try {
      read(more);
    } catch (thrown) {
      error = thrown;
    }
    expect(isCtiError(error) ? [error.code, error.details.path] : error).toEqual([code, path]);
    expect((error as Error).message).toMatch(expected);
  });
});

test('a value is never quoted in the error: it may be a secret', () => {
  try {
    read({ server: { tokenSecret: 'hunter2' } });
    expect.unreachable();
  } catch (error) {
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  }
});
