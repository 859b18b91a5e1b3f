import { expect, test } from 'vitest';
import { asId, type BridgeId, type CallId, type ConnectionId, connectionId, restoreEngine } from '../src/index.js';
import { Floor, MAIN } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const COLLEAGUE = connectionId(MAIN, 'picks-up');

/** Ann has lifted the caller of a queue; the switch has told that the caller is in the bridge, and not yet that Ann is. */
function halfTold(): { floor: Floor; caller: ConnectionId; ann: ConnectionId; bridgeId: BridgeId; callId: CallId } {
  const floor = new Floor(site()).up().ready('ann');
  floor.habits.set(ANN, 'answers');
  floor.deaf.add('bridge');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(2_000);
  const bridgeId = floor.sent('bridge')[0]?.bridgeId;
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (bridgeId === undefined || callId === undefined) throw new Error('they are not being joined');
  floor.event({ type: 'bridged', connectionId: caller, bridgeId });
  return { floor, caller, ann: floor.at_(ANN), bridgeId, callId };
}

/** A colleague's phone takes the place of Ann's: it is in the bridge before it is told whose place it has. */
function takesPlace({ floor, bridgeId, callId }: ReturnType<typeof halfTold>): void {
  const connectionId = COLLEAGUE;
  const none = { number: '8002', presentation: 'allowed' } as const;
  floor.event({
    type: 'created',
    connectionId,
    device: asId('main:extension:8002'),
    direction: 'incoming',
    control: 'full',
    calling: none,
    called: none,
    callId,
  });
  floor.event({ type: 'connected', connectionId });
  floor.event({ type: 'bridged', connectionId, bridgeId });
}

test('a caller who hears one who takes a place is answered, though it is told of neither whose place nor that it was taken', () => {
  const told = halfTold();
  const { floor, caller, ann, callId } = told;
  floor.wait(1_000);
  takesPlace(told);
  floor.engine = restoreEngine(floor.engine.dump());
  floor.wait(3_000);
  floor.say('ann', { type: 'call.clear', callId });
  floor.hangUp(ann);
  floor.hangUp(caller);
  const { outcome, agents, segments, answeredWallMs, startedWallMs } = floor.onlyCdr();
  expect({ outcome, agents }).toEqual({ outcome: 'answered', agents: ['ann'] });
  const talk = segments.find(({ kind }) => kind === 'talking');
  expect(talk).toMatchObject({ agentId: 'ann' });
  expect((talk?.endMs ?? 0) - (talk?.startMs ?? 0)).toBeGreaterThanOrEqual(3_000);
  expect(answeredWallMs).toBe(startedWallMs + (talk?.startMs ?? 0));
});

test('one who leaves again before they are up, or is in another bridge, answers nobody', () => {
  for (const elsewhere of [true, false]) {
    const told = halfTold();
    const { floor, caller, ann, callId } = told;
    if (elsewhere) {
      takesPlace({ ...told, bridgeId: asId('another') });
      // The call is looked at again.
      floor.event({ type: 'bridged', connectionId: caller, bridgeId: told.bridgeId });
    } else {
      floor.event({
        type: 'created',
        connectionId: COLLEAGUE,
        device: asId('main:extension:8002'),
        direction: 'incoming',
        control: 'full',
        calling: { number: '8002', presentation: 'allowed' },
        called: { number: '8002', presentation: 'allowed' },
        callId,
      });
      floor.event({ type: 'bridged', connectionId: COLLEAGUE, bridgeId: told.bridgeId });
      floor.event({ type: 'cleared', connectionId: COLLEAGUE, release: { cause: 'normalClearing' } });
    }
    floor.wait(3_000);
    floor.say('ann', { type: 'call.clear', callId });
    floor.hangUp(ann);
    floor.hangUp(caller);
    expect(floor.onlyCdr().outcome).not.toBe('answered');
  }
});
