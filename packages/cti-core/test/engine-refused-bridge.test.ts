import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
/** Ringing, three refusals with their pauses, and the clearing of the agent's leg. */
const ROUND_MS = 5_000;

/** A switch that joins nobody. */
function deaf(more: Parameters<typeof site>[0] = {}): Floor {
  const floor = new Floor(site(more)).up().ready('ann');
  floor.habits.set(ANN, 'answers').set(BOB, 'answers');
  floor.refuse.set('bridge', 'rejected');
  return floor;
}

const callOf = (floor: Floor, agent: string): CallId | undefined => floor.engine.agent(asId(agent))?.calls[0];
const rung = (floor: Floor, device: string): number =>
  floor.sent('originate').filter(({ target }) => target.kind === 'device' && target.device === device).length;
/** When each command of a type was sent, counted from the first one. */
function sentAt(floor: Floor, type: string): number[] {
  const at: number[] = [];
  const { execute } = floor as unknown as { execute: (command: { type: string }) => void };
  Object.assign(floor, {
    execute(command: { type: string }) {
      if (command.type === type) at.push(floor.at);
      execute.call(floor, command);
    },
  });
  return at;
}
const waits = (floor: Floor): readonly CallId[] =>
  (floor.engine.queue(asId('support'))?.waiting ?? []).map((entry) => entry.callId);
const sound = (floor: Floor): void => expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());

describe('a bridge that the switch refuses', () => {
  test('is asked for three times, after half a second and after a whole one', () => {
    const floor = deaf();
    const at = sentAt(floor, 'bridge');
    floor.caller('13912345678', '4008001002');
    floor.answer('main:extension:8005');
    floor.wait(10_000);
    expect(at.map((ms) => ms - (at[0] ?? 0))).toEqual([0, 500, 1500]);
    sound(floor);
  });

  test('counts from the beginning after one that was confirmed', () => {
    const floor = deaf();
    floor.caller('13912345678', '4008001001');
    floor.wait(1_000);
    floor.refuse.clear();
    floor.wait(2_000);
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('ann has no call');
    floor.say('ann', { type: 'call.hold', callId });
    floor.refuse.set('bridge', 'rejected');
    const at = sentAt(floor, 'bridge');
    floor.say('ann', { type: 'call.retrieve', callId });
    floor.wait(1_600);
    expect(at.map((ms) => ms - (at[0] ?? 0))).toEqual([0, 500, 1500]);
    sound(floor);
  });

  test('brings a caller of a queue back to their place, and the next agent is rung', () => {
    const floor = deaf();
    const first = floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    floor.wait(1_000);
    floor.caller('13912345679', '4008001001');
    const enqueued = floor.effects.flatMap((effect) =>
      effect.kind === 'publish' && effect.event.type === 'queue'
        ? effect.event.queue.waiting.flatMap((entry) => (entry.callId === callId ? [entry.enqueuedWallMs] : []))
        : [],
    )[0];
    floor.wait(2_600);
    expect(floor.media.has(first)).toBe(true);
    // Nobody blames ann, whose leg was cleared: she is offered the same caller again, before the one who came later.
    expect(floor.engine.agent(asId('ann'))?.reservation?.callId ?? callOf(floor, 'ann')).toBe(callId);
    expect(floor.state('ann')).not.toMatch(/^notReady/u);
    expect(floor.sent('clear')).toMatchObject([{ cause: 'failure' }]);
    floor.refuse.clear();
    floor.wait(ROUND_MS);
    expect(floor.engine.call(callId as CallId)?.connections.map((conn) => conn.state)).toEqual([
      'connected',
      'connected',
    ]);
    const told = floor.effects.flatMap((effect) =>
      effect.kind === 'publish' && effect.event.type === 'queue'
        ? effect.event.queue.waiting.flatMap((entry) => (entry.callId === callId ? [entry.enqueuedWallMs] : []))
        : [],
    );
    expect(new Set(told)).toEqual(new Set([enqueued]));
    expect(floor.cdrs.size).toBe(0);
    sound(floor);
  });

  test('tries another agent before the same one', () => {
    const floor = deaf();
    floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    floor.ready('bob');
    floor.wait(3_600);
    expect([rung(floor, ANN), rung(floor, BOB)]).toEqual([1, 1]);
    expect(callOf(floor, 'bob')).toBe(callId);
    expect(floor.state('ann')).toBe('ready');
  });

  test('lets a caller go in the end: nobody circles for ever', () => {
    const floor = deaf();
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(60_000);
    expect(floor.media.has(caller)).toBe(false);
    expect(floor.onlyCdr()).toMatchObject({ cause: 'failure', endedBy: 'system', outcome: 'failed' });
    expect(rung(floor, ANN)).toBe(3);
    expect(floor.state('ann')).toBe('ready');
    expect(floor.engine.counters().liveCalls).toBe(0);
    sound(floor);
  });

  test('keeps the caller although the queue is full by now', () => {
    const floor = deaf({ queues: [queue('support', { maxWaiting: 1 }), queue('sales')] });
    const caller = floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    floor.wait(200);
    floor.caller('13912345679', '4008001001');
    expect(waits(floor)).toHaveLength(1);
    floor.wait(3_400);
    expect(floor.media.has(caller)).toBe(true);
    expect(callOf(floor, 'ann')).toBe(callId);
  });

  test('ends a direct call as before', () => {
    const floor = deaf();
    const caller = floor.caller('13912345678', '4008001002');
    floor.answer('main:extension:8005');
    floor.wait(ROUND_MS);
    expect(floor.media.has(caller)).toBe(false);
    expect(floor.onlyCdr()).toMatchObject({ cause: 'failure', endedBy: 'system' });
  });

  test('does not count what was refused of taking somebody out: who retrieves in the end talks on', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('ann has no call');
    floor.wait(1_000);
    floor.refuse.set('unbridge', 'conflict');
    floor.say('ann', { type: 'call.hold', callId });
    floor.wait(3_000);
    floor.deaf.add('unbridge');
    floor.wait(1_000);
    expect(floor.sent('unbridge')).toHaveLength(4);
    floor.say('ann', { type: 'call.retrieve', callId });
    floor.wait(20_000);
    expect(floor.media.has(caller)).toBe(true);
    expect(floor.engine.call(callId)?.connections.map((conn) => conn.state)).toEqual(['connected', 'connected']);
    sound(floor);
  });

  test('ends a consultation and not the call that waits for it', () => {
    const floor = new Floor(site()).up().ready('ann', 'bob');
    floor.habits.set(ANN, 'answers');
    floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('ann has no call');
    floor.wait(1_000);
    floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.refuse.set('bridge', 'rejected');
    const phone: ConnectionId = floor.at_(ANN);
    floor.answer(BOB);
    floor.wait(ROUND_MS);
    expect(floor.media.has(phone)).toBe(true);
    expect(floor.engine.agent(asId('ann'))?.calls).toEqual([callId]);
    expect(floor.state('bob')).toBe('ready');
    floor.refuse.clear();
    floor.say('ann', { type: 'call.retrieve', callId });
    floor.wait(3_000);
    expect(floor.engine.call(callId)?.connections.map((conn) => conn.state)).toEqual(['connected', 'connected']);
    sound(floor);
  });
});
