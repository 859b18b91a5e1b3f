import { expect, test } from 'vitest';
import type { Call } from '../desk/types.js';
import { failedText, isUnsure, stateOf } from './call-card.js';
import { textsOf } from './texts.js';

const call = (direction: Call['direction'], cause: string, more: object = {}): Call =>
  ({
    direction,
    peer: { name: 'Bo', number: '8002', presentation: 'allowed' },
    end: { how: 'ended', cause },
    ...more,
  }) as unknown as Call;

test.each([
  ['a consultation', call('internal', 'noAnswer', { consultOf: 'c1' }), 'Bo · 8002 did not answer.'],
  ['a call out', call('outbound', 'unallocatedNumber'), 'There is no Bo · 8002.'],
  ['a colleague who talks', call('internal', 'busy'), 'Bo · 8002 is busy.'],
])('%s that reached nobody says why', (_what, one, text) => {
  expect(failedText(one, textsOf('en'))).toBe(text);
  expect(failedText(one, textsOf('zh'))).toMatch(/\p{Script=Han}/u);
});

test.each([
  ['a call that was talked', call('outbound', 'normalClearing')],
  ['a call that came and that this desk did not answer', call('internal', 'noAnswer')],
  ['a caller who gave up', call('inbound', 'cancelled')],
])('%s has no reason to tell', (_what, one) => {
  expect(failedText(one, textsOf('en'))).toBeUndefined();
});

test.each([
  ['a switch that says so', [{ state: 'connected' }], false],
  ['polarity', [{ state: 'connected', evidence: { by: 'polarity', confidence: 1 } }], false],
  ['ringback that broke', [{ state: 'connected', evidence: { by: 'ringback-broken', confidence: 0.9 } }], false],
  ['a voice', [{ state: 'connected', evidence: { by: 'voice', confidence: 0.4 } }], true],
  ['a voice not answered yet', [{ state: 'alerting', evidence: { by: 'colour-ringback', confidence: 0.8 } }], false],
])('an answer told by %s', (_what, others, unsure) => {
  expect(isUnsure(call('outbound', '', { others }))).toBe(unsure);
});

test.each([
  ['nobody answered yet', 'connected', ['alerting'], 'call.ringsThere'],
  ['nothing rings yet', 'connected', ['dialing'], 'call.dialing'],
  ['one of two answered', 'connected', ['alerting', 'connected'], 'call.connected'],
  ['the other side is on hold', 'connected', ['held'], 'call.connected'],
  ['nobody else is there', 'connected', [], 'call.connected'],
  ['it rings here', 'alerting', ['connected'], 'call.alerting'],
])('a call in which %s', (_what, state, others, key) => {
  expect(stateOf(call('outbound', '', { state, others: others.map((one) => ({ state: one })) }))).toBe(key);
});
