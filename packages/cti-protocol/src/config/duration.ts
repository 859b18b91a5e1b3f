import * as z from 'zod';

/** A length of time as people write it: `500ms`, `20s`, `1m30s`, `2h`, `7d`. */
export type Duration = string;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gu;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/u;

/** Milliseconds of a duration text; `undefined` when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 32 || !WHOLE.test(text)) return undefined;
  let sumMs = 0;
  for (const [, amount = '0', unit = ''] of text.matchAll(PART)) sumMs += Number(amount) * (UNIT_MS[unit] ?? 0);
  return Math.round(sumMs);
}

/** A schema for durations between two bounds; the output is milliseconds. `never` is 0 where `minMs` is 0. */
export function duration(minMs: number, maxMs: number): z.ZodType<number, Duration> {
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
