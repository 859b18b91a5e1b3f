import type { DigitKey } from '@cordboard/cti-core';
import type { Duration } from './duration.js';
import { given } from './lower.js';
import { collect, menu, record } from './nodes/asking.js';
import { list } from './nodes/branching.js';
import { message } from './nodes/keeping.js';
import { play } from './nodes/speaking.js';
import { type AgainInput, recording, type SayInput } from './say.js';
import { LOWER, type NodeSpec, type Scope, spec, type Target } from './spec.js';
import type { Says, Sets, UsesNamed } from './uses.js';

/** Options of {@link voicemail}. */
export interface VoicemailOptions<
  T extends string,
  P extends string,
  U extends string,
  N extends string = string,
  V extends string = string,
> {
  /** Said before the tone. */
  readonly greeting: SayInput<P, U>;
  /** Another greeting for the callers of a list; the first list that holds the caller. */
  readonly greetings?: readonly { readonly list: N; readonly greeting: SayInput<P, U> }[];
  /** Only callers of these lists may leave a message; the others go on at `otherwise`. */
  readonly only?: { readonly lists: readonly N[]; readonly otherwise: Target<T, U> };
  /** Longest message, `1s` to `1h`; default `2m`. */
  readonly max?: Duration;
  /** A shorter one is none; default `1s`. */
  readonly min?: Duration;
  /** Keys that end it; default `#` and `*`. */
  readonly keys?: readonly DigitKey[];
  /** The caller may listen to the message (1), record another (2) or keep it (3); silence and wrong keys keep it. Default: it is kept at once. */
  readonly review?: {
    readonly say: SayInput<P, U>;
    /** Said before the tone when it is recorded again. */
    readonly againSay?: SayInput<P, U>;
    readonly tries?: number;
    readonly timeout?: Duration;
    readonly noInputSay?: AgainInput<P, U>;
    readonly noMatchSay?: AgainInput<P, U>;
  };
  /** Asks for a number to call back at; silence leaves the message without one. */
  readonly contact?: {
    readonly say: SayInput<P, U>;
    /** Fewest and most keys; default 3 and 20. */
    readonly min?: number;
    readonly max?: number;
    readonly pattern?: string;
    readonly tries?: number;
    readonly timeout?: Duration;
    readonly noMatchSay?: AgainInput<P, U>;
  };
  /** Said when the message is kept. */
  readonly keptSay?: SayInput<P, U>;
  /** The variable that names the message; default `voicemail`. The number to call back at is kept beside it, as `<variable>.contact`, masked. */
  readonly variable?: V;
  /** A message was left. */
  readonly next: Target<T, U>;
  /** Nothing was said. */
  readonly empty: Target<T, U>;
  /** The switch could not record. */
  readonly failed: Target<T, U>;
}

/**
 * Takes a message for a box: greeting, tone, message, and if wanted a review and a number to call back at. It is in the box from its first second
 * on, also when the caller hangs up. Made of plain nodes named after this one: `.again`, `.review`, `.contact`, `.kept`, `.greet`.
 */
export function voicemail<
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
  const N extends string = never,
  const V extends string = 'voicemail',
>(
  box: string,
  options: VoicemailOptions<T, P, U, N, V>,
): NodeSpec<T, U | Says<P> | Sets<V | `${V}.contact`> | UsesNamed<'list', N>> {
  return spec((scope) => entry(scope, parts(scope, box, options)));
}

type AnyOptions = VoicemailOptions<string, string, string>;

interface Parts {
  readonly options: AnyOptions;
  /** A node that says a greeting and records. */
  greet(greeting: SayInput): NodeSpec;
}

function parts(scope: Scope, box: string, options: AnyOptions): Parts {
  const variable = options.variable ?? 'voicemail';
  const next = scope.edge('next', options.next);
  const empty = scope.edge('empty', options.empty);
  const failed = scope.edge('failed', options.failed);
  const kept = options.keptSay === undefined ? next : scope.edge('kept', play({ say: options.keptSay, next }));
  const end = contactEdge(scope, { contact: options.contact, variable, kept });
  const takes = (say: SayInput | undefined, then: string): NodeSpec =>
    record(variable, {
      ...given({ say, max: options.max, min: options.min, keys: options.keys }),
      box,
      next: then,
      empty,
      failed,
    });
  const { review } = options;
  if (review === undefined) return { options, greet: (greeting) => takes(greeting, end) };
  const { say, againSay, ...asks } = review;
  const then = scope.at('review');
  const again = scope.edge('again', takes(againSay, then));
  scope.edge(
    'review',
    menu({
      ...asks,
      say,
      keys: {
        1: play({ say: recording(variable), bargeIn: true, next: then }),
        2: message(variable, { does: 'discard', next: again }),
        3: end,
      },
      noInput: end,
      noMatch: end,
    }),
  );
  return { options, greet: (greeting) => takes(greeting, then) };
}

function contactEdge(
  scope: Scope,
  { contact, variable, kept }: { contact: AnyOptions['contact']; variable: string; kept: string },
): string {
  if (contact === undefined) return kept;
  const { min = 3, max = 20, ...asks } = contact;
  const holds = `${variable}.contact`;
  return scope.edge(
    'contact',
    collect(holds, {
      ...asks,
      min,
      max,
      masked: true,
      next: message(variable, { does: 'contact', contact: holds, next: kept }),
      noInput: kept,
      noMatch: kept,
    }),
  );
}

/** The first node: a list where callers differ, else the recording itself. */
function entry(scope: Scope, { options, greet }: Parts) {
  const usual = greet(options.greeting);
  const greetings = options.greetings ?? [];
  const spoken =
    greetings.length === 0
      ? usual
      : list({
          rules: greetings.map((one) => ({ list: one.list, goTo: greet(one.greeting) })),
          otherwise: usual,
        });
  if (options.only === undefined) return spoken[LOWER](scope);
  const goTo = scope.edge('greet', spoken);
  return list({
    rules: options.only.lists.map((one) => ({ list: one, goTo })),
    otherwise: options.only.otherwise,
  })[LOWER](scope);
}
