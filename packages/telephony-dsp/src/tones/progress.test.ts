import { describe, expect, it } from 'vitest';
import { CADENCES, drawTone } from '../../test/signals/chinese-tones.js';
import { music, onLine, seeded, speech, Tape, tone } from '../../test/signals/progress-signals.js';
import { createProgress, type ProgressOptions } from './progress.js';
import { CHINA } from './sets.js';

function hear(samples: Int16Array, options: Partial<ProgressOptions> = {}): readonly string[] {
  const events = createProgress({ tones: CHINA, ...options }).push(samples, 'off');
  return events.filter((event) => event.type === 'tone').map((event) => event.tone);
}

function different(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

describe('Chinese tones', () => {
  for (const name of Object.keys(CADENCES)) {
    it(`hears ${name} whatever the line does to it, and nothing else in it`, () => {
      const random = seeded(name.length * 7919 + name.charCodeAt(0));
      for (let n = 0; n < 12; n++) {
        const drawn = drawTone(name, random);
        expect({ ...drawn, samples: 0, heard: different(hear(drawn.samples)) }).toMatchObject({ heard: [name] });
      }
    });
  }

  it('takes no other frequency for a tone', () => {
    for (const hz of [300, 350, 400, 500, 550, 600, 1000, 1100]) {
      for (const cadence of [[], [0.35, 0.35], [0.7, 0.7], [1, 4]]) {
        const tape = new Tape().add(tone({ hz: [hz], dbm0: -10, cadence, seconds: 7 }));
        expect(hear(onLine(tape.data, {}, seeded(1)))).toEqual([]);
      }
    }
  });

  it('takes neither music nor speech for a tone', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = seeded(seed);
      const kind = (['sine', 'saw', 'organ', 'pluck', 'band'] as const)[seed % 5] ?? 'sine';
      const notes = music({ seconds: 12, dbm0: -12, kind, gap: seed % 3 === 0 ? 0.3 : 0 }, random);
      expect(hear(onLine(notes, {}, random))).toEqual([]);
      expect(hear(onLine(speech({ seconds: 12, dbm0: -14 }, random), {}, random))).toEqual([]);
    }
  });
});
