import { describe, expect, test } from 'vitest';
import { asId, type CallId, type ConnectionId } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const BOB = 'main:extension:8002';

/** Ann talks with a caller and has called Bob from her page, on the one line of her phone. */
function consulting(): { floor: Floor; caller: ConnectionId; callId: CallId } {
  const floor = new Floor(site()).up().ready('ann');
  floor.habits.set(ANN, 'answers').set(BOB, 'answers');
  const caller = floor.caller('13912345678', '4008001001');
  floor.wait(2000);
  const callId = floor.engine.agent(asId('ann'))?.calls[0];
  if (callId === undefined) throw new Error('ann has no call');
  floor.say('bob', { type: 'agent.logOn' });
  floor.say('ann', { type: 'call.consult', callId, to: '8002' });
  floor.wait(1000);
  expect(floor.media.get(floor.at_(ANN))?.bridge).toBe(floor.media.get(floor.at_(BOB))?.bridge);
  return { floor, caller, callId };
}

const notes = (floor: Floor): string[] =>
  floor.effects.flatMap((effect) => (effect.kind === 'note' ? [effect.code] : []));

describe('a transfer at the phone in the middle of a consultation that the page made', () => {
  test('is refused with the reason and changes nothing; the page goes on', () => {
    const { floor, caller, callId } = consulting();
    const views = () => [floor.engine.agent(asId('ann')), floor.engine.agent(asId('bob')), floor.engine.call(callId)];
    const before = views();
    const rung = floor.sent('originate').length;
    const to = { number: '8009', presentation: 'allowed' } as const;
    floor.event({ type: 'transferRequested', connectionId: floor.at_(ANN), kind: 'blind', to });
    expect(notes(floor)).toEqual(['transferRequested.refused.consulting']);
    expect(views()).toEqual(before);
    expect(floor.sent('originate')).toHaveLength(rung);
    floor.wait(30_000);
    const ann = floor.at_(ANN);
    expect(floor.say('ann', { type: 'call.completeTransfer', callId })).toMatchObject({ outcome: 'done' });
    expect(floor.media.has(ann)).toBe(false);
    expect(floor.media.get(caller)?.bridge).toBe(floor.media.get(floor.at_(BOB))?.bridge);
  });

  test('completes the consultation when it joins the two calls of the line', () => {
    const { floor, caller } = consulting();
    const ann = floor.at_(ANN);
    floor.event({ type: 'transferRequested', connectionId: ann, kind: 'attended', consultId: ann });
    expect(notes(floor)).toEqual([]);
    expect(floor.media.has(ann)).toBe(false);
    expect(floor.media.get(caller)?.bridge).toBe(floor.media.get(floor.at_(BOB))?.bridge);
    floor.wait(1000).hangUp(caller);
    expect(floor.onlyCdr().transfers).toMatchObject([
      { kind: 'attended', by: 'ann', to: 'agent:bob', outcome: 'done' },
    ]);
  });

  test('is refused when it joins what is no consultation, or whose other side has left', () => {
    const { floor, caller } = consulting();
    const ann = floor.at_(ANN);
    floor.event({ type: 'transferRequested', connectionId: ann, kind: 'attended', consultId: asId('main~none') });
    expect(notes(floor)).toEqual(['transferRequested.refused.unknown']);
    floor.hangUp(caller);
    floor.event({ type: 'transferRequested', connectionId: ann, kind: 'attended', consultId: ann });
    expect(notes(floor).slice(1)).toEqual(['transferRequested.refused.unknown']);
    expect(floor.media.get(ann)?.bridge).toBe(floor.media.get(floor.at_(BOB))?.bridge);
  });
});
