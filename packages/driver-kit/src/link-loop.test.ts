import { CtiError, type LinkDownReason } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import {
  backoffMs,
  DEFAULT_LINK_POLICY,
  LinkLoop,
  type LinkPolicy,
  type LinkSession,
  type LinkState,
} from './link-loop.js';
import { SimulatedClock } from './testing/simulated-clock.js';

class FakeSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  closes = 0;
  #end: (reason: LinkDownReason) => void = () => undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  close(reason: LinkDownReason): void {
    this.closes += 1;
    this.#end(reason);
  }

  /** The other side ends it. */
  end(reason: LinkDownReason): void {
    this.#end(reason);
  }
}

interface World {
  readonly clock: SimulatedClock;
  readonly loop: LinkLoop<FakeSession>;
  readonly sessions: FakeSession[];
  readonly told: string[];
  readonly states: LinkState[];
  dial: (signal: AbortSignal) => Promise<FakeSession>;
  logIn: (session: FakeSession, signal: AbortSignal) => Promise<void>;
  probe: (session: FakeSession, signal: AbortSignal) => Promise<void>;
  heardAtMs: number;
}

function setUp(policy: Partial<LinkPolicy> = {}): World {
  const clock = new SimulatedClock();
  const sessions: FakeSession[] = [];
  const told: string[] = [];
  const states: LinkState[] = [];
  const world: World = {
    clock,
    sessions,
    told,
    states,
    dial: async () => {
      const session = new FakeSession();
      sessions.push(session);
      return session;
    },
    logIn: async () => undefined,
    probe: async () => undefined,
    heardAtMs: Number.NEGATIVE_INFINITY,
    loop: new LinkLoop<FakeSession>({
      clock,
      random: () => 0.5,
      policy: { ...DEFAULT_LINK_POLICY, ...policy },
      dial: (signal) => world.dial(signal),
      logIn: (session, signal) => world.logIn(session, signal),
      probe: (session, signal) => world.probe(session, signal),
      heardAtMs: () => world.heardAtMs,
      up: () => told.push('up'),
      down: (reason) => told.push(`down ${reason}`),
      state: (state) => states.push(state),
    }),
  };
  return world;
}

describe('LinkLoop', () => {
  it('does nothing before start', async () => {
    const world = setUp();
    await world.clock.tick(100_000);
    expect([world.sessions.length, world.clock.pendingTimers, world.loop.state.kind]).toEqual([0, 0, 'idle']);
    await world.loop.stop();
    expect(world.sessions.length).toBe(0);
  });

  it('comes up, tells a loss with its reason, and comes up again', async () => {
    const world = setUp();
    world.loop.start();
    await world.clock.tick();
    expect(world.told).toEqual(['up']);
    world.sessions[0]?.end('closed');
    await world.clock.tick();
    expect(world.told).toEqual(['up', 'down closed']);
    expect(world.loop.state).toMatchObject({ kind: 'waiting', reason: 'closed', delayMs: 100 + 0.5 * 500 });
    await world.clock.tick(350);
    expect(world.told).toEqual(['up', 'down closed', 'up']);
    await world.loop.stop();
    expect(world.told).toEqual(['up', 'down closed', 'up', 'down stopped']);
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('waits longer after each failure, up to its bound, and starts anew after a steady time', async () => {
    const world = setUp({ backoffFloorMs: 0 });
    world.dial = async () => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    world.loop.start();
    const delays: number[] = [];
    for (let turn = 0; turn < 8; turn++) {
      await world.clock.tick();
      const state = world.loop.state;
      if (state.kind === 'waiting') {
        expect(state.reason).toBe('refused');
        delays.push(state.delayMs);
        await world.clock.tick(state.delayMs);
      }
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500]);
    world.dial = async () => {
      const session = new FakeSession();
      world.sessions.push(session);
      return session;
    };
    await world.clock.tick(7_500);
    await world.clock.tick(10_000);
    world.sessions.at(-1)?.end('closed');
    await world.clock.tick();
    expect(world.loop.state).toMatchObject({ kind: 'waiting', attempt: 0, delayMs: 250 });
    await world.loop.stop();
  });

  it('keeps backing off when each link dies young', async () => {
    const world = setUp({ backoffFloorMs: 0 });
    world.loop.start();
    const delays: number[] = [];
    for (let turn = 0; turn < 4; turn++) {
      await world.clock.tick(10);
      world.sessions.at(-1)?.end('closed');
      await world.clock.tick();
      const state = world.loop.state;
      if (state.kind !== 'waiting') throw new Error(`unexpected ${state.kind}`);
      delays.push(state.delayMs);
      await world.clock.tick(state.delayMs);
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000]);
    await world.loop.stop();
  });

  it('bounds dial and log-in together and closes what it had opened', async () => {
    const world = setUp({ connectTimeoutMs: 1_000 });
    world.logIn = () => new Promise(() => undefined);
    world.loop.start();
    await world.clock.tick(999);
    expect(world.sessions[0]?.closes).toBe(0);
    await world.clock.tick(1);
    expect(world.sessions[0]?.closes).toBe(1);
    expect(world.loop.state).toMatchObject({ kind: 'waiting', reason: 'timeout' });
    expect(world.told).toEqual([]);
    await world.loop.stop();
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('aborts a dial that hangs', async () => {
    const world = setUp({ connectTimeoutMs: 1_000 });
    let aborted = 0;
    world.dial = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted += 1;
          reject(signal.reason);
        });
      });
    world.loop.start();
    await world.clock.tick(1_000);
    expect(aborted).toBe(1);
    expect(world.loop.state).toMatchObject({ kind: 'waiting', reason: 'timeout' });
    await world.loop.stop();
  });

  it('takes the reason of a session that ends while it logs in', async () => {
    const world = setUp();
    world.logIn = () => new Promise(() => undefined);
    world.loop.start();
    await world.clock.tick();
    world.sessions[0]?.end('protocol');
    await world.clock.tick();
    expect(world.loop.state).toMatchObject({ kind: 'waiting', reason: 'protocol' });
    await world.loop.stop();
  });

  it('gives up on a reason of its list and stays down', async () => {
    const world = setUp();
    world.loop.start();
    await world.clock.tick();
    world.sessions[0]?.end('replaced');
    await world.clock.tick(1_000_000);
    expect(world.told).toEqual(['up', 'down replaced']);
    expect(world.loop.state).toEqual({ kind: 'gaveUp', reason: 'replaced' });
    expect(world.sessions.length).toBe(1);
    await world.loop.stop();
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('gives up after so many attempts when told to', async () => {
    const world = setUp({ giveUpAfterAttempts: 3 });
    let dials = 0;
    world.dial = async () => {
      dials += 1;
      throw new CtiError('link.auth', 'wrong password');
    };
    world.loop.start();
    await world.clock.tick(1_000_000);
    expect(dials).toBe(3);
    expect(world.loop.state).toEqual({ kind: 'gaveUp', reason: 'authFailed' });
    await world.loop.stop();
  });

  it('probes a silent link and drops it when no sign of life comes', async () => {
    const world = setUp({ probeEveryMs: 1_000, probeTimeoutMs: 200 });
    let probes = 0;
    world.probe = async () => {
      probes += 1;
    };
    world.loop.start();
    await world.clock.tick(3_500);
    expect(probes).toBe(3);
    world.probe = () => new Promise(() => undefined);
    await world.clock.tick(500);
    expect(world.told).toEqual(['up']);
    await world.clock.tick(200);
    expect(world.told).toEqual(['up', 'down timeout']);
    await world.loop.stop();
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('does not probe a link that talks', async () => {
    const world = setUp({ probeEveryMs: 1_000 });
    let probes = 0;
    world.probe = async () => {
      probes += 1;
    };
    world.loop.start();
    for (let at = 0; at < 5_000; at += 100) {
      await world.clock.tick(100);
      world.heardAtMs = world.clock.nowMs();
    }
    expect(probes).toBe(0);
    await world.clock.tick(1_100);
    expect(probes).toBe(1);
    await world.loop.stop();
  });

  it('stops in every state, twice, and leaves nothing', async () => {
    for (const afterMs of [0, 1, 50, 120, 300]) {
      const world = setUp({ connectTimeoutMs: 100 });
      if (afterMs > 100) world.logIn = () => new Promise(() => undefined);
      world.loop.start();
      expect(() => world.loop.start()).toThrow(expect.objectContaining({ code: 'driver.started' }));
      await world.clock.tick(afterMs);
      await Promise.all([world.loop.stop(), world.loop.stop()]);
      await world.loop.stop();
      expect(world.loop.state).toEqual({ kind: 'stopped' });
      expect(world.clock.pendingTimers).toBe(0);
      expect(world.told.filter((each) => each === 'up').length).toBe(
        world.told.filter((each) => each.startsWith('down')).length,
      );
      expect(() => world.loop.start()).toThrow(expect.objectContaining({ code: 'driver.stopped' }));
    }
  });

  it('spreads its pauses over the whole of a growing range', () => {
    expect(backoffMs(DEFAULT_LINK_POLICY, 1, 0)).toBe(100);
    expect(backoffMs(DEFAULT_LINK_POLICY, 1, 0.999)).toBeCloseTo(100 + 499.5, 1);
    expect(backoffMs(DEFAULT_LINK_POLICY, 1_000, 1)).toBe(15_100);
  });
});
