import type { Cdr, FlowId, QueueId } from '@cordboard/cti-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from '../../src/view/histogram.js';
import { type CountedCall, readCall, TrafficCounter, viewOf } from '../../src/view/index.js';
import { front } from '../front.js';

const at = (node: string): Cdr['endedAt'] => ({ kind: 'flow', flow: 'front' as FlowId, node });
const call = (path: readonly string[], more: Partial<CountedCall> = {}): CountedCall => ({
  ivrPath: path.map((node) => (node.includes('/') ? node : `front/${node}`)),
  segments: [],
  endedAt: at(path.at(-1) ?? ''),
  endedBy: 'caller',
  ...more,
});
const count = (...calls: readonly CountedCall[]): TrafficCounter => {
  const counter = new TrafficCounter();
  for (const one of calls) counter.add(one);
  return counter;
};

describe('what calls did', () => {
  const traffic = count(
    call(['start', 'pick']),
    call(['start', 'pick', 'check', 'pin/start', 'pin/known', 'vip', 'greet', 'support'], {
      endedAt: { kind: 'queue', queue: 'support' as QueueId } as never,
      endedBy: 'caller',
    }),
    call(['start', 'pick', 'pick.1', 'pick', 'closed'], { endedBy: 'system' }),
    call(['start', 'pick', 'pick.1', 'sales'], { endedAt: { kind: 'agent' } as never, endedBy: 'agent' }),
    call(['start', 'pick', 'pick.1', 'pick', 'pick.1']),
    call(['start', 'x!endless'], { endedAt: at('start'), endedBy: 'system' }),
  ).of('front');

  test('is counted by node: in, laid down, ended', () => {
    expect(traffic?.calls).toBe(6);
    expect(traffic?.nodes.pick).toEqual({ entered: 7, hungUp: 1, ended: 0 });
    expect(traffic?.nodes.closed).toEqual({ entered: 1, hungUp: 0, ended: 1 });
    expect(traffic?.nodes.support).toEqual({ entered: 1, hungUp: 1, ended: 0 });
    expect(traffic?.nodes.sales).toEqual({ entered: 1, hungUp: 0, ended: 0 });
    expect(traffic?.nodes.start).toEqual({ entered: 6, hungUp: 0, ended: 1 });
  });

  test('and by edge: across a sub-flow, by BACK, together where two edges lead to the same node', () => {
    const nodes = new Map(
      viewOf(front, { traffic: traffic ?? { calls: 0, nodes: {}, steps: {} } }).nodes.map((node) => [node.name, node]),
    );
    const calls = (node: string) =>
      Object.fromEntries(
        (nodes.get(node)?.edges ?? []).map(({ field, calls: many, shared }) => [field, [many, shared]]),
      );
    expect(calls('check')['results.known']).toEqual([1, undefined]);
    expect(calls('pick')['keys.2']).toEqual([1, undefined]);
    expect(calls('pick.1')['keys.*']).toEqual([2, 'shared']);
    expect(calls('pick.1')['keys.1']).toEqual([1, undefined]);
    expect(calls('pick.1')['keys.2']).toEqual([0, undefined]);
    expect(calls('pick').noMatch).toEqual([1, undefined]);
    expect(calls('start').otherwise?.[1]).toBe('shared');
  });

  test('how long callers stay is told where records have times', () => {
    const stays = Array.from({ length: 100 }, (_, index) =>
      call(['start', 'pick'], {
        segments: [{ kind: 'flow', node: 'front/pick', startMs: 500, endMs: 500 + (index + 1) * 100 }],
      }),
    );
    const { dwell } = count(...stays).of('front')?.nodes.pick ?? {};
    expect(dwell?.stays).toBe(100);
    expect(dwell?.p95Ms).toBeGreaterThanOrEqual(9500);
    expect(dwell?.p95Ms).toBeLessThan(9500 * 1.06);
    expect(traffic?.nodes.pick?.dwell).toBeUndefined();
  });

  test('a step that is counted twice would be seen', () => {
    const one = call(['start', 'pick', 'pick.1']);
    const { nodes = {}, steps = {} } = count(one).of('front') ?? {};
    expect(Object.values(nodes).reduce((sum, { entered }) => sum + entered, 0)).toBe(3);
    expect(Object.values(steps).flatMap((to) => Object.values(to))).toEqual([1, 1]);
  });
});

test('whatever stands in a file of records, reading and counting it never throws', () => {
  const record = fc.record(
    {
      ivrPath: fc.oneof(fc.anything(), fc.array(fc.oneof(fc.string(), fc.anything()))),
      segments: fc.oneof(
        fc.anything(),
        fc.array(fc.record({ kind: fc.constant('flow'), node: fc.string(), startMs: fc.double(), endMs: fc.double() })),
      ),
      endedAt: fc.oneof(fc.anything(), fc.record({ kind: fc.constant('flow'), flow: fc.string(), node: fc.string() })),
      endedBy: fc.oneof(fc.anything(), fc.constant('caller')),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(record, fc.anything())), (records) => {
      const counter = new TrafficCounter();
      for (const one of records) {
        const read = readCall(one);
        if (read !== undefined) counter.add(read);
      }
      expect(() => counter.of('__proto__')).not.toThrow();
    }),
  );
});

test('a quantile is right to five per cent', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (times, q) => {
        const histogram = new Histogram();
        for (const time of times) histogram.add(time);
        const exact = times.toSorted((a, b) => a - b)[Math.ceil(q * times.length) - 1] ?? 0;
        const told = histogram.quantile(q);
        expect(told).toBeGreaterThanOrEqual(exact - 1);
        expect(told).toBeLessThanOrEqual(exact * 1.051 + 1);
      },
    ),
  );
});
