import { amplitudeOf, SAMPLE_RATE, type SampleSource, toneSource } from '@cordboard/telephony-dsp';

/** Tones of a Chinese exchange (GB/T 3380), written down here so that nothing of the detectors' tables is used. */
const EXCHANGE = {
  dial: [450, []],
  ringback: [450, [1_000, 4_000]],
  busy: [450, [350, 350]],
  congestion: [450, [700, 700]],
  unobtainable: [450, [100, 100, 100, 100, 100, 100, 400, 400]],
} as const satisfies Readonly<Record<string, readonly [number, readonly number[]]>>;

/** A tone that the exchange makes. */
export type ExchangeTone = keyof typeof EXCHANGE;

/** A tone of the exchange, for ever or for so many rounds. */
export function exchangeTone(tone: ExchangeTone, rounds?: number): SampleSource {
  const [hz, cadenceMs] = EXCHANGE[tone];
  const spec = { tone, hz: [hz], ...(cadenceMs.length === 0 ? {} : { cadenceMs }) };
  return toneSource(spec, rounds === undefined ? {} : { rounds });
}

/** A voice of one tone, which says "mm, mm, mm": too short a beat for any tone of a network. */
export function humSource(hz: number): SampleSource {
  let at = 0;
  const amplitude = amplitudeOf(-16);
  return {
    mix(out) {
      for (let i = 0; i < out.length; i++, at++) {
        if (at % 2_400 >= 1_920) continue;
        const value = amplitude * Math.sin((2 * Math.PI * hz * at) / SAMPLE_RATE);
        out[i] = Math.max(-32_768, Math.min(32_767, Math.round((out[i] ?? 0) + value)));
      }
      return out.length;
    },
  };
}

/** Samples once. */
export function samplesOnce(samples: Int16Array): SampleSource {
  let at = 0;
  return {
    mix(out) {
      const count = Math.min(out.length, samples.length - at);
      for (let i = 0; i < count; i++) {
        out[i] = Math.max(-32_768, Math.min(32_767, (out[i] ?? 0) + (samples[at + i] ?? 0)));
      }
      at += count;
      return count;
    },
  };
}

/** For so long, then it is over. */
export function forMs(source: SampleSource, ms: number): SampleSource {
  let left = Math.round((ms * SAMPLE_RATE) / 1_000);
  return {
    mix(out) {
      const count = Math.min(out.length, left);
      source.mix(out.subarray(0, count));
      left -= count;
      return count;
    },
  };
}

const VOWELS: readonly (readonly [number, number, number])[] = [
  [730, 1_090, 2_440],
  [530, 1_840, 2_480],
  [270, 2_290, 3_010],
  [570, 840, 2_410],
  [300, 870, 2_240],
  [660, 1_720, 2_410],
];

/**
 * Something like speech: syllables of a voice with the formants of vowels (Peterson and Barney 1952), each with a rise and a fall, words apart, breath between
 * phrases. Its pitch glides, so that no tone stands still. It never ends.
 */
export function voiceSource(seed: number, levelDbm0 = -14): SampleSource {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const random = (): number => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
  const amplitude = amplitudeOf(levelDbm0) * 0.9;
  const pitch = 95 + 90 * random();
  let left = 0;
  let length = 1;
  let gap = 0;
  let syllables = 0;
  let phase = 0;
  let from = 1;
  let to = 1;
  let formants = VOWELS[0] ?? [730, 1_090, 2_440];
  const next = (): void => {
    syllables += 1;
    length = Math.round(SAMPLE_RATE * (0.11 + 0.12 * random()));
    left = length;
    // A pause between words, a longer one after a phrase: speech stands still for about a third of its time.
    const pause = syllables % 9 === 0 ? 0.45 + 0.4 * random() : syllables % 3 === 0 ? 0.07 + 0.06 * random() : 0.02;
    gap = Math.round(SAMPLE_RATE * pause);
    from = 0.9 + 0.35 * random();
    to = 0.8 + 0.35 * random();
    formants = VOWELS[Math.floor(random() * VOWELS.length)] ?? formants;
  };
  return {
    mix(out) {
      for (let i = 0; i < out.length; i++) {
        if (left === 0 && gap === 0) next();
        if (left === 0) {
          gap -= 1;
          continue;
        }
        const at = 1 - left / length;
        const hz = pitch * (from + (to - from) * at);
        phase = (phase + hz / SAMPLE_RATE) % 1;
        let value = 0;
        for (let n = 1; n * hz < 3_300; n++) value += Math.sin(2 * Math.PI * n * phase) * weight(n * hz, formants);
        out[i] = Math.max(
          -32_768,
          Math.min(32_767, Math.round((out[i] ?? 0) + amplitude * Math.sin(Math.PI * at) * value)),
        );
        left -= 1;
      }
      return out.length;
    },
  };
}

/** How loud a partial is beside formants, each 6 dB softer than the one before and about 90 Hz wide. */
function weight(hz: number, formants: readonly number[]): number {
  let sum = 0.01;
  for (let n = 0; n < formants.length; n++) {
    const off = (hz - (formants[n] ?? 0)) / 90;
    sum += 0.6 / 2 ** n / (1 + off * off);
  }
  return sum;
}

const rendered = new Map<number, Int16Array>();

/** {@link voiceSource}, 12 s of it made once and then again and again: a hundred lines may speak at a time. */
export function cheapVoice(seed: number): SampleSource {
  const key = seed % 8;
  let samples = rendered.get(key);
  if (samples === undefined) {
    samples = new Int16Array(12 * SAMPLE_RATE);
    voiceSource(key + 1).mix(samples);
    rendered.set(key, samples);
  }
  const said = samples;
  let at = (seed * 7_919) % said.length;
  return {
    mix(out) {
      for (let i = 0; i < out.length; i++) {
        out[i] = Math.max(-32_768, Math.min(32_767, (out[i] ?? 0) + (said[at] ?? 0)));
        at = at + 1 === said.length ? 0 : at + 1;
      }
      return out.length;
    },
  };
}
