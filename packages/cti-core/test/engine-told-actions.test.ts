import { describe, expect, test } from 'vitest';
import { asId, type CallId, type CallView } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';

/** Ann talks with a caller; Bob's phone does what the test says. */
function talking(bob: 'busy' | 'unreachable' | 'answers' | 'rings'): {
  readonly floor: Floor;
  readonly callId: CallId;
} {
  const floor = new Floor(site()).up().ready('ann');
  floor.habits.set(ANN, 'answers').set(BOB, bob);
  floor.caller('13912345678', '4008001001');
  floor.wait(1_000);
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  return { floor, callId };
}

/** What Ann's page last heard of her own part in a call. */
function shown(floor: Floor, callId: CallId): CallView['connections'][number] | undefined {
  const views = floor
    .told('agent:ann')
    .flatMap((event) => (event.type === 'call' && event.call.callId === callId ? [event.call] : []));
  return views.at(-1)?.connections.find(({ agentId }) => agentId === 'ann');
}

const isNow = (floor: Floor, callId: CallId): CallView['connections'][number] | undefined =>
  floor.engine.call(callId)?.connections.find(({ agentId }) => agentId === 'ann');

/** The last that a page heard is all that it shows: a button that is not told is not there. */
function expectTold(floor: Floor): void {
  for (const callId of floor.engine.agent(asId('ann'))?.calls ?? []) {
    expect(shown(floor, callId)?.actions).toEqual(isNow(floor, callId)?.actions);
  }
}

describe('what an agent may do with a call is told when another call changes it', () => {
  test.each(['busy', 'unreachable'] as const)('a consultation that finds the colleague %s', (how) => {
    const { floor, callId } = talking(how);
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.wait(2_000);
    expect(floor.engine.agent(asId('ann'))?.calls).toEqual([callId]);
    expectTold(floor);
    expect(shown(floor, callId)).toMatchObject({ state: 'held', actions: expect.arrayContaining(['retrieve']) });
    floor.say('ann', { type: 'call.retrieve', callId });
    expectTold(floor);
    expect(shown(floor, callId)).toMatchObject({ state: 'connected', actions: expect.arrayContaining(['consult']) });
  });

  test('a consultation that the colleague ends', () => {
    const { floor, callId } = talking('answers');
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.wait(1_000);
    expectTold(floor);
    floor.hangUp(floor.at_(BOB));
    floor.wait(1_000);
    expectTold(floor);
    expect(shown(floor, callId)?.actions).toContain('retrieve');
  });

  test('a consultation that is swapped, and one that the agent ends', () => {
    const { floor, callId } = talking('answers');
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    const consultation = floor.engine.agent(asId('ann'))?.calls.find((id) => id !== callId);
    if (consultation === undefined) throw new Error('no consultation');
    floor.say('ann', { type: 'call.alternate', callId: consultation });
    expectTold(floor);
    floor.say('ann', { type: 'call.alternate', callId });
    expectTold(floor);
    floor.say('ann', { type: 'call.clear', callId: consultation });
    floor.wait(1_000);
    expectTold(floor);
  });

  test('a caller who leaves while the agent consults', () => {
    const { floor, callId } = talking('answers');
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.hangUp(floor.at_('main:trunk:carrier'));
    floor.wait(1_000);
    expect(floor.engine.agent(asId('ann'))?.calls).toHaveLength(1);
    expectTold(floor);
  });
});
