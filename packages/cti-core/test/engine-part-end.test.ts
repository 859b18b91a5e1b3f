import { describe, expect, test } from 'vitest';
import { asId, type CallId, type PublishedEvent } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
type Ended = Extract<PublishedEvent, { type: 'callEnded' }>;

/** A customer who talks with ann. */
function talk(...more: string[]): { floor: Floor; callId: CallId; customer: ReturnType<Floor['caller']> } {
  const floor = new Floor(site()).up().ready('ann', ...more);
  floor.habits.set(ANN, 'answers').set(BOB, 'answers');
  const customer = floor.caller('13912345678', '4008001001');
  floor.wait(1000);
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  return { floor, callId, customer };
}

const endsAt = (floor: Floor, stream: string): Ended[] =>
  floor.told(stream).filter((event): event is Ended => event.type === 'callEnded');

describe("the end of an agent's part", () => {
  test("an agent's own hang-up ends a call of two, by command and at the phone", () => {
    for (const how of ['command', 'phone'] as const) {
      const { floor, callId } = talk();
      if (how === 'command') floor.say('ann', { type: 'call.clear', callId });
      else floor.hangUp(floor.at_(ANN));
      const over = { type: 'callEnded', callId, end: { cause: 'normalClearing', by: 'agent' } };
      expect(endsAt(floor, 'agent:ann'), how).toEqual([over]);
      expect(endsAt(floor, 'board'), how).toEqual([over]);
      expect(floor.cdrs.get(callId)?.endedBy).toBe('agent');
    }
  });

  test('the same while the customer is slow to go', () => {
    const { floor, callId } = talk();
    floor.deaf.add('clear');
    floor.hangUp(floor.at_(ANN));
    expect(endsAt(floor, 'agent:ann')).toEqual([
      { type: 'callEnded', callId, end: { cause: 'normalClearing', by: 'agent' } },
    ]);
    expect(endsAt(floor, 'board')).toEqual([]);
  });

  test("a customer's hang-up is theirs", () => {
    const { floor, callId, customer } = talk();
    floor.hangUp(customer);
    expect(endsAt(floor, 'agent:ann')).toEqual([
      { type: 'callEnded', callId, end: { cause: 'normalClearing', by: 'caller' } },
    ]);
  });

  test('a call that goes on without the agent still lives', () => {
    const { floor, callId } = talk('bob');
    floor.say('ann', { type: 'call.consult', callId, to: 'agent:bob' });
    floor.wait(1000);
    floor.say('ann', { type: 'call.conference', callId });
    floor.say('ann', { type: 'call.clear', callId });
    expect(endsAt(floor, 'agent:ann').at(-1)).toMatchObject({ callId, stillLives: 'lives' });
    expect(floor.engine.call(callId)).toBeDefined();
  });
});
