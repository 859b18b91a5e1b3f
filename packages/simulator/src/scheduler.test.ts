import type { Clock } from '@cordboard/cti-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scheduler, timerOn } from './scheduler.js';
import type { Job, Timer } from './timer-queue.js';

const act = fc.oneof(
  fc.record({ do: fc.constant('set' as const), inMs: fc.nat(150) }),
  fc.record({ do: fc.constant('cancel' as const), which: fc.nat(500) }),
  fc.record({ do: fc.constant('run' as const), forMs: fc.nat(20) }),
);

test('what is due runs in the order of its time, then of its setting, whatever was cancelled in between', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 200, maxLength: 600 }), (acts) => {
      const clock = new Scheduler(0);
      const ran: number[] = [];
      const all: { dueMs: number; n: number; cancelled?: true }[] = [];
      const timers: Timer[] = [];
      for (const one of acts) {
        if (one.do === 'run') clock.runTo(clock.nowMs() + one.forMs);
        else if (one.do === 'set') {
          const n = all.length;
          all.push({ dueMs: clock.nowMs() + one.inMs, n });
          const run = (): void => void ran.push(n);
          const timer = n % 2 === 0 ? { cancel: clock.setTimer(one.inMs, run) } : clock.timer(one.inMs, run);
          timers.push(timer);
        } else {
          const item = all[one.which % Math.max(1, all.length)];
          if (item === undefined) continue;
          if (!ran.includes(item.n)) item.cancelled = true;
          timers[item.n]?.cancel();
        }
      }
      clock.runTo(clock.nowMs() + 200);
      const due = all.filter((item) => item.cancelled === undefined);
      expect(ran).toEqual(due.sort((a, b) => a.dueMs - b.dueMs || a.n - b.n).map(({ n }) => n));
      expect(clock.pending).toBe(0);
    }),
  );
});

test('a job is run when it is due, on the virtual clock and on any other', () => {
  const clock = new Scheduler(0);
  const plain = methods(clock);
  const heard: string[] = [];
  const job = (what: string): Job => ({ run: () => void heard.push(what) });
  clock.timer(20, job('late'));
  clock.timer(10, job('early'));
  timerOn(clock, 15, job('between'));
  timerOn(plain, 16, job('by another clock'));
  timerOn(plain, 17, job('cancelled')).cancel();
  clock.runTo(30);
  expect(heard).toEqual(['early', 'between', 'by another clock', 'late']);
});

function methods(clock: Scheduler): Clock {
  return {
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs(),
    setTimer: (delayMs, callback) => clock.setTimer(delayMs, callback),
  };
}
