import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Ports tried before there is none to be had. */
const TRIES = 50;

/**
 * A socket for RTP on a port of the kernel's choice. The port above it is held until it closes: the far end sends its RTCP
 * there (RFC 3550, 11), and whoever else were given that port would hear it.
 * @throws {Error} when no such pair of ports is free.
 */
export async function openRtp(): Promise<Socket> {
  for (let left = TRIES; left > 0; left -= 1) {
    const rtp = createSocket('udp4');
    rtp.bind(0, '127.0.0.1');
    await once(rtp, 'listening');
    const rtcp = createSocket('udp4');
    try {
      rtcp.bind(rtp.address().port + 1, '127.0.0.1');
      await once(rtcp, 'listening');
    } catch {
      rtcp.close();
      rtp.close();
      continue;
    }
    rtcp.on('error', () => undefined);
    rtp.once('close', () => rtcp.close());
    return rtp;
  }
  throw new Error('no free pair of ports for RTP and RTCP');
}
