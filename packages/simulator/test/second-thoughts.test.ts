import {
  type CallId,
  type ClientCommand,
  type DriverCommand,
  type EngineEffect,
  type RecordingRecord,
  restoreEngine,
} from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { FLOOR_NUMBER, type FloorAgent, type FloorCaller, type VirtualFloor, virtualFloor } from '../src/index.js';

const outside = (n: number) => `+861390000${String(n).padStart(4, '0')}`;
const idOf = (caller: FloorCaller): CallId => {
  if (caller.callId === undefined) throw new Error('the caller has no call');
  return caller.callId;
};
/** Driver commands, notes and recording records from now on. */
const watch = (floor: VirtualFloor) => {
  const seen = { commands: [] as DriverCommand[], notes: [] as string[], recordings: [] as RecordingRecord[] };
  floor.onApplied = (_input, effects: readonly EngineEffect[]) => {
    for (const effect of effects) {
      if (effect.kind === 'driver') seen.commands.push(effect.command);
      if (effect.kind === 'note') seen.notes.push(`${effect.level}:${effect.code}`);
      if (effect.kind === 'record' && effect.record.table === 'recording') seen.recordings.push(effect.record.value);
    }
  };
  return seen;
};
const talkingFloor = (options: Parameters<typeof virtualFloor>[0]) => {
  const floor = virtualFloor(options);
  floor.open();
  const ann = floor.agent('ann').ready();
  const seen = watch(floor);
  const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
  for (let ms = 0; ms < 15_000 && !caller.talking(); ms += 1) floor.run(1);
  expect(caller.talking()).toBe(true);
  return { floor, ann, seen, caller };
};
const sound = (floor: VirtualFloor): void => {
  floor.checkInvariants();
  const dump = floor.host.engine.dump();
  expect(restoreEngine(dump).dump()).toBe(dump);
};

describe('recordings by rule', () => {
  it('begin for an agent whose calls are always recorded, although one before stopped a recording', () => {
    const { floor, ann, seen, caller } = talkingFloor({
      seed: 1,
      queues: { a: { agents: ['ann'] } },
      agents: { bob: { record: 'always' } },
    });
    floor.agent('bob').isOnBreak();
    const callId = idOf(caller);
    ann.give({ type: 'call.record', callId, mode: 'start' });
    floor.run('2s');
    ann.give({ type: 'call.record', callId, mode: 'stop' });
    floor.run('2s');
    ann.transfer('agent:bob');
    floor.run('10s');
    expect(caller.talking()).toBe(true);
    expect(seen.commands.filter((command) => command.type === 'record')).toHaveLength(2);
    expect(seen.recordings.at(-1)).toMatchObject({ agentId: 'bob', cause: 'rule', state: 'recording' });
    sound(floor);
  });

  it('stay stopped for the agent who was there when they were stopped', () => {
    const { floor, ann, seen, caller } = talkingFloor({
      seed: 2,
      queues: { a: { agents: ['ann'], record: 'always' } },
    });
    floor.run('2s');
    ann.give({ type: 'call.record', callId: idOf(caller), mode: 'stop' });
    floor.run('2s');
    ann.hold();
    floor.run('2s');
    ann.retrieve();
    floor.run('10s');
    expect(seen.commands.filter((command) => command.type === 'record')).toHaveLength(1);
    sound(floor);
  });

  it('are tried once more when they fail, and told both times', () => {
    const { floor, seen } = talkingFloor({
      seed: 5,
      queues: { a: { agents: ['ann'], record: 'always' } },
      faults: { command: (command) => (command.type === 'record' ? { refuse: 'rejected' } : undefined) },
    });
    floor.run('20s');
    expect(seen.commands.filter((command) => command.type === 'record')).toHaveLength(2);
    expect(seen.notes.filter((note) => note === 'error:recording.failed')).toHaveLength(2);
    sound(floor);
  });
});

describe('recordings whose end nobody told', () => {
  for (const tracks of ['mixed', 'separate'] as const) {
    it(`are closed as unsure with the files that the switch has (${tracks})`, async () => {
      const { floor, seen, caller } = talkingFloor({
        seed: 6,
        queues: { a: { agents: ['ann'], record: 'always' } },
        change: (config) => ({ ...config, recording: { ...config.recording, tracks } }),
      });
      floor.run('5s');
      floor.pbx.cutLink(5000);
      floor.run('1s');
      if (caller.leg !== undefined) floor.pbx.hangUp(caller.leg);
      floor.run('10s');
      sound(floor);
      floor.run('90s');
      const last = seen.recordings.at(-1);
      expect(last).toMatchObject({ state: 'done', unsure: 'unsure' });
      const kept = last === undefined ? undefined : floor.pbx.recordings.get(last.recordingId);
      expect(last?.files).toEqual(kept?.files);
      sound(floor);
    });
  }

  it('run on when the switch still shows them', () => {
    const { floor, seen } = talkingFloor({ seed: 7, queues: { a: { agents: ['ann'], record: 'always' } } });
    floor.run('5s');
    floor.pbx.cutLink(5000);
    floor.run('120s');
    expect(seen.recordings.at(-1)?.state).toBe('recording');
    floor.agent('ann').clear();
    floor.run('5s');
    expect(seen.recordings.at(-1)).toMatchObject({ state: 'done' });
    expect(seen.recordings.at(-1)?.unsure).toBeUndefined();
    sound(floor);
  });
});

describe('muted members', () => {
  it('are heard again by the next agent when the one who muted them has left', () => {
    const { floor, ann, seen, caller } = talkingFloor({
      seed: 9,
      queues: { a: { agents: ['ann'] }, b: { agents: ['bob'] } },
    });
    floor.agent('bob').ready();
    const callId = idOf(caller);
    const customer = () => floor.host.engine.call(callId)?.connections.find((conn) => conn.agentId === undefined);
    const connectionId = customer()?.connectionId;
    if (connectionId === undefined) throw new Error('nobody to mute');
    expect(customer()?.actions).toContain('mute');
    ann.give({ type: 'call.mutePart', callId, connectionId, mode: 'mute' });
    floor.run('1s');
    expect(customer()).toMatchObject({ muted: 'muted' });
    expect(customer()?.actions).toContain('unmute');
    ann.transfer('queue:b');
    floor.run('10s');
    expect(caller.talking()).toBe(true);
    expect(customer()?.muted).toBeUndefined();
    expect(seen.commands.flatMap((command) => (command.type === 'mute' ? command.mode : []))).toEqual([
      'mute',
      'unmute',
    ]);
    sound(floor);
  });
});

describe('an agent who changes their mind', () => {
  const wishes = [
    'call.hold',
    'call.retrieve',
    'call.hold',
    'call.hold',
    'call.retrieve',
    'call.hold',
    'call.retrieve',
  ] as const;
  for (const seed of [1, 2, 3, 4]) {
    it(`holds and retrieves faster than the switch and ends talking, seed ${seed}`, () => {
      for (const gap of [0, 1, 2, 3, 5, 8]) {
        const { floor, ann, caller } = talkingFloor({ seed, queues: { a: { agents: ['ann'], record: 'always' } } });
        const given = wishes.map((type) => {
          const one = ann.give({ type, callId: idOf(caller) });
          if (gap > 0) floor.run(gap);
          return one;
        });
        floor.run(2000);
        const codes = given.map(({ outcome }) => (outcome?.outcome === 'failed' ? outcome.code : outcome?.outcome));
        expect(codes.filter((code) => code !== 'done' && code !== 'call.state')).toEqual([]);
        floor.run('13s');
        expect(caller.talking()).toBe(true);
        sound(floor);
      }
    });
  }

  const goes: Record<string, (agent: FloorAgent) => void> = {
    'logs off': (agent) => void agent.give({ type: 'agent.logOff' } satisfies ClientCommand),
    'takes a break': (agent) => void agent.isOnBreak('lunch'),
    'closes the page': (agent) => void agent.goesSilent().isOnline('offline'),
  };
  for (const [what, go] of Object.entries(goes)) {
    it(`${what} while a call rings: the phone stops and the next agent gets the call at once`, () => {
      const floor = virtualFloor({ seed: 4, queues: { a: { agents: ['ann', 'bob'], ringTimeoutMs: 120_000 } } });
      floor.open();
      floor.agent('ann').ready().ignores();
      floor.run('1s');
      floor.agent('bob').isOnBreak();
      const caller = floor.caller(outside(1)).dials(FLOOR_NUMBER);
      floor.run('3s');
      expect(floor.agent('ann').phone.legs.length).toBe(1);
      go(floor.agent('ann'));
      floor.agent('bob').ready();
      floor.run(what === 'closes the page' ? '40s' : '5s');
      expect(floor.agent('ann').phone.legs.length).toBe(0);
      expect(caller.talking()).toBe(true);
      expect(floor.agent('ann').view?.state).toBe(what === 'logs off' ? 'loggedOff' : 'notReady');
      sound(floor);
    });
  }
});
