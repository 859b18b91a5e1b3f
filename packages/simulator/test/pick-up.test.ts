import { asId, type Cdr, type QueueId } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { FLOOR_NUMBER, type FloorCaller, type VirtualFloor, virtualFloor } from '../src/index.js';

const seeds = Array.from({ length: 12 }, (_, n) => n + 1);

const floorWith = (seed: number) => {
  const floor = virtualFloor({
    seed,
    queues: { sales: { agents: ['ann'], afterCallWorkMs: 5_000 }, desk: { agents: ['bob'] } },
    routes: [
      { number: FLOOR_NUMBER, to: { kind: 'queue', queue: asId<QueueId>('sales') } },
      { number: '4008001009', to: { kind: 'extension', number: '8001' } },
    ],
  });
  const cdrs: Cdr[] = [];
  floor.onApplied = (_, effects) => {
    for (const effect of effects) {
      if (effect.kind === 'record' && effect.record.table === 'cdr') cdrs.push(effect.record.value);
    }
  };
  floor.open();
  const ann = floor.agent('ann');
  const bob = floor.agent('bob');
  bob.isOnBreak();
  ann.onRing = () => ({ does: 'ignore' });
  return { floor, cdrs, ann, bob };
};

const until = (floor: VirtualFloor, condition: () => boolean, withinMs: number): boolean => {
  for (let ms = 0; ms < withinMs && !condition(); ms += 1) floor.run(1);
  return condition();
};

const ringing = (floor: VirtualFloor, name: string) =>
  [...floor.agent(name).phone.legs].find((leg) => leg.state === 'alerting');

const endsCleanly = (floor: VirtualFloor, caller: FloorCaller): void => {
  floor.run('3s');
  expect(caller.talking()).toBe(true);
  if (caller.leg !== undefined) floor.pbx.hangUp(caller.leg);
  floor.run('20s');
  floor.checkInvariants();
  expect([...floor.agent('bob').phone.legs].filter((leg) => leg.state !== 'ended')).toEqual([]);
};

describe('a phone picks up what rings at another', () => {
  it.each(seeds)('the offer of a queue: the caller talks, nobody is blamed, one record; seed %i', (seed) => {
    const { floor, cdrs, ann, bob } = floorWith(seed);
    ann.ready();
    const caller = floor.caller('+8613900000001').dials(FLOOR_NUMBER);
    expect(until(floor, () => ringing(floor, 'ann') !== undefined, 15_000)).toBe(true);
    const leg = ringing(floor, 'ann');
    if (leg !== undefined) floor.pbx.pickUp(bob.phone, leg);
    expect(until(floor, () => caller.talking(), 5_000)).toBe(true);
    floor.run('2s');
    expect(ann.view?.state).toBe('ready');
    expect(bob.view?.state).toBe('busy');
    endsCleanly(floor, caller);
    expect(cdrs).toMatchObject([{ outcome: 'answered', agents: ['bob'], queueId: 'sales' }]);
    expect(cdrs[0]?.missedBy ?? []).toEqual([]);
    expect(ann.view?.state).toBe('ready');
  });

  it.each(seeds)('a call to an extension; seed %i', (seed) => {
    const { floor, cdrs, ann, bob } = floorWith(seed);
    ann.isOnBreak();
    const caller = floor.caller('+8613900000002').dials('4008001009');
    expect(until(floor, () => ringing(floor, 'ann') !== undefined, 15_000)).toBe(true);
    const leg = ringing(floor, 'ann');
    if (leg !== undefined) floor.pbx.pickUp(bob.phone, leg);
    expect(until(floor, () => caller.talking(), 5_000)).toBe(true);
    endsCleanly(floor, caller);
    expect(cdrs).toMatchObject([{ outcome: 'answered', agents: ['bob'] }]);
  });
});
