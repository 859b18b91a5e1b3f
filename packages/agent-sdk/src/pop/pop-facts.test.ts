import { asId, type QueueId } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { callView, customerPart, number } from '../../test/views.js';
import { type CallDesk, DeskCall } from '../desk/call.js';
import { popFacts } from './screen-pop.js';

const desk = { agentId: 'ann', queueName: (queueId: string) => `the ${queueId} queue` } as CallDesk;
const facts = (over: object) => popFacts(new DeskCall(desk, callView('connected', over)), 'ann');
const written = {
  raw: '013900000000',
  display: '139 0000 0000',
  e164: '+8613900000000',
  presentation: 'allowed',
} as const;

test('a call fills the places of an address with what is known of it', () => {
  const match = { decision: 'one', customers: [{ id: '7', name: 'Mei' }] } as const;
  const all = facts({
    customer: written,
    called: { ...number('1'), e164: '+861' },
    ivrPath: ['front/pick', 'sales/hi'],
    match,
  });
  expect(all).toEqual({
    'caller.number': '+8613900000000',
    'caller.e164': '+8613900000000',
    'caller.name': 'Mei',
    'called.number': '+861',
    'queue.id': 'support',
    'queue.name': 'the support queue',
    'call.id': 'e-c1',
    'call.direction': 'inbound',
    'agent.id': 'ann',
    'ivr.path': 'front/pick>sales/hi',
    'customer.id': '7',
    'customer.name': 'Mei',
    'data.order': 'A 1',
  });
});

test('a number without a form for look-ups is given as it is shown, and one that is withheld not at all', () => {
  const { e164: _e164, ...plain } = written;
  expect(facts({ customer: plain })).toMatchObject({ 'caller.number': '139 0000 0000', 'caller.e164': undefined });
  expect(facts({ customer: undefined, calling: written, connections: [customerPart] })).toMatchObject({
    'caller.number': '+8613900000000',
  });
  for (const presentation of ['withheld', 'unavailable'] as const) {
    const hidden = facts({ customer: { ...written, presentation } });
    expect(hidden).toMatchObject({ 'caller.number': '', 'caller.e164': '' });
    expect(JSON.stringify(hidden)).not.toMatch(/139/u);
  }
});

test('one of several that may be meant is nobody', () => {
  for (const decision of ['none', 'many'] as const) {
    const match = { decision, customers: [{ id: '7', name: 'Mei' }] };
    expect(facts({ match })).toMatchObject({ 'customer.id': undefined, 'customer.name': undefined });
  }
  expect(facts({ queueId: asId<QueueId>('sales') })).toMatchObject({
    'queue.id': 'sales',
    'queue.name': 'the sales queue',
  });
});
