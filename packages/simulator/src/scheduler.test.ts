import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scheduler } from './scheduler.js';
import type { Timer } from './timer-queue.js';

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
