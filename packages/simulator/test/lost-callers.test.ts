import {
  type AgentId,
  asId,
  type CallId,
  deviceId,
  type FlowId,
  type IvrGraph,
  type QueueId,
  restoreEngine,
  type TenantConfig,
} from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { FLOOR_NUMBER, FLOOR_SWITCH, type FloorCaller, type VirtualFloor, virtualFloor } from '../src/index.js';

const SECOND_NUMBER = '4008001001';
const toQueue = (id: string) => ({ kind: 'queue' as const, queue: asId<QueueId>(id) });
const outside = (n: number) => `+861390000${String(n).padStart(4, '0')}`;
const idOf = (caller: FloorCaller): CallId => {
  if (caller.callId === undefined) throw new Error('the caller has no call');
  return caller.callId;
};
const flow = (nodes: IvrGraph['nodes'], start: string): IvrGraph => ({
  format: 'cordboard-ivr/1',
  id: asId<FlowId>('pin'),
  version: '1',
  languages: ['en'],
  start,
  nodes,
  prompts: { menu: { en: 'menu' } },
});
const configOf = (floor: VirtualFloor): TenantConfig => {
  const input = floor.host.journal.findLast((one) => one.kind === 'boot' || one.kind === 'config');
  if (input?.kind !== 'boot' && input?.kind !== 'config') throw new Error('no configuration yet');
  return input.config;
};
/** The configuration without a queue; what led to it leads to the other one. */
const without = (config: TenantConfig, id: string, instead: string): TenantConfig => ({
  ...config,
  queues: config.queues.filter((queue) => queue.id !== id),
  agents: config.agents.map((agent) => ({ ...agent, queues: agent.queues.filter((queue) => queue !== id) })),
  routes: config.routes.map((route) => ({ ...route, to: toQueue(instead) })),
});
const TWO_NUMBERS = [
  { number: FLOOR_NUMBER, to: toQueue('a') },
  { number: SECOND_NUMBER, to: toQueue('b') },
];
const queueOf = (floor: VirtualFloor, caller: FloorCaller): string | undefined =>
  floor.host.engine.call(idOf(caller))?.queueId;
/** The oracle is silent, and an engine made from the dump is the same engine. */
const sound = (floor: VirtualFloor): void => {
  floor.checkInvariants();
  const dump = floor.host.engine.dump();
  expect(restoreEngine(dump).dump()).toBe(dump);
};

describe('full queues', () => {
  it('sends a caller for a full queue along its overflow to the first queue with room', () => {
    const floor = virtualFloor({
      seed: 1,
      queues: {
        a: { agents: ['ann'], maxWaiting: 1, overflow: toQueue('b') },
        b: { agents: ['bob'], maxWaiting: 1, overflow: toQueue('c') },
        c: { agents: ['cid'] },
      },
    });
    floor.open();
    for (const id of ['ann', 'bob', 'cid']) floor.agent(id).isOnBreak();
    const callers = [1, 2, 3].map((n) => {
      const caller = floor.caller(outside(n)).dials(FLOOR_NUMBER);
      floor.run('2s');
      return caller;
    });
    expect(callers.map((caller) => queueOf(floor, caller))).toEqual(['a', 'b', 'c']);
    sound(floor);
  });

  it('ends at once where a ring of queues is full, and only there', () => {
    const floor = virtualFloor({
      seed: 2,
      queues: {
        a: { agents: ['ann'], maxWaiting: 1, overflow: toQueue('b') },
        b: { agents: ['bob'], maxWaiting: 1, overflow: toQueue('a') },
      },
    });
    floor.open();
    for (const id of ['ann', 'bob']) floor.agent(id).isOnBreak();
    const callers = [1, 2, 3].map((n) => {
      const caller = floor.caller(outside(n)).dials(FLOOR_NUMBER);
      floor.run('2s');
      return caller;
    });
    expect(callers.map((caller) => caller.ended())).toEqual([false, false, true]);
    sound(floor);
  });

  it('keeps a caller whose time is over but whose overflow is full, and moves them when there is room', () => {
    const floor = virtualFloor({
      seed: 3,
      queues: {
        a: { agents: ['ann'], waitTimeoutMs: 5000, overflow: toQueue('b') },
        b: { agents: ['bob'], maxWaiting: 1 },
      },
      routes: TWO_NUMBERS,
    });
    floor.open();
    for (const id of ['ann', 'bob']) floor.agent(id).isOnBreak();
    floor.caller(outside(1)).dials(SECOND_NUMBER);
    floor.run('1s');
    const waits = floor.caller(outside(2)).dials(FLOOR_NUMBER);
    floor.run('20s');
    expect(queueOf(floor, waits)).toBe('a');
    sound(floor);
    floor.agent('bob').ready();
    floor.run('15s');
    expect(queueOf(floor, waits)).toBe('b');
    sound(floor);
  });

  it('refuses a blind transfer to a full queue and leaves the two talking', () => {
    const floor = virtualFloor({
      seed: 4,
      queues: { a: { agents: ['ann'] }, b: { agents: ['bob'], maxWaiting: 1 } },
      routes: TWO_NUMBERS,
    });
    floor.open();
    floor.agent('ann').ready();
    floor.agent('bob').isOnBreak();
    floor.caller(outside(1)).dials(SECOND_NUMBER);
    floor.run('5s');
    const caller = floor.caller(outside(2)).dials(FLOOR_NUMBER);
    floor.run('10s');
    const transfer = floor.agent('ann').transfer('queue:b');
    const consult = floor.agent('ann').consult('queue:b');
    floor.run('5s');
    expect([transfer.outcome, consult.outcome]).toMatchObject([{ code: 'call.blocked' }, { code: 'call.blocked' }]);
    expect(caller.talking()).toBe(true);
    expect(floor.host.engine.call(idOf(caller))?.connections.map((conn) => conn.state)).toEqual([
      'connected',
      'connected',
    ]);
    sound(floor);
  });

  it('gives a caller back whom a phone transferred to a full queue', () => {
    const floor = virtualFloor({
      seed: 5,
      queues: { a: { agents: ['ann'] }, b: { agents: ['bob'], maxWaiting: 1 } },
      routes: TWO_NUMBERS,
      change: (config) => ({ ...config, dialPlan: { ...config.dialPlan, ownNumbers: [SECOND_NUMBER] } }),
    });
    floor.open();
    floor.agent('ann').ready();
    floor.agent('bob').isOnBreak();
    floor.caller(outside(1)).dials(SECOND_NUMBER);
    floor.run('5s');
    const caller = floor.caller(outside(2)).dials(FLOOR_NUMBER);
    floor.run('10s');
    const [leg] = [...floor.agent('ann').phone.legs];
    if (leg === undefined) throw new Error('the phone has no call');
    floor.pbx.phoneTransfer(leg, SECOND_NUMBER);
    floor.run('20s');
    expect(caller.ended()).toBe(false);
    expect(caller.talking()).toBe(true);
    sound(floor);
  });
});

describe('a queue that a new configuration does not have', () => {
  it('sends those who wait in it where its overflow led', () => {
    const floor = virtualFloor({
      seed: 3,
      queues: { a: { agents: ['ann'], overflow: toQueue('b') }, b: { agents: ['bob'] } },
    });
    floor.open();
    for (const id of ['ann', 'bob']) floor.agent(id).isOnBreak();
    const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('5s');
    floor.host.input({ kind: 'config', config: without(configOf(floor), 'a', 'b') });
    floor.run('5s');
    expect(queueOf(floor, caller)).toBe('b');
    sound(floor);
  });

  it('asks the route of the call where the overflow was to hang up', () => {
    const floor = virtualFloor({
      seed: 3,
      queues: { a: { agents: ['ann'] }, b: { agents: ['bob'] } },
      routes: TWO_NUMBERS,
    });
    floor.open();
    for (const id of ['ann', 'bob']) floor.agent(id).isOnBreak();
    const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('5s');
    floor.host.input({ kind: 'config', config: without(configOf(floor), 'a', 'b') });
    floor.run('5s');
    expect(queueOf(floor, caller)).toBe('b');
    sound(floor);
  });

  it('lets the phone ring on that rings for one of its callers; if nobody answers the caller goes on', () => {
    for (const answer of ['answers', 'ignores'] as const) {
      const floor = virtualFloor({
        seed: 2,
        queues: { a: { agents: ['ann'] }, b: { agents: ['bob'] } },
        routes: TWO_NUMBERS,
      });
      floor.open();
      floor.agent('ann').ready();
      if (answer === 'answers') floor.agent('ann').answers({ after: '8s' });
      else floor.agent('ann').ignores();
      floor.agent('bob').isOnBreak();
      const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
      floor.run('3s');
      floor.host.input({ kind: 'config', config: without(configOf(floor), 'a', 'b') });
      sound(floor);
      floor.run('60s');
      expect(caller.ended(), answer).toBe(false);
      expect(caller.talking(), answer).toBe(answer === 'answers');
      if (answer === 'ignores') expect(queueOf(floor, caller)).toBe('b');
      sound(floor);
    }
  });
});

describe('flows that give the caller back', () => {
  const pinThenQueue = flow({ wait: { type: 'queue', queue: asId<QueueId>('b'), overflow: 'END' } }, 'wait');
  const ask = (noInput: string): IvrGraph =>
    flow(
      {
        ask: {
          type: 'menu',
          say: [{ kind: 'prompt', prompt: 'menu' }],
          keys: { 1: 'END' },
          noInput,
          noMatch: 'ask',
        },
      },
      'ask',
    );
  const open = (ivr: IvrGraph): { floor: VirtualFloor; caller: FloorCaller } => {
    const floor = virtualFloor({
      seed: 5,
      queues: { a: { agents: ['ann'] }, b: { agents: ['bob'] } },
      ivr,
      routes: [{ number: FLOOR_NUMBER, to: toQueue('a') }],
    });
    floor.open();
    floor.agent('ann').ready();
    const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('10s');
    expect(caller.talking()).toBe(true);
    return { floor, caller };
  };

  it('lets the first agent go when a queue in the flow has found another one', () => {
    const { floor, caller } = open(pinThenQueue);
    floor.agent('bob').ready();
    floor.agent('ann').give({ type: 'call.toFlow', callId: idOf(caller), flow: asId<FlowId>('pin') });
    floor.run('30s');
    const agents = floor.host.engine.call(idOf(caller))?.connections.map((conn) => `${conn.agentId}:${conn.state}`);
    expect(agents).toEqual(['undefined:connected', 'bob:connected']);
    expect(floor.agent('ann').view?.calls).toEqual([]);
    sound(floor);
  });

  it('does not let the first agent take the caller out of the queue of the flow', () => {
    const { floor, caller } = open(pinThenQueue);
    floor.agent('bob').isOnBreak();
    floor.agent('ann').give({ type: 'call.toFlow', callId: idOf(caller), flow: asId<FlowId>('pin') });
    floor.run('5s');
    const given = floor.agent('ann').retrieve();
    floor.run('2s');
    expect(given.outcome).toMatchObject({ code: 'call.state' });
    sound(floor);
  });

  it('refuses to send a caller into a flow while a colleague is consulted, so that the two can be joined', () => {
    const { floor, caller } = open(ask('END'));
    floor.agent('bob').isOnBreak();
    floor.agent('ann').consult('agent:bob');
    floor.run('6s');
    floor.agent('ann').alternate();
    floor.run('3s');
    const given = floor.agent('ann').give({ type: 'call.toFlow', callId: idOf(caller), flow: asId<FlowId>('pin') });
    floor.run('2s');
    expect(given.outcome).toMatchObject({ code: 'call.state' });
    floor.agent('ann').completeTransfer();
    floor.run('60s');
    expect(caller.talking()).toBe(true);
    sound(floor);
  });

  it('puts the caller back into the queue when the agent who waited has gone', () => {
    const { floor, caller } = open(ask('END'));
    floor.agent('bob').isOnBreak();
    floor.agent('ann').give({ type: 'call.toFlow', callId: idOf(caller), flow: asId<FlowId>('pin') });
    floor.run('2s');
    floor.agent('ann').isOnBreak();
    floor.agent('ann').hangsUp();
    floor.run('60s');
    expect(caller.ended()).toBe(false);
    expect(queueOf(floor, caller)).toBe('a');
    sound(floor);
  });
});

describe('agents who are not there for their caller', () => {
  it('keeps a caller whose transfer failed until the transferor, who has no queue and talks, is free again', () => {
    const floor = virtualFloor({
      seed: 9,
      queues: { a: { agents: ['bob'] }, b: { agents: ['ann'] } },
      routes: [
        { number: FLOOR_NUMBER, to: { kind: 'extension', number: '8002' } },
        { number: SECOND_NUMBER, to: toQueue('b') },
      ],
    });
    floor.open();
    floor.agent('ann').ready();
    floor.agent('bob').isOnBreak();
    floor.agent('bob').ignores();
    const [ann, bob] = ['8002', '8001'];
    const given = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('10s');
    expect(given.talking()).toBe(true);
    floor.agent('ann').transfer(bob ?? '');
    floor.run('3s');
    const second = floor.caller(outside(2)).dials(SECOND_NUMBER);
    floor.run('10s');
    expect(second.talking(), ann).toBe(true);
    floor.caller(outside(3)).dials(SECOND_NUMBER);
    floor.run('120s');
    expect(given.ended()).toBe(false);
    sound(floor);
    if (second.leg !== undefined) floor.pbx.hangUp(second.leg);
    floor.run('10s');
    expect(given.talking()).toBe(true);
    sound(floor);
  });

  it('rings the seat again, then the queue, for a caller whose agent was lost while the switch could not be reached', () => {
    for (const back of ['answers', 'ignores'] as const) {
      const floor = virtualFloor({ seed: 10, queues: { a: { agents: ['ann', 'bob'] } } });
      floor.open();
      floor.agent('ann').ready();
      floor.agent('bob').isOnBreak();
      const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
      floor.run('10s');
      expect(caller.talking()).toBe(true);
      if (back === 'ignores') floor.agent('ann').ignores();
      floor.pbx.cutLink(5000);
      floor.run('1s');
      floor.agent('ann').hangsUp();
      floor.run('15s');
      expect(caller.ended(), back).toBe(false);
      expect(caller.talking(), back).toBe(back === 'answers');
      sound(floor);
      floor.agent('bob').ready();
      floor.run('60s');
      expect(caller.talking(), back).toBe(true);
      sound(floor);
      floor.end();
      floor.checkInvariants();
    }
  });
});

describe('supervisors', () => {
  it('takes out only the one who stops, and nobody else whom they do not know', () => {
    const floor = virtualFloor({ seed: 9, queues: { a: { agents: ['ann'] } }, spareSeats: ['8801', '8802', '8803'] });
    floor.open();
    floor.agent('ann').ready();
    const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('10s');
    const callId = idOf(caller);
    const names = { sue: '8801', tom: '8802', una: '8803' };
    const people = Object.entries(names).map(([name, seat]) => floor.supervisor(name, seat));
    const [sue, tom, una] = people;
    const seatOf = (number: string) => deviceId(FLOOR_SWITCH, 'extension', number);
    const listen = (seat: string) =>
      ({
        type: 'supervise.monitor',
        callId,
        agentId: asId<AgentId>('ann'),
        mode: 'listen',
        seat: seatOf(seat),
      }) as const;
    const seats = (): string[] =>
      (floor.host.engine.call(callId)?.connections ?? [])
        .filter((conn) => conn.role === 'listen')
        .map((conn) => conn.device);
    sue?.give(listen('8801'));
    tom?.give(listen('8802'));
    floor.run('10s');
    expect(seats()).toEqual([seatOf('8801'), seatOf('8802')]);
    const foreign = una?.give({ type: 'supervise.stop', callId });
    const taken = una?.give(listen('8801'));
    floor.run('2s');
    expect(foreign?.outcome).toMatchObject({ code: 'call.state' });
    expect(taken?.outcome).toMatchObject({ code: 'agent.seat' });
    sound(floor);
    sue?.give({ type: 'supervise.stop', callId });
    floor.run('5s');
    expect(seats()).toEqual([seatOf('8802')]);
    sound(floor);
  });
});

describe('a crash of the server', () => {
  const transferor = (): { floor: VirtualFloor; given: FloorCaller; second: FloorCaller } => {
    const floor = virtualFloor({
      seed: 9,
      queues: { a: { agents: ['bob'] }, b: { agents: ['ann'] } },
      routes: [
        { number: FLOOR_NUMBER, to: { kind: 'extension', number: '8002' } },
        { number: SECOND_NUMBER, to: toQueue('b') },
      ],
    });
    floor.open();
    floor.agent('ann').ready();
    floor.agent('bob').isOnBreak();
    floor.agent('bob').rejects();
    const given = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('10s');
    floor.agent('ann').transfer('8001');
    const second = floor.caller(outside(2)).dials(SECOND_NUMBER);
    floor.run('10s');
    return { floor, given, second };
  };

  it('does not lose a caller who waits for a busy transferor', () => {
    const { floor, given, second } = transferor();
    if (!second.talking() || given.talking()) return expect.fail('the transferor should be in the second call');
    floor.host.crashAfterNextInput(3000);
    floor.run('30s');
    expect(given.ended()).toBe(false);
    if (second.leg !== undefined) floor.pbx.hangUp(second.leg);
    floor.run('15s');
    expect(given.talking()).toBe(true);
    sound(floor);
  });

  it('does not lose a caller whose agent was lost before it', () => {
    const floor = virtualFloor({ seed: 10, queues: { a: { agents: ['ann'] } } });
    floor.open();
    floor.agent('ann').ready();
    const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('10s');
    floor.pbx.cutLink(5000);
    floor.run('1s');
    floor.agent('ann').hangsUp();
    floor.host.crashAfterNextInput(3000);
    floor.run('30s');
    expect(caller.talking()).toBe(true);
    sound(floor);
  });

  it('does not lose a caller for whom the phone of a queue rings that is no more', () => {
    const floor = virtualFloor({
      seed: 2,
      queues: { a: { agents: ['ann'] }, b: { agents: ['bob'] } },
      routes: TWO_NUMBERS,
    });
    floor.open();
    floor.agent('ann').ready();
    floor.agent('ann').ignores();
    floor.agent('bob').isOnBreak();
    const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('3s');
    floor.host.input({ kind: 'config', config: without(configOf(floor), 'a', 'b') });
    floor.host.crashAfterNextInput(3000);
    floor.run('60s');
    expect(caller.ended()).toBe(false);
    expect(queueOf(floor, caller)).toBe('b');
    sound(floor);
  });
});

describe('small things', () => {
  it('refuses a call to the own seat', () => {
    const floor = virtualFloor({ seed: 1, queues: { a: { agents: ['ann'] } } });
    floor.open();
    floor.agent('ann').isOnBreak();
    floor.run('1s');
    const given = floor.agent('ann').make('8001');
    floor.run('2s');
    expect(given.outcome).toMatchObject({ code: 'argument.invalid' });
  });

  it('forgets an agent that the configuration has no more when their last call is over', () => {
    const floor = virtualFloor({ seed: 1, queues: { a: { agents: ['ann', 'bob'] } } });
    floor.open();
    floor.agent('ann').ready();
    floor.agent('bob').isLoggedOff();
    const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('10s');
    const config = configOf(floor);
    floor.host.input({
      kind: 'config',
      config: { ...config, agents: config.agents.filter((agent) => agent.id !== 'ann') },
    });
    floor.run('2s');
    expect(caller.talking()).toBe(true);
    floor.agent('ann').clear();
    floor.run('40s');
    expect(floor.host.engine.agent(asId<AgentId>('ann'))).toBeUndefined();
    sound(floor);
  });

  it('does not call a clearing unconfirmed that was asked for a moment ago', () => {
    for (let seconds = 4; seconds < 12; seconds += 1) {
      const floor = virtualFloor({ seed: seconds, queues: { a: { agents: ['ann'] } } });
      const notes: string[] = [];
      floor.onApplied = (_input, effects) => {
        for (const effect of effects) if (effect.kind === 'note') notes.push(effect.code);
      };
      floor.open();
      floor.agent('ann').ready();
      for (let n = 0; n < 12; n += 1) {
        const caller = floor.caller(outside(n)).dials(FLOOR_NUMBER);
        floor.run(seconds * 1000 + n * 200);
        if (caller.leg !== undefined) floor.pbx.hangUp(caller.leg);
        floor.run('40s');
      }
      expect(notes).not.toContain('clear.unconfirmed');
    }
  });
});
