import { readFile } from 'node:fs/promises';
import { createResampler, readWav, type WavAudio, type WavProblem } from '@cordboard/telephony-dsp';

/** A file that cannot be used, as its user should read it. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
}

const words: Readonly<Record<WavProblem, string>> = {
  notWav: 'no WAV file',
  badFormat: 'its header makes no sense',
  unsupported: 'a format that is not read; PCM, float, A-law, mu-law, GSM 06.10 and IMA ADPCM are',
  noData: 'it ends before any sound',
};

/** What the system says against a file. */
export const unusable = (done: 'read' | 'written', error: unknown): string =>
  `it cannot be ${done} (${(error as NodeJS.ErrnoException).code ?? String(error)})`;

/** Opens a WAV file. @throws {FileProblem} when it is not there or is none */
export async function openAudio(path: string): Promise<WavAudio> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new FileProblem(unusable('read', error));
  }
  const read = readWav(bytes);
  if (read.ok) return read;
  throw new FileProblem(words[read.problem]);
}

/** One channel of a file at a rate. @throws {FileProblem} when it has no such channel, or its own rate is beyond what is resampled */
export function samplesAt(
  audio: WavAudio,
  { channel, rate }: { readonly channel: number; readonly rate: number },
): Int16Array {
  if (channel >= audio.channels)
    throw new FileProblem(`it has no channel ${channel}: the last one is ${audio.channels - 1}`);
  const samples = audio.decode(channel);
  if (audio.sampleRate === rate) return samples;
  let resampler: ReturnType<typeof createResampler>;
  try {
    resampler = createResampler({ from: audio.sampleRate, to: rate });
  } catch {
    throw new FileProblem(`${audio.sampleRate} samples a second: expected 1000 to 384000`);
  }
  const out = new Int16Array(Math.ceil((samples.length * rate) / audio.sampleRate));
  let made = 0;
  const put = (piece: Int16Array): void => {
    out.set(piece, made);
    made += piece.length;
  };
  const second = audio.sampleRate;
  for (let at = 0; at < samples.length; at += second) put(resampler.push(samples.subarray(at, at + second)));
  put(resampler.flush());
  return out;
}

/** What went wrong with a file, on one line; other errors go on. */
export function problemOf(error: unknown): string {
  if (error instanceof FileProblem) return error.message;
  throw error;
}
