import { resolve } from 'node:path';
import { createLineDsp, type DspEvent, type Hook, SAMPLE_RATE, TONE_SETS, toneSet } from '@cordboard/telephony-dsp';
import type { CommandContext, ExitCode } from '../commands/context.js';
import { openAudio, problemOf, samplesAt } from './audio-file.js';

/** Options of `cordboard dsp decode`. */
export interface DecodeOptions {
  readonly hook: Hook;
  /** 0: the left one. */
  readonly channel: number;
  /** Id of the tone set. */
  readonly country: string;
  /** Tell voice and silence as well. */
  readonly voice?: true;
  readonly json?: 'json';
}

const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

/** A detection as one object, the file first and the times last. Fax machines are tones here, `fax_cng` and `fax_ced`, as in other tools. */
function recordOf(file: string, event: DspEvent): Readonly<Record<string, unknown>> {
  const named = event.type === 'fax' ? { ...event, type: 'tone', tone: `fax_${event.tone}` } : event;
  const { type, atMs, detectedMs, ...rest } = named;
  return { file, type, ...rest, atMs: rounded(atMs), detectedMs: rounded(detectedMs) };
}

/** A detection as a line for people. */
function lineOf({ type, atMs, detectedMs: _when, ...rest }: DspEvent): string {
  const words = Object.entries(rest).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return `${(atMs / 1000).toFixed(3).padStart(10)} s  ${type.padEnd(8)} ${words.join('  ')}`;
}

/**
 * Prints what is heard in WAV files: a JSON line for each detection, or lines for people at a terminal. A file that cannot be read is
 * told on stderr, and the others go on.
 */
export async function decodeFiles(
  files: readonly string[],
  { hook, channel, country, voice, json }: DecodeOptions,
  { output, folder, signal }: CommandContext,
): Promise<ExitCode> {
  const people = json === undefined && output.terminal !== undefined;
  const tones = toneSet(country);
  if (tones === undefined) {
    output.err(`cordboard: no tones of ${country} are known; there are: ${TONE_SETS.map(({ id }) => id).join(', ')}`);
    return 2;
  }
  const dsp = createLineDsp({ toneSet: tones, ...(voice === undefined ? {} : { voice: {} }) });
  let code: ExitCode = 0;
  for (const file of files) {
    if (signal.aborted) return 1;
    const tell = (events: readonly DspEvent[]): void => {
      for (const event of events) output.out(people ? lineOf(event) : JSON.stringify(recordOf(file, event)));
    };
    try {
      const audio = await openAudio(resolve(folder, file));
      const samples = samplesAt(audio, { channel, rate: SAMPLE_RATE });
      if (people) output.out(`${file}: ${rounded(samples.length / SAMPLE_RATE)} s`);
      if (audio.truncated) output.err(`${file}: it ends early; what there is was read`);
      for (let at = 0; at < samples.length; at += 8000) tell(dsp.push(samples.subarray(at, at + 8000), hook));
      tell(dsp.flush());
    } catch (error) {
      output.err(`${file}: ${problemOf(error)}`);
      code = 1;
    }
    dsp.reset();
  }
  return code;
}
