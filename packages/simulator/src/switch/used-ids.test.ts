import { asId, connectionId, type SwitchId } from '@cordboard/cti-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scheduler } from '../scheduler.js';
import { UsedIds } from './used-ids.js';
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

const stem = fc.constantFrom('main~a-o', 'main~b-o', '', 'main~');
const number = fc.oneof(
  { weight: 20, arbitrary: fc.nat(40).map(String) },
  fc.nat(40).map((n) => `0${n}`),
  fc.constantFrom('', 'x', '12x', '999999999999999', '1000000000000000', '9007199254740993', '9007199254740992'),
);

test('used ids are those that a set of them all would hold', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(stem, number, fc.boolean()), { maxLength: 150 }), (acts) => {
      const used = new UsedIds();
      const known = new Set<string>();
      for (const [head, tail, adds] of acts) {
        const id = head + tail;
        if (adds) {
          used.add(id);
          known.add(id);
        }
        expect(used.has(id)).toBe(known.has(id));
      }
      for (const head of ['main~a-o', 'main~b-o', '', 'main~']) {
        for (let n = 0; n <= 41; n++) expect(used.has(`${head}${n}`)).toBe(known.has(`${head}${n}`));
      }
    }),
  );
});

test('what is kept of ids that are counted does not grow with them, whatever order they come in', () => {
  const used = new UsedIds();
  for (let n = 1; n <= 10_000; n++) used.add(`main~day-o${n % 2 === 0 ? n - 1 : n + 1}`);
  for (let n = 10_003; n <= 10_010; n++) used.add(`main~day-o${n}`);
  used.add('main~by-hand');
  expect(used.size).toBe(3);
});
