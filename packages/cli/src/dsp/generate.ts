import { resolve } from 'node:path';
import { createResampler, noiseSource, SAMPLE_RATE } from '@cordboard/telephony-dsp';
import type { CommandContext, ExitCode } from '../commands/context.js';
import { problemOf } from './audio-file.js';
import { type Format, writeAudio } from './encode.js';
import { makeSignal, type SignalFlags, type SignalName } from './signals.js';

/** Options of `cordboard dsp generate`. */
export interface GenerateOptions {
  readonly signal: SignalName;
  readonly flags: SignalFlags;
  /** Silence before and after, ms. */
  readonly silenceMs: number;
  /** Level of white noise under all of it, dBm0. */
  readonly noiseDbm0?: number;
  readonly format: Format;
  /** Samples a second of the file. */
  readonly rate: number;
  readonly json?: 'json';
}

function padded(samples: Int16Array, silenceMs: number): Int16Array {
  const before = Math.round((silenceMs * SAMPLE_RATE) / 1000);
  const out = new Int16Array(samples.length + 2 * before);
  out.set(samples, before);
  return out;
}

function resampled(samples: Int16Array, to: number): Int16Array {
  const resampler = createResampler({ from: SAMPLE_RATE, to });
  const first = resampler.push(samples).slice();
  const rest = resampler.flush();
  const out = new Int16Array(first.length + rest.length);
  out.set(first);
  out.set(rest, first.length);
  return out;
}

/** Writes a signal of the line to a WAV file. */
export async function generateFile(
  file: string,
  { signal, flags, silenceMs, noiseDbm0, format, rate, json }: GenerateOptions,
  { output, folder }: CommandContext,
): Promise<ExitCode> {
  if (format === 'wav49' && rate !== SAMPLE_RATE) {
    output.err('cordboard: wav49 has 8000 samples a second');
    return 2;
  }
  let samples: Int16Array;
  try {
    samples = padded(makeSignal(signal, flags), silenceMs);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    output.err(`cordboard: ${error.message}`);
    return 2;
  }
  if (noiseDbm0 !== undefined) noiseSource(noiseDbm0, 1).mix(samples);
  try {
    await writeAudio(resolve(folder, file), rate === SAMPLE_RATE ? samples : resampled(samples, rate), {
      format,
      rate,
    });
  } catch (error) {
    output.err(`${file}: ${problemOf(error)}`);
    return 1;
  }
  const seconds = Math.round((samples.length / SAMPLE_RATE) * 1000) / 1000;
  output.out(json === undefined ? `${file}: ${seconds} s` : JSON.stringify({ file, signal, format, rate, seconds }));
  return 0;
}
