import { expect, test } from 'vitest';
import { asId, type TenantConfig } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, site } from './support/site.js';

const ANN = 'main:extension:8001';
const entries = [
  { id: '1', code: '1', number: '010 6500 1001', name: 'Bank' },
  { id: '7', code: '7', number: '8002', name: 'Bob' },
  { id: '9', code: '9', number: '110', name: 'Police' },
  { id: 'ann/1', code: '1', agent: asId<never>('ann'), number: '013800138000', name: 'My depot' },
];

function floorOf(more: Partial<TenantConfig> = {}): Floor {
  const base = site();
  const dialPlan = { ...base.dialPlan, speedDialPrefix: '**' };
  const floor = new Floor(site({ dialPlan, speedDial: entries, ...more })).up().ready('ann', 'bob');
  floor.habits.set(ANN, 'answers');
  floor.habits.set('main:extension:8002', 'answers');
  return floor;
}

function dialled(floor: Floor, by: string, to: string): unknown {
  const before = floor.sent('originate').length;
  const said = floor.say(by, { type: 'call.make', to });
  if (said?.outcome !== 'done') return said;
  floor.wait(1000);
  const target = floor.sent('originate').at(-1)?.target;
  expect(floor.sent('originate').length).toBeGreaterThan(before);
  return target?.kind === 'device' ? target.device : target?.number;
}

test('a code leads to its number, an own one before that of the site', () => {
  expect(dialled(floorOf(), 'ann', 'speed:1')).toBe('013800138000');
  expect(dialled(floorOf(), 'bob', 'speed:1')).toBe('01065001001');
  expect(dialled(floorOf(), 'ann', 'speed:7')).toBe('main:extension:8002');
  expect(dialled(floorOf(), 'ann', '**7')).toBe('main:extension:8002');
});

test('no such code is no number; without a prefix a code is what it looks like', () => {
  for (const to of ['speed:5', 'speed:', 'speed:abc']) {
    expect(dialled(floorOf(), 'ann', to)).toMatchObject({ outcome: 'failed', code: 'argument.number' });
  }
  const plain = floorOf({ dialPlan: site().dialPlan });
  expect(dialled(plain, 'ann', '**7')).toBe('**7');
});

test('the rules for who may dial what hold, and emergency numbers pass them', () => {
  const agents = [agent('ann', '8001', { mayDial: 'internal' }), agent('bob', '8002'), agent('sue', '8009')];
  expect(dialled(floorOf({ agents }), 'ann', 'speed:1')).toMatchObject({ outcome: 'failed', code: 'call.blocked' });
  expect(dialled(floorOf({ agents }), 'ann', 'speed:9')).toBe('110');
});

test('a phone dials a code behind the prefix; consultation and transfer take codes', () => {
  const floor = floorOf();
  floor.caller('8001', '**1', ANN);
  expect(floor.sent('originate').at(-1)?.target).toMatchObject({ kind: 'number', number: '013800138000' });
  const other = floorOf();
  other.caller('13912345678', '4008001001');
  other.wait(1000);
  const callId = other.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  expect(other.say('ann', { type: 'call.transfer', callId, to: 'speed:7' })?.outcome).toBe('done');
  other.wait(1000);
  expect(other.state('bob')).toBe('busy');
});
