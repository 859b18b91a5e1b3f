import { FULL_SCALE_SINE_DBM0, SAMPLE_RATE } from '../contract.js';

/** Something that sounds, for as long as it is read. */
export interface SampleSource {
  /**
   * Adds the next samples to what is in `out` (which is how sounds are mixed); 16 bit, 8 kHz, limited to full scale.
   * @returns how many samples it had; fewer than `out` holds means that it is over
   */
  mix(out: Int16Array): number;
}

/** Peak amplitude, in steps of a 16-bit sample, of a sine of this level in dBm0. */
export function amplitudeOf(levelDbm0: number): number {
  return 32767 * 10 ** ((levelDbm0 - FULL_SCALE_SINE_DBM0) / 20);
}

/** Adds a value to a sample and limits it to 16 bit. */
export function addTo(out: Int16Array, at: number, value: number): void {
  const sum = Math.round((out[at] as number) + value);
  out[at] = Math.max(-32768, Math.min(32767, sum));
}

/** Samples of a source, from its present place on: `ms` of it, or less where it is over before. */
export function render(source: SampleSource, ms: number): Int16Array {
  const out = new Int16Array(Math.round((ms * SAMPLE_RATE) / 1000));
  const count = source.mix(out);
  return count < out.length ? out.slice(0, count) : out;
}

/** A small generator of numbers in [0, 1) from a seed (mulberry32): sounds made by chance are the same every time. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
