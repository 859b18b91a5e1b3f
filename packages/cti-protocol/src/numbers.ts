import type { PhoneNumber } from '@cordboard/cti-core';
import * as z from 'zod';

/** Schema of a number as clients see it. In mask class `masked` the `raw` is a reference, in `hidden` it is empty. */
export const phoneNumber: z.ZodType<PhoneNumber, PhoneNumber> = z
  .object({
    raw: z.string().max(64),
    e164: z.string().max(32).exactOptional(),
    display: z.string().max(64),
    presentation: z.enum(['allowed', 'withheld', 'unavailable']),
  })
  .meta({ id: 'PhoneNumber', description: 'A telephone number, normalised by the dial plan' });
