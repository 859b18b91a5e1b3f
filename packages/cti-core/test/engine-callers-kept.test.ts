import { describe, expect, test } from 'vitest';
import { asId, type CallId, type DriverReply, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
const EIGHT = 'main:extension:8005';
type Code = Extract<DriverReply, { outcome: 'refused' }>['code'];

const callOf = (floor: Floor, agent: string): CallId | undefined => floor.engine.agent(asId(agent))?.calls[0];
const rung = (floor: Floor, device: string): number =>
  floor.sent('originate').filter(({ target }) => target.kind === 'device' && target.device === device).length;
const sound = (floor: Floor): void => expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());

describe('a caller whom the switch does not take off the hook at once', () => {
  test.each<Code>(['rejected', 'conflict', 'timeout'])('is not hung up after one refusal (%s)', (code) => {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    floor.refuse.set('answer', code);
    const caller = floor.caller('13912345678', '4008001001');
    expect(floor.media.has(caller)).toBe(true);
    floor.refuse.clear();
    floor.wait(1_000);
    expect(floor.sent('answer')).toHaveLength(2);
    expect(floor.engine.call(callOf(floor, 'ann') as CallId)?.connections.map((conn) => conn.state)).toEqual([
      'connected',
      'connected',
    ]);
    sound(floor);
  });

  test('is let go by the system in the end', () => {
    const floor = new Floor(site()).up();
    floor.refuse.set('answer', 'rejected');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(20_000);
    expect(floor.sent('answer')).toHaveLength(4);
    expect(floor.media.has(caller)).toBe(false);
    expect(floor.onlyCdr()).toMatchObject({ cause: 'failure', endedBy: 'system', queueId: 'support' });
  });

  test('is kept for as long as callers let it ring where the switch confirms nothing', () => {
    const floor = new Floor(site()).up();
    floor.deaf.add('answer');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(43_000);
    expect(floor.sent('answer')).toHaveLength(4);
    floor.answer('main:trunk:carrier');
    floor.wait(20_000);
    expect(floor.sent('answer')).toHaveLength(4);
    expect(floor.media.get(caller)?.music).toBe('on');
    sound(floor);
  });

  test('is asked for once where the answer is only late', () => {
    const floor = new Floor(site()).up();
    floor.deaf.add('answer');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(200);
    const [answer] = floor.sent('answer');
    if (answer === undefined) throw new Error('not answered');
    floor.input({ kind: 'reply', commandId: answer.commandId, reply: { outcome: 'refused', code: 'timeout' } });
    const media = floor.media.get(caller);
    if (media !== undefined) media.state = 'connected';
    floor.event({ type: 'connected', connectionId: caller });
    floor.wait(20_000);
    expect(floor.sent('answer')).toHaveLength(1);
    expect(floor.media.has(caller)).toBe(true);
  });
});

describe('a link that is away for a moment', () => {
  test('does not cost a caller whose time in the queue runs out meanwhile', () => {
    const queues = [
      queue('support', { waitTimeoutMs: 5_000, overflow: { kind: 'extension', number: '8005' } }),
      queue('sales'),
    ];
    const floor = new Floor(site({ queues })).up();
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(4_900).down().wait(1_000).up();
    floor.wait(15_000);
    expect(rung(floor, EIGHT)).toBe(1);
    expect(floor.media.has(caller)).toBe(true);
    floor.answer(EIGHT);
    floor.wait(500);
    expect(floor.cdrs.size).toBe(0);
    sound(floor);
  });

  test('does not cost a direct caller whose call was just being put through: the phone is rung when it is back', () => {
    const floor = new Floor(site()).up();
    floor.deaf.add('originate');
    const caller = floor.caller('13912345678', '4008001002');
    const [originate] = floor.sent('originate');
    if (originate === undefined) throw new Error('nobody was dialled');
    floor.deaf.clear();
    floor.down();
    floor.input({ kind: 'reply', commandId: originate.commandId, reply: { outcome: 'refused', code: 'linkLost' } });
    floor.wait(500).up();
    expect(floor.media.has(caller)).toBe(true);
    expect(rung(floor, EIGHT)).toBe(2);
    floor.answer(EIGHT);
    floor.wait(500);
    expect(floor.cdrs.size).toBe(0);
    floor.hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', endedBy: 'caller' });
    sound(floor);
  });

  test('does not ring a phone twice that was ringing', () => {
    const floor = new Floor(site()).up();
    const caller = floor.caller('13912345678', '4008001002');
    const phone = floor.at_(EIGHT);
    floor.down();
    floor.media.delete(phone);
    floor.wait(500).up();
    expect(rung(floor, EIGHT)).toBe(1);
    expect(floor.media.has(caller)).toBe(false);
  });
});

describe('an agent who adds somebody and leaves before they answer', () => {
  function added(): { floor: Floor; caller: ReturnType<Floor['caller']>; callId: CallId } {
    const floor = new Floor(site()).up().ready('ann');
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13912345678', '4008001001');
    floor.wait(1_000);
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('ann has no call');
    floor.say('ann', { type: 'call.addParty', callId, to: '8005' });
    floor.habits.set(ANN, 'rings');
    return { floor, caller, callId };
  }

  test.each(['command', 'phone'] as const)(
    'has transferred the caller, who is not lost if nobody answers (%s)',
    (how) => {
      const { floor, caller, callId } = added();
      if (how === 'command') floor.say('ann', { type: 'call.clear', callId });
      else floor.hangUp(floor.at_(ANN));
      floor.wait(500);
      floor.hangUp(floor.at_(EIGHT), 'rejected');
      floor.wait(500);
      expect(floor.media.has(caller)).toBe(true);
      expect(rung(floor, ANN)).toBe(2);
      floor.answer(ANN);
      floor.wait(500);
      floor.hangUp(caller);
      expect(floor.onlyCdr()).toMatchObject({
        endedBy: 'caller',
        transfers: [{ kind: 'blind', by: 'ann', outcome: 'failed' }],
      });
      sound(floor);
    },
  );

  test('is not heard of again when they do', () => {
    const { floor, caller, callId } = added();
    floor.say('ann', { type: 'call.clear', callId });
    floor.answer(EIGHT);
    floor.wait(500);
    expect(rung(floor, ANN)).toBe(1);
    floor.hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'caller', transfers: [{ outcome: 'done' }] });
  });

  test('leaves nobody behind when the caller goes first', () => {
    const { floor, caller, callId } = added();
    floor.say('ann', { type: 'call.clear', callId });
    floor.hangUp(caller);
    floor.wait(500);
    expect(floor.media.size).toBe(0);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'caller' });
  });
});

describe('a supervisor', () => {
  test('cannot hand on a caller whose queue is no more: the phone that rings is left alone', () => {
    const floor = new Floor(site()).up().ready('ann');
    const caller = floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('nothing is offered');
    floor.say('bob', { type: 'agent.logOn' });
    const config = site();
    floor.input({
      kind: 'config',
      config: {
        ...config,
        queues: config.queues.filter(({ id }) => id !== 'support'),
        agents: config.agents.map((one) => ({ ...one, queues: [] })),
        routes: [],
        flows: [],
      },
    });
    floor.say('sue', { type: 'supervise.pickWaiting', callId, toAgent: asId('bob') }, { role: 'supervisor' });
    expect(floor.media.has(floor.at_(ANN))).toBe(true);
    floor.answer(ANN);
    floor.wait(500);
    expect(floor.media.has(caller)).toBe(true);
    expect(floor.engine.call(callId)?.connections.map((conn) => conn.state)).toEqual(['connected', 'connected']);
  });
});

describe('an agent who is quick', () => {
  test('answers twice in one moment: both are told that it is done', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('nothing is offered');
    floor.deaf.add('answer');
    floor.say('ann', { type: 'call.answer', callId }, { id: 'one' });
    floor.say('ann', { type: 'call.answer', callId }, { id: 'two' });
    const phone = floor.at_(ANN);
    const asked = floor.sent('answer').filter(({ connectionId }) => connectionId === phone);
    expect(asked).toHaveLength(1);
    for (const { commandId } of asked) floor.input({ kind: 'reply', commandId, reply: { outcome: 'accepted' } });
    floor.answer(ANN);
    expect([floor.outcomes.get('ann/one'), floor.outcomes.get('ann/two')]).toEqual([
      { outcome: 'done' },
      { outcome: 'done' },
    ]);
  });

  test('may answer again when the switch would not at first, and is not shown as answering meanwhile', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('nothing is offered');
    floor.refuse.set('answer', 'rejected');
    expect(floor.say('ann', { type: 'call.answer', callId })).toMatchObject({ outcome: 'failed' });
    const own = () => floor.engine.call(callId)?.connections.find((conn) => conn.agentId === 'ann');
    expect(own()?.pending).toBeUndefined();
    floor.refuse.clear();
    expect(floor.say('ann', { type: 'call.answer', callId })).toEqual({ outcome: 'done' });
  });

  test('calls a queue that is full: on along its overflow, as one who dials it at the phone', () => {
    const queues = [
      queue('support', { maxWaiting: 1, overflow: { kind: 'queue', queue: asId('sales') } }),
      queue('sales'),
    ];
    const floor = new Floor(site({ queues })).up();
    floor.caller('13912345678', '4008001001');
    floor.habits.set(BOB, 'answers');
    floor.say('bob', { type: 'agent.logOn' });
    floor.say('bob', { type: 'call.make', to: 'queue:support' });
    floor.wait(1_000);
    expect(floor.engine.call(callOf(floor, 'bob') as CallId)?.queueId).toBe('sales');
  });
});

describe('a phone that is lifted and put down before anybody has heard anybody', () => {
  function dropped(): { floor: Floor; caller: ReturnType<Floor['caller']>; callId: CallId } {
    const floor = new Floor(site()).up().ready('ann');
    const caller = floor.caller('13912345678', '4008001001');
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('nothing is offered');
    floor.deaf.add('bridge');
    floor.answer(ANN);
    floor.deaf.clear();
    return { floor, caller, callId };
  }

  test('has refused the caller, who waits on in the old place for the next agent', () => {
    const { floor, caller, callId } = dropped();
    floor.hangUp(floor.at_(ANN));
    expect(floor.state('ann')).toBe('notReady:rejected');
    expect(floor.engine.queue(asId('support'))?.waiting.map((entry) => entry.callId)).toEqual([callId]);
    floor.wait(1_000);
    floor.habits.set(BOB, 'answers');
    floor.ready('bob');
    floor.wait(1_000);
    expect(floor.engine.call(callId)?.connections.map((conn) => conn.state)).toEqual(['connected', 'connected']);
    floor.hangUp(caller);
    expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', agents: ['bob'], endedBy: 'caller' });
    sound(floor);
  });

  test('ends the call when the agent asks for it', () => {
    const { floor, caller, callId } = dropped();
    floor.say('ann', { type: 'call.clear', callId });
    floor.wait(500);
    expect(floor.media.has(caller)).toBe(false);
    expect(floor.onlyCdr()).toMatchObject({ endedBy: 'agent' });
  });
});

describe('a transferor who has logged off meanwhile', () => {
  test('has a phone that still rings for a caller who has nowhere else to go', () => {
    const floor = new Floor(site()).up().ready('ann', 'bob');
    floor.habits.set(ANN, 'answers');
    const config = site();
    floor.input({
      kind: 'config',
      config: {
        ...config,
        routes: config.routes.map((route) =>
          route.id === 'r3' ? { ...route, to: { kind: 'agent', agent: asId('ann') } } : route,
        ),
      },
    });
    const caller = floor.caller('13912345678', '4008001002');
    floor.wait(500);
    const callId = callOf(floor, 'ann');
    if (callId === undefined) throw new Error('ann has no call');
    floor.say('ann', { type: 'call.transfer', callId, to: '8005' });
    const second = floor.say('ann', { type: 'call.make', to: '8002' });
    const other = second?.outcome === 'done' ? second.callId : undefined;
    if (other === undefined) throw new Error('ann makes no call');
    floor.answer(BOB);
    floor.hangUp(floor.at_(EIGHT), 'rejected');
    floor.wait(500);
    expect(floor.media.has(caller)).toBe(true);
    floor.habits.set(ANN, 'rings');
    floor.say('ann', { type: 'agent.logOff' });
    floor.say('ann', { type: 'call.clear', callId: other });
    floor.wait(500);
    expect(floor.state('ann')).toBe('loggedOff');
    expect(floor.media.has(caller)).toBe(true);
    floor.answer(ANN);
    floor.wait(500);
    expect(floor.engine.call(callId)?.connections.map((conn) => conn.state)).toEqual(['connected', 'connected']);
    sound(floor);
  });
});

describe('keys that the switch would not collect', () => {
  test('are asked for again while the flow waits for them', () => {
    const floor = new Floor(site()).up().ready('ann');
    floor.refuse.set('collectDigits', 'rejected');
    const caller = floor.caller('13912345678', '4008001000');
    floor.refuse.clear();
    floor.wait(1_000);
    expect(floor.sent('collectDigits').map(({ mode }) => mode)).toEqual(['start', 'start']);
    floor.event({ type: 'digit', connectionId: caller, digit: '1' });
    expect(floor.engine.queue(asId('sales'))?.waitingCount).toBe(1);
  });
});
