import { CtiError, type CtiErrorCode, ERROR_CODES } from '@cordboard/cti-core';
import { pageAddress } from '../base/page.js';
import { socketAddress } from './address.js';
import type { TokenReason } from './server-link.js';

/** One request of the server's REST interface. */
export interface RestAsk {
  readonly method?: 'GET' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the server that a link leads to, with a token of its own.
 * @throws {CtiError} what the server says; `link.closed` when it cannot be reached, `wait.aborted`
 */
export async function askRest<T>(
  to: { readonly url: string; readonly getToken: (reason: TokenReason) => string | Promise<string> },
  path: string,
  { method = 'GET', body, signal }: RestAsk = {},
): Promise<T> {
  const address = new URL(path, socketAddress(to.url, pageAddress()).replace(/^ws/u, 'http'));
  const authorization = `Bearer ${await to.getToken('connect')}`;
  const response = await fetch(address, {
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => giveUp(cause, signal));
  const text = await response.text().catch((cause: unknown) => giveUp(cause, signal));
  if (!response.ok) throw refusalOf(text, response.status);
  try {
    return (text === '' ? undefined : JSON.parse(text)) as T;
  } catch {
    throw new CtiError('link.closed', 'the answer is no JSON');
  }
}

function giveUp(cause: unknown, signal: AbortSignal | undefined): never {
  if (signal?.aborted === true) throw new CtiError('wait.aborted', 'the wait for the answer was given up', { cause });
  throw new CtiError('link.closed', 'the server cannot be reached', { cause });
}

function refusalOf(text: string, status: number): CtiError {
  try {
    const { code, message } = JSON.parse(text) as { readonly code?: unknown; readonly message?: unknown };
    if (typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)) {
      return new CtiError(code as CtiErrorCode, String(message).replace(` [${code}]`, ''));
    }
  } catch {
    // What stands between us and the server answers in words of its own.
  }
  return new CtiError('link.closed', `the server answered ${status}`);
}
