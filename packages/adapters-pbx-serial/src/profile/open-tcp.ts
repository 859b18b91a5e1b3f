import { once } from 'node:events';
import { connect } from 'node:net';
import type { OpenTransport } from './transport.js';

/**
 * Opens a PBX, or a device server in front of its port, over TCP.
 *
 * @param at - `host` a name or address, `port` 1-65535
 */
export function openTcp(at: { readonly host: string; readonly port: number }): OpenTransport {
  return async (signal) => {
    const socket = connect({ host: at.host, port: at.port, noDelay: true, keepAlive: true });
    // An error comes before `close`, which is what counts; unheard it would end the process, whoever holds the socket by then.
    socket.on('error', () => undefined);
    try {
      await once(socket, 'connect', { signal });
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
}
