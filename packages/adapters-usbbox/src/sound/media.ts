import type { MediaRef } from '@cordboard/cti-core';
import { SAMPLE_RATE } from '@cordboard/telephony-dsp';
import type { SoundLibrary } from './prompts.js';
import { digitNames, numberNames } from './say.js';
import { chainSource, type SoundSource, samplesSource, silenceSource } from './source.js';
import { toneCycle } from './tones.js';

/** What a list of sounds is made from. */
export interface MediaWorld {
  readonly prompts: SoundLibrary | undefined;
  readonly language: string;
  /** The samples of a finished recording of one file. */
  readonly recording: (recordingId: string) => Promise<Int16Array | undefined>;
}

/** Longest pause, ms: what is longer is a mistake. */
const MAX_PAUSE_MS = 600_000;

/**
 * Is it a list that could ever be played? Words could not: the shell puts a file in their place.
 */
export function isPlayable(media: readonly MediaRef[]): boolean {
  return (
    media.length > 0 &&
    media.length <= 256 &&
    media.every(
      (ref) => ref.kind !== 'speech' && (ref.kind !== 'silence' || (ref.forMs >= 0 && ref.forMs <= MAX_PAUSE_MS)),
    )
  );
}

/** Loads a list of sounds. @returns `undefined` when one of them is missing: half a sentence is worse than none */
export async function loadMedia(media: readonly MediaRef[], world: MediaWorld): Promise<SoundSource | undefined> {
  const sources: SoundSource[] = [];
  for (const ref of media) {
    const parts = await loadOne(ref, world);
    if (parts === undefined) return undefined;
    sources.push(...parts);
  }
  return chainSource(sources);
}

async function loadOne(ref: MediaRef, world: MediaWorld): Promise<readonly SoundSource[] | undefined> {
  switch (ref.kind) {
    case 'silence':
      return [silenceSource(Math.round((ref.forMs * SAMPLE_RATE) / 1_000))];
    case 'tone':
      return [samplesSource(toneCycle(ref.tone), ref.tone === 'beep' ? 'once' : 'loop')];
    case 'recording': {
      const samples = await world.recording(ref.recordingId);
      return samples === undefined ? undefined : [samplesSource(samples)];
    }
    case 'prompt': {
      const samples = await world.prompts?.find(ref.prompt, ref.language ?? world.language);
      return samples === undefined ? undefined : [samplesSource(samples)];
    }
    case 'digits':
      return named(digitNames(ref.text), { world, language: ref.language });
    case 'number':
      return named(numberNames(ref.value, ref.language ?? world.language), { world, language: ref.language });
    case 'speech':
      return undefined;
  }
}

async function named(
  names: readonly string[] | undefined,
  how: { readonly world: MediaWorld; readonly language: string | undefined },
): Promise<readonly SoundSource[] | undefined> {
  if (names === undefined) return undefined;
  const { world } = how;
  const sources: SoundSource[] = [];
  for (const name of names) {
    const samples = await world.prompts?.find(`digits/${name}`, how.language ?? world.language);
    if (samples === undefined) return undefined;
    sources.push(samplesSource(samples));
  }
  return sources;
}
