import { describe, expect, test } from 'vitest';
import { type AgentConfig, asId, type CallId, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';

function talking(more: Partial<AgentConfig> = { release: 'manual' }) {
  const agents = [agent('ann', '8001', more), agent('bob', '8002'), agent('sue', '8009', { queues: [] })];
  const floor = new Floor(site({ agents })).up().ready('ann');
  floor.habits.set(ANN, 'answers');
  floor.habits.set(BOB, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(5000);
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  return { floor, caller, callId };
}

const own = (floor: Floor, callId: CallId) =>
  floor.engine.call(callId)?.connections.find(({ agentId }) => agentId === 'ann');

describe('manual release', () => {
  test.each([{}, { release: 'auto' }] as const)('%j: the phone is laid down with the caller', (more) => {
    const { floor, caller } = talking(more);
    floor.hangUp(caller);
    expect(floor.state('ann')).toBe('workingAfterCall');
    expect(floor.media.size).toBe(0);
  });

  test('the phone stays until the agent releases it; after-call work begins then; talk ends with the caller', () => {
    const { floor, caller, callId } = talking();
    floor.hangUp(caller);
    floor.wait(7000);
    expect(floor.state('ann')).toBe('busy');
    expect(own(floor, callId)).toMatchObject({ state: 'connected', awaits: 'release' });
    expect(own(floor, callId)?.actions).toEqual(['clear', 'forceRelease', 'setData']);
    expect(floor.told('agent:ann').filter(({ type }) => type === 'callEnded')).toEqual([]);
    const again = restoreEngine(floor.engine.dump());
    expect(again.call(callId)).toEqual(floor.engine.call(callId));
    // Nothing else comes to an agent who is not done.
    floor.caller('13912345679', '4008001001');
    floor.wait(3000);
    expect(floor.state('ann')).toBe('busy');
    for (const type of ['call.hold', 'call.toFlow', 'call.transfer', 'call.consult', 'call.addParty'] as const) {
      const said = floor.say('ann', { type, callId, to: '8002', flow: 'front' } as never);
      expect(said, type).toMatchObject({ outcome: 'failed', code: 'call.state' });
    }
    expect(floor.say('ann', { type: 'call.clear', callId })).toEqual({ outcome: 'done' });
    expect(floor.state('ann')).toBe('workingAfterCall');
    expect(floor.onlyCdr()).toMatchObject({
      outcome: 'answered',
      endedBy: 'caller',
      cause: 'normalClearing',
      durationMs: 15_000,
      segments: [
        { kind: 'talking', endMs: 5000 },
        { kind: 'releasing', startMs: 5000, endMs: 15_000, agentId: 'ann' },
      ],
    });
  });

  test('the phone itself lays down', () => {
    const { floor, caller } = talking();
    floor.hangUp(caller);
    floor.hangUp(floor.at_(ANN));
    expect(floor.state('ann')).toBe('workingAfterCall');
    expect(floor.onlyCdr().endedBy).toBe('caller');
  });

  test('who held the caller holds nobody any more', () => {
    const { floor, caller, callId } = talking();
    floor.say('ann', { type: 'call.hold', callId });
    expect(own(floor, callId)?.state).toBe('held');
    floor.hangUp(caller);
    expect(own(floor, callId)).toMatchObject({ state: 'connected', awaits: 'release' });
  });

  test('the agent who hangs up first waits for nothing', () => {
    const { floor, callId } = talking();
    floor.say('ann', { type: 'call.clear', callId });
    expect(floor.state('ann')).toBe('workingAfterCall');
    expect(floor.media.size).toBe(0);
  });

  test('a blind transfer lets the agent go at once', () => {
    const { floor, callId } = talking();
    floor.say('ann', { type: 'call.transfer', callId, to: '8002' });
    floor.wait(1000);
    expect(floor.state('ann')).toBe('workingAfterCall');
    expect(floor.engine.call(callId)?.connections).toHaveLength(2);
  });

  test('a consultation is not kept open while a caller waits; the caller who leaves meanwhile is forgotten', () => {
    const { floor, caller, callId } = talking();
    floor.ready('bob');
    const said = floor.say('ann', { type: 'call.consult', callId, to: '8002' });
    floor.wait(1000);
    const other = said !== undefined && 'callId' in said ? said.callId : undefined;
    if (other === undefined) throw new Error('no consultation');
    floor.hangUp(caller);
    expect(floor.engine.call(callId)).toBeUndefined();
    floor.hangUp(floor.at_(BOB));
    expect(own(floor, other)).toMatchObject({ awaits: 'release' });
    floor.say('ann', { type: 'call.clear', callId: other });
    expect(floor.media.size).toBe(0);
    expect(floor.cdrs.size).toBe(2);
  });

  test('nobody who never talked is kept', () => {
    const { floor, caller, callId } = talking();
    floor.hangUp(caller);
    floor.say('ann', { type: 'call.clear', callId });
    floor.habits.set('013800138000', 'busy');
    floor.say('ann', { type: 'call.make', to: '013800138000' });
    floor.wait(2000);
    expect(floor.media.size).toBe(0);
  });

  test('a supervisor lets go, before the caller has left and after', () => {
    for (const first of ['caller', 'supervisor'] as const) {
      const { floor, caller, callId } = talking();
      if (first === 'caller') floor.hangUp(caller);
      const said = floor.say('sue', { type: 'supervise.forceRelease', callId }, { role: 'supervisor' });
      expect(said).toEqual({ outcome: 'done' });
      expect(floor.state('ann')).toBe('workingAfterCall');
      expect(floor.media.size).toBe(0);
    }
  });

  test('a server that drains waits for nobody who is alone', () => {
    const { floor, caller } = talking();
    floor.hangUp(caller);
    floor.input({ kind: 'drain', mode: 'start' });
    expect(floor.media.size).toBe(0);
    expect(floor.effects.some(({ kind }) => kind === 'drained')).toBe(true);
  });

  test('the longest call ends here as well', () => {
    const { floor, caller } = talking();
    floor.hangUp(caller);
    floor.wait(14_400_000);
    expect(floor.media.size).toBe(0);
    expect(floor.state('ann')).not.toBe('busy');
  });

  test('a phone that asks for a transfer when nobody is there to be transferred is not heard', () => {
    const { floor, caller, callId } = talking();
    floor.hangUp(caller);
    const before = floor.sent('originate').length;
    const to = { number: '8002', presentation: 'allowed' } as const;
    floor.event({ type: 'transferRequested', connectionId: floor.at_(ANN), kind: 'blind', to });
    expect(floor.sent('originate')).toHaveLength(before);
    expect(own(floor, callId)).toMatchObject({ awaits: 'release' });
  });

  test('through an outage the phone stays, and the caller who is gone after it is lost', () => {
    const { floor, caller, callId } = talking();
    floor.down();
    floor.gone(caller);
    floor.wait(2000);
    floor.up();
    expect(own(floor, callId)).toMatchObject({ awaits: 'release' });
    floor.say('ann', { type: 'call.clear', callId });
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'lostInOutage' });
  });
});
