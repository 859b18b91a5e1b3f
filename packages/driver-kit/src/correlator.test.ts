import { describe, expect, it } from 'vitest';
import { Correlator } from './correlator.js';
import { SimulatedClock } from './testing/simulated-clock.js';

const setUp = (maxPending?: number): { clock: SimulatedClock; correlator: Correlator<string> } => {
  const clock = new SimulatedClock();
  return { clock, correlator: new Correlator<string>({ clock, ...(maxPending === undefined ? {} : { maxPending }) }) };
};

describe('Correlator', () => {
  it('brings answers to their commands, in any order', async () => {
    const { clock, correlator } = setUp();
    const one = correlator.open('1', { timeoutMs: 100 });
    const two = correlator.open('2', { timeoutMs: 100 });
    expect(correlator.resolve('2', 'b')).toBe(true);
    expect(correlator.resolve('1', 'a')).toBe(true);
    expect(await Promise.all([one, two])).toEqual(['a', 'b']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('answers a command once: what follows is late and counted', async () => {
    const { correlator } = setUp();
    const one = correlator.open('1', { timeoutMs: 100 });
    correlator.resolve('1', 'a');
    expect(correlator.resolve('1', 'again')).toBe(false);
    expect(correlator.reject('1', new Error('late'))).toBe(false);
    expect(correlator.resolve('never', 'x')).toBe(false);
    expect(await one).toBe('a');
    expect(correlator.lateAnswers).toBe(3);
  });

  it('times out at the bound of each command, not before', async () => {
    const { clock, correlator } = setUp();
    const short = correlator.open('short', { timeoutMs: 50 });
    const long = correlator.open('long', { timeoutMs: 80 });
    clock.advance(49);
    expect(correlator.pending).toBe(2);
    clock.advance(1);
    await expect(short).rejects.toMatchObject({ code: 'driver.timeout' });
    expect(correlator.pending).toBe(1);
    correlator.resolve('long', 'ok');
    expect(await long).toBe('ok');
    expect(correlator.resolve('short', 'late')).toBe(false);
  });

  it('answers all that wait when the link is lost, and serves the next link', async () => {
    const { clock, correlator } = setUp();
    const waiting = [correlator.open('1', { timeoutMs: 100 }), correlator.open('2', { timeoutMs: 100 })];
    correlator.linkLost();
    for (const each of await Promise.allSettled(waiting)) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'driver.linkLost' } });
    }
    expect(clock.pendingTimers).toBe(0);
    const next = correlator.open('1', { timeoutMs: 100 });
    correlator.resolve('1', 'ok');
    expect(await next).toBe('ok');
    correlator.close();
    await expect(correlator.open('3', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'driver.linkLost' });
  });

  it('ends a wait with its signal and leaves no timer', async () => {
    const { clock, correlator } = setUp();
    const abort = new AbortController();
    const one = correlator.open('1', { timeoutMs: 100, signal: abort.signal });
    abort.abort();
    await expect(one).rejects.toMatchObject({ code: 'wait.aborted' });
    await expect(correlator.open('2', { timeoutMs: 100, signal: abort.signal })).rejects.toMatchObject({
      code: 'wait.aborted',
    });
    expect([clock.pendingTimers, correlator.pending]).toEqual([0, 0]);
  });

  it('refuses an id that waits already and more than it may hold', async () => {
    const { correlator } = setUp(2);
    const held = [correlator.open('1', { timeoutMs: 100 }), correlator.open('2', { timeoutMs: 100 })];
    await expect(correlator.open('1', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'command.duplicate' });
    await expect(correlator.open('3', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'server.busy' });
    correlator.close();
    await Promise.allSettled(held);
  });
});
