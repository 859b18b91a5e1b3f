// A process of its own: plays FreeSWITCH to whoever logs in, and sends events when `event FORMAT all` is asked.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { tellParent } from '../lib/child.js';
import { recordedEvents } from './recorded.js';
import { syntheticFrames } from './traffic.js';

const [mode, count] = process.argv.slice(2);
const blockBytes = 65_536;
const framesOf = (format: 'plain' | 'json'): Buffer[] =>
  mode === 'recorded' ? recordedEvents(format).map(({ frame }) => frame) : syntheticFrames(Number(count), format);
const frames = { plain: framesOf('plain'), json: framesOf('json') };
const blocks = { plain: Buffer.concat(frames.plain), json: Buffer.concat(frames.json) };

async function flood(socket: Socket, format: 'plain' | 'json'): Promise<void> {
  if (mode === 'frames') {
    for (const frame of frames[format]) if (!socket.write(frame)) await once(socket, 'drain');
    return;
  }
  const bytes = blocks[format];
  for (let from = 0; from < bytes.length; from += blockBytes) {
    if (!socket.write(bytes.subarray(from, from + blockBytes))) await once(socket, 'drain');
  }
}

const reply = (text: string): string => `Content-Type: command/reply\nReply-Text: ${text}\n\n`;

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  socket.write('Content-Type: auth/request\n\n');
  let asked = '';
  socket.on('data', (chunk) => {
    asked += chunk.toString('latin1');
    for (let end = asked.indexOf('\n\n'); end >= 0; end = asked.indexOf('\n\n')) {
      const line = asked.slice(0, end).trim().split('\n')[0] ?? '';
      asked = asked.slice(end + 2);
      if (line.startsWith('auth ')) socket.write(reply('+OK accepted'));
      else if (line.startsWith('filter delete')) socket.write(reply(`+OK filter deleted. ${line}`));
      else if (line === 'exit') socket.write(reply('+OK bye'));
      else socket.write(reply('+OK event listener enabled'));
      const wanted = /^event (plain|json)\b.*\ball\b/i.exec(line)?.[1];
      if (wanted === 'plain' || wanted === 'json') flood(socket, wanted).catch(() => socket.destroy());
    }
  });
}

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  serve(socket);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const frameBytes = Math.round(blocks.plain.length / Math.max(1, frames.plain.length));
  tellParent({ type: 'listening', port: typeof address === 'object' ? address?.port : 0, frameBytes });
});
