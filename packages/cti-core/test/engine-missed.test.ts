import { describe, expect, test } from 'vitest';
import { asId, type CallId } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';

function talkOf(floor: Floor, agentId: string): CallId {
  const callId = floor.engine.agent(asId(agentId))?.calls[0];
  if (callId === undefined) throw new Error(`${agentId} has no call`);
  return callId;
}

describe('missed calls', () => {
  test('each agent whose phone rang and who did not take it, once, with the ringing in the segments', () => {
    const floor = new Floor(site()).up().ready('ann', 'bob');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(1000);
    floor.wait(3000);
    floor.hangUp(floor.at_(ANN), 'rejected');
    floor.wait(1000);
    floor.wait(2000);
    floor.answer(BOB);
    floor.wait(5000).hangUp(caller);
    const cdr = floor.onlyCdr();
    expect(cdr).toMatchObject({ outcome: 'answered', agents: ['bob'], missedBy: ['ann'] });
    const ringing = cdr.segments.filter(({ kind }) => kind === 'ringing');
    expect(ringing.map(({ agentId }) => agentId)).toEqual(['ann', 'bob']);
  });

  test('a caller who gives up while the phone rings, and a click on refuse', () => {
    const floor = new Floor(site()).up().ready('ann', 'bob');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(1000);
    floor.wait(2000);
    floor.say('ann', { type: 'call.reject', callId: talkOf(floor, 'ann') });
    floor.wait(1000);
    floor.wait(2000).hangUp(caller);
    floor.wait(1000);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'abandoned', agents: [], missedBy: ['ann', 'bob'] });
  });

  test('whoever has, had or missed a call is known of it while it lives', () => {
    const floor = new Floor(site()).up().ready('ann', 'bob', 'sue');
    floor.habits.set(BOB, 'answers');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(1000);
    const callId = talkOf(floor, 'ann');
    expect(floor.engine.agentsOf(callId)).toEqual(['ann']);
    floor.wait(3000);
    floor.hangUp(floor.at_(ANN), 'rejected');
    floor.wait(3000);
    expect([...floor.engine.agentsOf(callId)].sort()).toEqual(['ann', 'bob']);
    floor.say('bob', { type: 'call.transfer', callId, to: '8009' });
    floor.wait(3000);
    expect([...floor.engine.agentsOf(callId)].sort()).toEqual(['ann', 'bob', 'sue']);
    floor.hangUp(caller).wait(1000);
    expect(floor.engine.agentsOf(callId)).toEqual([]);
  });

  test('a phone that never rang was not missed', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'busy');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(1000).hangUp(caller);
    expect(floor.sent('originate')).toHaveLength(1);
    expect(floor.onlyCdr()).not.toHaveProperty('missedBy');
  });

  test('a transfer that was not taken, and who comes back from it', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(1000);
    floor.ready('bob');
    floor.say('ann', { type: 'call.transfer', callId: talkOf(floor, 'ann'), to: '8002' });
    floor.wait(5000);
    floor.hangUp(floor.at_(BOB), 'rejected');
    floor.wait(5000).hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ agents: ['ann'], missedBy: ['bob'] });
  });

  test('the own phone of one who makes a call is not a missed call; the colleague who does not lift is', () => {
    const floor = new Floor(site()).up().ready('ann', 'bob');
    floor.say('ann', { type: 'call.make', to: '8002' });
    floor.wait(2000);
    floor.hangUp(floor.at_(ANN), 'rejected');
    floor.wait(1000);
    expect(floor.onlyCdr()).not.toHaveProperty('missedBy');
    floor.cdrs.clear();
    floor.habits.set(ANN, 'answers');
    floor.say('ann', { type: 'call.make', to: '8002' });
    floor.wait(1000);
    floor.wait(2000);
    floor.hangUp(floor.at_(BOB), 'rejected');
    floor.wait(1000);
    expect(floor.onlyCdr()).toMatchObject({ missedBy: ['bob'] });
  });
});
