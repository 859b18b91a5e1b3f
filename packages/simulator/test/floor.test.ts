import { asId, type FlowId, type IvrGraph } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { virtualFloor } from '../src/index.js';

const front: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId<FlowId>('front'),
  version: '1',
  languages: ['en'],
  start: 'pick',
  nodes: {
    pick: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'menu' }],
      keys: { 1: 'sales', 2: 'support' },
      noInput: 'support',
      noMatch: 'support',
    },
    sales: { type: 'queue', queue: 'support', overflow: 'END' },
    support: { type: 'queue', queue: 'support', overflow: 'END' },
  },
  prompts: { menu: { en: 'menu' } },
};

describe('virtualFloor', () => {
  it('a caller who gives up is an abandoned call, once', async () => {
    const floor = virtualFloor({ seed: 7, ivr: front, queues: { support: { agents: ['ann'] } } });
    floor.agent('ann').isOnBreak();
    const caller = floor.caller('+8613900000000').dials('8100').presses('2', { after: '4s' }).hangsUp({ after: '30s' });
    await floor.runUntil(caller.ended);
    expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'abandoned', queue: 'support' });
    floor.checkInvariants();
    floor.end();
    floor.checkInvariants();
  });

  it('puts a caller through to an agent', async () => {
    const floor = virtualFloor({ seed: 8, ivr: front, queues: { support: { agents: ['ann', 'bob'] } } });
    const caller = floor
      .caller('+8613900000001')
      .dials('8100')
      .presses('2', { after: '4s' })
      .talks({ for: '20s' })
      .hangsUp();
    await floor.runUntil(caller.talking);
    expect(floor.agents.map((agent) => agent.view?.state)).toContain('busy');
    await floor.runUntil(caller.ended);
    expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'answered', queue: 'support' });
    floor.end();
    floor.checkInvariants();
  });
});
