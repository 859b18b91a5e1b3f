import { isCtiError } from '@cordboard/cti-core';

/**
 * What may be logged of a failure that came out of the application: our code, else the class of the error. Its words may be about a
 * person; a name that does not look like one of a class is `unknown`.
 */
export function failureKind(cause: unknown): string {
  if (isCtiError(cause)) return cause.code;
  const name = cause instanceof Error ? cause.name : '';
  return /^[A-Za-z]{1,40}$/u.test(name) ? name : 'unknown';
}
