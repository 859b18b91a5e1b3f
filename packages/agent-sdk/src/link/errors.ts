import { CtiError, type CtiErrorCode, type CtiErrorDetails, ERROR_CODES } from '@cordboard/cti-core';

/** An error as the server wrote it. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly details?: CtiErrorDetails | undefined;
}

/** Makes the error that the server told of. A code that this version does not know becomes `server.internal` with the code in its details. */
export function errorOf(told: ToldError): CtiError {
  const known = Object.hasOwn(ERROR_CODES, told.code);
  const code = known ? (told.code as CtiErrorCode) : 'server.internal';
  const suffix = ` [${told.code}]`;
  const message = told.message.endsWith(suffix) ? told.message.slice(0, -suffix.length) : told.message;
  const details = known ? (told.details ?? {}) : { ...told.details, code: told.code };
  return new CtiError(code, message, { details });
}
