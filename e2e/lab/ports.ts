import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports for programs that cannot be told to take any free one. They lie below the range from which the kernel gives ports to
 * outgoing connections (32768 on Linux), so none of those takes one between the look and the start.
 */
const FROM = 20_000;
const TO = 32_000;
const given = new Set<number>();

/**
 * A port on 127.0.0.1 that is free for TCP and UDP, together with the one above it, and was not given before by this process:
 * baresip listens for SIP over TLS on the port above the one that it is told.
 * @throws {Error} when there is none.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = FROM + 2 * Math.floor((Math.random() * (TO - FROM)) / 2);
    if (given.has(port)) continue;
    given.add(port);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error('no free port');
}

async function isFree(port: number): Promise<boolean> {
  return (await tcpIsFree(port)) && (await udpIsFree(port));
}

async function tcpIsFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function udpIsFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  try {
    await once(socket, 'listening');
  } catch {
    return false;
  }
  socket.close();
  await once(socket, 'close');
  return true;
}
