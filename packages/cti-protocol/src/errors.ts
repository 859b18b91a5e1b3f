import { CtiError, type CtiErrorCode, type CtiErrorDetails, ERROR_CODES, isCtiError } from '@cordboard/cti-core';
import * as z from 'zod';
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
  const suffix = ` [${code}]`;
  const message = error.message.endsWith(suffix) ? error.message.slice(0, -suffix.length) : error.message;
  return new CtiError(code, message, error.details === undefined ? {} : { details: error.details });
}

/**
 * Turns the first complaint of a schema into an error that names the field and what was expected, never the value.
 *
 * @param code - `argument.invalid` for requests, `config.invalid` for configuration, `wire.frameInvalid` for frames
 */
export function fromZodError(code: CtiErrorCode, error: z.ZodError, root = ''): CtiError {
  const { path, expected } = firstComplaint(error.issues, root);
  return new CtiError(code, `${path === '' ? 'value' : path}: ${expected}`, {
    details: { path, expected, problems: error.issues.length },
  });
}

/** The place and the expectation of the first issue; goes into the branch of a union that came nearest. */
function firstComplaint(issues: readonly z.core.$ZodIssue[], root: string): { path: string; expected: string } {
  const issue = issues[0];
  if (issue === undefined) return { path: root, expected: 'invalid value' };
  const path = joinPath(root, issue.path);
  if (issue.code === 'invalid_union') {
    // One branch that complains less than all others is the one that was meant.
    const [nearest, next] = issue.errors.toSorted((a, b) => a.length - b.length);
    const isClear = nearest !== undefined && nearest.length < (next?.length ?? Number.POSITIVE_INFINITY);
    if (isClear && goesDeeper(nearest)) return firstComplaint(nearest, path);
  }
  if (issue.code === 'unrecognized_keys')
    return { path: joinPath(path, [issue.keys[0] ?? '']), expected: 'unknown field' };
  return { path, expected: issue.message };
}

const goesDeeper = (issues: readonly z.core.$ZodIssue[]): boolean =>
  issues.some((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys');

function joinPath(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    root,
  );
}
