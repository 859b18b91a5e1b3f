import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { CtiError } from '@cordboard/cti-core';
import type { AriRequest } from '../map/request.js';

/** Where ARI is and who asks. */
export interface AriAddress {
  /** `http://host:8088` or `https://...`, with or without a trailing `/ari`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** An answer of Asterisk, whatever its status. `json` is `undefined` for an empty body or one that is no JSON. */
export interface AriAnswer {
  readonly status: number;
  readonly json: unknown;
}

/** Largest body of an answer; 5,000 channels are about 3 MB. */
const MAX_BODY_BYTES = 32 << 20;
/** A socket idle for so long is given up by us, before Asterisk's `session_keep_alive` (15 s) can close it under a request. */
const IDLE_SOCKET_MS = 8_000;
const MAX_SOCKETS = 24;

/** Asks Asterisk over HTTP, with kept-alive sockets. Opens nothing before the first request. */
export class AriRest {
  readonly #base: URL;
  readonly #authorization: string;
  readonly #agent: HttpAgent;

  constructor(address: AriAddress) {
    this.#base = ariBase(address.url);
    this.#authorization = `Basic ${Buffer.from(`${address.user}:${address.password}`).toString('base64')}`;
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: IDLE_SOCKET_MS, scheduling: 'lifo' } as const;
    this.#agent = this.#base.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * Sends one request and reads its whole answer. A request that met a socket which Asterisk had just closed is sent once more.
   *
   * @throws {CtiError} `driver.linkLost` when no answer could be had, `wait.aborted` when the signal ended it,
   *   `wire.frameTooLarge` when the answer passes 32 MiB
   */
  async send(request: AriRequest, options: { readonly signal: AbortSignal }): Promise<AriAnswer> {
    const message = await this.#open(request, options.signal);
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of message) {
        const piece = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
        bytes += piece.length;
        if (bytes > MAX_BODY_BYTES) {
          message.destroy();
          throw new CtiError('wire.frameTooLarge', `an answer of ARI is longer than ${MAX_BODY_BYTES} bytes`);
        }
        chunks.push(piece);
      }
    } catch (error) {
      throw lost(error, options.signal);
    }
    return { status: message.statusCode ?? 0, json: parse(Buffer.concat(chunks)) };
  }

  /**
   * Opens the bytes of a resource for reading; the caller reads them to the end or destroys the stream.
   *
   * @returns `undefined` when Asterisk has no such resource
   * @throws {CtiError} as {@link send}
   */
  async stream(
    request: AriRequest,
    options: { readonly signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    const message = await this.#open(request, options.signal);
    if (message.statusCode === 200) return message;
    message.resume();
    return undefined;
  }

  /** Closes every socket. Later requests would open new ones; the link makes a client of its own for each life. */
  close(): void {
    this.#agent.destroy();
  }

  async #open(request: AriRequest, signal: AbortSignal): Promise<IncomingMessage> {
    try {
      return await this.#once(request, signal);
    } catch (error) {
      if (!(error instanceof StaleSocket) || signal.aborted) throw lost(error, signal);
    }
    try {
      return await this.#once(request, signal);
    } catch (error) {
      throw lost(error, signal);
    }
  }

  #once(request: AriRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(`${this.#base.pathname}${request.path}`, this.#base);
    for (const [key, value] of Object.entries(request.query ?? {})) url.searchParams.set(key, value);
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const client: ClientRequest = send(url, {
        method: request.method,
        agent: this.#agent,
        signal,
        headers: {
          authorization: this.#authorization,
          ...(body === undefined
            ? request.method === 'POST' || request.method === 'PUT'
              ? { 'content-length': 0 }
              : {}
            : { 'content-type': 'application/json', 'content-length': body.length }),
        },
      });
      client.once('response', resolve);
      client.on('error', (error: NodeJS.ErrnoException) => {
        const stale = client.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        reject(stale ? new StaleSocket('the kept socket was closed', { cause: error }) : error);
      });
      client.end(body);
    });
  }
}

/** The base of ARI's paths: `<url>/ari`, whether or not the configuration wrote the `/ari`. */
export function ariBase(url: string): URL {
  const base = new URL(url);
  base.pathname = base.pathname
    .replace(/\/+$/, '')
    .replace(/\/ari$/, '')
    .concat('/ari');
  return base;
}

/** A kept-alive socket that the other side closed before it read the request: safe to send again. */
class StaleSocket extends Error {}

function lost(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof CtiError) return error;
  if (signal.aborted) return new CtiError('wait.aborted', 'the request to ARI was given up', { cause: error });
  return new CtiError('driver.linkLost', 'ARI can not be reached', { cause: error });
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // An HTML page of a proxy, say: the status alone decides what it means.
    return undefined;
  }
}
