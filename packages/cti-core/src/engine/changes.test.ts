import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallChange, CallId } from '../index.js';
import { Changes } from './changes.js';

const WORDS: readonly CallChange[] = ['queued', 'offered', 'connected', 'held', 'pending', 'partyChanged'];
/** Left out beside any other. */
const FAINT: readonly CallChange[] = ['pending', 'partyChanged'];
const callId = fc.integer({ min: 0, max: 40 }).map((n) => `c${n}` as CallId);
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ id: callId, word: fc.constantFrom(...WORDS) }) },
  { weight: 1, arbitrary: fc.record({ id: callId }) },
);

test('holds what a map of lists holds without faint words beside others, in its order, few or many, round after round', () => {
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 80 }), { maxLength: 4 }), (rounds) => {
      const changes = new Changes();
      for (const steps of rounds) {
        const model = new Map<CallId, CallChange[]>();
        for (const one of steps) {
          if (!('word' in one)) {
            changes.delete(one.id);
            model.delete(one.id);
            continue;
          }
          changes.add(one.id, one.word);
          const words = model.get(one.id) ?? [];
          if (!words.includes(one.word)) model.set(one.id, [...words, one.word]);
        }
        const told: [CallId, readonly CallChange[]][] = [];
        for (let at = 0; at < changes.size; at++) {
          const id = changes.callAt(at);
          if (id !== undefined) told.push([id, changes.wordsAt(at)]);
        }
        const wanted = [...model].map(([id, words]) => {
          const strong = words.filter((word) => !FAINT.includes(word));
          return [id, strong.length > 0 ? strong : words.slice(0, 1)];
        });
        expect(told).toEqual(wanted);
        changes.clear();
        expect(changes.size).toBe(0);
      }
    }),
  );
});
