import { AGENT_STATES, CALL_ACTIONS, CONNECTION_STATES } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { actionWords, agentStateWord, callStateWord } from './words.js';

test.each([
  ['actions', actionWords(CALL_ACTIONS)],
  ['call states', CONNECTION_STATES.map(callStateWord)],
  ['agent states', AGENT_STATES.map(agentStateWord)],
])('no two %s share a word', (_name, words) => {
  expect(new Set<string>(words).size).toBe(words.length);
});

test('a word of a newer server is shown as it is', () => {
  expect(callStateWord('parked' as never)).toBe('parked');
  expect(actionWords(['fax' as never])).toEqual(['fax']);
  expect(agentStateWord('toString' as never)).toBe('toString');
});

test('what supervisors may do is none of the things that an agent is offered', () => {
  expect(actionWords(['clear', 'listen', 'whisper', 'hold', 'barge', 'forceRelease'])).toEqual(['hangUp', 'hold']);
});
