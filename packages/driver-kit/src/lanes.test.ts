import { settle } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { Lanes } from './lanes.js';

describe('Lanes', () => {
  it('keeps what shares a key in order and lets the rest run', async () => {
    const lanes = new Lanes();
    const log: string[] = [];
    const gates: (() => void)[] = [];
    const task = (name: string) => async () => {
      log.push(`+${name}`);
      await new Promise<void>((resolve) => gates.push(resolve));
      log.push(`-${name}`);
    };
    const all = [
      lanes.run(['a'], task('1')),
      lanes.run(['b'], task('2')),
      lanes.run(['a', 'b'], task('3')),
      lanes.run(['b'], task('4')),
      lanes.run(['c'], task('5')),
    ];
    await settle();
    expect(log).toEqual(['+1', '+2', '+5']);
    gates[0]?.();
    await settle();
    expect(log).toEqual(['+1', '+2', '+5', '-1']);
    gates[1]?.();
    await settle();
    expect(log.slice(4)).toEqual(['-2', '+3']);
    for (const gate of gates) gate();
    await settle();
    for (const gate of gates) gate();
    await Promise.all(all);
    expect(log.indexOf('+4')).toBeGreaterThan(log.indexOf('-3'));
    expect(lanes.busy).toBe(0);
  });

  it('goes on after a task that failed', async () => {
    const lanes = new Lanes();
    const failed = lanes.run(['a'], () => Promise.reject(new Error('x')));
    const next = lanes.run(['a'], () => Promise.resolve('ok'));
    await expect(failed).rejects.toThrow('x');
    expect(await next).toBe('ok');
    expect(lanes.busy).toBe(0);
  });
});
