import { SAMPLE_RATE } from '../contract.js';
import { addTo, amplitudeOf, randomOf, type SampleSource } from './source.js';

/** How a melody sounds. */
export interface MelodyOptions {
  /** Which melody: the same number gives the same one. */
  readonly seed: number;
  /** Level of a single note at its beginning, dBm0. Default -12. */
  readonly levelDbm0?: number;
  /** How fast notes die away, 1/s, 0-10. Default 2.5. */
  readonly decayPerSecond?: number;
}

/** A scale of five tones from A3 up, in half tones: whatever is played together sounds well. */
const SCALE = [0, 3, 5, 7, 10, 12, 15, 17, 19, 22, 24];
const A3_HZ = 220;
const PARTIALS = 4;

interface Note {
  readonly hz: number;
  readonly amplitude: number;
  readonly length: number;
  age: number;
}

/** Music such as a colour ring-back tone plays: a melody over a slower second voice. It never ends. */
export function melodySource(options: MelodyOptions): SampleSource {
  const random = randomOf(options.seed);
  const amplitude = amplitudeOf(options.levelDbm0 ?? -12) * 0.7;
  const decay = options.decayPerSecond ?? 2.5;
  const beat = SAMPLE_RATE * (0.2 + 0.15 * random());
  const note = (low: number, span: number, beats: number): Note => {
    const step = SCALE[low + Math.floor(random() * span)] as number;
    const hz = A3_HZ * 2 ** (step / 12);
    return { hz, amplitude, length: Math.round(beat * beats), age: 0 };
  };
  let upper = note(4, 7, 1);
  let lower = note(0, 5, 4);
  return {
    mix(out) {
      for (let at = 0; at < out.length; at++) {
        if (upper.age >= upper.length) upper = note(4, 7, random() < 0.3 ? 2 : 1);
        if (lower.age >= lower.length) lower = note(0, 5, 4);
        addTo(out, at, sound(upper, decay) + 0.7 * sound(lower, decay * 0.5));
      }
      return out.length;
    },
  };
}

function sound(note: Note, decay: number): number {
  const t = note.age++ / SAMPLE_RATE;
  const left = (note.length - note.age) / SAMPLE_RATE;
  const envelope = Math.min(1, t / 0.008, left / 0.008) * Math.exp(-decay * t);
  let value = 0;
  for (let n = 1; n <= PARTIALS; n++) value += Math.sin(2 * Math.PI * n * note.hz * t) / (n * n);
  return note.amplitude * envelope * value;
}
