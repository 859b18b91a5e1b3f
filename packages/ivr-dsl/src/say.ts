import type { Say, SayItem } from '@cordboard/cti-core';
import { type Duration, msOf } from './duration.js';

declare const uses: unique symbol;

/** A piece of an announcement that is no prompt: made by {@link digits}, {@link number}, {@link money}, {@link silence} and {@link text}. */
export type SayPart<P extends string = never> = Exclude<SayItem, { kind: 'prompt' }> & {
  /** Names no prompt; for the compiler alone: without it, a list of parts only would be taken for any prompt. */
  readonly [uses]?: P;
};

/** An announcement: the key of a prompt, or several pieces in order; a text stands for the prompt of that key. At most 64 pieces. */
export type SayInput<P extends string = string> = P | readonly (P | SayPart<P>)[];

/** Reads a variable aloud key by key; what is no digit, `*` or `#` is left out. */
export function digits(variable: string): SayPart {
  return { kind: 'say', variable, as: 'digits' };
}

/** Reads a variable aloud as a whole number (up to 15 digits); any other value is read key by key. */
export function number(variable: string): SayPart {
  return { kind: 'say', variable, as: 'number' };
}

/**
 * Reads an amount aloud that a variable holds as a whole number in the smallest unit of the currency: `1250` of `CNY` is 12.50. The flow has the
 * prompts `money.CNY.major` and `money.CNY.minor` (not where a currency has no smaller unit, such as `JPY`), and if it likes their singulars under `.one`,
 * `money.CNY.tenth` (角, in Chinese alone) and `money.minus`. Any other value is read key by key.
 */
export function money(variable: string, currency: string): SayPart {
  return { kind: 'say', variable, as: 'money', currency };
}

/**
 * A pause of 0 ms to 60 s.
 * @throws {CtiError} `argument.invalid` for a text that is no duration
 */
export function silence(forTime: Duration): SayPart {
  return { kind: 'silence', forMs: msOf(forTime, 'silence') };
}

/** A text for speech output, with `{variables}`; at most 1,000 characters. Silent where the server has no speech service. */
export function text(template: string): SayPart {
  return { kind: 'text', text: template };
}

/** The plain form of an announcement. */
export function sayOf(input: SayInput): Say {
  const parts = typeof input === 'string' ? [input] : input;
  return parts.map((part) => (typeof part === 'string' ? { kind: 'prompt', prompt: part } : part));
}
