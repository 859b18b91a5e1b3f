import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asId } from '../contract/ids.js';
import { LongestIdleRouter } from './longest-idle.js';
import { RankedSet } from './ranked-set.js';

/** The same router written the plain way: lists that are sorted anew for each question. Shares no code with the other. */
class NaiveRouter {
  idle: { id: string; since: number; queues: string[] }[] = [];
  waiting: { id: string; queue: string; n: number; priority: number; at: number; returned: boolean }[] = [];

  order(queue: string): string[] {
    return this.waiting
      .filter((entry) => entry.queue === queue)
      .sort((a, b) => Number(b.returned) - Number(a.returned) || b.priority - a.priority || a.at - b.at || a.n - b.n)
      .map((entry) => entry.id);
  }

  next(queue: string): string | undefined {
    return this.idle
      .filter((agent) => agent.queues.includes(queue))
      .sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))[0]?.id;
  }

  best(agentId: string): string | undefined {
    const queues = this.idle.find((agent) => agent.id === agentId)?.queues ?? [];
    return this.waiting
      .filter((entry) => queues.includes(entry.queue))
      .sort((a, b) => Number(b.returned) - Number(a.returned) || b.priority - a.priority || a.at - b.at || a.n - b.n)[0]
      ?.id;
  }
}

const QUEUES = ['a', 'b', 'c'];
const action = fc.oneof(
  fc.record({
    do: fc.constant('idle' as const),
    agent: fc.integer({ min: 0, max: 9 }),
    since: fc.integer({ min: 0, max: 5 }),
    queues: fc.uniqueArray(fc.constantFrom(...QUEUES), { minLength: 1 }),
  }),
  fc.record({ do: fc.constant('busy' as const), agent: fc.integer({ min: 0, max: 9 }) }),
  fc.record({
    do: fc.constant('wait' as const),
    n: fc.integer({ min: 0, max: 30 }),
    queue: fc.constantFrom(...QUEUES),
    priority: fc.integer({ min: 0, max: 2 }),
    at: fc.integer({ min: 0, max: 4 }),
    returned: fc.boolean(),
  }),
  fc.record({ do: fc.constant('leave' as const), n: fc.integer({ min: 0, max: 30 }) }),
);

describe('longest idle', () => {
  test('answers every question as lists sorted anew do', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const router = new LongestIdleRouter();
        const naive = new NaiveRouter();
        for (const step of actions) {
          if (step.do === 'idle') {
            const id = `g${step.agent}`;
            router.setIdle({
              agentId: asId(id),
              idleSinceMs: step.since,
              queues: step.queues.map((queue) => asId(queue)),
            });
            naive.idle = [...naive.idle.filter((one) => one.id !== id), { id, since: step.since, queues: step.queues }];
          } else if (step.do === 'busy') {
            router.removeAgent(asId(`g${step.agent}`));
            naive.idle = naive.idle.filter((one) => one.id !== `g${step.agent}`);
          } else if (step.do === 'wait') {
            const { n, queue, priority, at, returned } = step;
            const id = `e${n}`;
            router.addWaiting({
              entryId: asId(id),
              queueId: asId(queue),
              n,
              priority,
              enqueuedMs: at,
              ...(returned ? { returned: 'returned' as const } : {}),
            });
            naive.waiting = [...naive.waiting.filter((one) => one.id !== id), { id, queue, n, priority, at, returned }];
          } else {
            router.removeWaiting(asId(`e${step.n}`));
            naive.waiting = naive.waiting.filter((one) => one.id !== `e${step.n}`);
          }
          for (const queue of QUEUES) {
            const order = naive.order(queue);
            expect(router.firstWaiting(asId(queue), 5).map((entry) => entry.entryId)).toEqual(order.slice(0, 5));
            expect(router.waitingCount(asId(queue))).toBe(order.length);
            const agent = naive.next(queue);
            const expected =
              agent === undefined || order[0] === undefined ? undefined : { entryId: order[0], agentId: agent };
            expect(router.matchQueue(asId(queue))).toEqual(expected);
          }
          for (const { id } of naive.idle) expect(router.matchAgent(asId(id))?.entryId).toBe(naive.best(id));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a change among 1,000 agents and 5,000 callers compares at most some tens of pairs', () => {
    let compared = 0;
    const set = new RankedSet<number>(String, (a, b) => {
      compared += 1;
      return a < b;
    });
    for (let i = 0; i < 5000; i += 1) set.add((i * 7919) % 5003);
    compared = 0;
    for (let i = 0; i < 1000; i += 1) {
      const first = set.first();
      if (first === undefined) throw new Error('empty');
      set.delete(String(first));
      set.add(first + 5003);
    }
    // Twice the depth of the heap for a removal, once for an insertion: 3 x log2(5,000) = 37.
    expect(compared / 1000).toBeLessThan(40);
  });
});
