import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { CtiError } from '@cordboard/cti-core';
import type { OpenTransport } from '../../profile/transport.js';

/** A port that hotel systems dial. */
export interface TcpListener {
  /** Opens by waiting for the next one that dials. */
  readonly open: OpenTransport;
  /** Begins to listen; tells the port. May be called again. */
  listen(): Promise<number>;
  /** Ends it, with whoever is connected. May be called again. */
  close(): Promise<void>;
}

/**
 * A transport that the other side dials. One peer at a time: who dials later is the one that counts, since a peer that was switched off does not say so.
 *
 * @param at - `host` default all interfaces, `port` 0-65535
 */
export function listenTcp(at: { readonly host?: string; readonly port: number }): TcpListener {
  let server: Server | undefined;
  let opened: Promise<number> | undefined;
  let current: Socket | undefined;
  let arrived: Socket | undefined;
  let tell: ((socket: Socket) => void) | undefined;
  const take = (socket: Socket): void => {
    socket.on('error', () => undefined);
    arrived?.destroy();
    current?.destroy();
    arrived = socket;
    socket.once('close', () => {
      if (arrived === socket) arrived = undefined;
    });
    tell?.(socket);
  };
  const listen = async (): Promise<number> => {
    const made = createServer({ noDelay: true, keepAlive: true }, take);
    server = made;
    made.listen(at.port, at.host);
    await once(made, 'listening');
    const address = made.address();
    if (address === null || typeof address === 'string')
      throw new CtiError('server.internal', 'a port without a number');
    return address.port;
  };
  return {
    listen: () => {
      opened ??= listen();
      return opened;
    },
    async open(signal) {
      opened ??= listen();
      await opened;
      signal.throwIfAborted();
      const socket = await new Promise<Socket>((resolve, reject) => {
        const aborted = (): void => {
          tell = undefined;
          reject(signal.reason);
        };
        tell = (one) => {
          tell = undefined;
          signal.removeEventListener('abort', aborted);
          resolve(one);
        };
        signal.addEventListener('abort', aborted, { once: true });
        if (arrived !== undefined) tell(arrived);
      });
      arrived = undefined;
      current = socket;
      return socket;
    },
    async close() {
      const closing = server;
      server = undefined;
      current?.destroy();
      arrived?.destroy();
      if (closing === undefined) return;
      const gone = once(closing, 'close');
      closing.close();
      await gone;
    },
  };
}
