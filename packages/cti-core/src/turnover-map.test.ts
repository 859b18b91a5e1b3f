import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TurnoverMap } from './turnover-map.js';

type Step =
  | { readonly does: 'set'; readonly key: string; readonly value: number }
  | { readonly does: 'delete'; readonly key: string }
  | { readonly does: 'clear' };

const keys = fc.integer({ min: 0, max: 600 }).map((n) => `k${n}`);
const steps = fc.array(
  fc.oneof(
    { weight: 60, arbitrary: fc.record({ does: fc.constant('set' as const), key: keys, value: fc.integer() }) },
    { weight: 60, arbitrary: fc.record({ does: fc.constant('delete' as const), key: keys }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('clear' as const) }) },
  ),
  { maxLength: 3000, size: 'max' },
);

describe('a map of what comes and goes', () => {
  test('holds what a map holds and in its order, whatever is put in and taken out', () => {
    fc.assert(
      fc.property(steps, (all: readonly Step[]) => {
        const map = new TurnoverMap<string, number>();
        const known = new Map<string, number>();
        for (const step of all) {
          if (step.does === 'set') {
            map.set(step.key, step.value);
            known.set(step.key, step.value);
          } else if (step.does === 'delete') expect(map.delete(step.key)).toBe(known.delete(step.key));
          else {
            map.clear();
            known.clear();
          }
          expect(map.size).toBe(known.size);
          const key = step.does === 'clear' ? 'k0' : step.key;
          expect(map.has(key)).toBe(known.has(key));
          expect(map.get(key)).toBe(known.get(key));
        }
        expect([...map]).toEqual([...known]);
        expect([...map.keys()]).toEqual([...known.keys()]);
        expect([...map.values()]).toEqual([...known.values()]);
        expect([...new TurnoverMap(map)]).toEqual([...known]);
      }),
      { numRuns: 20 },
    );
  });

  test('iterates as a map does while others come and go, also when the members move in the middle of it', () => {
    const walked = (map: TurnoverMap<string, number> | Map<string, number>) => {
      for (let n = 0; n < 600; n += 1) map.set(`k${n}`, n);
      const seen: number[] = [];
      let more = 600;
      for (const value of map.values()) {
        seen.push(value);
        // Those just before and two places behind go; for a while there come new ones.
        map.delete(`k${value - 1}`);
        map.delete(`k${value + 2}`);
        if (value % 4 === 0 && more < 1400) map.set(`k${more}`, more++);
      }
      return [seen, map.size];
    };
    expect(walked(new TurnoverMap())).toEqual(walked(new Map()));
  });

  test('moves to a new map now and then, not with each that goes', () => {
    const map = new TurnoverMap<string, object>();
    const places = () => (map as unknown as { readonly places: ReadonlyMap<string, object> }).places;
    const maps = new Set([places()]);
    for (let n = 0; n < 10_000; n += 1) {
      map.set(`k${n}`, {});
      map.delete(`k${n - 10}`);
      maps.add(places());
    }
    expect(map.size).toBe(10);
    expect(maps.size).toBe(1 + Math.floor(9_990 / 257));
  });
});
