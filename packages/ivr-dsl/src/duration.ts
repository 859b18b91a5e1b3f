import { CtiError, parseDuration } from '@cordboard/cti-core';

type Milliseconds = `${bigint}ms`;
type Seconds = `${bigint}s`;
type Minutes = `${bigint}m`;
type Hours = `${bigint}h`;

/** A length of time: one unit (`500ms`, `20s`, `2m`, `1h`) or two that follow one another (`1m30s`, `1h30m`, `1s500ms`). */
export type Duration =
  | Milliseconds
  | Seconds
  | Minutes
  | Hours
  | `${Seconds}${Milliseconds}`
  | `${Minutes}${Seconds}`
  | `${Hours}${Minutes}`;

/**
 * Milliseconds of a duration.
 * @throws {CtiError} `argument.invalid` for a text that is none, with the field
 */
export function msOf(duration: string, field: string): number {
  const ms = parseDuration(duration);
  if (ms !== undefined) return ms;
  const expected = "a duration such as '20s', '1m30s' or '500ms'";
  throw new CtiError('argument.invalid', `${field}: expected ${expected}`, { details: { path: field, expected } });
}
