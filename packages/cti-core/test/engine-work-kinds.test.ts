import { describe, expect, test } from 'vitest';
import { type AgentId, asId, type QueueConfig, restoreEngine, type WorkKind } from '../src/index.js';
import { Floor } from './support/floor.js';
import { agent, queue, site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';
const SUPPORT = '4008001001';
const BACK = '4008001009';

function withBack(support: Partial<QueueConfig> = {}): Floor {
  const queues = [queue('support', support), queue('back', { work: 'callBack' })];
  const both = { queues: [asId<never>('support'), asId<never>('back')] };
  const agents = [agent('ann', '8001', both), agent('bob', '8002', both), agent('sue', '8009', { queues: [] })];
  const base = site();
  const route = base.routes.find(({ id }) => id === 'r2');
  if (route === undefined) throw new Error('the site has changed');
  const toBack = { ...route, id: 'r9', number: BACK, to: { kind: 'queue', queue: asId<never>('back') } as const };
  return new Floor(site({ agents, queues, flows: [], routes: [route, toBack] })).up();
}

const rung = (floor: Floor, device: string): number =>
  floor.sent('originate').filter(({ target }) => target.kind === 'device' && target.device === device).length;
const kinds = (...wanted: WorkKind[]): { readonly type: 'agent.ready'; readonly kinds: readonly WorkKind[] } => ({
  type: 'agent.ready',
  kinds: wanted,
});

describe('readiness by kind of work', () => {
  test('queues give their kind of work to those who are ready for it, and count them', () => {
    const floor = withBack().ready('ann');
    floor.say('ann', kinds('callBack', 'callBack'));
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'ready', readyFor: ['callBack'] });
    const ready = ['support', 'back'].map((id) => floor.engine.queue(asId(id))?.agentsReady);
    expect(ready).toEqual([0, 1]);
    floor.caller('13912345678', SUPPORT);
    floor.wait(5000);
    expect(rung(floor, ANN)).toBe(0);
    floor.caller('13912345679', BACK);
    expect(rung(floor, ANN)).toBe(1);
  });

  test('all kinds is the same as none named; who waits is offered as soon as the kind fits', () => {
    const floor = withBack().ready('ann');
    floor.say('ann', kinds('dialled'));
    floor.caller('13912345678', SUPPORT);
    expect(rung(floor, ANN)).toBe(0);
    floor.say('ann', kinds('inbound', 'dialled', 'callBack'));
    expect(floor.engine.agent(asId('ann'))).not.toHaveProperty('readyFor');
    expect(rung(floor, ANN)).toBe(1);
  });

  test('one kind is taken away after the other, the last with the reason', () => {
    const floor = withBack().ready('ann');
    const away = (...taken: WorkKind[]) =>
      floor.say('ann', { type: 'agent.notReady', reason: 'break', kinds: taken })?.outcome;
    expect(away('dialled')).toBe('done');
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'ready', readyFor: ['inbound', 'callBack'] });
    expect(away('callBack', 'inbound')).toBe('done');
    expect(floor.state('ann')).toBe('notReady:break');
    expect(floor.engine.agent(asId('ann'))).not.toHaveProperty('readyFor');
    floor.say('ann', { type: 'agent.notReady', reason: 'lunch' });
    away('inbound');
    expect(floor.state('ann')).toBe('notReady:lunch');
    floor.say('ann', { type: 'agent.logOff' });
    expect(away('inbound')).toBe('failed');
  });

  test('in a call it waits for the end, is told as what comes next, and lives through dump and restore', () => {
    const floor = withBack().ready('ann');
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13912345678', SUPPORT);
    floor.wait(1000);
    floor.say('ann', kinds('callBack'));
    const next = { state: 'ready', readyFor: ['callBack'] };
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'busy', next });
    const again = restoreEngine(floor.engine.dump());
    expect(again.agent(asId('ann'))).toEqual(floor.engine.agent(asId('ann')));
    floor.hangUp(caller);
    floor.wait(10_000);
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'ready', readyFor: ['callBack'] });
    floor.caller('13912345679', SUPPORT);
    expect(rung(floor, ANN)).toBe(1);
    expect(restoreEngine(floor.engine.dump()).queue(asId('support'))?.agentsReady).toBe(0);
  });

  test('what rings goes on ringing when other kinds are wanted from then on', () => {
    const floor = withBack().ready('ann');
    floor.caller('13912345678', SUPPORT);
    floor.say('ann', kinds('callBack'));
    floor.answer(ANN);
    expect(floor.state('ann')).toBe('busy');
  });
});

describe('work that blocks a queue', () => {
  function afterCall(support: Partial<QueueConfig>): Floor {
    const floor = withBack(support).ready('ann');
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13912345678', SUPPORT);
    floor.wait(1000);
    floor.hangUp(caller);
    floor.habits.set(ANN, 'rings');
    expect(floor.state('ann')).toBe('workingAfterCall');
    return floor;
  }

  test('after-call work blocks where nothing is said', () => {
    const floor = afterCall({});
    floor.caller('13912345679', SUPPORT);
    expect(rung(floor, ANN)).toBe(1);
  });

  test('a queue that after-call work does not block ends it with its offer', () => {
    const floor = afterCall({ blockedBy: ['dialled'] });
    expect(floor.engine.queue(asId('support'))?.agentsReady).toBe(1);
    floor.caller('13912345679', BACK);
    expect(rung(floor, ANN)).toBe(1);
    floor.caller('13912345670', SUPPORT);
    expect(floor.state('ann')).toBe('reserved');
    expect(floor.engine.agent(asId('ann'))).not.toHaveProperty('afterCallWorkUntilMs');
    floor.answer(ANN);
    floor.wait(30_000);
    expect(floor.state('ann')).toBe('busy');
  });

  test('nobody who wants to stop is called back to work', () => {
    const floor = withBack({ blockedBy: [] }).ready('ann');
    floor.habits.set(ANN, 'answers');
    const caller = floor.caller('13912345678', SUPPORT);
    floor.wait(1000);
    floor.say('ann', { type: 'agent.notReady', reason: 'break' });
    floor.hangUp(caller);
    floor.caller('13912345679', SUPPORT);
    floor.wait(1000);
    expect([floor.state('ann'), rung(floor, ANN)]).toEqual(['workingAfterCall', 1]);
  });

  function dialling(support: Partial<QueueConfig>): Floor {
    const floor = withBack(support).ready('ann');
    floor.habits.set(ANN, 'answers');
    floor.habits.set('013800138000', 'answers');
    floor.say('ann', { type: 'call.make', to: '013800138000' });
    floor.wait(1000);
    expect(floor.state('ann')).toBe('busy');
    return floor;
  }

  test('a call of the own making blocks where nothing is said', () => {
    const floor = dialling({});
    floor.caller('13912345679', SUPPORT);
    floor.wait(1000);
    expect(rung(floor, ANN)).toBe(1);
  });

  test('a queue that it does not block rings, and whom the agent talked with waits with music', () => {
    const floor = dialling({ blockedBy: ['workingAfterCall'] });
    const own = floor.engine.agent(asId('ann'))?.calls[0];
    if (own === undefined) throw new Error('ann has no call');
    floor.habits.set(ANN, 'rings');
    const caller = floor.caller('13912345679', SUPPORT);
    expect(rung(floor, ANN)).toBe(2);
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'busy', reservation: { queueId: 'support' } });
    floor.answer(ANN);
    floor.wait(1000);
    const mine = floor.engine.call(own)?.connections.find(({ agentId }) => agentId === 'ann');
    expect(mine).toMatchObject({ state: 'held', heldBy: 'agent' });
    expect(floor.engine.agent(asId('ann'))?.calls).toHaveLength(2);
    // No third one.
    floor.caller('13912345670', SUPPORT);
    expect(rung(floor, ANN)).toBe(2);
    floor.hangUp(caller);
    expect(floor.say('ann', { type: 'call.retrieve', callId: own })?.outcome).toBe('done');
    expect(floor.state('ann')).toBe('busy');
  });

  test('who is free comes before who would have to break off', () => {
    const floor = dialling({ blockedBy: [] });
    floor.wait(60_000);
    floor.ready('bob');
    floor.caller('13912345679', SUPPORT);
    expect([rung(floor, ANN), rung(floor, BOB)]).toEqual([1, 1]);
    expect(restoreEngine(floor.engine.dump()).dump()).toBe(floor.engine.dump());
  });

  test('an offer that is not taken leaves the agent in the call, not ready after it', () => {
    const floor = dialling({ blockedBy: [] });
    floor.habits.set(ANN, 'rings');
    floor.caller('13912345679', SUPPORT);
    floor.hangUp(floor.at_(ANN), 'rejected');
    expect(floor.engine.agent(asId('ann'))).toMatchObject({
      state: 'busy',
      next: { state: 'notReady', reason: 'rejected' },
    });
    floor.wait(30_000);
    expect(rung(floor, ANN)).toBe(2);
  });

  test('the phone that holds by itself takes back by itself', () => {
    const floor = dialling({ blockedBy: [] });
    const first = floor.at_(ANN);
    const own = floor.engine.agent(asId('ann'))?.calls[0];
    if (own === undefined) throw new Error('ann has no call');
    const caller = floor.caller('13912345679', SUPPORT);
    floor.wait(1000);
    floor.event({ type: 'heldByDevice', connectionId: first });
    floor.hangUp(caller);
    floor.event({ type: 'retrievedByDevice', connectionId: first });
    floor.wait(1000);
    const mine = floor.engine.call(own)?.connections.find(({ agentId }) => agentId === 'ann');
    expect(mine?.state).toBe('connected');
  });
});

describe('ageing', () => {
  const dearRoute = (more: Partial<QueueConfig>): Floor => {
    const base = site();
    const [route] = base.routes.filter(({ id }) => id === 'r2');
    if (route === undefined) throw new Error('the site has changed');
    const dear = { ...route, id: 'r7', number: '4008001007', priority: 1 };
    const back = { ...route, id: 'r8', number: '4008001008' };
    return new Floor(site({ queues: [queue('support', more), queue('sales')], routes: [dear, back] })).up();
  };
  const order = (floor: Floor): readonly string[] =>
    floor.engine.queue(asId('support'))?.waiting.map(({ caller }) => caller.raw.slice(-1)) ?? [];

  test('without it priority goes before any waiting', () => {
    const floor = dearRoute({});
    floor.caller('13900000001', '4008001008');
    floor.wait(600_000);
    floor.caller('13900000002', '4008001007');
    expect(order(floor)).toEqual(['2', '1']);
  });

  test('a step of priority is worth so much waiting, over a restart and a change of the configuration', () => {
    const floor = dearRoute({ ageingMs: 60_000 });
    floor.caller('13900000001', '4008001008');
    floor.wait(59_000);
    floor.caller('13900000002', '4008001007');
    floor.wait(2000);
    floor.caller('13900000003', '4008001007');
    expect(order(floor)).toEqual(['2', '1', '3']);
    const again = restoreEngine(floor.engine.dump());
    expect(again.queue(asId('support'))).toEqual(floor.engine.queue(asId('support')));
    floor.ready('ann');
    expect(
      floor.engine.queue(asId('support'))?.waiting.find(({ offeredTo }) => offeredTo !== undefined)?.caller.raw,
    ).toMatch(/2$/u);
    floor.input({ kind: 'config', config: site({ queues: [queue('support'), queue('sales')] }) });
    expect(order(floor)).toEqual(['2', '3', '1']);
  });
});

describe('kinds of work, set by others and kept', () => {
  test('a supervisor sets and takes kinds as the agent does', () => {
    const floor = withBack().ready('ann');
    const set = (state: 'ready' | 'notReady' | 'loggedOff', wanted: readonly WorkKind[], reason?: string) =>
      floor.say(
        'sue',
        {
          type: 'supervise.agentState',
          agentId: asId('ann'),
          state,
          kinds: wanted,
          ...(reason === undefined ? {} : { reason }),
        },
        { role: 'supervisor' },
      );
    expect(set('ready', ['callBack', 'inbound'])?.outcome).toBe('done');
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'ready', readyFor: ['inbound', 'callBack'] });
    expect(set('notReady', ['inbound'])?.outcome).toBe('done');
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'ready', readyFor: ['callBack'] });
    expect(set('notReady', ['callBack'], 'lunch')?.outcome).toBe('done');
    expect(floor.state('ann')).toBe('notReady:lunch');
    expect(set('loggedOff', ['inbound'])).toMatchObject({ outcome: 'failed', code: 'argument.invalid' });
    expect(floor.state('ann')).toBe('notReady:lunch');
  });

  test.each(['the mood', 'connectionLost'])('%j is no reason that is configured, whoever gives it', (reason) => {
    const floor = withBack().ready('ann');
    const state = floor.engine.agent(asId('ann'));
    const refused = { outcome: 'failed', code: 'argument.invalid' };
    const set = { type: 'supervise.agentState', agentId: asId<AgentId>('ann'), state: 'notReady' } as const;
    for (const wanted of [{}, { kinds: ['inbound'] as const }]) {
      expect(floor.say('ann', { type: 'agent.notReady', reason, ...wanted })).toMatchObject(refused);
      expect(floor.say('sue', { ...set, reason, ...wanted }, { role: 'supervisor' })).toMatchObject(refused);
    }
    expect(floor.engine.agent(asId('ann'))).toEqual(state);
    expect(floor.say('sue', set, { role: 'supervisor' })?.outcome).toBe('done');
    expect(floor.state('ann')).toBe('notReady:supervisorForced');
  });

  test('stays say what the agent was ready for, one stay for each set of kinds; the state goes on', () => {
    const floor = withBack().ready('ann');
    const since = floor.engine.agent(asId('ann'))?.sinceMs;
    floor.wait(1000).say('ann', kinds('callBack'));
    floor.wait(2000).say('ann', kinds('callBack'));
    floor.wait(500).say('ann', kinds('inbound'));
    floor.wait(3000).say('ann', { type: 'agent.ready' });
    expect(floor.engine.agent(asId('ann'))).toMatchObject({ state: 'ready', sinceMs: since });
    const again = restoreEngine(floor.engine.dump());
    expect(again.agent(asId('ann'))).toEqual(floor.engine.agent(asId('ann')));
    floor.wait(4000).say('ann', { type: 'agent.logOff' });
    const stays = floor.effects.flatMap((effect) =>
      effect.kind === 'record' && effect.record.table === 'agentStay' && effect.record.value.agentId === 'ann'
        ? [effect.record.value]
        : [],
    );
    const ready = stays.filter(({ state }) => state === 'ready');
    expect(ready.map(({ readyFor, fromMs, toMs }) => [readyFor, toMs - fromMs])).toEqual([
      [undefined, 1000],
      [['callBack'], 2500],
      [['inbound'], 3000],
      [undefined, 4000],
    ]);
    expect(ready.map(({ n }) => n)).toEqual([2, 3, 4, 5]);
    for (let i = 1; i < stays.length; i += 1) expect(stays[i]?.fromMs).toBe(stays[i - 1]?.toMs);
    expect(stays.filter(({ state }) => state !== 'ready').some(({ readyFor }) => readyFor !== undefined)).toBe(false);
  });
});
