import type { MediaRef, RecordingId } from '@cordboard/cti-core';

/** One thing to play: by FreeSWITCH, or a pause that the driver waits out. */
export type MediaSegment =
  | {
      readonly kind: 'app';
      readonly app: 'playback' | 'say';
      readonly arg: string;
      readonly ends: 'byItself' | 'whenStopped';
    }
  | { readonly kind: 'pause'; readonly forMs: number };

/** How prompts are found and numbers are spoken. */
export interface MediaOptions {
  /** Put in front of the name of each prompt. */
  readonly promptPrefix: string;
  /** Put behind the name of a prompt that has no ending. */
  readonly promptEnding: string;
  /** Language of spoken digits and numbers (`mod_say_<language>`). */
  readonly sayLanguage: string;
  /** Languages that have a folder of their own below the prefix. */
  readonly promptLanguages: readonly string[];
  /** The file of a finished recording, as the switch sees it; `undefined` for a name that is none. */
  readonly recordingPath?: (recordingId: RecordingId) => string | undefined;
}

/**
 * Tones, as `tone_stream` wants them: `%(on,off,frequencies)`. Frequencies and cadences of mainland China (GB 3380, 450 Hz), where the
 * caller is; a site sets others by options.
 */
export const TONES: { readonly [T in Extract<MediaRef, { kind: 'tone' }>['tone']]: string } = {
  ringback: '%(1000,4000,450)',
  busy: '%(350,350,450)',
  congestion: '%(700,700,450)',
  dial: '%(1000,0,450)',
  beep: '%(250,0,1000)',
};

/** A prompt is a path below the sound directories: no scheme, no separator of arguments, no way up. */
const PROMPT = /^(?!.*\.\.)[\p{L}\p{N}_./-]{0,159}[\p{L}\p{N}_-]$/u;
const DIGITS = /^[0-9*#A-Da-d]{1,64}$/;
const LANGUAGE = /^[A-Za-z0-9_-]{1,16}$/;
const ENDING = /\.[A-Za-z0-9]{2,5}$/;
/** Longest pause, ms: what is longer is a mistake. */
const MAX_PAUSE_MS = 600_000;

/**
 * Turns a list of sounds into what is played one after the other.
 *
 * @returns `undefined` when an entry can not be played by any FreeSWITCH: an unsafe prompt name, digits that are none, words
 */
export function toSegments(media: readonly MediaRef[], options: MediaOptions): readonly MediaSegment[] | undefined {
  const segments: MediaSegment[] = [];
  for (const ref of media) {
    const segment = segmentOf(ref, options);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return segments.length === 0 ? undefined : segments;
}

function segmentOf(ref: MediaRef, options: MediaOptions): MediaSegment | undefined {
  switch (ref.kind) {
    case 'silence':
      return Number.isFinite(ref.forMs) && ref.forMs >= 0
        ? { kind: 'pause', forMs: Math.min(MAX_PAUSE_MS, ref.forMs) }
        : undefined;
    case 'tone': {
      const once = ref.tone === 'beep';
      return {
        kind: 'app',
        app: 'playback',
        arg: `tone_stream://${TONES[ref.tone]}${once ? '' : ';loops=-1'}`,
        ends: once ? 'byItself' : 'whenStopped',
      };
    }
    case 'prompt':
      return promptOf(ref, options);
    case 'recording': {
      const arg = options.recordingPath?.(ref.recordingId);
      return arg === undefined ? undefined : { kind: 'app', app: 'playback', arg, ends: 'byItself' };
    }
    case 'speech':
      return undefined;
    case 'digits': {
      if (!DIGITS.test(ref.text)) return undefined;
      const type = /^\d+$/.test(ref.text) ? 'number' : 'name_spelled';
      return say(ref.language, options, `${type} iterated ${ref.text}`);
    }
    case 'number':
      return Number.isSafeInteger(ref.value) ? say(ref.language, options, `number pronounced ${ref.value}`) : undefined;
  }
}

function promptOf(ref: Extract<MediaRef, { kind: 'prompt' }>, options: MediaOptions): MediaSegment | undefined {
  const { language } = ref;
  if (language !== undefined && !LANGUAGE.test(language)) return undefined;
  const folder = language !== undefined && options.promptLanguages.includes(language) ? `${language}/` : '';
  const path = ref.prompt.startsWith('/') ? ref.prompt : `${options.promptPrefix}${folder}${ref.prompt}`;
  if (!PROMPT.test(path)) return undefined;
  return {
    kind: 'app',
    app: 'playback',
    arg: ENDING.test(path) ? path : `${path}${options.promptEnding}`,
    ends: 'byItself',
  };
}

function say(language: string | undefined, options: MediaOptions, text: string): MediaSegment | undefined {
  if (language !== undefined && !LANGUAGE.test(language)) return undefined;
  // `zh-CN` is spoken by mod_say_zh.
  const spoken = (language ?? options.sayLanguage).split(/[-_]/)[0] ?? options.sayLanguage;
  return { kind: 'app', app: 'say', arg: `${spoken.toLowerCase()} ${text}`, ends: 'byItself' };
}
