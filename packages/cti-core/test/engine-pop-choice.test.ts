import { expect, test } from 'vitest';
import { type AgentConfig, asId, type PopView, type TenantConfig } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
const device = (more: object) => ({ id: asId<never>(ANN), label: '', ...more });

function pops(more: Partial<TenantConfig>, options: { to?: string; ann?: Partial<AgentConfig> } = {}): PopView[] {
  const agents = [agent('ann', '8001', options.ann), agent('sue', '8009', { queues: [] })];
  const floor = new Floor(site({ agents, ...more })).up().ready('ann');
  floor.caller('13912345678', options.to ?? '4008001001');
  floor.wait(1000);
  const ringing = floor.told('agent:ann').filter(({ type }) => type === 'pop').length;
  floor.answer(ANN);
  floor.wait(1000);
  const all = floor.told('agent:ann').flatMap((event) => (event.type === 'pop' ? [event.pop] : []));
  expect(all[0]?.at ?? 'none').toBe(all.length === 0 ? 'none' : ringing > 0 ? 'alerting' : 'connected');
  return all;
}

const direct = {
  routes: [{ ...(site().routes[2] as never as object), number: '4008001002', to: { kind: 'agent', agent: 'ann' } }],
} as never as Partial<TenantConfig>;

test('the place says it, else the queue, else the site', () => {
  const queues = [queue('support', { popUrl: 'https://q/{queue.id}', popAt: 'connected' }), queue('sales')];
  const pop = { url: 'https://site/{caller.number}', at: 'connected' } as const;
  const devices = [device({ popUrl: 'https://seat/{agent.id}', popAt: 'alerting' })];
  expect(pops({ queues, pop, devices })[0]).toMatchObject({ url: 'https://seat/ann', at: 'alerting' });
  expect(pops({ queues, pop })[0]).toMatchObject({ url: 'https://q/support', at: 'connected' });
  expect(pops({ queues, pop, devices: [device({ popAt: 'alerting' })] })[0]).toMatchObject({
    url: 'https://q/support',
    at: 'alerting',
  });
  const site_ = pops({ pop, ...direct }, { to: '4008001002' });
  expect(site_[0]).toMatchObject({ url: 'https://site/%2B8613912345678', at: 'connected' });
});

test('without a word of the configuration there is a pop without address, while it rings', () => {
  const all = pops(direct, { to: '4008001002' });
  expect(all[0]).toMatchObject({ at: 'alerting' });
  expect(all[0]).not.toHaveProperty('url');
});

test('who may not see the number gets an address without it', () => {
  const pop = { url: 'https://site/?n={caller.number}&to={called.number}' };
  const [seen] = pops({ pop, ...direct }, { to: '4008001002', ann: { numbers: 'masked' } });
  expect(seen?.url).toContain('https://site/?n=');
  expect(seen?.url).not.toContain('12345678');
  expect(seen?.url?.replace(/\D/gu, '')).not.toContain('13912345678');
});

test('a caller whom the directory does not know leads to the page for new customers', () => {
  const pop = { url: 'https://site/c', createUrl: 'https://site/new?n={caller.number}' };
  for (const [decision, url] of [
    ['none', 'https://site/new?n=%2B8613912345678'],
    ['one', 'https://site/c'],
  ] as const) {
    const floor = new Floor(site({ agents: [agent('ann', '8001')], pop, ...direct })).up().ready('ann');
    floor.caller('13912345678', '4008001002');
    const asked = floor.effects.find((effect) => effect.kind === 'lookup');
    const customers = decision === 'one' ? [{ id: '7', name: 'Mei' }] : [];
    floor.input({
      kind: 'lookup',
      lookupId: asked?.kind === 'lookup' ? asked.lookupId : asId<never>('none'),
      result: { outcome: 'found', match: { decision, customers } },
    });
    const told = floor.told('agent:ann').flatMap((event) => (event.type === 'pop' ? [event.pop.url] : []));
    expect(told.at(-1)).toBe(url);
  }
});
