import { type Clock, CtiError, type LinkDownReason } from '@cordboard/cti-core';
import type { LinkSession } from '@cordboard/driver-kit';
import { type RawData, WebSocket } from 'ws';
import { type AriUnreadable, decodeAriEvent } from '../wire/ari-decoder.js';
import type { AriEvent } from '../wire/ari-messages.js';
import { type AriAddress, AriRest, ariBase } from './ari-rest.js';

/** Largest message of the event socket; real ones are below 10 kB. */
const MAX_MESSAGE_BYTES = 4 << 20;
/** Events kept for a reader that has not come yet; it comes in the same turn, so a handful would do. */
const MAX_EARLY = 10_000;
/** How long a closing handshake may take before the socket is cut. */
const CLOSE_MS = 300;
/**
 * Asterisk doubles the events of our channels byte for byte (they are told to the application twice, for the channel and
 * for its endpoint), a few messages apart at most.
 */
const REMEMBERED = 64;

/** What comes out of the event socket. */
export type AriFrame = AriEvent | AriUnreadable;

/**
 * One life of the link to ARI: the event socket, and the REST client that belongs to it. Made by {@link dialAri}.
 */
export class AriSession implements LinkSession {
  readonly rest: AriRest;
  readonly closed: Promise<LinkDownReason>;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  /** The last messages, oldest first. */
  readonly #recent = new Set<string>();
  #heardAtMs: number;
  #reason: LinkDownReason | undefined;
  #cancelCut: (() => void) | undefined;
  #early: string[] | undefined = [];
  #reader: (frame: AriFrame) => void = () => undefined;
  #doubled = 0;

  /** @internal */
  constructor(socket: WebSocket, rest: AriRest, clock: Clock) {
    this.#socket = socket;
    this.rest = rest;
    this.#clock = clock;
    this.#heardAtMs = clock.nowMs();
    socket.on('message', (data) => this.#message(textOf(data)));
    socket.on('pong', () => {
      this.#heardAtMs = clock.nowMs();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#cancelCut?.();
        rest.close();
        resolve(this.#reason ?? 'closed');
      });
      socket.on('error', (error: Error & { code?: string }) => {
        this.#reason ??=
          error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
            ? 'overflow'
            : error.code?.startsWith('WS_ERR')
              ? 'protocol'
              : 'closed';
      });
    });
  }

  /** When the switch was last heard, on the host's clock. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Messages dropped because they were byte for byte those just before. */
  get doubled(): number {
    return this.#doubled;
  }

  /** Hands every message to `reader`, first those that came before it was named. */
  read(reader: (frame: AriFrame) => void): void {
    this.#reader = reader;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const text of early) reader(decodeAriEvent(text));
  }

  /** Asks for a sign of life; resolves when the pong came. */
  probe(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#socket.off('pong', onPong);
        signal.removeEventListener('abort', onAbort);
      };
      const onPong = (): void => {
        done();
        resolve();
      };
      const onAbort = (): void => {
        done();
        reject(new CtiError('wait.aborted', 'no pong from ARI in time'));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#socket.once('pong', onPong);
      this.#socket.ping();
    });
  }

  close(reason: LinkDownReason): void {
    this.#reason ??= reason;
    if (this.#socket.readyState === WebSocket.CLOSED || this.#cancelCut !== undefined) return;
    this.#cancelCut = this.#clock.setTimer(CLOSE_MS, () => this.#socket.terminate());
    if (reason === 'timeout') this.#socket.terminate();
    else this.#socket.close(1000);
  }

  #message(text: string): void {
    this.#heardAtMs = this.#clock.nowMs();
    if (this.#recent.has(text)) {
      this.#doubled += 1;
      return;
    }
    this.#recent.add(text);
    if (this.#recent.size > REMEMBERED)
      for (const oldest of this.#recent.values()) if (this.#recent.delete(oldest)) break;
    if (this.#early === undefined) this.#reader(decodeAriEvent(text));
    else if (this.#early.push(text) > MAX_EARLY) this.close('overflow');
  }
}

/**
 * Opens the event socket of the application: the only place where it is dialled.
 *
 * @throws {CtiError} by rejection: `link.auth` for a wrong user or password, `link.closed` with the reason to retry
 *   otherwise (Asterisk answers 404 and 503 while it starts); the signal's reason when it aborts
 */
export function dialAri(
  address: AriAddress & { readonly app: string },
  context: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<AriSession> {
  const { signal, clock } = context;
  const url = ariBase(address.url);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.pathname += '/events';
  url.searchParams.set('app', address.app);
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Basic ${Buffer.from(`${address.user}:${address.password}`).toString('base64')}` },
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    const done = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('open', onOpen);
      socket.off('unexpected-response', onRefused);
    };
    const fail = (error: unknown): void => {
      done();
      // ws tells an error again when a socket that is still connecting is cut.
      socket.on('error', () => undefined);
      socket.terminate();
      reject(error);
    };
    const onAbort = (): void => fail(signal.reason);
    const onOpen = (): void => {
      done();
      socket.off('error', fail);
      resolve(new AriSession(socket, new AriRest(address), clock));
    };
    const onRefused = (_: unknown, answer: { readonly statusCode?: number }): void =>
      fail(refusal(answer.statusCode ?? 0));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('open', onOpen);
    socket.once('unexpected-response', onRefused);
    socket.once('error', fail);
  });
}

function refusal(status: number): CtiError {
  if (status === 401 || status === 403) {
    return new CtiError('link.auth', `ARI refused the user or password with status ${status}`, { details: { status } });
  }
  return new CtiError('link.closed', `ARI answered the event socket with status ${status}`, {
    details: { status, linkDown: 'refused' },
  });
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString('utf8');
}
