import { isCtiError } from '@cordboard/cti-core';

/** What may be logged of a failure: our codes and texts, which hold nothing personal; of others the code or class and the place. */
export interface FailureFacts {
  readonly code: string;
  /** The system's code of what caused it. */
  readonly cause?: string;
  readonly reason?: string;
  readonly at?: string;
}

/** See {@link FailureFacts}. */
export function factsOf(error: unknown): FailureFacts {
  if (isCtiError(error)) {
    const cause = (error.cause as { readonly code?: unknown } | undefined)?.code;
    return { code: error.code, reason: error.message, ...(typeof cause === 'string' ? { cause } : {}) };
  }
  if (!(error instanceof Error)) return { code: 'server.internal' };
  const { code } = error as { readonly code?: unknown };
  const at = /\n\s+at (.{1,200})/u.exec(error.stack ?? '')?.[1];
  const place = at === undefined ? {} : { at };
  return { code: typeof code === 'string' ? code : 'server.internal', reason: error.name, ...place };
}
