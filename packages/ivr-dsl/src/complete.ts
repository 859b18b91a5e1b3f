import type { BACK, END, RETURN } from '@cordboard/cti-core';
import type { AnySpec, TargetsOf, UsesOf } from './spec.js';
import type { NamedKind, Reads, Returns, Says, Sets, Speaks, UsesNamed } from './uses.js';

type Reserved = typeof END | typeof RETURN | typeof BACK;
type SystemVariable = 'call.number' | 'call.dialled' | 'call.language';

declare const wrong: unique symbol;
/** What the compiler prints where a node refers to something that its flow lacks. */
export interface NotInThisFlow<Problem extends string> {
  readonly [wrong]: Problem;
}

/** The names in a field of the options: of a list its members, of an object its keys, `otherwise` where the field is not there. */
export type NamesOf<O, F extends string, Otherwise extends string> = O extends { readonly [K in F]: infer N }
  ? N extends readonly (infer S extends string)[]
    ? S
    : keyof N & string
  : Otherwise;

/** A mode's name, and with each of its values. */
type ModesOf<O> = O extends { readonly modes: infer M }
  ? { [K in keyof M & string]: K | `${K}=${M[K] extends readonly (infer S extends string)[] ? S : string}` }[keyof M &
      string]
  : string;

/** The variables that the nodes of a flow set, and those that it says it is given. */
type VariablesOf<N, O> =
  | (UsesOf<N[keyof N]> extends infer U ? (U extends Sets<infer V> ? V : never) : never)
  | NamesOf<O, 'variables', never>
  | SystemVariable;

// What needs nothing of the flow: taken out first, for the compiler would hold each against all names.
type Free<O> =
  | Sets<string>
  | Returns<string>
  | {
      [K in Exclude<NamedKind, 'hours'>]: O extends { readonly [F in `${K}s`]: unknown } ? never : UsesNamed<K, string>;
    }[Exclude<NamedKind, 'hours'>];

type Known<N, O> =
  | Says<NamesOf<O, 'prompts', never>>
  | Speaks<NamesOf<O, 'languages', never>>
  | Reads<VariablesOf<N, O>>
  | UsesNamed<'hours', NamesOf<O, 'hours', never>>
  | UsesNamed<'list', NamesOf<O, 'lists', never>>
  | UsesNamed<'mode', ModesOf<O>>
  | UsesNamed<'group', NamesOf<O, 'groups', never>>
  | UsesNamed<'queue', NamesOf<O, 'queues', never>>;

type Fitting<Problem extends string> = [Problem] extends [never] ? AnySpec : NotInThisFlow<Problem>;

type Held<N, T extends string, F extends string, U extends string> = {
  readonly [K in keyof N]: Fitting<`${K & string} ${`goes to ${Exclude<TargetsOf<N[K]>, T>}` | Exclude<Exclude<UsesOf<N[K]>, F>, U>}`>;
};

/** Every node, held against what the flow has: a name that it lacks does not compile. */
export type Complete<N, O> = Held<N, (keyof N & string) | Reserved, Free<O>, Known<N, O>>;

/** The results that a flow may give. */
export type ResultsOf<N> = UsesOf<N[keyof N]> extends infer U ? (U extends Returns<infer R> ? R : never) : never;
/** The variables that a flow sets. */
export type SetBy<N> = UsesOf<N[keyof N]> extends infer U ? (U extends Sets<infer V> ? V : never) : never;
