import { CtiError, type MenuKey } from '@cordboard/cti-core';
import type { KeysOptions } from './nodes/asking.js';
import { menu } from './nodes/asking.js';
import { score, set } from './nodes/keeping.js';
import { play } from './nodes/speaking.js';
import type { SayInput } from './say.js';
import { LOWER, type NodeSpec, spec, type Target } from './spec.js';
import type { Says, Sets } from './uses.js';

const MAX_SCORE = 999_999_999;

/** Options of {@link survey}. */
export interface SurveyOptions<T extends string, P extends string, U extends string, V extends string = string>
  extends Omit<KeysOptions<T, P, U>, 'noInput' | 'noMatch'> {
  /** The score of each key, a whole number of at most nine digits: `{ 1: 5, 2: 3, 3: 1 }`, or {@link levels}. */
  readonly levels: { readonly [K in MenuKey]?: number };
  /** Said after an answer. */
  readonly thanks?: SayInput<P, U>;
  /** The variable that holds the score; default `score`. */
  readonly variable?: V;
  /** An answer was given. */
  readonly next: Target<T, U>;
  /** Another way on for some of the keys. */
  readonly ways?: { readonly [K in MenuKey]?: Target<T, U> };
  /** No answer was given. */
  readonly skipped: Target<T, U>;
}

/**
 * Keys from one number to another, each its own score: `levels(1, 5)`, `levels(0, 10)`.
 * @throws {CtiError} `argument.invalid` for what is no range of at least two whole numbers from 0 to 99
 */
export function levels(from: number, to: number): { readonly [K in MenuKey]?: number } {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > 99 || from >= to) {
    const expected = 'two whole numbers from 0 to 99, the smaller one first';
    throw new CtiError('argument.invalid', `levels: expected ${expected}`, { details: { path: 'levels', expected } });
  }
  return Object.fromEntries(Array.from({ length: to - from + 1 }, (_, index) => [from + index, from + index]));
}

/**
 * Asks for a score and keeps it with the call's record, and in a variable. In a flow of its own, `next: returns('answered')` and
 * `skipped: returns('skipped')` make a sub-flow with a typed result. Made of plain nodes: `<name>.<key>` and `<name>.<key>.next`.
 */
export function survey<
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
  const V extends string = 'score',
>(id: string, options: SurveyOptions<T, P, U, V>): NodeSpec<T, U | Says<P> | Sets<V>> {
  const { levels: scores, thanks, variable = 'score', next, ways = {}, skipped, ...asks } = options;
  return spec((scope) => {
    const skip = scope.edge('skipped', skipped);
    const after = (field: string, target: Target): string =>
      scope.edge(field, thanks === undefined ? target : play({ say: thanks, next: target }));
    const usual = scope.edge('score', score(id, { variable, next: after('next', next) }));
    const keys = Object.entries(scores).map(([key, value]) => {
      if (!Number.isInteger(value) || Math.abs(value) > MAX_SCORE) {
        return scope.refuse(`levels.${key}`, 'a whole number of at most nine digits');
      }
      const way = (ways as Readonly<Record<string, Target | undefined>>)[key];
      const goTo = way === undefined ? usual : score(id, { variable, next: after(`ways.${key}`, way) });
      return [key, set({ [variable]: String(value) }, { next: goTo })];
    });
    if (keys.length < 2) return scope.refuse('levels', 'at least two levels');
    return menu({ ...asks, keys: Object.fromEntries(keys), noInput: skip, noMatch: skip })[LOWER](scope);
  });
}
