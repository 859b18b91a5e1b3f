import fc from 'fast-check';
import { expect, test } from 'vitest';
import { without } from './lists.js';

test('a list without a member is what a filter leaves of it, and the old one stays as it was', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 0, max: 9 }), (list, gone) => {
      const before = [...list];
      const rest = without(list, gone);
      expect(rest).toEqual(before.filter((item) => item !== gone));
      expect(rest).not.toBe(list);
      expect(list).toEqual(before);
    }),
  );
});
