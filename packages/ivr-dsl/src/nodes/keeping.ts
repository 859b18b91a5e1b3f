import { given } from '../lower.js';
import { type NodeSpec, spec, type Target } from '../spec.js';
import type { Reads, ReadsIn, Sets } from '../uses.js';

/** Sets variables; a value may hold `{variables}`. They become data of the call. */
export function set<
  const K extends string,
  const X extends string,
  const T extends string = never,
  const U extends string = never,
>(assign: { readonly [N in K]: X }, edges: { readonly next: Target<T, U> }): NodeSpec<T, U | Sets<K> | ReadsIn<X>> {
  return spec((scope) => ({ type: 'set', assign: { ...assign }, next: scope.edge('next', edges.next) }));
}

/** Options of {@link message}: throw it away, or note the number to call back, which the variable `contact` holds; default: the caller's own. */
export type MessageOptions<C extends string, T extends string, U extends string> =
  | { readonly does: 'discard'; readonly next: Target<T, U> }
  | { readonly does: 'contact'; readonly contact?: C; readonly next: Target<T, U> };

/** Changes the message that a `record` node with a box has kept under the variable. */
export function message<
  const V extends string,
  const C extends string = never,
  const T extends string = never,
  const U extends string = never,
>(variable: V, options: MessageOptions<C, T, U>): NodeSpec<T, U | Reads<V | C>> {
  return spec((scope) => ({
    type: 'message',
    variable,
    does: options.does,
    ...given({ contact: 'contact' in options ? options.contact : undefined }),
    next: scope.edge('next', options.next),
  }));
}

/** Keeps the answer of a survey with the call's record, from a variable that holds a whole number. */
export function score<const V extends string, const T extends string = never, const U extends string = never>(
  survey: string,
  options: { readonly variable: V; readonly next: Target<T, U> },
): NodeSpec<T, U | Reads<V>> {
  return spec((scope) => ({
    type: 'score',
    survey,
    variable: options.variable,
    next: scope.edge('next', options.next),
  }));
}
