import { expect, test } from 'vitest';
import { asId, type IvrGraph, type RouteConfig, type TenantConfig } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, FRONT, queue, site } from './support/site.js';

const none = asId<never>('none');
const route = (more: Partial<RouteConfig>): Partial<TenantConfig> => ({
  routes: [{ ...(site().routes[1] as RouteConfig), ...more }],
});
const node = (one: object): Partial<TenantConfig> => ({
  flows: [{ ...FRONT, nodes: { ...FRONT.nodes, one } } as unknown as IvrGraph],
});

test.each<[string, Partial<TenantConfig>]>([
  ['agents.0.queues', { agents: [agent('ann', '8001', { queues: [asId('support'), none] })] }],
  ['queues.2.overflow', { queues: [...site().queues, queue('q', { overflow: { kind: 'queue', queue: none } })] }],
  ['queues.2.overflow', { queues: [...site().queues, queue('q', { overflow: { kind: 'ivr', flow: none } })] }],
  ['queues.2.overflow', { queues: [...site().queues, queue('q', { overflow: { kind: 'agent', agent: none } })] }],
  ['queues.2.survey', { queues: [...site().queues, queue('q', { survey: none })] }],
  ['routes.0.to', route({ to: { kind: 'queue', queue: none } })],
  ['routes.0.popTo', route({ popTo: { kind: 'agent', agent: none } })],
  ['firewall', { firewall: { refuse: ['none'] } }],
  ['firewall', { firewall: { favour: [{ list: 'none', priority: 1 }] } }],
  ['firewall', { firewall: { outbound: ['none'] } }],
  ['flows.front.nodes.one', node({ type: 'queue', queue: 'none', overflow: 'END' })],
  ['flows.front.nodes.one', node({ type: 'subflow', flow: 'none', results: {}, otherwise: 'END' })],
  ['flows.front.nodes.one', node({ type: 'transfer', to: { kind: 'agent', agent: 'none' } })],
  ['flows.front.nodes.one', node({ type: 'transfer', to: { kind: 'group', group: 'none' } })],
  ['flows.front.nodes.one', node({ type: 'orderDesk', group: 'none' })],
  ['flows.front.nodes.one', node({ type: 'callback', queue: 'none' })],
  ['flows.front.nodes.one', node({ type: 'mode', mode: 'none' })],
  ['flows.front.nodes.one', node({ type: 'list', rules: [{ list: 'none' }] })],
])('a name that leads nowhere is refused with its place: %s, %#', (where, more) => {
  expect(() => new Floor(site(more))).toThrow(
    expect.objectContaining({ code: 'config.unresolved', details: { where, name: 'none' } }),
  );
});
