import { checkedOptions } from '@cordboard/driver-kit';
import type { z } from 'zod';

/**
 * Checks the options of a device.
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 */
export function deviceOptions<T>(schema: z.ZodType<T>, input: unknown): T {
  return checkedOptions(schema, input, { whole: 'device', under: ['device'] });
}
