import { SAMPLE_RATE } from '../contract.js';
import { toneSource } from './progress-tone.js';
import { addTo, amplitudeOf, type SampleSource } from './source.js';

/** How the fax tones are sent. */
export interface FaxToneOptions {
  /** dBm0. Default -12. */
  readonly levelDbm0?: number;
  /** The phase turns round every 450 ms, which takes echo cancellers out of the way (V.25, V.8). Default false. */
  readonly reversals?: boolean;
  /** The level swings by 20 % fifteen times a second (ANSam of V.8). Default false. */
  readonly modulated?: boolean;
  /** Length of the answer tone, ms. Default 3300 (V.25: 3.3 +-0.7 s). */
  readonly ms?: number;
}

/** The calling tone of a fax machine: 1100 Hz, 0.5 s on and 3 s off (T.30). It never ends by itself. */
export function cngSource(options: Pick<FaxToneOptions, 'levelDbm0'> = {}): SampleSource {
  return toneSource({ tone: 'warning', hz: [1100], cadenceMs: [500, 3000] }, { levelDbm0: options.levelDbm0 ?? -12 });
}

/** The answer tone of a fax machine or modem: 2100 Hz (T.30 CED, V.25 ANS, V.8 ANSam). */
export function cedSource(options: FaxToneOptions = {}): SampleSource {
  const amplitude = amplitudeOf(options.levelDbm0 ?? -12);
  const length = Math.round(((options.ms ?? 3300) * SAMPLE_RATE) / 1000);
  const reversal = (450 * SAMPLE_RATE) / 1000;
  let sample = 0;
  return {
    mix(out) {
      for (let at = 0; at < out.length; at++, sample++) {
        if (sample >= length) return at;
        const sign = options.reversals && Math.floor(sample / reversal) % 2 === 1 ? -1 : 1;
        const swing = options.modulated ? 1 + 0.2 * Math.sin((2 * Math.PI * 15 * sample) / SAMPLE_RATE) : 1;
        addTo(out, at, sign * swing * amplitude * Math.sin((2 * Math.PI * 2100 * sample) / SAMPLE_RATE));
      }
      return out.length;
    },
  };
}
