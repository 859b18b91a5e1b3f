import { CtiError } from '@cordboard/cti-core';
import { z } from 'zod';

/**
 * Checks the options of a device.
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 */
export function deviceOptions<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = ['device', ...(issue?.path ?? [])].join('.');
  throw new CtiError('config.invalid', `option ${path}: ${issue?.message ?? 'is wrong'}`, {
    details: { path, problems: z.prettifyError(parsed.error) },
    cause: parsed.error,
  });
}
