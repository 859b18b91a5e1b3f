import { asId, type TimerId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineTimers } from './timers.js';

const id = (n: number): TimerId => asId(`t${n}`);

test('timers fire once, in the order of their due times, unless cancelled; the host has one timer at most', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), n: fc.nat(40), in: fc.nat(1000) }),
    fc.record({ do: fc.constant('cancel' as const), n: fc.nat(40) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat(300) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const clock = new SimulatedClock(0);
      const fired: { id: string; at: number }[] = [];
      const timers = new EngineTimers({
        clock,
        nowMs: () => clock.nowMs(),
        fire: (timerId) => fired.push({ id: timerId, at: clock.nowMs() }),
      });
      timers.start();
      const wanted = new Map<string, number>();
      const expected: { id: string; at: number }[] = [];
      for (const one of steps) {
        if (one.do === 'set') {
          timers.set(id(one.n), clock.nowMs() + one.in);
          wanted.set(id(one.n), clock.nowMs() + one.in);
        } else if (one.do === 'cancel') {
          timers.cancel(id(one.n));
          wanted.delete(id(one.n));
        } else {
          const until = clock.nowMs() + one.ms;
          clock.advance(one.ms);
          for (const [timer, at] of [...wanted]) {
            if (at > until) continue;
            expected.push({ id: timer, at });
            wanted.delete(timer);
          }
        }
        expect(clock.pendingTimers).toBeLessThanOrEqual(1);
        expect(timers.size).toBe(wanted.size);
      }
      const byId = (a: { id: string; at: number }, b: { id: string; at: number }) =>
        a.at - b.at || (a.id < b.id ? -1 : 1);
      expect(fired.toSorted(byId)).toEqual(expected.toSorted(byId));
      expect(fired.map(({ at }) => at)).toEqual(fired.map(({ at }) => at).toSorted((a, b) => a - b));
      timers.stop();
      expect(clock.pendingTimers).toBe(0);
    }),
  );
});

test('before start nothing fires', () => {
  const clock = new SimulatedClock(0);
  const fired: string[] = [];
  const timers = new EngineTimers({ clock, nowMs: () => clock.nowMs(), fire: (timerId) => fired.push(timerId) });
  timers.set(id(1), 10);
  clock.advance(100);
  expect(fired).toEqual([]);
  timers.start();
  clock.advance(0);
  expect(fired).toEqual(['t1']);
});
