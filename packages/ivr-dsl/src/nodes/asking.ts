import type { DigitKey, MenuKey } from '@cordboard/cti-core';
import type { Duration } from '../duration.js';
import { againIf, edgesOf, given, msIf, sayIf } from '../lower.js';
import { type AgainInput, type SayInput, sayOf } from '../say.js';
import { type NodeSpec, spec, type Target } from '../spec.js';
import type { Says, Sets } from '../uses.js';

/** What all questions to the caller have in common. */
export interface QuestionOptions<T extends string, P extends string, U extends string> {
  readonly say: SayInput<P, U>;
  /** Rounds of asking, 1-10; default 3. Silence and wrong input count together. */
  readonly tries?: number;
  /** Said before the question is repeated after silence. */
  readonly noInputSay?: AgainInput<P, U>;
  /** Said before the question is repeated after a wrong input. */
  readonly noMatchSay?: AgainInput<P, U>;
  /** Taken when the last round ended in silence. */
  readonly noInput: Target<T, U>;
  /** Taken when the last round ended with a wrong input. */
  readonly noMatch: Target<T, U>;
}

/** What questions that keys answer have in common. */
export interface KeysOptions<T extends string, P extends string, U extends string> extends QuestionOptions<T, P, U> {
  /** From the end of the announcement to the first key; default `5s`. */
  readonly timeout?: Duration;
  /** From one key to the next; default `3s`. */
  readonly interDigit?: Duration;
  /** `discard`: keys pressed before the node was entered are forgotten; default: they count. */
  readonly typeAhead?: 'discard';
}

/** Options of {@link menu}. */
export interface MenuOptions<T extends string, P extends string, U extends string> extends KeysOptions<T, P, U> {
  /** Where each choice leads: one key (`1`) or two (`12`). Where a choice begins another, the shorter is taken when no further key comes in time. */
  readonly keys: { readonly [K in MenuKey]?: Target<T, U> };
}
/** Asks for a choice of one key or two. Keys are heard while it speaks. `BACK` further on leads here again. */
export function menu<const T extends string = never, const P extends string = never, const U extends string = never>(
  options: MenuOptions<T, P, U>,
): NodeSpec<T, U | Says<P>> {
  return spec((scope) => ({
    type: 'menu',
    say: sayOf(options.say),
    keys: edgesOf(scope, '', options.keys),
    ...given({
      tries: options.tries,
      timeoutMs: msIf(scope, 'timeout', options.timeout),
      interDigitMs: msIf(scope, 'interDigit', options.interDigit),
      typeAhead: options.typeAhead,
      noInputSay: againIf(options.noInputSay),
      noMatchSay: againIf(options.noMatchSay),
    }),
    noInput: scope.edge('noInput', options.noInput),
    noMatch: scope.edge('noMatch', options.noMatch),
  }));
}

/** Options of {@link collect}. */
export interface CollectOptions<T extends string, P extends string, U extends string> extends KeysOptions<T, P, U> {
  /** Fewest and most keys, 0-64 and 1-64; the last one ends the input at once. */
  readonly min: number;
  readonly max: number;
  /** The key that ends the input and is no part of it; default `#`; `null` for none. */
  readonly terminator?: DigitKey | null;
  /** What the whole input must look like: keys, `\d`, classes, each with `?`, `{n}` or `{n,m}`. */
  readonly pattern?: string;
  /** The variable never becomes data of the call, nor does what is made of it. */
  readonly masked?: boolean;
  readonly next: Target<T, U>;
}
/** Asks for several keys and keeps them in a variable. */
export function collect<
  const V extends string,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(variable: V, options: CollectOptions<T, P, U>): NodeSpec<T, U | Says<P> | Sets<V>> {
  const { min, max, terminator, tries, pattern, masked, typeAhead } = options;
  return spec((scope) => ({
    type: 'collect',
    say: sayOf(options.say),
    variable,
    min,
    max,
    ...given({
      terminator,
      tries,
      pattern,
      masked,
      typeAhead,
      timeoutMs: msIf(scope, 'timeout', options.timeout),
      interDigitMs: msIf(scope, 'interDigit', options.interDigit),
      noInputSay: againIf(options.noInputSay),
      noMatchSay: againIf(options.noMatchSay),
    }),
    next: scope.edge('next', options.next),
    noInput: scope.edge('noInput', options.noInput),
    noMatch: scope.edge('noMatch', options.noMatch),
  }));
}

/** Options of {@link listen}. */
export interface ListenOptions<T extends string, P extends string, U extends string> extends QuestionOptions<T, P, U> {
  /** What may be said; the variable then holds one of them. Default: anything, and the variable holds the words. */
  readonly phrases?: readonly string[];
  /** Longest answer; default `8s`. */
  readonly max?: Duration;
  /** How long the speech service may take; default `5s`. */
  readonly timeout?: Duration;
  readonly next: Target<T, U>;
  /** No speech service, or it did not answer. */
  readonly failed: Target<T, U>;
}
/** Asks for words: records an answer, ended by any key, and has the host's speech service turn it into a variable. */
export function listen<
  const V extends string,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(variable: V, options: ListenOptions<T, P, U>): NodeSpec<T, U | Says<P> | Sets<V>> {
  return spec((scope) => ({
    type: 'listen',
    say: sayOf(options.say),
    variable,
    ...given({
      phrases: options.phrases === undefined ? undefined : [...options.phrases],
      maxMs: msIf(scope, 'max', options.max),
      timeoutMs: msIf(scope, 'timeout', options.timeout),
      tries: options.tries,
      noInputSay: againIf(options.noInputSay),
      noMatchSay: againIf(options.noMatchSay),
    }),
    next: scope.edge('next', options.next),
    noInput: scope.edge('noInput', options.noInput),
    noMatch: scope.edge('noMatch', options.noMatch),
    failed: scope.edge('failed', options.failed),
  }));
}

/** Options of {@link record}. */
export interface RecordOptions<T extends string, P extends string, U extends string> {
  /** Said before the tone. */
  readonly say?: SayInput<P, U>;
  /** Longest recording, `1s` to `1h`; default `2m`. */
  readonly max?: Duration;
  /** A shorter one is none; default `1s`. */
  readonly min?: Duration;
  /** Keys that end it; default `#` and `*`. */
  readonly keys?: readonly DigitKey[];
  /** Default: a short tone. */
  readonly tone?: 'none';
  /** The recording is a message for that box, also when the caller hangs up while it records or later. */
  readonly box?: string;
  readonly next: Target<T, U>;
  /** Nothing was recorded, or less than `min`. */
  readonly empty: Target<T, U>;
  readonly failed: Target<T, U>;
}
/** Records the caller after a tone; the variable then names the recording. */
export function record<
  const V extends string,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(variable: V, options: RecordOptions<T, P, U>): NodeSpec<T, U | Says<P> | Sets<V>> {
  return spec((scope) => ({
    type: 'record',
    variable,
    ...given({
      say: sayIf(options.say),
      maxMs: msIf(scope, 'max', options.max),
      minMs: msIf(scope, 'min', options.min),
      keys: options.keys === undefined ? undefined : [...options.keys],
      tone: options.tone,
      box: options.box,
    }),
    next: scope.edge('next', options.next),
    empty: scope.edge('empty', options.empty),
    failed: scope.edge('failed', options.failed),
  }));
}
