import { asId, type DeviceId, type DriverCommand, type QueueId } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { FLOOR_NUMBER, type VirtualFloor, virtualFloor } from '../src/index.js';

const ABROAD = '00900123456789';
const toQueue = (queue: string) => ({ kind: 'queue' as const, queue: asId<QueueId>(queue) });
const outside = (n: number): string => `+861390000${String(n).padStart(4, '0')}`;
const quiet = { a: { agents: ['ann'] } };

/** What the engine dials from now on: a number outside, or a device. */
function watch(floor: VirtualFloor): string[] {
  const log: string[] = [];
  floor.onApplied = (_input, effects) => {
    for (const effect of effects) if (effect.kind === 'driver') log.push(...targetOf(effect.command));
  };
  return log;
}

function targetOf(command: DriverCommand): string[] {
  if (command.type !== 'originate') return [];
  return [command.target.kind === 'number' ? command.target.number : command.target.device];
}

function dialAt(floor: VirtualFloor, agent: string, to: string): string[] {
  const log = watch(floor);
  floor.pbx.dial(floor.agent(agent).phone, to);
  floor.run('3s');
  return log;
}

describe('what a phone may dial', () => {
  it('is what its agent may, logged on or not', () => {
    const floor = virtualFloor({ seed: 1, queues: quiet, agents: { ann: { mayDial: 'none' } } });
    floor.agent('ann').ready();
    floor.run('1s');
    expect(dialAt(floor, 'ann', ABROAD)).toEqual([]);
    floor.agent('ann').isLoggedOff();
    floor.run('3s');
    expect(floor.agent('ann').view?.state).toBe('loggedOff');
    expect(dialAt(floor, 'ann', ABROAD)).toEqual([]);
  });

  it('of an agent who may dial anything goes out, also after log-off', () => {
    const floor = virtualFloor({ seed: 2, queues: quiet });
    floor.agent('ann').isLoggedOff();
    floor.run('1s');
    expect(dialAt(floor, 'ann', ABROAD)).toEqual([ABROAD]);
  });

  it('of a phone of nobody is internal, unless the site says otherwise', () => {
    const at = (mayDial: 'any' | 'internal' | 'none' | undefined, to: string): string[] => {
      const floor = virtualFloor({
        seed: 3,
        queues: quiet,
        spareSeats: ['8801'],
        change: (config) => (mayDial === undefined ? config : { ...config, phones: { mayDial } }),
      });
      floor.agent('ann').isOnBreak();
      const log = watch(floor);
      floor.pbx.dial(floor.pbx.party('8801'), to);
      floor.run('3s');
      floor.checkInvariants();
      return log;
    };
    expect(at(undefined, ABROAD)).toEqual([]);
    expect(at(undefined, '8001')).toEqual(['main:extension:8001']);
    expect(at(undefined, '110')).toEqual(['110']);
    expect(at('any', ABROAD)).toEqual([ABROAD]);
    expect(at('none', '8001')).toEqual([]);
    expect(at('none', '110')).toEqual(['110']);
  });

  it('holds for a transfer sent by the phone', () => {
    const floor = virtualFloor({ seed: 4, queues: quiet, agents: { ann: { mayDial: 'internal' } } });
    floor.agent('ann').ready();
    const one = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('10s');
    const log = watch(floor);
    const [leg] = floor.agent('ann').phone.legs;
    expect(leg).toBeDefined();
    if (leg !== undefined) floor.pbx.phoneTransfer(leg, ABROAD);
    floor.run('3s');
    expect(log).not.toContain(ABROAD);
    expect(one.ended()).toBe(false);
  });
});

describe('an outside party', () => {
  it('transfers nobody anywhere: its REFER is counted and nothing else', () => {
    const floor = virtualFloor({ seed: 5, queues: quiet, spareSeats: ['8801'] });
    floor.agent('ann').ready();
    const one = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('10s');
    for (const to of [ABROAD, '8801', '110']) {
      const log = watch(floor);
      if (one.leg !== undefined) floor.pbx.phoneTransfer(one.leg, to);
      floor.run('3s');
      expect(log).toEqual([]);
    }
    expect(one.talking()).toBe(true);
    expect(floor.host.engine.counters()['ignored.transferRequested.outside']).toBe(3);
  });
});

describe('a reference to a customer', () => {
  it('is for the agents of that call, and within what they may dial', () => {
    const by = (agents: Parameters<typeof virtualFloor>[0]['agents'], who: 'ann' | 'bob'): string[] => {
      const floor = virtualFloor({
        seed: 6,
        queues: { a: { agents: ['ann', 'bob'] } },
        ...(agents === undefined ? {} : { agents }),
      });
      floor.agent('ann').ready();
      floor.agent('bob').isOnBreak();
      const one = floor.caller(outside(1)).dials(FLOOR_NUMBER);
      floor.run('10s');
      const { callId } = one;
      if (who === 'ann') {
        // The call lives on with Bob; Ann rings the customer up once more.
        floor.agent('ann').transfer('agent:bob');
        floor.run('20s');
        floor.agent('ann').isOnBreak();
        floor.run('1s');
      }
      const log = watch(floor);
      floor.agent(who).make(`ref:${callId}`);
      floor.run('10s');
      return log.filter((target) => !target.startsWith('main:extension'));
    };
    expect(by({ ann: {} }, 'bob')).toEqual([]);
    expect(by({ ann: {} }, 'ann')).toEqual(['13900000001']);
    expect(by({ ann: { mayDial: 'internal' } }, 'ann')).toEqual([]);
  });
});

describe('where an agent may log on', () => {
  const seats = ['main:external:+900123456789', 'main:trunk:carrier', 'main:line:1', 'nowhere:extension:1'];
  const logOn = (floor: VirtualFloor, seat: string): string | undefined => {
    floor.agent('ann').isLoggedOff();
    floor.run('1s');
    const given = floor.agent('ann').give({ type: 'agent.logOn', seat: asId<DeviceId>(seat) });
    floor.run('1s');
    const { outcome } = given;
    return outcome?.outcome === 'failed' ? outcome.code : outcome?.outcome;
  };

  it('is a phone of the site, not an outside number, a line or a trunk', () => {
    const floor = virtualFloor({ seed: 7, queues: quiet });
    floor.agent('ann').isOnBreak();
    floor.run('1s');
    for (const seat of seats) expect(logOn(floor, seat), seat).toBe('agent.seat');
    expect(logOn(floor, 'main:extension:8055')).toBe('done');
  });

  it('is a device of the configuration, and with a list of seats only those', () => {
    const home = asId<DeviceId>('main:external:home');
    const dial = { trunk: asId<DeviceId>('main:trunk:carrier'), number: '13811112222' };
    const trunk = { id: asId<DeviceId>('main:trunk:carrier'), label: 'carrier' };
    const floor = virtualFloor({
      seed: 8,
      queues: quiet,
      change: (config) => ({ ...config, devices: [{ id: home, label: 'at home', dial }, trunk] }),
    });
    floor.agent('ann').isOnBreak();
    expect(logOn(floor, home)).toBe('done');
    expect(logOn(floor, 'main:trunk:carrier')).toBe('agent.seat');
    const strict = virtualFloor({
      seed: 9,
      queues: quiet,
      agents: { ann: { allowedSeats: [asId<DeviceId>('main:extension:8055')] } },
    });
    strict.agent('ann').isOnBreak();
    expect(logOn(strict, 'main:extension:8056')).toBe('agent.seat');
    expect(logOn(strict, 'main:extension:8055')).toBe('done');
  });
});

describe('an emergency number', () => {
  it('goes out although the agent may not dial, at the phone and by command', () => {
    const floor = virtualFloor({ seed: 10, queues: quiet, agents: { ann: { mayDial: 'none' } } });
    floor.agent('ann').isOnBreak();
    floor.run('1s');
    expect(dialAt(floor, 'ann', '110')).toEqual(['110']);
    floor.agent('ann').hangsUp();
    floor.run('5s');
    const log = watch(floor);
    floor.agent('ann').make('110');
    floor.run('10s');
    expect(log).toEqual(['main:extension:8001', '110']);
  });

  for (const number of ['*', '1*', '110']) {
    it(`is not swallowed by a route ${number}`, () => {
      const floor = virtualFloor({ seed: 11, queues: quiet, routes: [{ number, to: toQueue('a') }] });
      floor.agent('ann').isOnBreak();
      floor.run('1s');
      expect(dialAt(floor, 'ann', '110')).toEqual(['110']);
    });
  }

  it('nor is an extension dialled at a phone swallowed by a route for every number', () => {
    const queues = { a: { agents: ['ann', 'bob'] } };
    const floor = virtualFloor({ seed: 12, queues, routes: [{ number: '*', to: toQueue('a') }] });
    floor.agent('ann').isOnBreak();
    floor.agent('bob').isOnBreak();
    floor.run('1s');
    expect(dialAt(floor, 'ann', '8002')).toEqual(['main:extension:8002']);
  });

  it('is not ended by the bound of long calls', () => {
    const floor = virtualFloor({
      seed: 19,
      queues: quiet,
      change: (config) => ({ ...config, timers: { ...config.timers, maxCallMs: 60_000 } }),
    });
    floor.agent('ann').isOnBreak();
    const ends = (number: string): boolean => {
      const leg = floor.pbx.dial(floor.agent('ann').phone, number);
      floor.run('1s');
      for (const one of floor.pbx.legs.values()) if (one.state === 'alerting') floor.pbx.lift(one);
      floor.run('90s');
      const ended = leg?.state === 'ended';
      floor.agent('ann').hangsUp();
      floor.run('5s');
      return ended;
    };
    expect([ends('13911112222'), ends('110')]).toEqual([true, false]);
  });

  it('goes out while the server drains, at the phone and by command', () => {
    const floor = virtualFloor({ seed: 13, queues: quiet });
    floor.agent('ann').isOnBreak();
    floor.host.input({ kind: 'drain', mode: 'start' });
    floor.run('1s');
    expect(dialAt(floor, 'ann', '110')).toEqual(['110']);
    floor.agent('ann').hangsUp();
    floor.run('5s');
    const log = watch(floor);
    const given = floor.agent('ann').make('110');
    floor.run('10s');
    expect(given.outcome?.outcome).toBe('done');
    expect(log).toEqual(['main:extension:8001', '110']);
    const other = floor.agent('ann').make('8001');
    floor.run('1s');
    expect(other.outcome?.outcome).toBe('failed');
  });
});

describe('while the server drains', () => {
  const drain = (floor: VirtualFloor): void => {
    floor.agent('ann').ready();
    floor.host.input({ kind: 'drain', mode: 'start' });
    floor.run('1s');
  };

  it('a new caller is given back to the dialplan of the switch, which rings somebody', () => {
    const floor = virtualFloor({ seed: 14, queues: quiet });
    drain(floor);
    const commands: string[] = [];
    floor.onApplied = (_input, effects) => {
      for (const effect of effects) if (effect.kind === 'driver') commands.push(effect.command.type);
    };
    const one = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('5s');
    expect(commands).toEqual(['redirect']);
    expect([one.ended(), one.talking()]).toEqual([false, true]);
    expect(floor.host.engine.counters().liveCalls).toBe(0);
    const cdrs = [...floor.oracle.cdrs.values()];
    expect(cdrs).toHaveLength(1);
    expect(cdrs[0]).toMatchObject({ cause: 'transferred', endedBy: 'system' });
    floor.end();
    floor.checkInvariants();
  });

  it('a call that a phone makes is given back as well', () => {
    const floor = virtualFloor({ seed: 15, queues: { a: { agents: ['ann', 'bob'] } } });
    floor.agent('bob').isOnBreak();
    drain(floor);
    const leg = floor.pbx.dial(floor.agent('bob').phone, '8001');
    floor.run('3s');
    expect(leg?.hidden).toBe('hidden');
    floor.end();
    floor.checkInvariants();
  });

  it('a caller whom the switch does not take back is served', () => {
    for (const refuse of ['rejected', 'notSupported', 'timeout'] as const) {
      const floor = virtualFloor({
        seed: 16,
        queues: quiet,
        faults: { command: (command) => (command.type === 'redirect' ? { refuse } : undefined) },
      });
      drain(floor);
      const one = floor.caller(outside(1)).dials(FLOOR_NUMBER);
      floor.run('10s');
      expect(one.talking(), refuse).toBe(true);
      floor.end();
      floor.checkInvariants();
    }
  });

  it('a caller is not lost when the link goes down just then', () => {
    for (const afterMs of [0, 1, 2, 3, 5]) {
      const floor = virtualFloor({ seed: 17, queues: quiet });
      drain(floor);
      const one = floor.caller(outside(1)).dials(FLOOR_NUMBER);
      floor.run(afterMs);
      floor.pbx.cutLink(3_000);
      floor.run('30s');
      expect([one.ended(), one.talking()], String(afterMs)).toEqual([false, true]);
      floor.end();
      floor.checkInvariants();
    }
  });

  it('waiting callers are served', () => {
    const floor = virtualFloor({ seed: 18, queues: quiet });
    floor.agent('ann').isOnBreak();
    const one = floor.caller(outside(1)).dials(FLOOR_NUMBER);
    floor.run('3s');
    drain(floor);
    floor.run('10s');
    expect(one.talking()).toBe(true);
    floor.checkInvariants();
  });
});
