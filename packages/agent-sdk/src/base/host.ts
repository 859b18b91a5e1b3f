import { type Clock, CtiError, type Logger } from '@cordboard/cti-core';

/** The part of the WHATWG WebSocket that the link uses: a browser's own, Node's, or that of the `ws` package. */
export interface SocketLike {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: { readonly data: unknown }) => unknown) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** Makes a socket. */
export type SocketConstructor = new (url: string, protocols?: string | string[]) => SocketLike;

/** What the client asks of the world; each part can be given, for tests and for hosts without the usual globals. */
export interface HostOptions {
  /** Default: the global `WebSocket`. On Node 20 give that of the `ws` package. */
  readonly WebSocket?: SocketConstructor;
  /** Default: `performance.now()`, `Date.now()` and timers of the host. */
  readonly clock?: Clock;
  /** 0 <= x < 1; for jitter and ids. Default: `Math.random`. */
  readonly random?: () => number;
  /** Default: silent. Fields never hold numbers, names or tokens. */
  readonly log?: Logger;
}

/** {@link HostOptions}, filled in. */
export interface Host {
  readonly socketOf: (url: string, protocols: readonly string[]) => SocketLike;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const hostClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer: (delayMs, callback) => {
    const handle = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(handle);
  },
};

/** Fills in what was not given. Looks for the global `WebSocket` only when a socket is made. */
export function hostOf(options: HostOptions): Host {
  return {
    socketOf: (url, protocols) => {
      const Constructor = options.WebSocket ?? (globalThis as { WebSocket?: SocketConstructor }).WebSocket;
      if (Constructor === undefined) {
        throw new CtiError('argument.invalid', 'this host has no WebSocket: give one as an option');
      }
      return protocols.length === 0 ? new Constructor(url) : new Constructor(url, [...protocols]);
    },
    clock: options.clock ?? hostClock,
    random: options.random ?? Math.random,
    log: options.log ?? silent,
  };
}

/** A random text of `length` letters and digits, for ids that must not meet. */
export function randomId(random: () => number, length = 20): string {
  let text = '';
  while (text.length < length) text += Math.floor(random() * 36).toString(36);
  return text;
}
