import { CtiError } from '@cordboard/cti-core';
import { z } from 'zod';

/**
 * Checks what a user wrote as options of a driver.
 *
 * @param options.whole - what the options are of, for a problem of no single field
 * @param options.under - where they stand in what the user wrote, the beginning of every path; default nowhere
 * @returns the options with their defaults
 * @throws {CtiError} `config.invalid` with the path of the first wrong field; what was written there is not repeated
 */
export function checkedOptions<T>(
  schema: z.ZodType<T>,
  input: unknown,
  { whole, under = [] }: { readonly whole: string; readonly under?: readonly string[] },
): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = [...under, ...(issue?.path ?? [])].join('.');
  throw new CtiError('config.invalid', `option ${path || whole}: ${issue?.message ?? 'is wrong'}`, {
    details: { path, problems: z.prettifyError(parsed.error) },
    cause: parsed.error,
  });
}
