import { asId, type EngineInput, type LookupId } from '@cordboard/cti-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeal } from './seal.js';

const seal = createSeal(new Uint8Array(32).fill(7));
const answer = (values: Readonly<Record<string, string>>): EngineInput => ({
  atMs: 1,
  wallMs: 2,
  offsetMin: 0,
  kind: 'lookup',
  lookupId: asId<LookupId>('l1'),
  result: { outcome: 'answered', way: '200', values },
});

test('what a service answered stands sealed, and comes out as it was', () => {
  const values = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/u),
    fc.oneof(fc.string(), fc.constant('s:x'), fc.constant('h:1')),
  );
  fc.assert(
    fc.property(values, (texts) => {
      const input = answer(texts);
      const hidden = seal.hide(input);
      expect(seal.reveal(hidden)).toEqual(input);
      const stands = hidden.kind === 'lookup' && hidden.result.outcome === 'answered' ? hidden.result.values : {};
      for (const [name, text] of Object.entries(texts)) if (text !== '') expect(stands[name]).not.toBe(text);
    }),
  );
  expect(JSON.stringify(seal.hide(answer({ name: 'Zhang San' })))).not.toContain('Zhang');
  expect(() => createSeal(new Uint8Array(32).fill(8)).reveal(seal.hide(answer({ name: 'x' })))).toThrow(
    /journal\.key/u,
  );
});
