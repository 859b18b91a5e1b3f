import { CtiError } from '@cordboard/cti-core';
import { readIvrGraph } from '@cordboard/cti-protocol';
import type { IvrFlow } from './define.js';
import { deepFreeze } from './freeze.js';
import { type KeyProblem, keyProblem } from './json-keys.js';

/** Longest JSON text of a flow: 4 million characters. */
export const MAX_JSON_TEXT = 4_000_000;

/** The JSON text of a flow; {@link fromJson} gives an equal value. */
export function toJson(flow: IvrFlow): string {
  return `${JSON.stringify(flow, null, 2)}\n`;
}

/**
 * A flow out of its JSON text. Checks the form of every field; whether edges lead anywhere is `checkIvr`'s question. A flow without
 * `version` gets the hash of its content, as `defineIvr` gives it.
 * @throws {CtiError} `flow.invalid` with `path` and `expected`; for a key that an object has twice also `line`, `column`, `firstLine` and `firstColumn`
 */
export function fromJson(json: string): IvrFlow {
  return deepFreeze(readIvrGraph(parse(json)));
}

function parse(json: string): unknown {
  if (json.length > MAX_JSON_TEXT) throw invalid(`at most ${MAX_JSON_TEXT} characters of JSON`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw invalid('a JSON text', cause);
  }
  const problem = keyProblem(json);
  if (problem !== undefined) throw wrongKey(problem);
  return value;
}

function invalid(expected: string, cause?: unknown): CtiError {
  return new CtiError('flow.invalid', `expected ${expected}`, { details: { path: '', expected }, cause });
}

function wrongKey({ path, expected, at, first }: KeyProblem): CtiError {
  const before = first === undefined ? '' : `, first at line ${first.line}, column ${first.column}`;
  return new CtiError('flow.invalid', `${path}: expected ${expected} (line ${at.line}, column ${at.column}${before})`, {
    details: {
      path,
      expected,
      ...at,
      ...(first === undefined ? {} : { firstLine: first.line, firstColumn: first.column }),
    },
  });
}
