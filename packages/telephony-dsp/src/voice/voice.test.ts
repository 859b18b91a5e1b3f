import { describe, expect, it } from 'vitest';
import { onLine, seeded, speech, Tape } from '../../test/signals/progress-signals.js';
import { createVoice, type VoiceOptions } from './voice.js';

interface Turn {
  state: string;
  at: number;
}

function turns(samples: Int16Array, options: VoiceOptions = {}): Turn[] {
  return createVoice(options)
    .push(samples, 'off')
    .map((event) => ({ state: event.state, at: event.atMs / 1000 }));
}

/** Two seconds of quiet, three of speech, two of quiet, at this noise. */
function talk(noiseDbm0: number, dbm0: number, seed: number): { samples: Int16Array; begins: number; ends: number } {
  const random = seeded(seed);
  const said = speech({ seconds: 3, dbm0, pauses: 0.15 }, random);
  let first = 0;
  while (Math.abs(said[first] ?? 0) < 0.01) first++;
  let last = said.length - 1;
  while (Math.abs(said[last] ?? 0) < 0.01) last--;
  const tape = new Tape().quiet(2).add(said).quiet(2.5);
  return { samples: onLine(tape.data, { noiseDbm0 }, random), begins: 2 + first / 8000, ends: 2 + last / 8000 };
}

describe('voice and silence', () => {
  it('are parted at the right times, at any noise of the line', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const noise = -72 + seed * 2;
      const { samples, begins, ends } = talk(noise, -14, seed);
      const found = turns(samples);
      expect(
        found.map((turn) => turn.state),
        `noise ${noise}`,
      ).toEqual(['voice', 'silence']);
      expect(Math.abs((found[0]?.at ?? 0) - begins), `noise ${noise}`).toBeLessThan(0.15);
      expect(Math.abs((found[1]?.at ?? 0) - ends), `noise ${noise}`).toBeLessThan(0.2);
    }
  });

  it('get used to noise that stays', () => {
    const random = seeded(2);
    const tape = new Tape().quiet(20);
    const steps = tape.data.map((_, n) => (n > 8000 ? 0.02 * (random() * 2 - 1) : 0));
    const found = turns(onLine(steps, { noiseDbm0: -70 }, random));
    expect(found.map((turn) => turn.state)).toEqual(['voice', 'silence']);
  });

  it('follow their parameters', () => {
    const { samples } = talk(-60, -14, 3);
    expect(turns(samples, { minLevelDbm0: -5 })).toEqual([]);
    expect(turns(samples, { hangoverMs: 5000 }).map((turn) => turn.state)).toEqual(['voice']);
    expect(turns(samples, { hangoverMs: 50 }).length).toBeGreaterThan(2);
  });
});
