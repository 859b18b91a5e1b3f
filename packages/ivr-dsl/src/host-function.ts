import { CtiError } from '@cordboard/cti-core';

/**
 * A function of the host as flows know it: its name and version, the names of what it is given, of what it answers, and its ways on. What it
 * does is registered with the server under that name.
 */
export interface HostFunction<W extends string = string, F extends string = string, A extends string = string> {
  /** `id@version`. */
  readonly name: string;
  readonly pass: readonly A[];
  readonly keep: readonly F[];
  readonly ways: readonly W[];
}

/** What a function of the host is called with. */
export type PassedTo<H> = H extends HostFunction<string, string, infer A> ? { readonly [N in A]: string } : never;
/** What a function of the host answers: one of its ways, and values. */
export type AnswerOf<H> =
  H extends HostFunction<infer W, infer F, string>
    ? { readonly way: W; readonly values: { readonly [N in F]?: string } }
    : never;

/**
 * Declares a function of the host for `compute` and `query`.
 * @param name - `id@version`: letters, digits, `.`, `_`, `-`; a change of what it takes or answers is a new version
 * @throws {CtiError} `argument.invalid` for a name of another form, or no ways
 */
export function hostFunction<const W extends string, const F extends string = never, const A extends string = never>(
  name: `${string}@${string}`,
  has: { readonly ways: readonly [W, ...W[]]; readonly pass?: readonly A[]; readonly keep?: readonly F[] },
): HostFunction<W, F, A> {
  const refuse = (path: string, expected: string): never => {
    throw new CtiError('argument.invalid', `${path}: expected ${expected}`, { details: { path, expected } });
  };
  if (!/^[A-Za-z][A-Za-z0-9_.-]{0,63}@[A-Za-z0-9_.-]{1,32}$/.test(name)) {
    return refuse('name', "a name such as 'find-order@1'");
  }
  if (has.ways.length === 0) return refuse('ways', 'at least one way');
  return Object.freeze({
    name,
    pass: Object.freeze([...(has.pass ?? [])]),
    keep: Object.freeze([...(has.keep ?? [])]),
    ways: Object.freeze([...has.ways]),
  });
}
