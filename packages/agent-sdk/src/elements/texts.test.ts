import { AGENT_STATES, CALL_ACTIONS, CONNECTION_STATES } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { agentStateWord, callStateWord } from '../model/words.js';
import { callKey, stateKey, TEXT_KEYS, TEXT_TABLES, textsOf } from './texts.js';

test('both languages say everything, and no English is left in the Chinese', () => {
  expect(Object.keys(TEXT_TABLES.zh).sort()).toEqual([...TEXT_KEYS].sort());
  for (const key of TEXT_KEYS) {
    expect(TEXT_TABLES.zh[key], key).toMatch(/\p{Script=Han}/u);
    expect(TEXT_TABLES.en[key], key).not.toMatch(/\p{Script=Han}/u);
    const holes = (text: string | undefined): number => (text ?? '').split('{0}').length;
    expect(holes(TEXT_TABLES.zh[key]), key).toBe(holes(TEXT_TABLES.en[key]));
  }
});

test('every state has a name', () => {
  for (const state of AGENT_STATES) expect(TEXT_KEYS).toContain(stateKey(agentStateWord(state)));
  for (const state of CONNECTION_STATES) expect(TEXT_KEYS).toContain(callKey(callStateWord(state)));
  expect(CALL_ACTIONS.length).toBeGreaterThan(0);
});

test.each([
  ['zh', 'zh'],
  ['zh-CN', 'zh'],
  ['ZH-Hant-TW', 'zh'],
  ['en-GB', 'en'],
  ['de', 'en'],
  ['zhuang', 'en'],
  ['', 'en'],
])('%s is answered in %s', (tag, language) => {
  expect(textsOf(tag).language).toBe(language);
});

test('a value is put in as it is', () => {
  expect(textsOf('en').text('say.offered', '$& {0}')).toBe('Incoming call from $& {0}');
  expect(textsOf('en').find('reason.toString')).toBeUndefined();
});
