import type { Duplex } from 'node:stream';

/**
 * Refuses a request to upgrade and lets its connection go.
 *
 * With `upgrade` Node stops to listen to the socket: a reset under the answer that nobody hears would end the process, and a client that does not hang up would hold the socket for ever.
 * Source: Node.js documentation, http, event `upgrade`.
 *
 * @param status - code and words: `404 Not Found`
 */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
