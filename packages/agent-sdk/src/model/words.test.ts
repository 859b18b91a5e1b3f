import { AGENT_STATES, CALL_ACTIONS, CONNECTION_STATES } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { actionWord, agentStateWord, callStateWord } from './words.js';

test.each([
  ['actions', CALL_ACTIONS.map(actionWord)],
  ['call states', CONNECTION_STATES.map(callStateWord)],
  ['agent states', AGENT_STATES.map(agentStateWord)],
])('no two %s share a word', (_name, words) => {
  expect(new Set<string>(words).size).toBe(words.length);
});

test('a word of a newer server is shown as it is', () => {
  expect(callStateWord('parked' as never)).toBe('parked');
  expect(actionWord('fax' as never)).toBe('fax');
  expect(agentStateWord('toString' as never)).toBe('toString');
});
