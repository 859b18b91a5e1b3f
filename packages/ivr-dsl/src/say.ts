import type { Say, SayItem } from '@cordboard/cti-core';
import { type Duration, msOf } from './duration.js';
import type { Reads, ReadsIn } from './uses.js';

declare const uses: unique symbol;

/**
 * A piece of an announcement: made by {@link digits}, {@link number}, {@link money}, {@link date}, {@link time}, {@link recording}, {@link silence},
 * {@link text} and {@link noBargeIn}. It says the prompts `P` and has the uses `U`, which the compiler alone knows.
 */
export interface SayPart<P extends string = string, U extends string = string> {
  readonly item: SayItem;
  /** Not there at run time. */
  readonly [uses]?: { readonly prompts: P; readonly uses: U };
}

/** An announcement: the key of a prompt, a piece, or several of both in order; a text stands for the prompt of that key. At most 64 pieces. */
export type SayInput<P extends string = string, U extends string = string> =
  | P
  | SayPart<P, U>
  | readonly (P | SayPart<P, U>)[];

/** Announcements for the first, the second, ... repetition; the last one again and again. Made by {@link tapered}. */
export interface Tapered<P extends string = string, U extends string = string> {
  readonly tapered: readonly Say[];
  /** Not there at run time. */
  readonly [uses]?: { readonly prompts: P; readonly uses: U };
}

/** What is said before a question is repeated: always the same, or {@link tapered}. */
export type AgainInput<P extends string = string, U extends string = string> = SayInput<P, U> | Tapered<P, U>;

const part = <P extends string, U extends string>(item: SayItem): SayPart<P, U> => ({ item });

/** Reads a variable aloud key by key; what is no digit, `*` or `#` is left out. */
export function digits<const V extends string>(variable: V): SayPart<never, Reads<V>> {
  return part({ kind: 'say', variable, as: 'digits' });
}

/** Reads a variable aloud as a whole number (up to 15 digits); any other value is read key by key. */
export function number<const V extends string>(variable: V): SayPart<never, Reads<V>> {
  return part({ kind: 'say', variable, as: 'number' });
}

/** Reads a date aloud that a variable holds as `2026-11-22`; any other value is read key by key. */
export function date<const V extends string>(variable: V): SayPart<never, Reads<V>> {
  return part({ kind: 'say', variable, as: 'date' });
}

/** Reads a time of day aloud that a variable holds as `17:30`; any other value is read key by key. */
export function time<const V extends string>(variable: V): SayPart<never, Reads<V>> {
  return part({ kind: 'say', variable, as: 'time' });
}

/**
 * Reads an amount aloud that a variable holds as a whole number in the smallest unit of the currency: `1250` of `CNY` is 12.50. The flow has the
 * prompts `money.CNY.major` and `money.CNY.minor` (not where a currency has no smaller unit, such as `JPY`), and if it likes their singulars under `.one`,
 * `money.CNY.tenth` (角, in Chinese alone) and `money.minus`. Any other value is read key by key.
 */
export function money<const V extends string>(variable: V, currency: string): SayPart<never, Reads<V>> {
  return part({ kind: 'say', variable, as: 'money', currency });
}

/** Plays what a `record` node has kept under the variable. */
export function recording<const V extends string>(variable: V): SayPart<never, Reads<V>> {
  return part({ kind: 'recording', variable });
}

/**
 * A pause of 0 ms to 60 s.
 * @throws {CtiError} `argument.invalid` for a text that is no duration
 */
export function silence(forTime: Duration): SayPart<never, never> {
  return part({ kind: 'silence', forMs: msOf(forTime, 'silence') });
}

/** A text for speech output, with `{variables}`; at most 1,000 characters. Silent where the server has no speech service. */
export function text<const S extends string>(template: S): SayPart<never, ReadsIn<S>> {
  return part({ kind: 'text', text: template });
}

/**
 * A prompt or a {@link text} that is said to its end: keys pressed meanwhile do not cut it short, and count for the node that asks next. Any other
 * piece is as it was.
 */
export function noBargeIn<const P extends string = never, const U extends string = never>(
  piece: P | SayPart<P, U>,
): SayPart<P, U> {
  const item: SayItem = typeof piece === 'string' ? { kind: 'prompt', prompt: piece } : piece.item;
  return part(item.kind === 'prompt' || item.kind === 'text' ? { ...item, bargeIn: 'none' } : item);
}

/** Another announcement for each repetition of a question: the first, the second and so on; the last one again and again. At most 10. */
export function tapered<const P extends string = never, const U extends string = never>(
  ...announcements: readonly [SayInput<P, U>, ...SayInput<P, U>[]]
): Tapered<P, U> {
  return { tapered: announcements.map(sayOf) };
}

/** The plain form of an announcement. */
export function sayOf(input: SayInput): Say {
  const parts = Array.isArray(input) ? (input as readonly (string | SayPart)[]) : [input as string | SayPart];
  return parts.map((piece) => (typeof piece === 'string' ? { kind: 'prompt', prompt: piece } : piece.item));
}

/** The plain form of what is said before repetitions. */
export function againOf(input: AgainInput): readonly Say[] {
  return typeof input === 'object' && 'tapered' in input ? input.tapered : [sayOf(input)];
}
