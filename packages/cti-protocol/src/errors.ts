import { CtiError, type CtiErrorCode, type CtiErrorDetails, ERROR_CODES, isCtiError } from '@cordboard/cti-core';
import * as z from 'zod';
import { complaintsOf } from './complaints.js';
import type { WireError } from './types.js';

const CODES = Object.keys(ERROR_CODES) as [CtiErrorCode, ...CtiErrorCode[]];

/** Schema of an error code. */
export const errorCode = z.enum(CODES).meta({ id: 'ErrorCode', description: 'Stable code `area.reason`' });

/** Schema of the plain facts of an error. */
export const errorDetails = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
) as unknown as z.ZodType<CtiErrorDetails, CtiErrorDetails>;

/** Schema of {@link WireError}. */
export const wireError = z
  .object({
    code: errorCode,
    message: z.string(),
    details: errorDetails.exactOptional(),
    retryable: z.boolean(),
  })
  .meta({ id: 'Error', description: 'What went wrong; the code alone is for programs' }) satisfies z.ZodType<WireError>;

/**
 * The wire form of any failure. An error that is not ours becomes `server.internal` without its text, which may hold
 * what nobody outside should read.
 */
export function toWireError(error: unknown): WireError {
  if (!isCtiError(error)) {
    return { code: 'server.internal', message: 'internal error [server.internal]', retryable: false };
  }
  const base = { code: error.code, message: error.message, retryable: error.retryable };
  return Object.keys(error.details).length === 0 ? base : { ...base, details: error.details };
}

/** The error again, on the receiving side. An unknown code (of a newer server) becomes `server.internal` with the text kept. */
export function fromWireError(error: Pick<WireError, 'code' | 'message' | 'details'>): CtiError {
  const known = Object.hasOwn(ERROR_CODES, error.code);
  const code: CtiErrorCode = known ? error.code : 'server.internal';
  const message = textOf({ code, message: error.message });
  return new CtiError(code, message, error.details === undefined ? {} : { details: error.details });
}

/** Most problems that one error tells. */
const MAX_PROBLEMS = 20;

/**
 * Turns the complaints of a schema into an error that names the fields and what was expected, never a value. `path` and `expected` are of
 * the first; with more than one, `all` has the first 20 as texts and `problems` their number.
 *
 * @param code - `argument.invalid` for requests, `config.invalid` for configuration, `wire.frameInvalid` for frames
 * @param root - where the data stands in a greater whole; default: it is the whole
 */
export function fromZodError(code: CtiErrorCode, error: z.ZodError, root = ''): CtiError {
  return allProblems(
    complaintsOf(error.issues, root).map(({ path, expected }) => {
      return new CtiError(code, `${path === '' ? 'value' : path}: ${expected}`, { details: { path, expected } });
    }),
  );
}

/**
 * One error for several problems: the first one, with `details.problems` (their number) and, where there is more than one, `details.all`
 * (texts of the first 20).
 *
 * @throws {CtiError} `server.internal` for an empty list
 */
export function allProblems(errors: readonly CtiError[]): CtiError {
  const [first] = errors;
  if (first === undefined) throw new CtiError('server.internal', 'an error without a problem');
  const texts = errors.flatMap((error) => (Array.isArray(error.details.all) ? error.details.all : [textOf(error)]));
  const problems = errors.reduce(
    (sum, { details }) => sum + (typeof details.problems === 'number' ? details.problems : 1),
    0,
  );
  const all = texts.length > 1 ? { all: texts.slice(0, MAX_PROBLEMS) } : {};
  return new CtiError(first.code, textOf(first), {
    cause: first.cause,
    details: { ...first.details, problems, ...all },
  });
}

/** The message without the code behind it. */
function textOf({ code, message }: Pick<CtiError, 'code' | 'message'>): string {
  const suffix = ` [${code}]`;
  return message.endsWith(suffix) ? message.slice(0, -suffix.length) : message;
}
