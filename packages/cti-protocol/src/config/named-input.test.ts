import { isCtiError } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
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

test('groups, modes and lists are short to write, and a queue names its survey', () => {
  const ask = flow('ask');
  const { tenant } = read({
    groups: { desk: ['8001', '80 02'], chain: { members: ['8003'], ring: 'inOrder' } },
    modes: { house: ['day', 'night'], line: { values: ['on', 'off'], initial: 'off' } },
    lists: { vip: ['+86 139 0000-0000', '010 65*'] },
    queues: { sales: { survey: ask }, support: { survey: 'ask' }, plain: {} },
  });
  expect(tenant.groups).toEqual({
    desk: { members: ['8001', '8002'], ring: 'all' },
    chain: { members: ['8003'], ring: 'inOrder' },
  });
  expect(tenant.modes).toEqual({
    house: { values: ['day', 'night'], initial: 'day' },
    line: { values: ['on', 'off'], initial: 'off' },
  });
  expect(tenant.lists).toEqual({ vip: ['+8613900000000', '01065*'] });
  expect(tenant.queues.map(({ survey }) => survey)).toEqual(['ask', 'ask', undefined]);
  expect(tenant.flows.map(({ id }) => id)).toEqual(['ask']);
  expect(Object.keys(read({}).tenant)).not.toEqual(expect.arrayContaining(['groups']));
});

test.each<[object, object, string, string]>([
  [{ type: 'mode', mode: 'm', ways: {}, otherwise: 'END' }, { modes: { house: ['a', 'b'] } }, 'mode', 'modes'],
  [
    { type: 'mode', mode: 'm', ways: { c: 'END' }, otherwise: 'END' },
    { modes: { m: ['a', 'b'] } },
    'ways.c',
    'modes.m.values',
  ],
  [{ type: 'list', rules: [{ list: 'l', goTo: 'END' }], otherwise: 'END' }, {}, 'rules[0].list', 'lists'],
  [{ type: 'orderDesk', group: 'g', timeout: 'END', failed: 'END' }, {}, 'group', 'groups'],
  [
    { type: 'transfer', to: { kind: 'group', group: 'g' }, busy: 'END', noAnswer: 'END', failed: 'END' },
    {},
    'to.group',
    'groups',
  ],
  [{ type: 'callback', queue: 'q', next: 'END', refused: 'END' }, {}, 'queue', 'queues'],
])('%# a name that a flow uses and nobody defines is refused with both places', (node, more, field, expectedIn) => {
  try {
    read({ flows: [flow('f', { n: node })], ...more });
    expect.unreachable();
  } catch (error) {
    expect(isCtiError(error, 'config.unresolved') && error.details).toMatchObject({
      path: `flows.f.nodes.n.${field}`,
      expectedIn,
    });
  }
});

test('a survey that is no flow is refused with both places', () => {
  expect(() => read({ queues: { q: { survey: 'none' } } })).toThrow(
    /queues\.q\.survey names "none", which is not in flows/u,
  );
});

test.each<[object, string]>([
  [{ groups: { g: [] } }, 'groups.g'],
  [{ groups: { g: ['8001', '8001'] } }, 'groups.g'],
  [{ groups: { g: ['ann'] } }, 'groups.g[0]'],
  [{ groups: { g: { members: Array.from({ length: 33 }, (_, n) => `${8000 + n}`) } } }, 'groups.g.members'],
  [{ groups: { g: { members: ['8001'], ring: 'loud' } } }, 'groups.g.ring'],
  [{ modes: { m: ['only'] } }, 'modes.m'],
  [{ modes: { m: { values: ['a', 'b'], initial: 'c' } } }, 'modes.m.initial'],
  [{ lists: { l: ['somebody'] } }, 'lists.l[0]'],
  [{ queues: { q: { survey: 7 } } }, 'queues.q.survey'],
])('%# is refused at its place', (more, path) => {
  try {
    read(more);
    expect.unreachable();
  } catch (error) {
    expect(isCtiError(error, 'config.invalid') && error.details.path).toBe(path);
  }
});
