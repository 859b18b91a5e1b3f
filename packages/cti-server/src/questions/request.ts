import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { type AddressLookup, publicLookup } from './addresses.js';
import type { Permitted } from './allow-list.js';

/** Most bytes of an answer's body. */
export const ANSWER_BYTES = 256 * 1024;

/** What is sent. */
export interface HttpRequest {
  readonly to: Permitted;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whether the body is wanted; else it is not waited for. */
  readonly wants: 'body' | 'status';
  readonly signal: AbortSignal;
  readonly lookup?: AddressLookup;
}

/** What came back. `body` is absent where it was not wanted or was too long. */
export interface HttpAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly retryAfter: string | undefined;
  readonly body?: string;
}

/**
 * Sends one request on a connection of its own. Redirects are not followed: one that leaves the list of services would lead the request, and the secrets in it, elsewhere.
 * Rejects when there is no whole answer: the name or the connection fails, the signal aborts, the body breaks off.
 */
export function send(one: HttpRequest): Promise<HttpAnswer> {
  const { to, method, headers, body, signal } = one;
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const sent = (to.url.protocol === 'https:' ? requestTls : requestPlain)(to.url, {
      method,
      agent: false,
      headers: { ...headers, ...(bytes === undefined ? {} : { 'content-length': bytes.length }) },
      maxHeaderSize: 16_384,
      signal,
      ...(to.addresses === 'public' ? { lookup: publicLookup(one.lookup) } : one.lookup ? { lookup: one.lookup } : {}),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const answer = {
        status: response.statusCode ?? 0,
        mediaType: (response.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
        retryAfter: response.headers['retry-after'],
      };
      const settle = (text: string | undefined): void => {
        resolve(text === undefined ? answer : { ...answer, body: text });
        sent.destroy();
      };
      if (one.wants === 'status') settle(undefined);
      else read(response, settle, reject);
    });
    sent.end(bytes);
  });
}

function read(
  response: IncomingMessage,
  settle: (text: string | undefined) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('error', reject);
  response.on('close', () => {
    if (!response.complete) reject(new Error('the answer broke off'));
  });
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) return settle(undefined);
    chunks.push(chunk);
  });
  response.on('end', () => settle(Buffer.concat(chunks).toString('utf8')));
}
