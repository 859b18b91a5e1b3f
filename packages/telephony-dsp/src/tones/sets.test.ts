import { describe, expect, it } from 'vitest';
import { onLine, seeded, Tape, tone } from '../../test/signals/progress-signals.js';
import { createProgress } from './progress.js';
import { TONE_SETS, toneSet } from './sets.js';
import { checkToneSet, type ToneSpec } from './tone-set.js';

function soundOf(spec: ToneSpec, seed: number): Int16Array {
  const random = seeded(seed);
  const off = (random() * 2 - 1) * 5;
  const stretch = 0.95 + random() * 0.1;
  const cadence = (spec.cadenceMs ?? []).map((ms) => (ms * stretch) / 1000);
  const cycle = cadence.reduce((a, b) => a + b, 0);
  const dbm0 = -8 - random() * 16;
  const sound = tone({
    hz: spec.hz.map((hz) => hz + off),
    ...(spec.hz.length === 3 ? { weights: [0.5, 1, 0.5] } : {}),
    ...(spec.hzOfEachOn === undefined ? {} : { hzEach: spec.hzOfEachOn.map((hz) => [...hz]) }),
    dbm0,
    cadence,
    seconds: cycle === 0 ? 6 : Math.max(4, cycle * 2.6),
    ...(spec.rises ? { stepDb: 2 } : {}),
  });
  const bad = { noiseDbm0: dbm0 - 18 - random() * 20, ...(random() < 0.4 ? { law: 'a' as const } : {}) };
  return onLine(new Tape().quiet(0.4).add(sound).quiet(0.3).data, bad, random);
}

describe('tone sets', () => {
  it('are found by their id, each once', () => {
    expect(new Set(TONE_SETS.map((set) => set.id)).size).toBe(TONE_SETS.length);
    expect(TONE_SETS.length).toBeGreaterThanOrEqual(13);
    expect(toneSet('jp')?.id).toBe('jp');
    expect(toneSet('xx')).toBeUndefined();
  });

  for (const set of TONE_SETS) {
    it(`of ${set.id} hears each of its tones and takes none for another`, () => {
      expect(checkToneSet(set)).toEqual([]);
      set.tones.forEach((spec, index) => {
        for (let seed = 1; seed <= 2; seed++) {
          const events = createProgress({ tones: set }).push(soundOf(spec, seed * 97 + index), 'off');
          const names = [...new Set(events.filter((event) => event.type === 'tone').map((event) => event.tone))];
          expect(names, `${set.id} ${JSON.stringify(spec)} seed ${seed}`).toEqual([spec.tone]);
        }
      });
    });
  }

  it('of a user are checked in words', () => {
    expect(checkToneSet(undefined)).toHaveLength(1);
    expect(checkToneSet({ id: 'x', tones: [{ tone: 'busy', hz: [450], cadenceMs: [350, 350] }] })).toEqual([]);
    for (const bad of [
      { id: '', tones: [{ tone: 'busy', hz: [450] }] },
      { id: 'x', tones: [] },
      { id: 'x', tones: [{ tone: 'ring', hz: [450] }] },
      { id: 'x', tones: [{ tone: 'busy', hz: [] }] },
      { id: 'x', tones: [{ tone: 'busy', hz: [45] }] },
      { id: 'x', tones: [{ tone: 'busy', hz: [450], cadenceMs: [350] }] },
      { id: 'x', tones: [{ tone: 'busy', hz: [450], cadenceMs: [10, 350] }] },
      { id: 'x', tones: [{ tone: 'busy', hz: [450], cadenceMs: [350, 0] }] },
      { id: 'x', tones: [{ tone: 'busy', hz: [450], cadenceMs: [350, Number.NaN] }] },
      { id: 'x', tones: [{ tone: 'busy', hz: [450], cadenceMs: [350, 350], hzOfEachOn: [] }] },
      { id: 'x', toleranceHz: 100, tones: [{ tone: 'busy', hz: [450] }] },
    ]) {
      expect(checkToneSet(bad), JSON.stringify(bad)).not.toEqual([]);
    }
    expect(() => createProgress({ tones: { id: 'x', tones: [] } })).toThrow(TypeError);
  });
});
