import { connect } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { EslSession, type EslSessionOptions, type EslSocket } from './esl-session.js';

/** Where an event socket listens. */
export interface EslAddress {
  readonly host: string;
  readonly port: number;
  /** Speak TLS, as a proxy before FreeSWITCH may offer it; FreeSWITCH itself has none. Options of `node:tls`. */
  readonly tls?: ConnectionOptions;
}

/** Reads go into one buffer, for the decoder keeps no view of it. */
const READ_BYTES = 64 << 10;
const KEEP_ALIVE_MS = 30_000;

/**
 * Opens an event socket: the only place where one is dialled.
 *
 * @throws by rejection the socket's error, or the signal's reason
 */
export function dialEsl(
  address: EslAddress,
  options: EslSessionOptions & { readonly signal: AbortSignal },
): Promise<EslSession> {
  const { host, port, tls } = address;
  const { signal } = options;
  return new Promise((resolve, reject) => {
    let session: EslSession | undefined;
    const onread = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (length: number, buffer: Uint8Array): boolean => {
        session?.receive(buffer.subarray(0, length));
        return true;
      },
    };
    const socket = tls === undefined ? connect({ host, port, onread }) : connectTls({ ...tls, host, port });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const open = tls === undefined ? 'connect' : 'secureConnect';
    const done = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off(open, onOpen);
      socket.off('error', onError);
    };
    const onOpen = (): void => {
      done();
      const opened = new EslSession(socket satisfies EslSocket, options);
      session = opened;
      if (tls !== undefined) socket.on('data', (chunk: Buffer) => opened.receive(chunk));
      resolve(opened);
    };
    const onError = (error: Error): void => {
      done();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => {
      done();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once(open, onOpen);
    socket.once('error', onError);
    if (signal.aborted) onAbort();
  });
}
