import { fromUlaw } from './g711.js';
import { LINE_RATE, toLineRate } from './resample.js';
import { isWav, NoSound, readWav, writeWav } from './wav.js';

/** Most bytes of a file that is brought to the library: ten minutes of 8 kHz, one of CD quality. */
export const UPLOAD_BYTES = 10 * 1024 * 1024;
/** Longest sound, s. */
export const MAX_SECONDS = 600;

/** Sound that every switch plays as it is. */
export interface LineSound {
  /** A WAV file: PCM, 16 bits, one channel, 8,000 samples a second. */
  readonly wav: Buffer;
  readonly durationMs: number;
}

/**
 * Makes what a line can carry of a WAV file, or of raw µ-law at 8,000 samples a second.
 *
 * @param kind - `ulaw` for raw µ-law; `wav` for a WAV file; `either`: by the first bytes
 * @throws {NoSound} with what was expected: no sound, too long, or nothing in it
 */
export async function lineSound(bytes: Uint8Array, kind: 'wav' | 'ulaw' | 'either'): Promise<LineSound> {
  if (bytes.length > UPLOAD_BYTES) throw new NoSound(`expected at most ${UPLOAD_BYTES} bytes`);
  const isRaw = kind === 'ulaw' || (kind === 'either' && !isWav(bytes));
  const sound = isRaw
    ? { rate: LINE_RATE, samples: Float32Array.from(fromUlaw(bytes), (sample) => sample / 32_768) }
    : readWav(bytes);
  const seconds = sound.samples.length / sound.rate;
  if (seconds > MAX_SECONDS) throw new NoSound(`expected at most ${MAX_SECONDS} s`);
  const samples = await toLineRate(sound.samples, sound.rate);
  if (samples.length < LINE_RATE / 50) throw new NoSound('expected at least 20 ms of sound');
  return { wav: writeWav(samples), durationMs: Math.round((samples.length * 1000) / LINE_RATE) };
}
