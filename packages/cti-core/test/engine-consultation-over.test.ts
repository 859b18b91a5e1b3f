import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
const COLLEAGUE = 'main:extension:8005';
const THIRD = 'main:extension:8006';

interface Talk {
  readonly floor: Floor;
  readonly caller: ConnectionId;
  readonly callId: CallId;
}

/** Ann talks with a caller. Bob lets go by hand. */
function talking(): Talk {
  const agents = [agent('ann', '8001'), agent('bob', '8002', { release: 'manual' })];
  const floor = new Floor(site({ agents })).up().ready('ann');
  for (const device of [ANN, BOB, COLLEAGUE, THIRD]) floor.habits.set(device, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(2000);
  floor.say('bob', { type: 'agent.logOn' });
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  return { floor, caller, callId };
}

/** An agent consults from a call. @returns the consultation */
function consult(floor: Floor, who: string, what: { readonly callId: CallId; readonly to: string }): CallId {
  const said = floor.say(who, { type: 'call.consult', ...what });
  floor.wait(1000);
  if (said === undefined || !('callId' in said) || said.callId === undefined) throw new Error('no consultation');
  expect(floor.engine.call(said.callId)).toMatchObject({ consultOf: what.callId });
  return said.callId;
}

/** Ann's phone holds the caller and calls another phone on its second line. @returns that call and both lines */
function secondLine({ floor, callId }: Talk, to = '8005'): { own: CallId; first: ConnectionId; second: ConnectionId } {
  const first = floor.at_(ANN);
  floor.event({ type: 'heldByDevice', connectionId: first });
  const second = floor.caller('8001', to, ANN);
  floor.wait(1000);
  const own = floor.engine.agent(asId('ann'))?.calls.find((id) => id !== callId);
  if (own === undefined) throw new Error('ann has no second call');
  return { own, first, second };
}

const part = (floor: Floor, callId: CallId, agentId: string) =>
  floor.engine.call(callId)?.connections.find((one) => one.agentId === agentId);
const together = (floor: Floor, ...ids: ConnectionId[]): boolean => {
  const bridges = new Set(ids.map((id) => floor.media.get(id)?.bridge));
  return bridges.size === 1 && !bridges.has(undefined);
};
const sound = (floor: Floor): void => expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());

describe('whom an agent consulted about one call is handed another call at the phone', () => {
  function handed() {
    const talk = talking();
    const { floor, caller, callId } = talk;
    const { own, first, second } = secondLine(talk);
    consult(floor, 'ann', { callId: own, to: '8002' });
    floor.event({ type: 'transferRequested', connectionId: first, kind: 'attended', consultId: second });
    floor.wait(1000);
    expect(together(floor, caller, floor.at_(BOB))).toBe(true);
    sound(floor);
    return { floor, caller, callId, own };
  }

  test('their call is no consultation any more: who lets go by hand stays when the caller has left', () => {
    const { floor, caller, callId } = handed();
    expect(floor.engine.call(callId)?.consultOf).toBeUndefined();
    floor.hangUp(caller);
    expect(part(floor, callId, 'bob')).toMatchObject({ state: 'connected', awaits: 'release' });
    floor.say('bob', { type: 'call.clear', callId });
    expect(floor.cdrs.get(callId)).toMatchObject({ endedBy: 'caller', agents: ['ann', 'bob'] });
  });

  test('and of the call that waited for it another consultation may be made', () => {
    const { floor, own, callId } = handed();
    expect(part(floor, callId, 'bob')?.actions).toContain('consult');
    expect(part(floor, callId, 'bob')?.actions).not.toContain('completeTransfer');
    expect(part(floor, own, 'ann')).toMatchObject({ state: 'held' });
    expect(floor.say('ann', { type: 'call.retrieve', callId: own })).toEqual({ outcome: 'done' });
    expect(part(floor, own, 'ann')?.actions).toContain('consult');
    consult(floor, 'ann', { callId: own, to: '8006' });
  });
});

describe('a consultation of three that goes on without the one who began it', () => {
  test('is a call like any other when they leave it', () => {
    const { floor, callId } = talking();
    const other = consult(floor, 'ann', { callId, to: '8002' });
    floor.say('ann', { type: 'call.addParty', callId: other, to: '8006' });
    floor.wait(1000);
    floor.say('ann', { type: 'call.clear', callId: other });
    floor.wait(1000);
    expect(floor.engine.call(other)?.consultOf).toBeUndefined();
    expect(part(floor, other, 'bob')?.actions).not.toContain('cancelConsult');
    expect(together(floor, floor.at_(BOB), floor.at_(THIRD))).toBe(true);
    floor.say('ann', { type: 'call.retrieve', callId });
    consult(floor, 'ann', { callId, to: '8005' });
    sound(floor);
  });

  test('is a call like any other when they leave the one that waits', () => {
    const { floor, callId } = talking();
    floor.say('ann', { type: 'call.addParty', callId, to: '8006' });
    floor.wait(1000);
    const other = consult(floor, 'ann', { callId, to: '8002' });
    floor.say('ann', { type: 'call.clear', callId });
    floor.wait(1000);
    expect(floor.engine.call(callId)?.connections).toHaveLength(2);
    expect(floor.engine.call(other)?.consultOf).toBeUndefined();
    expect(part(floor, other, 'ann')?.actions).toContain('transfer');
    sound(floor);
  });
});

describe('a consultation goes on', () => {
  test('when the one who waits with its maker hands the call over at the phone', () => {
    const talk = talking();
    const { floor, caller, callId } = talk;
    const { own, first, second } = secondLine(talk, '8002');
    const other = consult(floor, 'bob', { callId: own, to: '8006' });
    floor.event({ type: 'transferRequested', connectionId: first, kind: 'attended', consultId: second });
    floor.wait(1000);
    expect(floor.engine.call(callId)?.aliases).toContain(own);
    expect(floor.engine.call(other)).toMatchObject({ consultOf: callId });
    expect(floor.say('bob', { type: 'call.completeTransfer', callId })).toMatchObject({ outcome: 'done' });
    expect(together(floor, caller, floor.at_(THIRD))).toBe(true);
    sound(floor);
  });

  test('to its end for who is left alone in it: let go at once, also one who lets go by hand', () => {
    const { floor, callId } = talking();
    const other = consult(floor, 'ann', { callId, to: '8002' });
    floor.hangUp(floor.at_(ANN));
    floor.wait(1000);
    expect(floor.engine.call(other)).toBeUndefined();
    expect(floor.engine.agent(asId('bob'))?.calls).toEqual([]);
    expect(floor.media.has(floor.at_('main:trunk:carrier'))).toBe(true);
    sound(floor);
  });
});
