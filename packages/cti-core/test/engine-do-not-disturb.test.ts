import { describe, expect, test } from 'vitest';
import { asId, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';

function quiet(): Floor {
  const floor = new Floor(site()).up().ready('ann', 'bob');
  expect(floor.say('ann', { type: 'agent.doNotDisturb', mode: 'on' })).toEqual({ outcome: 'done' });
  return floor;
}

const rung = (floor: Floor, device: string): number =>
  floor.sent('originate').filter(({ target }) => target.kind === 'device' && target.device === device).length;

describe('do not disturb', () => {
  test('is seen by all who see the agent, lives through dump and restore, and ends with off and with log-off', () => {
    const floor = quiet();
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'ready', doNotDisturb: 'on' });
    expect(floor.told('agent:ann').at(-1)).toMatchObject({ type: 'agent', agent: { doNotDisturb: 'on' } });
    const again = restoreEngine(floor.engine.dump());
    expect(again.agent(asId('ann'))?.doNotDisturb).toBe('on');
    expect(again.dump()).toBe(floor.engine.dump());
    const told = floor.told('agent:ann').length;
    floor.say('ann', { type: 'agent.doNotDisturb', mode: 'on' });
    expect(floor.told('agent:ann')).toHaveLength(told);
    floor.say('ann', { type: 'agent.doNotDisturb', mode: 'off' });
    expect(floor.engine.agent(asId('ann'))).not.toHaveProperty('doNotDisturb');
    floor.say('ann', { type: 'agent.doNotDisturb', mode: 'on' });
    floor.say('ann', { type: 'agent.logOff' });
    expect(floor.say('ann', { type: 'agent.doNotDisturb', mode: 'on' })).toMatchObject({ code: 'agent.state' });
    floor.say('ann', { type: 'agent.logOn' });
    expect(floor.engine.agent(asId('ann'))).not.toHaveProperty('doNotDisturb');
  });

  test('queues offer nothing, count one ready agent less, and offer again when it ends', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.say('ann', { type: 'agent.doNotDisturb', mode: 'on' });
    expect(floor.engine.queue(asId('support'))?.agentsReady).toBe(0);
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(30_000);
    expect(rung(floor, ANN)).toBe(0);
    const callId = floor.engine.queue(asId('support'))?.waiting[0]?.callId;
    if (callId === undefined) throw new Error('nobody waits');
    const picked = floor.say(
      'sue',
      { type: 'supervise.pickWaiting', callId, toAgent: asId('ann') },
      { role: 'supervisor' },
    );
    expect(picked).toMatchObject({ outcome: 'failed', code: 'agent.state' });
    floor.say('ann', { type: 'agent.doNotDisturb', mode: 'off' });
    expect(rung(floor, ANN)).toBe(1);
    floor.hangUp(caller);
  });

  test('what a queue offers at that moment goes to the next agent', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.caller('13912345678', '4008001001');
    floor.wait(1000);
    floor.ready('bob');
    expect([rung(floor, ANN), rung(floor, BOB)]).toEqual([1, 0]);
    floor.say('ann', { type: 'agent.doNotDisturb', mode: 'on' });
    expect(rung(floor, BOB)).toBe(1);
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'ready', doNotDisturb: 'on' });
    floor.wait(5000);
    expect(rung(floor, ANN)).toBe(1);
  });

  test('colleagues find the agent busy, by name and by extension, and keep the call that they would have passed on', () => {
    const floor = quiet();
    for (const to of ['8001', 'agent:ann']) {
      expect(floor.say('bob', { type: 'call.make', to })).toMatchObject({ outcome: 'failed', code: 'agent.state' });
    }
    floor.habits.set(BOB, 'answers');
    floor.caller('13912345678', '4008001001');
    floor.wait(1000);
    const callId = floor.engine.agent(asId('bob'))?.calls[0];
    if (callId === undefined) throw new Error('bob has no call');
    for (const to of ['8001', 'agent:ann']) {
      expect(floor.say('bob', { type: 'call.transfer', callId, to })).toMatchObject({ code: 'agent.state' });
      expect(floor.say('bob', { type: 'call.consult', callId, to })).toMatchObject({ code: 'agent.state' });
    }
    expect(floor.engine.call(callId)?.connections).toHaveLength(2);
    expect(rung(floor, ANN)).toBe(0);
  });

  test('a phone that dials the extension hears busy', () => {
    const floor = quiet();
    const phone = floor.caller('8002', '8001', BOB);
    expect(floor.sent('clear').find(({ connectionId }) => connectionId === phone)?.cause).toBe('busy');
    expect(rung(floor, ANN)).toBe(0);
  });

  test('what the agent calls goes out, and a failed transfer of theirs comes back to them', () => {
    const floor = quiet();
    floor.habits.set(ANN, 'answers');
    floor.habits.set(BOB, 'answers');
    const made = floor.say('ann', { type: 'call.make', to: '8002' });
    expect(made).toMatchObject({ outcome: 'done' });
    floor.wait(1000);
    const callId = floor.engine.agent(asId('ann'))?.calls[0];
    if (callId === undefined) throw new Error('ann has no call');
    expect(floor.engine.call(callId)?.connections.map(({ state }) => state)).toEqual(['connected', 'connected']);
    floor.habits.delete(ANN);
    expect(floor.say('ann', { type: 'call.transfer', callId, to: '8009' })).toMatchObject({ outcome: 'done' });
    const before = rung(floor, ANN);
    floor.hangUp(floor.at_('main:extension:8009'), 'rejected');
    expect(rung(floor, ANN)).toBe(before + 1);
  });
});
