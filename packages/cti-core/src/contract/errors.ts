/**
 * Every error code of the product with its wire forms. `http`: status of a REST answer; `ws`: close code when it ends a
 * socket (else the socket lives and the error answers one frame); `retryable`: the same request may succeed later.
 */
export const ERROR_CODES = {
  'argument.invalid': { http: 400, retryable: false },
  'argument.number': { http: 400, retryable: false },
  'auth.missing': { http: 401, ws: 4401, retryable: false },
  'auth.invalid': { http: 401, ws: 4401, retryable: false },
  'auth.expired': { http: 401, ws: 4401, retryable: true },
  'auth.forbidden': { http: 403, retryable: false },
  'auth.origin': { http: 403, ws: 4403, retryable: false },
  'call.notFound': { http: 404, retryable: false },
  'call.state': { http: 409, retryable: false },
  'call.blocked': { http: 403, retryable: false },
  'agent.notFound': { http: 404, retryable: false },
  'agent.state': { http: 409, retryable: false },
  'agent.seat': { http: 409, retryable: false },
  'queue.notFound': { http: 404, retryable: false },
  'device.notFound': { http: 404, retryable: false },
  'flow.notFound': { http: 404, retryable: false },
  'flow.invalid': { http: 422, retryable: false },
  'recording.notFound': { http: 404, retryable: false },
  'cdr.notFound': { http: 404, retryable: false },
  'resource.notFound': { http: 404, retryable: false },
  'resource.conflict': { http: 409, retryable: false },
  'pop.gone': { http: 410, retryable: false },
  'command.duplicate': { http: 409, retryable: false },
  'command.unknown': { http: 400, retryable: false },
  'command.notSupported': { http: 501, retryable: false },
  'command.superseded': { http: 409, retryable: false },
  'driver.started': { http: 500, retryable: false },
  'driver.stopped': { http: 503, retryable: true },
  'driver.timeout': { http: 504, retryable: true },
  'driver.linkLost': { http: 503, retryable: true },
  'driver.refused': { http: 502, retryable: false },
  'driver.outcomeUnknown': { http: 504, retryable: false },
  'device.lost': { http: 503, retryable: true },
  'device.refused': { http: 502, retryable: false },
  'device.notSupported': { http: 501, retryable: false },
  'device.timeout': { http: 504, retryable: true },
  'device.missing': { http: 503, retryable: false },
  'link.auth': { http: 502, retryable: false },
  'link.closed': { http: 502, retryable: true },
  'wire.frameTooLarge': { http: 413, ws: 1009, retryable: false },
  'wire.frameInvalid': { http: 400, retryable: false },
  'wire.unsafeValue': { http: 400, retryable: false },
  'config.invalid': { http: 422, retryable: false },
  'config.unresolved': { http: 422, retryable: false },
  'journal.version': { http: 500, retryable: false },
  'journal.corrupt': { http: 500, retryable: false },
  'store.unavailable': { http: 503, retryable: true },
  'server.busy': { http: 429, ws: 4429, retryable: true },
  'server.draining': { http: 503, ws: 1012, retryable: true },
  'server.internal': { http: 500, ws: 1011, retryable: false },
  'client.closed': { http: 499, retryable: false },
  'client.timeout': { http: 504, retryable: true },
  'wait.aborted': { http: 499, retryable: false },
} as const satisfies Record<string, { http: number; ws?: number; retryable: boolean }>;

/** One of {@link ERROR_CODES}. */
export type CtiErrorCode = keyof typeof ERROR_CODES;

/** Plain facts of an error: what it was about. Redacted by key where it leaves the process; the message itself never holds personal data. */
export type CtiErrorDetails = Readonly<
  Record<string, string | number | boolean | null | readonly string[] | undefined>
>;

const MARK = Symbol.for('cordboard.CtiError');

/** The one error class. Recognise it with {@link isCtiError}, not `instanceof`. */
export class CtiError<C extends CtiErrorCode = CtiErrorCode> extends Error {
  /** Stable code `area.reason`. */
  readonly code: C;
  /** What it was about; may hold personal data, so it is never logged whole. */
  readonly details: CtiErrorDetails;
  /**
   * @param message - what failed, on what, the limit, what to do; lower case, no full stop, no personal data
   * @param context - `details` and the `cause`
   */
  constructor(
    code: C,
    message: string,
    context: { readonly details?: CtiErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(`${message} [${code}]`, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = 'CtiError';
    this.code = code;
    this.details = context.details ?? {};
    Object.defineProperty(this, MARK, { value: true });
  }
  /** May the same request succeed later? */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
  /** The wire form. */
  toJSON(): { code: C; message: string; details: CtiErrorDetails; retryable: boolean } {
    return { code: this.code, message: this.message, details: this.details, retryable: this.retryable };
  }
}

/** Is it ours (from any copy of the package), and of this code? */
export function isCtiError<C extends CtiErrorCode>(error: unknown, code?: C): error is CtiError<C> {
  return (
    typeof error === 'object' &&
    error !== null &&
    MARK in error &&
    (code === undefined || (error as unknown as CtiError).code === code)
  );
}
