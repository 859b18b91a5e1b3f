import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Touched } from './touched.js';

const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), item: fc.nat(40) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), item: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('takeAll' as const) }) },
);

test('it holds what a set would hold, in the same order', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
      const touched = new Touched<string>();
      const set = new Set<string>();
      for (const one of acts) {
        if (one.do === 'add') {
          touched.add(`i${one.item}`);
          set.add(`i${one.item}`);
        } else if (one.do === 'delete') {
          touched.delete(`i${one.item}`);
          set.delete(`i${one.item}`);
        } else if (one.do === 'take') {
          const [first] = set;
          expect(touched.take()).toBe(first);
          if (first !== undefined) set.delete(first);
        } else {
          expect(touched.takeAll()).toEqual([...set]);
          set.clear();
        }
        expect(touched.all()).toEqual([...set]);
        expect(touched.size).toBe(set.size);
      }
    }),
  );
});
