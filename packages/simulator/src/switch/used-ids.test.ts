import { asId, connectionId, type SwitchId } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { Scheduler } from '../scheduler.js';
import { VirtualSwitch } from './virtual-switch.js';

const switchId = asId<SwitchId>('main');

test('an id is known as used after its connection has ended, whether the switch or a client gave it', () => {
  const clock = new Scheduler(1_700_000_000_000);
  const pbx = new VirtualSwitch({ switchId, seed: 1, extensions: ['8001'] }, clock);
  pbx.open(() => undefined);
  clock.runTo(1_000);
  const leg = pbx.dial(pbx.party('+8613900000001'), '4000');
  if (leg === undefined) throw new Error('the switch takes the call');
  const party = pbx.party('8001');
  const chosen = pbx.ringOut({
    connectionId: connectionId(switchId, 'day-x1'),
    party,
    device: party.device,
    calling: { number: '', presentation: 'unavailable' },
    callId: undefined,
    ringTimeoutMs: 5_000,
    autoAnswer: undefined,
    exists: 'exists',
  });
  pbx.hangUp(leg);
  pbx.hangUp(chosen);
  clock.runTo(10_000);
  expect(pbx.legs.size).toBe(0);
  expect([leg, chosen].map((one) => pbx.isUsed(one.connectionId))).toEqual([true, true]);
  const unused = ['day-x2', 'day-1.0-x', '1700000001000.1', '7', ''].map((id) => connectionId(switchId, id));
  expect(unused.filter((id) => pbx.isUsed(id))).toEqual([]);
});
