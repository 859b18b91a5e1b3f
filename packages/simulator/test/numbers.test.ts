import {
  asId,
  type DriverCommand,
  type EngineEffect,
  type FlowId,
  type IvrGraph,
  type QueueId,
} from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { FLOOR_NUMBER, type VirtualFloor, virtualFloor } from '../src/index.js';

const toQueue = (queue: string) => ({ kind: 'queue' as const, queue: asId<QueueId>(queue) });
const front: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId<FlowId>('front'),
  version: '1',
  languages: ['en'],
  start: 'wait',
  nodes: { wait: { type: 'queue', queue: 'a', overflow: 'END' } },
  prompts: {},
};

/** The commands that the engine gives from now on. */
function watch(floor: VirtualFloor): DriverCommand[] {
  const log: DriverCommand[] = [];
  floor.onApplied = (_input, effects: readonly EngineEffect[]) => {
    for (const effect of effects) if (effect.kind === 'driver') log.push(effect.command);
  };
  return log;
}

/** Which targets were dialled. */
const dialled = (log: readonly DriverCommand[]): string[] =>
  log.flatMap((command) =>
    command.type !== 'originate'
      ? []
      : command.target.kind === 'number'
        ? command.target.number
        : command.target.device,
  );

describe('a route takes a call in whatever form its number is written or sent', () => {
  for (const [written, sent] of [
    ['4008001000', '+864008001000'],
    ['4008001000', '864008001000'],
    ['01065521234', '+861065521234'],
    ['+861065521234', '01065521234'],
    ['+861065521234', '65521234'],
    ['65521234', '01065521234'],
    ['0106552*', '+861065521234'],
    ['6552*', '01065521234'],
    ['400*', '+864008001000'],
    ['+8610*', '65521234'],
    ['*', '+861065521234'],
  ] as const) {
    it(`${written} takes ${sent}`, () => {
      const floor = virtualFloor({
        seed: 1,
        queues: { a: { agents: ['ann'] } },
        routes: [{ number: written, to: toQueue('a') }],
      });
      floor.agent('ann').ready();
      const one = floor.caller('+8613900000001').dials(sent);
      floor.run('10s');
      expect(one.talking()).toBe(true);
      floor.checkInvariants();
    });
  }

  it('the first route in the list wins, exact or not, and a number of nobody is refused', () => {
    const floor = virtualFloor({
      seed: 2,
      queues: { a: { agents: ['ann'] }, b: { agents: ['bob'] } },
      routes: [
        { number: '0106552*', to: toQueue('b') },
        { number: '+861065521234', to: toQueue('a') },
      ],
    });
    floor.agent('ann').ready();
    floor.agent('bob').ready();
    const one = floor.caller('+8613900000001').dials('65521234');
    const two = floor.caller('+8613900000002').dials('+861065531234');
    floor.run('10s');
    expect(floor.host.engine.call(one.callId ?? asId(''))?.queueId).toBe('b');
    expect([two.ended(), two.cause]).toEqual([true, 'unallocatedNumber']);
  });
});

describe('never-record numbers hold in the way people write them', () => {
  for (const [never, from] of [
    ['13900000001', '+8613900000001'],
    ['+8613900000001', '013900000001'],
    ['010-6552-1234', '01065521234'],
    ['01065521234', '+861065521234'],
  ] as const) {
    it(`${never} is not recorded when it calls as ${from}`, () => {
      const floor = virtualFloor({
        seed: 3,
        queues: { a: { agents: ['ann'], record: 'always' } },
        change: (config) => ({ ...config, recording: { ...config.recording, neverNumbers: [never] } }),
      });
      floor.agent('ann').ready();
      const log = watch(floor);
      floor.caller(from).dials(FLOOR_NUMBER);
      floor.caller('+8613900000009').dials(FLOOR_NUMBER, { after: '30s' });
      floor.run('10s');
      expect(log.filter((command) => command.type === 'bridge')).not.toEqual([]);
      expect(log.filter((command) => command.type === 'record')).toEqual([]);
    });
  }

  it('others are recorded', () => {
    const floor = virtualFloor({
      seed: 3,
      queues: { a: { agents: ['ann'], record: 'always' } },
      change: (config) => ({ ...config, recording: { ...config.recording, neverNumbers: ['13900000001'] } }),
    });
    floor.agent('ann').ready();
    const log = watch(floor);
    floor.caller('+8613900000002').dials(FLOOR_NUMBER);
    floor.run('10s');
    expect(log.filter((command) => command.type === 'record')).toHaveLength(1);
  });
});

describe('the own number, dialled from inside', () => {
  it('leads to its queue without a line, by command and at the phone', () => {
    for (const by of ['command', 'phone'] as const) {
      const floor = virtualFloor({ seed: 4, queues: { a: { agents: ['ann', 'bob'] } } });
      floor.agent('ann').isOnBreak();
      floor.agent('bob').ready();
      floor.run('1s');
      const log = watch(floor);
      if (by === 'command') floor.agent('ann').make(`+86${FLOOR_NUMBER}`);
      else floor.pbx.dial(floor.agent('ann').phone, FLOOR_NUMBER);
      floor.run('15s');
      expect(dialled(log).filter((target) => !target.startsWith('main:extension:'))).toEqual([]);
      expect(dialled(log)).toContain('main:extension:8002');
      floor.end();
      floor.checkInvariants();
    }
  });

  it('leads into its flow', () => {
    const floor = virtualFloor({ seed: 5, ivr: front, queues: { a: { agents: ['bob'] } }, agents: { ann: {} } });
    floor.agent('ann').isOnBreak();
    floor.agent('bob').ready();
    const log = watch(floor);
    floor.agent('ann').make(FLOOR_NUMBER);
    floor.run('15s');
    expect(dialled(log)).toEqual(['main:extension:8001', 'main:extension:8002']);
  });

  it('is where a flow sends a caller: into the queue, not out and in again', () => {
    const flow: IvrGraph = {
      ...front,
      nodes: {
        wait: {
          type: 'transfer',
          to: { kind: 'outside', number: FLOOR_NUMBER },
          busy: 'END',
          noAnswer: 'END',
          failed: 'END',
        },
      },
    };
    const floor = virtualFloor({
      seed: 7,
      ivr: flow,
      queues: { a: { agents: ['ann'] } },
      routes: [
        { number: FLOOR_NUMBER, to: toQueue('a') },
        { number: '4008001001', to: { kind: 'ivr', flow: flow.id } },
      ],
    });
    floor.agent('ann').ready();
    const log = watch(floor);
    const one = floor.caller('+8613900000001').dials('4008001001');
    floor.run('15s');
    expect(dialled(log)).toEqual(['main:extension:8001']);
    expect(one.talking()).toBe(true);
    floor.end();
    floor.checkInvariants();
  });

  it('a flow that sends its caller to its own number ends', () => {
    const flow: IvrGraph = {
      ...front,
      nodes: {
        wait: {
          type: 'transfer',
          to: { kind: 'outside', number: FLOOR_NUMBER },
          busy: 'END',
          noAnswer: 'END',
          failed: 'END',
        },
      },
    };
    const floor = virtualFloor({ seed: 8, ivr: flow, queues: { a: { agents: ['ann'] } } });
    const one = floor.caller('+8613900000001').dials(FLOOR_NUMBER);
    floor.run('5s');
    expect(one.ended()).toBe(true);
    floor.checkInvariants();
  });

  it('without a route it goes out as any number does', () => {
    const floor = virtualFloor({ seed: 6, queues: { a: { agents: ['ann'] } }, routes: [] });
    floor.agent('ann').isOnBreak();
    const log = watch(floor);
    floor.agent('ann').make(FLOOR_NUMBER);
    floor.run('10s');
    expect(dialled(log)).toEqual(['main:extension:8001', FLOOR_NUMBER]);
  });
});
