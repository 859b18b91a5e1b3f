import type { Brand } from '@cordboard/cti-core';
import * as z from 'zod';

/** A schema for a branded id: a text of 1 to `max` characters without control characters. */
export function idOf<T extends Brand<string>>(what: string, max = 128): z.ZodType<T, string> {
  const schema = z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]+$/u, `expected ${what} without control characters`)
    .meta({ description: what });
  // The brand exists for the compiler alone: at run time the value is the checked text itself.
  return schema as unknown as z.ZodType<T, string>;
}

/** Whole milliseconds, 0 or more. */
export const durationMs = z.int().min(0).meta({ description: 'milliseconds' });
/** Epoch milliseconds. */
export const wallMs = z.int().min(0).meta({ description: 'epoch milliseconds' });
/** Milliseconds on the server's monotone clock; may carry a fraction. */
export const clockMs = z.number().meta({ description: "milliseconds on the server's monotone clock" });
/** Texts by key, as a call's data: at most 64 keys of 1-64 characters, values of at most 1,000. */
export const callData = z
  .record(z.string().min(1).max(64), z.string().max(1000))
  .refine((data) => Object.keys(data).length <= 64, 'expected at most 64 keys');
