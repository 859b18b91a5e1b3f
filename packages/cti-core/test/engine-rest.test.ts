import { describe, expect, test } from 'vitest';
import { asId, type DriverReply, type ReleaseCause, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, queue, site } from './support/site.js';

type Code = Extract<DriverReply, { outcome: 'refused' }>['code'];

const NAMES = ['ann', 'bob', 'cid', 'dan', 'eve'] as const;
const SUPPORT = '4008001001';
const seat = (n: number): string => `main:extension:${8001 + n}`;
const ANN = seat(0);
const BOB = seat(1);

function floorOf(count: number, ringNoAnswer: 'notReady' | 'ready' = 'notReady'): Floor {
  const agents = NAMES.slice(0, count).map((name, n) => agent(name, String(8001 + n)));
  const floor = new Floor(site({ agents, queues: [queue('support', { ringNoAnswer }), queue('sales')] })).up();
  return floor.ready(...NAMES.slice(0, count));
}

const rung = (floor: Floor, device: string): number =>
  floor.sent('originate').filter(({ target }) => target.kind === 'device' && target.device === device).length;

/** The phone that rings is cleared by the switch with a cause. */
function endsRinging(floor: Floor, device: string, cause: ReleaseCause): void {
  const id = floor.at_(device);
  floor.gone(id);
  floor.event({ type: 'cleared', connectionId: id, release: { cause } });
}

describe('a switch in trouble', () => {
  for (const code of ['rejected', 'timeout', 'conflict', 'stopped', 'gone'] as const satisfies readonly Code[]) {
    test(`that refuses every phone for a minute (${code}) makes nobody not ready, and serves the caller when it is over`, () => {
      const floor = floorOf(5);
      floor.refuse.set('originate', code);
      floor.caller('13912345678', SUPPORT);
      floor.wait(60_000);
      expect(NAMES.map((name) => floor.state(name))).toEqual(NAMES.map(() => 'ready'));
      const tries = NAMES.map((_, n) => rung(floor, seat(n)));
      // 0, 1, 3, 7, 15, 31 s after the first: bounded for each phone.
      for (const count of tries) expect(count).toBeGreaterThanOrEqual(3);
      for (const count of tries) expect(count).toBeLessThanOrEqual(7);
      const again = restoreEngine(floor.engine.dump());
      expect(again.queue(asId('support'))).toEqual(floor.engine.queue(asId('support')));
      floor.refuse.clear();
      floor.wait(30_000);
      expect(NAMES.filter((name) => floor.state(name) === 'reserved')).toHaveLength(1);
    });
  }

  for (const cause of ['congestion', 'failure', 'shutdown'] as const) {
    test(`that ends each ringing with ${cause} says nothing about the agent`, () => {
      const floor = floorOf(1);
      floor.caller('13912345678', SUPPORT);
      floor.wait(3000);
      endsRinging(floor, ANN, cause);
      expect(floor.state('ann')).toBe('ready');
      expect(rung(floor, ANN)).toBe(1);
      floor.wait(1000);
      expect(rung(floor, ANN)).toBe(2);
      expect(floor.state('ann')).toBe('reserved');
    });
  }

  test('calls no phone unreachable while others cannot be reached either', () => {
    const floor = floorOf(3);
    for (const n of [0, 1, 2]) floor.habits.set(seat(n), 'unreachable');
    floor.caller('13912345678', SUPPORT);
    floor.wait(60_000);
    expect(['ann', 'bob', 'cid'].map((name) => floor.state(name))).toEqual(['ready', 'ready', 'ready']);
    for (const n of [0, 1, 2]) floor.habits.set(seat(n), 'rings');
    floor.wait(30_000);
    expect(['ann', 'bob', 'cid'].map((name) => floor.state(name))).toContain('reserved');
  });

  test('waits longer each time, thirty seconds at most, and is asked at once when it was away', () => {
    const floor = floorOf(1);
    floor.refuse.set('originate', 'conflict');
    floor.caller('13912345678', SUPPORT);
    const at: number[] = [];
    const from = floor.at;
    for (let s = 0; s < 150; s += 1) {
      const before = rung(floor, ANN);
      if (s === 0) at.push(0);
      floor.wait(1000);
      if (rung(floor, ANN) > before) at.push((floor.at - from) / 1000);
    }
    expect(at).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
    floor.refuse.clear();
    const before = rung(floor, ANN);
    floor.down().up();
    expect(rung(floor, ANN)).toBe(before + 1);
  });

  test('is forgotten when the phone rings: the next trouble begins with a short rest', () => {
    const floor = floorOf(1);
    floor.refuse.set('originate', 'conflict');
    const caller = floor.caller('13912345678', SUPPORT);
    floor.wait(15_000);
    floor.refuse.clear();
    floor.wait(16_000);
    expect(floor.state('ann')).toBe('reserved');
    floor.hangUp(caller);
    floor.refuse.set('originate', 'conflict');
    floor.caller('13912345679', SUPPORT);
    const before = rung(floor, ANN);
    floor.wait(1000);
    expect(rung(floor, ANN)).toBe(before + 1);
  });

  test('does not make a transferor not ready whose phone cannot be rung for the way back', () => {
    const floor = floorOf(2);
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13912345678', SUPPORT);
    floor.wait(2000);
    const callId = floor.engine.agent(asId('ann'))?.calls[0];
    if (callId === undefined) throw new Error('ann has no call');
    floor.say('bob', { type: 'agent.notReady', reason: 'break' });
    floor.habits.set(BOB, 'busy').set(ANN, 'rings');
    floor.refuse.set('originate', 'conflict');
    floor.say('ann', { type: 'call.transfer', callId, to: 'agent:bob' });
    floor.wait(500);
    expect(floor.state('ann')).not.toContain('notReady');
    floor.refuse.clear();
    floor.wait(30_000);
    expect(floor.state('ann')).toBe('reserved');
    floor.hangUp(caller);
  });
});

describe('a phone that does not work', () => {
  test('is told from the others that ring: after three tries its agent is not ready', () => {
    const floor = floorOf(3);
    floor.habits.set(ANN, 'unreachable');
    floor.habits.set(BOB, 'answers').set(seat(2), 'answers');
    for (let n = 0; n < 3; n += 1) {
      floor.caller(`1391234567${n}`, SUPPORT);
      floor.wait(4000);
    }
    expect(floor.state('ann')).toBe('notReady:deviceDown');
    expect(rung(floor, ANN)).toBe(3);
    expect([floor.state('bob'), floor.state('cid')]).toEqual(['busy', 'busy']);
  });

  test('is told even when there is no other one, after a minute and a half', () => {
    const floor = floorOf(1);
    floor.habits.set(ANN, 'unreachable');
    floor.caller('13912345678', SUPPORT);
    floor.wait(62_000);
    expect(floor.state('ann')).toBe('ready');
    floor.wait(40_000);
    expect(floor.state('ann')).toBe('notReady:deviceDown');
    floor.say('ann', { type: 'agent.ready' });
    expect(rung(floor, ANN)).toBe(9);
  });

  test('or is not answered, or declined, takes readiness at once, by the rule of the queue', () => {
    for (const [cause, reason] of [
      ['noAnswer', 'ringNoAnswer'],
      ['rejected', 'rejected'],
      ['busy', 'ringNoAnswer'],
    ] as const) {
      const floor = floorOf(2);
      floor.caller('13912345678', SUPPORT);
      floor.wait(3000);
      endsRinging(floor, ANN, cause);
      expect(floor.state('ann')).toBe(`notReady:${reason}`);
      expect(floor.state('bob')).toBe('reserved');
    }
  });

  test('rests no more when its agent says ready, or it is registered again', () => {
    const floor = floorOf(1);
    floor.refuse.set('originate', 'conflict');
    floor.caller('13912345678', SUPPORT);
    floor.wait(8000);
    const tries = rung(floor, ANN);
    floor.say('ann', { type: 'agent.ready' });
    expect(rung(floor, ANN)).toBe(tries + 1);
    floor.event({ type: 'devicePresence', device: asId(ANN), presence: 'unreachable' });
    floor.event({ type: 'devicePresence', device: asId(ANN), presence: 'idle' });
    expect(rung(floor, ANN)).toBe(tries + 2);
  });
});
