import type { MediaRef } from '@cordboard/cti-core';

/** One thing to play: by Asterisk, or a pause that the driver waits out. */
export type MediaSegment =
  | {
      readonly kind: 'media';
      readonly uri: string;
      readonly language?: string;
      /** The name in Asterisk's store of what it has recorded. */
      readonly stored?: string;
      readonly ends: 'byItself' | 'whenStopped';
    }
  | { readonly kind: 'pause'; readonly forMs: number };

const TONES: { readonly [T in Extract<MediaRef, { kind: 'tone' }>['tone']]: string } = {
  ringback: 'tone:ring',
  busy: 'tone:busy',
  congestion: 'tone:congestion',
  dial: 'tone:dial',
  beep: 'sound:beep',
};

/** A prompt is a path below the sound directories: no scheme, no list separator, no way up. */
const PROMPT = /^(?!.*\.\.)[\p{L}\p{N}_./-]{0,127}[\p{L}\p{N}_-]$/u;
const DIGITS = /^[0-9*#A-Da-d]{1,64}$/;
/** The name of a recording in Asterisk's store: the id under which it was made, of one file for both directions. */
const RECORDING = /^(?!.*\.\.)[A-Za-z0-9._-]{1,80}$/;
const LANGUAGE = /^[A-Za-z0-9_-]{1,16}$/;
/** Longest pause, ms: what is longer is a mistake. */
const MAX_PAUSE_MS = 600_000;

/**
 * Turns a list of sounds into what is played one after the other. Each sound is a request of its own: of a list Asterisk
 * says "done" also when some of it was missing.
 *
 * @returns `undefined` when an entry can not be played by any Asterisk: an unsafe prompt name, digits that are none, words
 */
export function toSegments(
  media: readonly MediaRef[],
  options: { readonly promptPrefix: string },
): readonly MediaSegment[] | undefined {
  const segments: MediaSegment[] = [];
  for (const ref of media) {
    const segment = segmentOf(ref, options.promptPrefix);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return segments.length === 0 ? undefined : segments;
}

function segmentOf(ref: MediaRef, promptPrefix: string): MediaSegment | undefined {
  if (ref.kind === 'silence') {
    return Number.isFinite(ref.forMs) && ref.forMs >= 0
      ? { kind: 'pause', forMs: Math.min(MAX_PAUSE_MS, ref.forMs) }
      : undefined;
  }
  const uri = uriOf(ref, promptPrefix);
  if (uri === undefined) return undefined;
  const language = ref.kind === 'tone' || ref.kind === 'recording' ? undefined : ref.language;
  if (language !== undefined && !LANGUAGE.test(language)) return undefined;
  const ends = ref.kind === 'tone' && ref.tone !== 'beep' ? 'whenStopped' : 'byItself';
  const stored = ref.kind === 'recording' ? { stored: ref.recordingId as string } : {};
  return { kind: 'media', uri, ends, ...stored, ...(language === undefined ? {} : { language }) };
}

function uriOf(ref: Exclude<MediaRef, { kind: 'silence' }>, promptPrefix: string): string | undefined {
  switch (ref.kind) {
    case 'prompt': {
      const path = ref.prompt.startsWith('/') ? ref.prompt : `${promptPrefix}${ref.prompt}`;
      return PROMPT.test(path) ? `sound:${path}` : undefined;
    }
    case 'tone':
      return TONES[ref.tone];
    case 'recording':
      return RECORDING.test(ref.recordingId) ? `recording:${ref.recordingId}` : undefined;
    case 'speech':
      return undefined;
    case 'digits':
      return DIGITS.test(ref.text) ? `digits:${ref.text}` : undefined;
    case 'number':
      return Number.isSafeInteger(ref.value) ? `number:${ref.value}` : undefined;
  }
}
