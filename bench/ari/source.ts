// A process of its own: plays Asterisk's HTTP port. A WebSocket gets all events at once, in blocks of 64 KiB.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { tellParent } from '../lib/child.js';
import { recordedMessages } from '../lib/recorded.js';
import { apiDocument } from './api-docs.js';
import { syntheticEvents } from './traffic.js';

const [mode, count] = process.argv.slice(2);
const blockBytes = 65_536;

/** RFC 6455 section 5.2: one unmasked text frame. */
function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  const short = payload.length < 126;
  const head = Buffer.alloc(short ? 2 : 4);
  head[0] = 0x81;
  head[1] = short ? payload.length : 126;
  if (!short) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

const bytes = Buffer.concat(
  (mode === 'recorded' ? recordedMessages('ari') : syntheticEvents(Number(count))).map(frameOf),
);

async function flood(socket: Duplex): Promise<void> {
  for (let from = 0; from < bytes.length; from += blockBytes) {
    if (!socket.write(bytes.subarray(from, from + blockBytes))) await once(socket, 'drain');
  }
}

const server = createServer((request, response) => {
  const document = apiDocument(request.url ?? '', `http://${request.headers.host ?? ''}`);
  response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document ?? { message: 'not found' }));
});
server.on('upgrade', (request, socket) => {
  socket.on('error', () => socket.destroy());
  const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.resume();
  flood(socket).catch(() => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  tellParent({ type: 'listening', port, bytes: bytes.length });
});
