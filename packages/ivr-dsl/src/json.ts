import { CtiError } from '@cordboard/cti-core';
import { readIvrGraph } from '@cordboard/cti-protocol';
import type { IvrFlow } from './define.js';
import { deepFreeze } from './freeze.js';

/** Longest JSON text of a flow: 4 million characters. */
export const MAX_JSON_TEXT = 4_000_000;

/** The JSON text of a flow; {@link fromJson} gives an equal value. */
export function toJson(flow: IvrFlow): string {
  return `${JSON.stringify(flow, null, 2)}\n`;
}

/**
 * A flow out of its JSON text. Checks the form of every field; whether edges lead anywhere is `checkIvr`'s question. A flow without
 * `version` gets the hash of its content, as `defineIvr` gives it.
 * @throws {CtiError} `flow.invalid` with `path` and `expected`
 */
export function fromJson(json: string): IvrFlow {
  return deepFreeze(readIvrGraph(parse(json)));
}

function parse(json: string): unknown {
  const refuse = (expected: string, cause?: unknown): never => {
    throw new CtiError('flow.invalid', `expected ${expected}`, { details: { path: '', expected }, cause });
  };
  if (json.length > MAX_JSON_TEXT) return refuse(`at most ${MAX_JSON_TEXT} characters of JSON`);
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    return refuse('a JSON text', error);
  }
}
