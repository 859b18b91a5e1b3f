import type { Awaitable } from './awaitable.js';

/** What every function of the host gets: abort ends the wait for it, whatever it does then is not heard. */
export interface HostOptions {
  readonly signal: AbortSignal;
}

/** What a host function is asked. */
export interface HostCall extends HostOptions {
  /** Texts by name, as the flow passes them. */
  readonly pass: Readonly<Record<string, string>>;
  /** The same for every try of one visit of a node, also after a restart of the server: work that is done under it once need not be done again. */
  readonly key: string;
}

/** What a host function answers: one of the ways of its node, and values, texts of at most 1,000 characters. */
export interface HostReply {
  readonly way: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** A function that flows run, registered as `id@version`. What it throws means `failed`. */
export type HostFunction = (call: HostCall) => Awaitable<HostReply>;

/** Where a number belongs: what is known of it. */
export interface Area {
  readonly province?: string;
  readonly city?: string;
  readonly carrier?: string;
}

/** Tells where a number belongs; `undefined`: not known. */
export type AreaProvider = (number: string, options: HostOptions) => Awaitable<Area | undefined>;

/** What a caller said, as the switch recorded it. */
export interface SpokenAudio {
  readonly bytes: Uint8Array;
  readonly format: 'wav' | 'ulaw' | 'wav49';
}

/** What was understood. `noInput`: silence. `noMatch`: words, but none that fit. */
export type Recognised =
  | { readonly way: 'match'; readonly text: string }
  | { readonly way: 'noInput' }
  | { readonly way: 'noMatch' };

/** Turns speech into words: one of `phrases`, where there are any. */
export type SpeechRecogniser = (
  audio: SpokenAudio,
  options: HostOptions & { readonly language: string; readonly phrases: readonly string[] },
) => Awaitable<Recognised>;

/** Turns words into sound: a WAV file (PCM, A-law or µ-law of any rate) or raw µ-law of 8 kHz. */
export type SpeechSynthesiser = (
  text: string,
  options: HostOptions & { readonly language: string; readonly voice: string },
) => Awaitable<Uint8Array>;

/** Has a document sent by fax. Resolves when the service has taken it over; `key` as of a {@link HostCall}. */
export type FaxService = (
  fax: { readonly document: string; readonly number: string; readonly key: string },
  options: HostOptions,
) => Awaitable<void>;
