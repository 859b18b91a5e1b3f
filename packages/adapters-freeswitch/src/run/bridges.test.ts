import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { beforeEach, expect, it } from 'vitest';
import type { Leg } from '../map/leg.js';
import { type BridgeParts, Bridges } from './bridges.js';
import type { Kit } from './kit.js';
import { Moves } from './moves.js';

let clock: SimulatedClock;
let moves: Moves;
let leg: Leg;
let answer: string | undefined;

/** Sends the leg to park on a switch that takes the command. */
function park(): void {
  const kit: Partial<Kit> = {
    moves,
    model: { detach: () => undefined } as unknown as Kit['model'],
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
