import { NUMBER_REFERENCE } from '@cordboard/cti-protocol/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { References } from './references.js';

const key = new Uint8Array(32).fill(3);
const number = fc.stringMatching(/^\+?[0-9*#]{1,18}$/);

test('a number comes back from its reference, and the same number has the same one', () => {
  const references = new References(key, 'main');
  const later = new References(key, 'main');
  fc.assert(
    fc.property(number, (text) => {
      const reference = references.of(text);
      expect(reference).toMatch(NUMBER_REFERENCE);
      expect(later.resolve(reference)).toBe(text);
      expect(later.of(text)).toBe(reference);
      expect(reference).not.toContain(text.length > 3 ? text : '\0');
    }),
  );
});

test('a reference of another tenant, another key or nobody stands for nothing', () => {
  const references = new References(key, 'main');
  const reference = references.of('+8613900000000');
  expect(new References(key, 'other').resolve(reference)).toBeUndefined();
  expect(new References(new Uint8Array(32).fill(4), 'main').resolve(reference)).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(references.resolve(`ref:${Buffer.from(bytes).toString('base64url')}`)).toBeUndefined();
    }),
  );
  expect(references.resolve(references.of('sip:ann@example.com'))).toBeUndefined();
});
