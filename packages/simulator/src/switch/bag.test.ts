import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Bag, type Bagged } from './bag.js';

interface Item extends Bagged {
  readonly n: number;
}

const act = fc.oneof(
  { weight: 10, arbitrary: fc.constant({ do: 'add' as const }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'takeAll' as const }) },
);

test('holds what a set holds, whatever is put in and taken out, once or twice', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
      const bag = new Bag<Item>();
      const set = new Set<Item>();
      const all: Item[] = [];
      for (const one of acts) {
        if (one.do === 'add') {
          const item = { at: 0, n: all.length };
          expect(bag.add(item)).toBe(item);
          set.add(item);
          all.push(item);
        } else if (one.do === 'takeAll') {
          expect(bag.takeAll().sort((a, b) => a.n - b.n)).toEqual([...set]);
          set.clear();
        } else {
          const item = all[one.which % Math.max(1, all.length)];
          if (item !== undefined) expect(bag.delete(item)).toBe(set.delete(item));
        }
        expect(bag.size).toBe(set.size);
        expect(all.filter((item) => bag.has(item))).toEqual([...set]);
      }
    }),
  );
});
