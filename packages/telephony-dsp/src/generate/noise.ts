import { SAMPLE_RATE } from '../contract.js';
import { addTo, amplitudeOf, randomOf, type SampleSource } from './source.js';

/** White noise of a level in dBm0 over the whole band (0-4 kHz), from a seed. It never ends. */
export function noiseSource(levelDbm0: number, seed: number): SampleSource {
  const random = randomOf(seed);
  // A uniform value of this half width has the mean square of a sine of that level.
  const half = amplitudeOf(levelDbm0) * Math.sqrt(1.5);
  return {
    mix(out) {
      for (let at = 0; at < out.length; at++) addTo(out, at, (2 * random() - 1) * half);
      return out.length;
    },
  };
}

/** What leaks of ringing into the sound path: 25 Hz, 1 s on and 4 s off, times and frequency settable. It never ends. */
export function ringLeakSource(
  levelDbm0: number,
  options: { readonly hz?: number; readonly onMs?: number; readonly offMs?: number } = {},
): SampleSource {
  const hz = options.hz ?? 25;
  const on = ((options.onMs ?? 1000) * SAMPLE_RATE) / 1000;
  const cycle = on + ((options.offMs ?? 4000) * SAMPLE_RATE) / 1000;
  const amplitude = amplitudeOf(levelDbm0);
  let sample = 0;
  return {
    mix(out) {
      for (let at = 0; at < out.length; at++) {
        if (sample < on) addTo(out, at, amplitude * Math.sin((2 * Math.PI * hz * sample) / SAMPLE_RATE));
        sample = sample + 1 >= cycle ? 0 : sample + 1;
      }
      return out.length;
    },
  };
}
