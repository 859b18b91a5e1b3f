import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Leg } from '../map/leg.js';
import { type BridgeParts, Bridges } from './bridges.js';
import type { Kit } from './kit.js';
import { Moves } from './moves.js';

let clock: SimulatedClock;
let moves: Moves;
let leg: Leg;
let partner: Leg;
let answer: string | undefined;

/** Sends the leg to park on a switch that takes the command. */
function park(): void {
  const kit: Partial<Kit> = {
    moves,
    model: { detach: () => undefined, leg: () => partner } as unknown as Kit['model'],
    api: async () => '+OK',
    later: (delayMs, run) => clock.setTimer(delayMs, run),
  };
  const bridges = new Bridges(kit as Kit, {} as BridgeParts);
  void bridges.park(leg, new AbortController().signal).then(({ outcome }) => {
    answer = outcome;
  });
}

async function parkIs(state: Leg['parking']): Promise<void> {
  if (state === undefined) delete leg.parking;
  else leg.parking = state;
  moves.moved(leg);
  await clock.tick(0);
}

beforeEach(() => {
  clock = new SimulatedClock(0);
  moves = new Moves();
  leg = { id: 'u1', place: { kind: 'alone' } } as unknown as Leg;
  partner = { id: 'u2', place: { kind: 'pair', withId: 'u1' } } as unknown as Leg;
  answer = undefined;
});

it('is done when the switch has carried out the park that was asked for', async () => {
  park();
  await clock.tick(0);
  expect(answer).toBeUndefined();
  await parkIs(undefined);
  expect(answer).toBe('accepted');
});

it('waits on where the switch has parked the leg of its own accord: what plays before the park that was asked for would be cut', async () => {
  park();
  await clock.tick(0);
  await parkIs('soon');
  await clock.tick(100);
  expect(answer).toBeUndefined();
  await parkIs(undefined);
  expect(answer).toBe('accepted');
});

it('waits for a park that never comes no longer than half a second', async () => {
  park();
  await clock.tick(0);
  await parkIs('soon');
  await clock.tick(500);
  expect(answer).toBe('accepted');
  expect(leg.parking).toBeUndefined();
  expect(clock.pendingTimers).toBe(0);
});

describe('one who was joined with another', () => {
  beforeEach(() => {
    leg.place = { kind: 'pair', withId: 'u2' };
  });

  async function partnerIs(change: (leg: Leg) => void): Promise<void> {
    change(partner);
    moves.moved(partner);
    await clock.tick(0);
  }

  it('is left by the partner too before anything plays, for the partner breaks it off on the way out', async () => {
    park();
    await clock.tick(0);
    await parkIs(undefined);
    await clock.tick(100);
    expect(answer).toBeUndefined();
    await partnerIs((each) => delete each.parting);
    expect(answer).toBe('accepted');
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not wait for a partner who hangs up', async () => {
    park();
    await clock.tick(0);
    await parkIs(undefined);
    await partnerIs((each) => {
      each.ending = 'yes';
    });
    expect(answer).toBe('accepted');
  });

  it('does not wait for a partner who was moved elsewhere meanwhile, nor long for any', async () => {
    partner.place = { kind: 'alone' };
    park();
    await clock.tick(0);
    await parkIs(undefined);
    expect(answer).toBe('accepted');
    answer = undefined;
    partner.place = { kind: 'pair', withId: 'u1' };
    park();
    await clock.tick(0);
    await parkIs(undefined);
    await clock.tick(500);
    expect(answer).toBe('accepted');
    expect(partner.parting).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });
});
