import { isCtiError, type Say } from '@cordboard/cti-core';
import { type Duration, msOf } from './duration.js';
import { type AgainInput, againOf, type SayInput, sayOf } from './say.js';
import type { Scope } from './spec.js';

type Given<F> = { [K in keyof F]?: Exclude<F[K], undefined> };

/** Drops the fields that were not given. */
export function given<F extends object>(fields: F): Given<F> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<F>;
}

/** An announcement that may be missing. */
export function sayIf(input: SayInput | undefined): Say | undefined {
  return input === undefined ? undefined : sayOf(input);
}

/** What is said before repetitions, if anything. */
export function againIf(input: AgainInput | undefined): readonly Say[] | undefined {
  return input === undefined ? undefined : againOf(input);
}

/** Milliseconds of a duration that may be missing. */
export function msIf(scope: Pick<Scope, 'refuse'>, field: string, duration: Duration | undefined): number | undefined {
  if (duration === undefined) return undefined;
  try {
    return msOf(duration, field);
  } catch (error) {
    return scope.refuse(field, isCtiError(error) ? String(error.details.expected) : 'a duration');
  }
}

/** An edge that may be missing. */
export function edgeIf(scope: Scope, field: string, target: unknown): string | undefined {
  return target === undefined ? undefined : scope.edge(field, target);
}

/** Lowers a record of edges. */
export function edgesOf(scope: Scope, prefix: string, edges: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(edges).flatMap(([key, target]) =>
      target === undefined ? [] : [[key, scope.edge(prefix + key, target)]],
    ),
  );
}
