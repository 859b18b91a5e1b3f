import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, connectionId, restoreEngine } from '../src/index.js';
import { Floor, MAIN } from './support/floor.js';
import { agent, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
const THIRD = 'main:extension:8006';
const TAKER = connectionId(MAIN, 'takes-place');

interface Consulting {
  readonly floor: Floor;
  readonly caller: ConnectionId;
  readonly callId: CallId;
  readonly other: CallId;
}

/** Ann consults Bob about a caller, from her page: her phone's one line has a part in both calls. */
function consulting(): Consulting {
  const floor = new Floor(site({ agents: [agent('ann', '8001'), agent('bob', '8002'), agent('cid', '8006')] }))
    .up()
    .ready('ann');
  for (const device of [ANN, BOB, THIRD]) floor.habits.set(device, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(2_000);
  for (const who of ['bob', 'cid']) floor.say(who, { type: 'agent.logOn' });
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  const said = floor.say('ann', { type: 'call.consult', callId, to: '8002' });
  floor.wait(1_000);
  if (said === undefined || !('callId' in said) || said.callId === undefined) throw new Error('no consultation');
  return { floor, caller, callId, other: said.callId };
}

const none = { number: '8006', presentation: 'allowed' } as const;

/** Another phone's connection, not up yet. @param how whether it names the call whose place it will take, or was dialled as a call of its own */
function begins({ floor, callId }: Consulting, how: 'named' | 'dialled' = 'named', at = THIRD): void {
  floor.media.set(TAKER, { device: asId(at), direction: 'incoming', state: 'initiated', music: 'off' });
  floor.event({
    type: 'created',
    connectionId: TAKER,
    device: asId(at),
    direction: 'incoming',
    control: 'full',
    calling: none,
    called: how === 'named' ? none : { ...none, number: '8005' },
    ...(how === 'named' ? { callId } : {}),
  });
}

function takes({ floor }: Consulting): void {
  const ann = floor.at_(ANN);
  const { bridge } = floor.media.get(ann) ?? {};
  floor.event({ type: 'replaced', connectionId: ann, by: TAKER });
  if (bridge !== undefined) {
    const media = floor.media.get(TAKER);
    if (media !== undefined) media.bridge = bridge;
    floor.event({ type: 'bridged', connectionId: TAKER, bridgeId: bridge });
  }
  floor.hangUp(ann);
  floor.wait(1_000);
}

const part = (floor: Floor, callId: CallId, agentId: string) =>
  floor.engine.call(callId)?.connections.find((one) => one.agentId === agentId);
const together = (floor: Floor, ...ids: ConnectionId[]): boolean => {
  const bridges = new Set(ids.map((id) => floor.media.get(id)?.bridge));
  return bridges.size === 1 && !bridges.has(undefined);
};

describe.each([
  { how: 'named', what: 'a connection that names the call' },
  { how: 'dialled', what: 'one that was routed as a call of its own' },
] as const)('who takes the place of one who consults: $what', ({ how }) => {
  function taken(): Consulting {
    const told = consulting();
    begins(told, how);
    if (told.floor.media.get(TAKER)?.state === 'initiated') told.floor.answer(THIRD);
    takes(told);
    return told;
  }

  test('has a part in both calls, and the caller waits on', () => {
    const { floor, caller, callId, other } = taken();
    expect(floor.media.has(caller)).toBe(true);
    expect(floor.media.get(caller)?.music).toBe('on');
    expect(together(floor, TAKER, floor.at_(BOB))).toBe(true);
    expect(part(floor, callId, 'cid')).toMatchObject({ state: 'held' });
    expect(part(floor, other, 'cid')).toMatchObject({ state: 'connected' });
    expect(floor.engine.call(other)).toMatchObject({ consultOf: callId });
    expect(floor.engine.agent(asId('ann'))?.calls).toEqual([]);
    expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());
  });

  test('hands the caller over, as the one they replaced could', () => {
    const { floor, caller, callId } = taken();
    expect(floor.say('cid', { type: 'call.completeTransfer', callId })).toMatchObject({ outcome: 'done' });
    floor.wait(1_000);
    expect(together(floor, caller, floor.at_(BOB))).toBe(true);
    expect(floor.media.has(TAKER)).toBe(false);
    floor.hangUp(caller);
    const { agents, endedBy } = floor.onlyCdr();
    expect({ agents: agents.toSorted(), endedBy }).toEqual({ agents: ['ann', 'bob', 'cid'], endedBy: 'caller' });
  });

  test('takes the caller back', () => {
    const { floor, caller, callId, other } = taken();
    expect(floor.say('cid', { type: 'call.cancelConsult', callId: other })).toMatchObject({ outcome: 'done' });
    floor.wait(1_000);
    expect(together(floor, caller, TAKER)).toBe(true);
    expect(floor.engine.call(callId)?.connections).toHaveLength(2);
  });
});

test('who takes the place of one who holds is shown as held as soon as they are up', () => {
  const told = consulting();
  const { floor, caller, callId } = told;
  floor.hangUp(floor.at_(BOB));
  floor.wait(1_000);
  expect(part(floor, callId, 'ann')).toMatchObject({ state: 'held' });
  begins(told);
  floor.deaf.add('answer');
  takes(told);
  expect(part(floor, callId, 'cid')).toMatchObject({ state: 'connected' });
  floor.answer(THIRD);
  expect(part(floor, callId, 'cid')).toMatchObject({ state: 'held', heldBy: 'agent' });
  expect(floor.media.get(caller)?.music).toBe('on');
  expect(floor.say('cid', { type: 'call.retrieve', callId })).toEqual({ outcome: 'done' });
  expect(together(floor, caller, TAKER)).toBe(true);
  const shown = floor
    .told('board')
    .flatMap((event) => (event.type === 'call' && event.call.callId === callId ? [event.call] : []))
    .flatMap((call) => call.connections.filter((one) => one.agentId === 'cid').map((one) => one.state));
  expect(shown.filter((state, at) => state !== shown[at - 1])).toEqual(['connected', 'held', 'connected']);
});

test('whom they consulted takes their place at the same phone: one line of two joins the calls, the other talks on', () => {
  const told = consulting();
  const { floor, caller, callId, other } = told;
  const bob = floor.at_(BOB);
  begins(told, 'named', BOB);
  floor.answer(BOB);
  takes(told);
  expect(floor.say('bob', { type: 'call.conference', callId: other })).toMatchObject({ outcome: 'done', callId });
  floor.wait(1_000);
  expect(together(floor, caller, bob, TAKER)).toBe(true);
  floor.hangUp(TAKER);
  floor.wait(1_000);
  expect(together(floor, caller, bob)).toBe(true);
  floor.hangUp(caller);
  floor.wait(1_000);
  expect(floor.media.size).toBe(0);
  expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());
});

describe('who takes a place that its owner has left before the switch told of it is let go, and the others talk', () => {
  test.each(['is gone', 'is on the way out'])('the owner %s', (owner) => {
    const told = consulting();
    const { floor, caller, callId } = told;
    const ann = floor.at_(ANN);
    begins(told);
    if (owner === 'is on the way out') floor.deaf.add('clear');
    floor.say('ann', { type: 'call.completeTransfer', callId });
    floor.wait(100);
    floor.deaf.delete('clear');
    expect(floor.media.has(ann)).toBe(owner === 'is on the way out');
    floor.event({ type: 'replaced', connectionId: ann, by: TAKER });
    floor.wait(1_000);
    expect(floor.media.has(TAKER)).toBe(false);
    expect(together(floor, caller, floor.at_(BOB))).toBe(true);
    expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());
  });
});
