import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, type MonitorMode } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOSS = 'main:extension:8009';

/** A caller and an agent who have both answered, asked to be joined and not told to be. */
function unjoined(ringsMs = 1_000): {
  floor: Floor;
  caller: ConnectionId;
  own: ConnectionId;
  callId: CallId;
  /** They are in it; `late`: the word of it is on its way. */
  join(id: ConnectionId, word?: 'late'): void;
} {
  const floor = new Floor(site()).up().ready('ann');
  const caller = floor.caller('13912345678', '4008001001');
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  floor.deaf.add('bridge');
  floor.wait(ringsMs).answer(ANN);
  floor.deaf.clear();
  const own = floor.at_(ANN);
  const bridgeId = floor.sent('bridge')[0]?.bridgeId;
  if (callId === undefined || bridgeId === undefined) throw new Error('they are not joined');
  const join = (connectionId: ConnectionId, word?: 'late'): void => {
    const media = floor.media.get(connectionId);
    if (media !== undefined) media.bridge = bridgeId;
    if (word === undefined) floor.event({ type: 'bridged', connectionId, bridgeId });
  };
  return { floor, caller, own, callId, join };
}

/** Sue, at her phone, watches Ann. */
function watch(floor: Floor, callId: CallId, mode: MonitorMode): void {
  floor.habits.set(BOSS, 'answers');
  floor.say('sue', { type: 'agent.logOn' });
  floor.say('sue', { type: 'supervise.monitor', callId, agentId: asId('ann'), mode }, { role: 'supervisor' });
}

test.each([1_000, 12_000])(
  'who is not joined though the switch said yes is joined once more, all of them (rung for %i ms)',
  (ringsMs) => {
    const { floor, caller, own } = unjoined(ringsMs);
    floor.wait(9_900);
    expect(floor.sent('bridge')).toHaveLength(1);
    floor.wait(700);
    const [, again] = floor.sent('bridge');
    expect([...(again?.connectionIds ?? [])].sort()).toEqual([caller, own].sort());
    expect(floor.media.get(caller)?.bridge).toBe(again?.bridgeId);
    expect(floor.media.get(own)?.bridge).toBe(again?.bridgeId);
  },
);

describe('a caller who is told late to have talked was answered, and no other', () => {
  test('the page has hung up meanwhile', () => {
    const { floor, caller, own, callId, join } = unjoined();
    join(own);
    floor.deaf.add('clear');
    floor.say('ann', { type: 'call.clear', callId });
    join(caller);
    floor.deaf.clear();
    floor.hangUp(caller).hangUp(own);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', agents: ['ann'] });
  });

  test.each([
    { what: 'a supervisor speaks to both', told: 'caller', mode: 'barge', outcome: 'answered' },
    { what: 'a supervisor speaks to the agent alone', told: 'agent', mode: 'barge', outcome: 'abandoned' },
    { what: 'a supervisor only listens', told: 'caller', mode: 'listen', outcome: 'abandoned' },
  ] as const)('$what: $outcome', ({ told, mode, outcome }) => {
    const { floor, caller, own, callId, join } = unjoined();
    if (told === 'caller') join(caller);
    join(own, told === 'caller' ? 'late' : undefined);
    watch(floor, callId, mode);
    floor.wait(3_000).hangUp(caller).hangUp(own);
    expect(floor.onlyCdr()).toMatchObject({ outcome });
  });
});
