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

  test('a seat that rings again in the moment in which its part ended has the call on the screen', () => {
    const { floor, callId } = talk();
    floor.habits.set('main:extension:8005', 'busy');
    floor.habits.set(ANN, 'rings');
    // The switch takes its time to let the phone go: by then the other one has said that it is busy.
    floor.deaf.add('clear');
    floor.say('ann', { type: 'call.transfer', callId, to: '8005' });
    floor.deaf.clear();
    floor.hangUp(floor.at_(ANN));
    const told = floor
      .told('agent:ann')
      .flatMap((event) =>
        event.type === 'callEnded' ? ['ended'] : event.type === 'call' ? [event.call.connections.at(-1)?.state] : [],
      );
    expect(floor.engine.agent(asId('ann'))?.calls).toEqual([callId]);
    expect(told.slice(told.indexOf('ended'))).toEqual(['ended', 'initiated', 'alerting']);
  });

  test('a call that ends for several in one moment ends for all of them in one way, and for the board last', () => {
    const { floor, callId } = talk('bob');
    floor.say('ann', { type: 'call.consult', callId, to: 'agent:bob' });
    floor.wait(1000);
    floor.say('ann', { type: 'call.conference', callId });
    expect(floor.engine.call(callId)?.connections).toHaveLength(3);
    floor.down();
    floor.media.clear();
    const before = floor.effects.length;
    floor.up();
    const told = floor.effects
      .slice(before)
      .flatMap((effect) =>
        effect.kind === 'publish' && effect.event.type === 'callEnded' ? [[effect.stream, effect.event] as const] : [],
      );
    const streams = told.map(([stream]) => stream);
    expect(streams.slice(0, 2).sort()).toEqual(['agent:ann', 'agent:bob']);
    expect(streams.slice(2)).toEqual(['queue:support', 'board']);
    for (const [, event] of told) {
      expect(event).toEqual({ type: 'callEnded', callId, end: { cause: 'lostInOutage' } });
    }
  });
});
