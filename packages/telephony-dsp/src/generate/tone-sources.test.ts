import { describe, expect, it } from 'vitest';
import { createProgress } from '../tones/progress.js';
import { CHINA, TONE_SETS } from '../tones/sets.js';
import { melodySource } from './melody.js';
import { noiseSource, ringLeakSource } from './noise.js';
import { toneOf, toneSource } from './progress-tone.js';
import { render } from './source.js';

function levelOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(sum / samples.length / (32767 ** 2 / 2)) + 3.14;
}

describe('generated tones', () => {
  it('are heard as what they are', () => {
    for (const set of TONE_SETS) {
      for (const spec of set.tones) {
        const cycle = (spec.cadenceMs ?? [2000]).reduce((a, b) => a + b, 0);
        const samples = render(toneSource(spec), Math.max(6000, cycle * 2.6));
        const names = createProgress({ tones: set })
          .push(samples, 'off')
          .filter((event) => event.type === 'tone')
          .map((event) => event.tone);
        expect([...new Set(names)], `${set.id} ${JSON.stringify(spec)}`).toEqual([spec.tone]);
      }
    }
  });

  it('have the level that was asked for, and end after their rounds', () => {
    const dial = toneOf(CHINA, 'dial', { levelDbm0: -20 });
    expect(dial === undefined ? 0 : levelOf(render(dial, 1000))).toBeCloseTo(-20, 0);
    expect(levelOf(render(noiseSource(-30, 1), 4000))).toBeCloseTo(-30, 0);
    expect(levelOf(render(ringLeakSource(-25), 1000))).toBeCloseTo(-25, 0);
    const busy = toneOf(CHINA, 'busy', { rounds: 3 });
    expect(busy === undefined ? 0 : render(busy, 10_000).length).toBe(3 * 700 * 8);
    expect(toneOf({ id: 'x', tones: [] }, 'busy')).toBeUndefined();
  });

  it('are the same whenever they are made, in whatever pieces', () => {
    const whole = render(melodySource({ seed: 9 }), 3000);
    const source = melodySource({ seed: 9 });
    const pieces = [render(source, 1000), render(source, 1500), render(source, 500)].flatMap((piece) => [...piece]);
    expect(pieces).toEqual([...whole]);
    expect([...render(melodySource({ seed: 10 }), 3000)]).not.toEqual(pieces);
  });
});
