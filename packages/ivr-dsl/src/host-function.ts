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

interface Reply<W extends string, F extends string> {
  readonly way: W;
  readonly values?: { readonly [N in F]?: string };
}

/** What a function of the host is passed. */
export type PassedTo<H> = H extends { readonly pass: readonly (infer A extends string)[] }
  ? { readonly [N in A]: string }
  : never;
/** What a function of the host answers: one of its ways, and values. */
export type AnswerOf<H> = H extends HostFunction<infer W, infer F> ? Reply<W, F> : never;

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

/** What the server calls a function with, and what it waits for. */
export interface HostCall<A extends string = string> {
  /** Texts by name, as the flow passes them. */
  readonly pass: { readonly [N in A]: string };
  /** The same for every try of one visit of a node, also after a restart of the server: work done under it once need not be done again. */
  readonly key: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * Gives a declared function its code, for `functions` of the server: `{ [findOrder.name]: implement(findOrder, async ({ pass }) => ...) }`. What it is
 * passed, the ways and the values it may answer are typed by the declaration. What it throws means `failed`.
 */
export function implement<const W extends string, const F extends string, const A extends string>(
  fn: HostFunction<W, F, A>,
  run: (call: HostCall<NoInfer<A>>) => Reply<NoInfer<W>, NoInfer<F>> | Promise<Reply<NoInfer<W>, NoInfer<F>>>,
): (call: HostCall) => Promise<{ readonly way: string; readonly values: Readonly<Record<string, string>> }> {
  return async ({ pass, key, signal }) => {
    // A graph of an editor may pass less than the declaration says.
    const given = Object.fromEntries(
      fn.pass.map((name) => [name, Object.hasOwn(pass, name) ? (pass[name] ?? '') : '']),
    );
    const { way, values = {} } = await run({ pass: given as HostCall<A>['pass'], key, signal });
    const told = Object.entries<string | undefined>(values).filter(
      (one): one is [string, string] => one[1] !== undefined,
    );
    return { way, values: Object.fromEntries(told) };
  };
}
