import { type FileHandle, open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createWavWriter, type WavWriterEncoding } from '@cordboard/telephony-dsp';
import type { CommandContext, ExitCode } from '../commands/context.js';
import { FileProblem, openAudio, problemOf, samplesAt, unusable } from './audio-file.js';

/** What `--format` may be, and the writer's word for it. */
export const FORMATS = { wav49: 'wav49', alaw: 'alaw', ulaw: 'ulaw', pcm: 'pcm16' } as const satisfies Readonly<
  Record<string, WavWriterEncoding>
>;
/** One of {@link FORMATS}. */
export type Format = keyof typeof FORMATS;

/** Writes samples as a WAV file; a file that could not be finished is taken away. @throws {FileProblem} when it cannot be written */
export async function writeAudio(
  path: string,
  samples: Int16Array,
  { format, rate }: { readonly format: Format; readonly rate: number },
): Promise<void> {
  const writer = createWavWriter({ encoding: FORMATS[format], sampleRate: rate });
  let file: FileHandle;
  try {
    file = await open(path, 'w');
  } catch (error) {
    throw new FileProblem(unusable('written', error));
  }
  try {
    await file.write(writer.header);
    for (let at = 0; at < samples.length; at += 64_000)
      await file.write(writer.push(samples.subarray(at, at + 64_000)));
    const { bytes, patches } = writer.finish();
    await file.write(bytes);
    for (const { position, bytes: patch } of patches) await file.write(patch, 0, patch.length, position);
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw new FileProblem(unusable('written', error));
  }
  await file.close();
}

/** Options of `cordboard dsp encode`. */
export interface EncodeOptions {
  readonly format: Format;
  readonly channel: number;
  /** Samples a second of the new file. */
  readonly rate: number;
  readonly json?: 'json';
}

/** Writes one channel of a WAV file in another format. */
export async function encodeFile(
  files: readonly [from: string, to: string],
  options: EncodeOptions,
  { output, folder }: CommandContext,
): Promise<ExitCode> {
  const [from, to] = files;
  const { format, channel, rate, json } = options;
  if (resolve(folder, from) === resolve(folder, to)) {
    output.err('cordboard: expected two files: one is not written over itself');
    return 2;
  }
  if (format === 'wav49' && rate !== 8000) {
    output.err('cordboard: wav49 has 8000 samples a second');
    return 2;
  }
  let file = from;
  try {
    const audio = await openAudio(resolve(folder, from));
    const samples = samplesAt(audio, { channel, rate });
    file = to;
    await writeAudio(resolve(folder, to), samples, { format, rate });
    const seconds = Math.round((samples.length / rate) * 1000) / 1000;
    output.out(json === undefined ? `${to}: ${seconds} s` : JSON.stringify({ file: to, format, rate, seconds }));
    if (audio.truncated) output.err(`${from}: it ends early; what there is was taken`);
    return 0;
  } catch (error) {
    output.err(`${file}: ${problemOf(error)}`);
    return 1;
  }
}
