import { describe, expect, it } from 'vitest';
import { CALL_KINDS, type CallCase, drawCall } from '../../test/signals/call-scenarios.js';
import { seeded } from '../../test/signals/progress-signals.js';
import type { DspEvent } from '../contract.js';
import { type CallProgressEvent, createAnswer, createCallProgress } from './call-progress.js';
import { CHINA } from './sets.js';

type Options = Parameters<typeof createCallProgress>[0];

function follow(call: CallCase, options: Partial<Options> = {}): readonly CallProgressEvent[] {
  const detector = createCallProgress({ tones: CHINA, ...options });
  if (call.polarityAt === undefined) return [...detector.push(call.samples, 'off')];
  const at = Math.round(call.polarityAt * 8000);
  return [
    ...detector.push(call.samples.subarray(0, at), 'off'),
    ...detector.signal('polarity'),
    ...detector.push(call.samples.subarray(at), 'off'),
  ];
}

function tonesOf(events: readonly CallProgressEvent[]): readonly string[] {
  const names = events.filter((event) => event.type === 'tone').map((event) => event.tone);
  return names.filter((name, index) => name !== names[index - 1]);
}

function answersOf(events: readonly CallProgressEvent[]): readonly (CallProgressEvent & { type: 'answer' })[] {
  return events.filter((event) => event.type === 'answer');
}

interface Score {
  tones: number;
  missedAnswers: number;
  falseAnswers: number;
  missedCrbt: number;
  falseCrbt: number;
}

/** Counts what is wrong in calls of one kind. */
function faults(kind: (typeof CALL_KINDS)[number], calls: number, options: Partial<Options> = {}): Score {
  const score: Score = { tones: 0, missedAnswers: 0, falseAnswers: 0, missedCrbt: 0, falseCrbt: 0 };
  for (let seed = 1; seed <= calls; seed++) {
    const call = drawCall(kind, seeded(seed * 8191 + kind.length));
    const events = follow(call, options);
    if (tonesOf(events).join() !== call.tones.join()) score.tones++;
    const at = call.answerAt;
    const answers = answersOf(events);
    const right =
      at === undefined
        ? []
        : answers.filter((event) => event.atMs >= (at - 0.5) * 1000 && event.atMs <= (at + 2) * 1000);
    if (at !== undefined && right.length === 0) score.missedAnswers++;
    score.falseAnswers += answers.length - Math.min(1, right.length);
    const crbt = events.some((event) => event.type === 'crbt');
    if (crbt && call.crbtAt === undefined) score.falseCrbt++;
    if (!crbt && call.crbtAt !== undefined) score.missedCrbt++;
  }
  return score;
}

const CLEAN: Score = { tones: 0, missedAnswers: 0, falseAnswers: 0, missedCrbt: 0, falseCrbt: 0 };

describe('calls', () => {
  for (const kind of CALL_KINDS) {
    it(`of kind ${kind} are followed from dial tone to end`, () => {
      const score = faults(kind, 3);
      // After a colour ring-back tone an answer may be left untold, and music of short plucked notes be none; nothing may be wrong.
      const allowed = kind.startsWith('crbt')
        ? { missedAnswers: 2, missedCrbt: 1 }
        : { missedAnswers: 0, missedCrbt: 0 };
      expect(score.missedAnswers).toBeLessThanOrEqual(allowed.missedAnswers);
      expect(score.missedCrbt).toBeLessThanOrEqual(allowed.missedCrbt);
      expect({ ...score, missedAnswers: 0, missedCrbt: 0 }).toEqual(CLEAN);
    });
  }

  it('say by what an answer was known, and how surely', () => {
    const call = (kind: (typeof CALL_KINDS)[number]): CallCase => drawCall(kind, seeded(4711));
    expect(answersOf(follow(call('polarity')))).toMatchObject([{ by: 'polarity', confidence: 1 }]);
    expect(answersOf(follow(call('answer')))).toMatchObject([{ by: 'ringback-broken', confidence: 0.9 }]);
    for (const event of answersOf(follow(call('crbt-answer')))) {
      expect(event.by).toBe('voice-after-crbt');
      expect(event.confidence).toBeLessThanOrEqual(0.5);
    }
  });

  it('are less sure of an answer after a very long ringback', () => {
    const events = follow(drawCall('answer', seeded(4711)), { longRingMs: 3000 });
    expect(answersOf(events)).toMatchObject([{ confidence: 0.5 }]);
  });

  it('have no answer without dialling, on-hook, or by a second reversal', () => {
    const detector = createAnswer({ tones: CHINA });
    expect(detector.signal('polarity')).toEqual([]);
    detector.dialled();
    expect(detector.signal('ringStart')).toEqual([]);
    expect(detector.signal('polarity')).toHaveLength(1);
    expect(detector.signal('polarity')).toEqual([]);
    detector.push(new Int16Array(80), 'on');
    expect(detector.signal('polarity')).toEqual([]);
  });

  it('can be asked for the answer alone', () => {
    const call = drawCall('answer', seeded(99));
    const events: readonly DspEvent[] = createAnswer({ tones: CHINA }).push(call.samples, 'off');
    expect(events.map((event) => event.type)).toEqual(['answer']);
  });
});

describe('a weakened detector is noticed', () => {
  const planted: Record<string, { options: Partial<Options>; kind: (typeof CALL_KINDS)[number]; calls: number }> = {
    'sound of a moment breaks a ringback': {
      options: { voiceMs: 5, aboveFloorDb: 0.1, minLevelDbm0: -80 },
      kind: 'no-answer',
      calls: 2,
    },
    'voice is never loud enough': { options: { minLevelDbm0: -5 }, kind: 'answer', calls: 2 },
    'nobody waits long enough': { options: { turnPauseMs: 4000 }, kind: 'crbt-answer', calls: 3 },
    'tones may be rough': { options: { maxUnevenDb: 0.02 }, kind: 'busy', calls: 2 },
    'weak tones are not heard': {
      options: { minLevelDbm0: -44, tones: { ...CHINA, toleranceHz: 2 } },
      kind: 'busy',
      calls: 6,
    },
  };
  for (const [name, { options, kind, calls }] of Object.entries(planted)) {
    it(name, () => {
      expect(faults(kind, calls, options)).not.toEqual(faults(kind, calls));
    });
  }
});
