import fc from 'fast-check';
import { expect, test } from 'vitest';
import { none, without } from './lists.js';

test('a list without a member holds all others in their order, and leaves the list as it was', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(5)), fc.nat(5), (list, item) => {
      const before = [...list];
      expect(without(list, item)).toEqual(before.filter((other) => other !== item));
      expect(list).toEqual(before);
      expect(none()).toEqual([]);
    }),
  );
});
