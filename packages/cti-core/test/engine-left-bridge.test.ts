import { expect, test } from 'vitest';
import { asId, type BridgeId, type CallId, type ConnectionId, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';

function talking(): { readonly floor: Floor; readonly caller: ConnectionId; readonly bridgeId: BridgeId } {
  const floor = new Floor(site()).up().ready('ann');
  floor.habits.set(ANN, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(2_000);
  const bridgeId = floor.sent('bridge')[0]?.bridgeId;
  if (bridgeId === undefined || floor.media.get(caller)?.bridge !== bridgeId) throw new Error('they do not talk');
  floor.commands.length = 0;
  return { floor, caller, bridgeId };
}

/** The switch tells that a connection has left its bridge, unasked. */
function leaves(floor: Floor, connectionId: ConnectionId, bridgeId: BridgeId): void {
  const media = floor.media.get(connectionId);
  if (media !== undefined) delete media.bridge;
  floor.event({ type: 'unbridged', connectionId, bridgeId });
}

test('one who leaves the bridge because they hang up is not asked back', () => {
  const { floor, caller, bridgeId } = talking();
  leaves(floor, caller, bridgeId);
  floor.wait(20);
  floor.hangUp(caller);
  floor.wait(5_000);
  expect(floor.sent('bridge')).toEqual([]);
  expect(floor.onlyCdr().outcome).toBe('answered');
  expect(floor.media.size).toBe(0);
});

test('one who leaves the bridge and stays is joined again within 200 ms, also after a restart', () => {
  const { floor, caller, bridgeId } = talking();
  const before = floor.at;
  leaves(floor, caller, bridgeId);
  floor.engine = restoreEngine(floor.engine.dump());
  while (floor.sent('bridge').length === 0 && floor.at < before + 5_000) floor.wait(10);
  expect(floor.at - before).toBeLessThanOrEqual(200);
  expect(floor.sent('bridge')).toMatchObject([{ bridgeId, connectionIds: [caller] }]);
  expect(floor.media.get(caller)?.bridge).toBe(bridgeId);
  floor.wait(60_000);
  expect(floor.sent('bridge')).toHaveLength(1);
});

test('one who was taken out by command, and is wanted back, is joined at once', () => {
  const { floor } = talking();
  const callId: CallId | undefined = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  floor.say('ann', { type: 'call.hold', callId });
  floor.wait(1_000);
  floor.say('ann', { type: 'call.retrieve', callId });
  expect(floor.engine.call(callId)?.connections.map(({ state }) => state)).toEqual(['connected', 'connected']);
});

test('one whom hold and retrieve overtook is taken out of the bridge when the next party is consulted', () => {
  const floor = new Floor(site()).up().ready('ann');
  floor.habits.set(ANN, 'answers');
  // The switch is slower than the agent: what it confirms comes after three commands.
  floor.deaf.add('bridge').add('unbridge');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(2_000);
  const callId: CallId | undefined = floor.engine.agent(asId('ann'))?.calls[0];
  const asked = floor.sent('bridge')[0];
  if (callId === undefined || asked === undefined) throw new Error('they are not joined');
  floor.say('ann', { type: 'call.hold', callId });
  floor.say('ann', { type: 'call.retrieve', callId });
  expect([floor.sent('unbridge').length, floor.sent('bridge').length]).toEqual([1, 2]);
  floor.deaf.clear();
  const { bridgeId } = asked;
  for (const connectionId of asked.connectionIds) floor.event({ type: 'bridged', connectionId, bridgeId });
  floor.event({ type: 'unbridged', connectionId: caller, bridgeId });
  floor.event({ type: 'bridged', connectionId: caller, bridgeId });
  for (const [id, media] of floor.media) if (asked.connectionIds.includes(id)) media.bridge = bridgeId;

  floor.say('ann', { type: 'call.consult', callId, to: '8002' });
  floor.wait(1_000);

  expect(floor.media.get(caller)?.bridge).toBeUndefined();
  expect(floor.engine.call(callId)?.connections.find(({ agentId }) => agentId === 'ann')?.state).toBe('held');
});
