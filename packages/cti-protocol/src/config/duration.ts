import { type DurationText, parseDuration } from '@cordboard/cti-core';
import * as z from 'zod';

/** A schema for durations between two bounds; the output is milliseconds. `never` is 0 where `minMs` is 0. */
export function duration(minMs: number, maxMs: number): z.ZodType<number, DurationText> {
  const expected = `expected a duration such as '20s', between ${minMs} ms and ${maxMs} ms`;
  return z.string({ error: expected }).transform((text, context) => {
    const valueMs = text === 'never' ? 0 : parseDuration(text);
    if (valueMs === undefined || valueMs < minMs || valueMs > maxMs) {
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    }
    return valueMs;
  });
}
