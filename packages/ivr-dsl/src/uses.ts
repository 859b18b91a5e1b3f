/**
 * What a node has to do with the rest of its flow, as texts that the compiler can compare and print: `says front.menu`, `reads order`, `sets order`,
 * `uses queue sales`, `returns known`. They exist for the compiler alone.
 */
export type Says<P extends string> = `says ${P}`;
export type Reads<V extends string> = `reads ${V}`;
export type Sets<V extends string> = `sets ${V}`;
export type Returns<R extends string> = `returns ${R}`;
export type Speaks<L extends string> = `speaks ${L}`;

/** Things that have a name in the options of a flow or in the configuration. */
export type NamedKind = 'hours' | 'list' | 'mode' | 'group' | 'queue';
/** See {@link Says}. */
export type UsesNamed<K extends NamedKind, N extends string> = `uses ${K} ${N}`;

type Letter =
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'f'
  | 'g'
  | 'h'
  | 'i'
  | 'j'
  | 'k'
  | 'l'
  | 'm'
  | 'n'
  | 'o'
  | 'p'
  | 'q'
  | 'r'
  | 's'
  | 't'
  | 'u'
  | 'v'
  | 'w'
  | 'x'
  | 'y'
  | 'z';
type Foreign =
  | ' '
  | '"'
  | "'"
  | ','
  | ':'
  | ';'
  | '/'
  | '\\'
  | '('
  | ')'
  | '['
  | ']'
  | '<'
  | '>'
  | '='
  | '+'
  | '!'
  | '?'
  | '\n'
  | '\t';

// Of `a { b {name` the name is what stands behind the last brace.
type AfterLastBrace<S extends string> = S extends `${string}{${infer Rest}` ? AfterLastBrace<Rest> : S;
type IfName<N extends string> = N extends `${Letter | Uppercase<Letter>}${string}`
  ? N extends `${string}${Foreign}${string}`
    ? never
    : N
  : never;

/** The variables that a text refers to as `{name}`. Of a text that the compiler does not know, none. */
export type NamesIn<S extends string> = string extends S
  ? never
  : S extends `${string}{${infer Inside}}${infer Rest}`
    ? IfName<AfterLastBrace<Inside>> | NamesIn<Rest>
    : never;

/** What a text with `{variables}` reads. */
export type ReadsIn<S extends string> = Reads<NamesIn<S>>;
/** As {@link ReadsIn}, for texts in which the server puts `{secret.NAME}` in. */
export type ReadsBesideSecrets<S extends string> = Reads<Exclude<NamesIn<S>, `secret.${string}`>>;
