import { describe, expect, it } from 'vitest';
import { type Impairment, music, onLine, seeded, speech, Tape, tone } from '../../test/signals/progress-signals.js';
import { cedSource, cngSource } from '../generate/fax-tone.js';
import { render } from '../generate/source.js';
import { createFax, type FaxOptions } from './fax.js';

function hear(samples: Int16Array, options: FaxOptions = {}): readonly string[] {
  return createFax(options)
    .push(samples, 'off')
    .map((event) => event.tone);
}

function draw(kind: 'cng' | 'ced', seed: number): Int16Array {
  const random = seeded(seed);
  const dbm0 = -6 - random() * 26;
  const bad: Impairment = { noiseDbm0: dbm0 - 15 - random() * 20 };
  if (random() < 0.3) bad.law = 'a';
  if (random() < 0.2) bad.humDbm0 = -25;
  const stretch = 0.88 + random() * 0.24;
  const sound =
    kind === 'cng'
      ? tone({ hz: [1100 + (random() * 2 - 1) * 36], dbm0, cadence: [0.5 * stretch, 3 * stretch], seconds: 8 })
      : tone({ hz: [2100 + (random() * 2 - 1) * 14], dbm0, cadence: [], seconds: 2.7 + random() });
  if (kind === 'ced') {
    const turns = random() < 0.5;
    const swings = random() < 0.5;
    for (let n = 0; n < sound.length; n++) {
      if (turns && Math.floor(n / 3600) % 2 === 1) sound[n] = -(sound[n] ?? 0);
      if (swings) sound[n] = (sound[n] ?? 0) * (1 + 0.2 * Math.sin((2 * Math.PI * 15 * n) / 8000));
    }
  }
  return onLine(new Tape().quiet(0.5).add(sound).quiet(1).data, bad, random);
}

describe('fax tones', () => {
  it('are heard through what a line does to them, once each', () => {
    for (let seed = 1; seed <= 30; seed++) {
      expect(hear(draw('cng', seed)), `cng ${seed}`).toEqual(['cng']);
      expect(hear(draw('ced', seed)), `ced ${seed}`).toEqual(['ced']);
    }
  });

  it('are heard from the generators', () => {
    expect(hear(render(cngSource(), 9000))).toEqual(['cng']);
    for (const reversals of [false, true]) {
      for (const modulated of [false, true])
        expect(hear(render(cedSource({ reversals, modulated }), 4000))).toEqual(['ced']);
    }
  });

  it('are not heard in other tones, speech and music', () => {
    for (const hz of [1000, 1050, 1150, 1200, 2000, 2060, 2140, 2225]) {
      const random = seeded(hz);
      for (const cadence of [[], [0.5, 3]]) {
        expect(hear(onLine(tone({ hz: [hz], dbm0: -12, cadence, seconds: 8 }), {}, random)), String(hz)).toEqual([]);
      }
    }
    for (const cadence of [
      [0.3, 3],
      [0.7, 3],
      [0.5, 0.2],
    ]) {
      expect(hear(onLine(tone({ hz: [1100], dbm0: -12, cadence, seconds: 8 }), {}, seeded(3)))).toEqual([]);
    }
    for (let seed = 1; seed <= 8; seed++) {
      const random = seeded(seed);
      expect(hear(onLine(speech({ seconds: 15, dbm0: -12 }, random), {}, random))).toEqual([]);
      expect(hear(onLine(music({ seconds: 15, dbm0: -12, kind: 'saw', gap: 0.2 }, random), {}, random))).toEqual([]);
    }
  });

  it('notice a weakened detector', () => {
    expect(hear(draw('cng', 5), { minLevelDbm0: -2 })).toEqual([]);
    expect(hear(draw('ced', 5), { cedMs: 20_000 })).toEqual([]);
  });
});
