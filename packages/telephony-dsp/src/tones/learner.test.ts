import { describe, expect, it } from 'vitest';
import { music, onLine, seeded, speech, Tape, tone } from '../../test/signals/progress-signals.js';
import { createToneLearner } from './learner.js';
import { createProgress } from './progress.js';
import { TONE_SETS } from './sets.js';
import { checkToneSet, type ToneSet, type ToneSpec } from './tone-set.js';

function soundOf(spec: ToneSpec, seconds: number, seed: number): Int16Array {
  const random = seeded(seed);
  const cadence = (spec.cadenceMs ?? []).map((ms) => ms / 1000);
  const cycle = cadence.reduce((a, b) => a + b, 0);
  const tape = new Tape().quiet(0.3).add(
    tone({
      hz: [...spec.hz],
      ...(spec.hz.length === 3 ? { weights: [0.5, 1, 0.5] } : {}),
      dbm0: -12,
      cadence,
      seconds: Math.max(seconds, cycle * 3.3),
      from: cycle * 0.37,
    }),
  );
  return onLine(tape.data, { noiseDbm0: -45, ...(seed % 2 === 0 ? { law: 'a' as const } : {}) }, random);
}

function learnable(spec: ToneSpec): boolean {
  // Gaps of 40 ms in a tone that beats are beyond what can be learnt.
  const beats = spec.hz.length > 2 && spec.cadenceMs?.includes(40) === true;
  return spec.hzOfEachOn === undefined && spec.rises === undefined && !beats;
}

describe('learning a tone', () => {
  for (const set of TONE_SETS) {
    it(`learns the tones of ${set.id}, and hears what it learnt`, () => {
      set.tones.filter(learnable).forEach((spec, index) => {
        const learner = createToneLearner({ tone: spec.tone });
        const samples = soundOf(spec, 7, index + 1);
        const learnt = learner.push(samples);
        expect(learnt, `${set.id} ${spec.tone}`).toBeDefined();
        if (learnt === undefined) return;
        const cycle = (list: readonly number[] | undefined): number => (list ?? []).reduce((a, b) => a + b, 0);
        expect(
          Math.abs(cycle(learnt.cadenceMs) - cycle(spec.cadenceMs)),
          JSON.stringify({ spec, learnt }),
        ).toBeLessThan(60);
        for (const hz of spec.hz.length === 3 ? [] : spec.hz) {
          expect(Math.min(...learnt.hz.map((f) => Math.abs(f - hz))), JSON.stringify({ spec, learnt })).toBeLessThan(5);
        }
        const own: ToneSet = { id: 'learnt', tones: [learnt] };
        expect(checkToneSet(own)).toEqual([]);
        const heard = createProgress({ tones: own }).push(samples, 'off');
        expect(
          heard.map((event) => event.type),
          JSON.stringify({ spec, learnt }),
        ).toContain('tone');
      });
    });
  }

  it('makes nothing of speech and music', () => {
    for (let seed = 1; seed < 8; seed++) {
      const random = seeded(seed);
      const learner = createToneLearner({ tone: 'busy' });
      expect(
        learner.push(onLine(speech({ seconds: 20, dbm0: -14 }, random), { noiseDbm0: -60 }, random)),
      ).toBeUndefined();
      const notes = music({ seconds: 20, dbm0: -14, kind: 'band', gap: 0.3 }, random);
      expect(createToneLearner({ tone: 'busy' }).push(onLine(notes, { noiseDbm0: -60 }, random))).toBeUndefined();
    }
  });
});
