// A process of its own: plays a manager port. `mode` is `flood` (synthetic events in blocks of 64 KiB) or `recorded`.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { tellParent } from '../lib/child.js';
import { recordedMessages } from '../lib/recorded.js';
import { oddEvents, syntheticEvents } from './traffic.js';

const [mode, count] = process.argv.slice(2);
const blockBytes = 65_536;

const bytes =
  mode === 'recorded'
    ? Buffer.from([...recordedMessages('ami'), ...oddEvents].map((text) => `${text}\r\n\r\n`).join(''))
    : Buffer.from(syntheticEvents(Number(count)).join(''));

async function serve(socket: Socket): Promise<void> {
  socket.setNoDelay(true);
  socket.write('Asterisk Call Manager/11.0.0\r\n');
  let asked = '';
  while (!asked.includes('\r\n\r\n')) {
    const [chunk]: unknown[] = await once(socket, 'data');
    asked += String(chunk);
  }
  const actionId = /^actionid: *(.*)$/im.exec(asked)?.[1]?.trim() ?? '';
  socket.write(`Response: Success\r\nActionID: ${actionId}\r\nMessage: Authentication accepted\r\n\r\n`);
  for (let from = 0; from < bytes.length; from += blockBytes) {
    if (!socket.write(bytes.subarray(from, from + blockBytes))) await once(socket, 'drain');
  }
}

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  serve(socket).catch(() => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  tellParent({ type: 'listening', port: typeof address === 'object' ? address?.port : 0, bytes: bytes.length });
});
