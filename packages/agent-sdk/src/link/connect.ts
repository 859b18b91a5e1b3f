import { CtiError, type StreamId } from '@cordboard/cti-core';
import { type HostOptions, hostOf, randomId } from '../base/host.js';
import { page, pageAddress } from '../base/page.js';
import { socketAddress } from './address.js';
import type { BackoffOptions } from './backoff.js';
import type { LinkState } from './link-state.js';
import { ServerLink, type TokenReason, type Welcome } from './server-link.js';
import type { StreamSink } from './stream-reader.js';

/** How to reach a server. */
export interface ConnectOptions extends HostOptions {
  /** `wss://host`, `https://host` or the full address of the WebSocket; in a page, a path of the same origin. */
  readonly url: string;
  /**
   * Gives a token: at each dial (`connect`), and before the old one ends (`renew`). Your own server mints it for the person who is
   * signed in there. Throw a `CtiError` with an `auth.*` code to end the desk for good; any other failure is tried again.
   */
  readonly getToken: (reason: TokenReason) => string | Promise<string>;
  /** Gives up while connecting; once connected it has no effect. */
  readonly signal?: AbortSignal;
  /** Bound of the first connect, 1,000-600,000 ms; default 30,000 ms. Later losses are tried for ever. */
  readonly connectTimeoutMs?: number;
  /** Bound of each command, 1,000-600,000 ms; default 30,000 ms. Longer than the server's own bounds, which tell more. */
  readonly requestTimeoutMs?: number;
  readonly backoff?: BackoffOptions;
  /** Name and version of your program, for the server's logs; at most 64 characters. */
  readonly clientName?: string;
  /** Names this page among the pages of one agent; default: random. */
  readonly tab?: string;
}

/** What differs between the kinds of client. */
export interface ClientKind {
  readonly streamFor: (welcome: Welcome) => StreamId;
  readonly sink: StreamSink;
  readonly onState: (state: LinkState, before: LinkState) => void;
  /** What `welcome` told is another now. */
  readonly onTold?: () => void;
}

/** A link in use. */
export interface OpenLink {
  readonly link: ServerLink;
  readonly tab: string;
  /** Removes what listens on the page and closes the link; idempotent. */
  readonly close: () => void;
}

/** Listens for the page's network coming back, or the page itself out of the freezer. */
function onPageBack(listener: () => void): () => void {
  const names = ['online', 'pageshow'];
  for (const name of names) page().addEventListener?.(name, listener);
  return () => {
    for (const name of names) page().removeEventListener?.(name, listener);
  };
}

/**
 * Connects and waits until the stream is complete.
 * @throws {CtiError} `argument.invalid`, `auth.*` of the server, `client.timeout`, `wait.aborted`
 */
export async function openLink(options: ConnectOptions, kind: ClientKind): Promise<OpenLink> {
  const { signal, connectTimeoutMs = 30_000, requestTimeoutMs = 30_000 } = options;
  if (signal?.aborted) throw abortedError(signal);
  const host = hostOf(options);
  const address = socketAddress(options.url, pageAddress());
  const tab = options.tab ?? randomId(host.random, 12);
  return new Promise<OpenLink>((resolve, reject) => {
    let settled = false;
    const settle = (error?: CtiError): void => {
      if (settled) return;
      settled = true;
      cancelTimer();
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) {
        resolve({ link, tab, close });
        return;
      }
      close();
      reject(error);
    };
    const link = new ServerLink({
      address,
      getToken: options.getToken,
      clientName: options.clientName,
      tab,
      host,
      backoff: options.backoff ?? {},
      requestTimeoutMs,
      streamFor: kind.streamFor,
      sink: kind.sink,
      onState: (state, before) => {
        if (state === 'online') settle();
        if (before !== 'connecting') kind.onState(state, before);
      },
      onTold: kind.onTold,
      onFailed: (error) => settle(error),
    });
    const stopListening = onPageBack(() => link.hurry());
    const close = (): void => {
      stopListening();
      link.close();
    };
    const onAbort = (): void => settle(abortedError(signal));
    const cancelTimer = host.clock.setTimer(connectTimeoutMs, () => {
      settle(new CtiError('client.timeout', `the server could not be reached in ${connectTimeoutMs} ms`));
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    link.start();
  });
}

function abortedError(signal: AbortSignal | undefined): CtiError {
  return new CtiError('wait.aborted', 'connecting was given up', { cause: signal?.reason });
}
