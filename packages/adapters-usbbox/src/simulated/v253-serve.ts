import type { Duplex } from 'node:stream';
import type { VirtualModem } from './v253-modem.js';

/**
 * Lets a virtual modem speak through a stream: the far side of a pty, a socket. Pulling it out destroys the stream.
 * @returns ends it; the stream is destroyed
 */
export async function serveVirtualModem(modem: VirtualModem, stream: Duplex): Promise<() => Promise<void>> {
  stream.on('error', () => undefined);
  const wire = await modem.serial(
    {
      data: (bytes) => {
        if (!stream.destroyed) stream.write(bytes);
      },
      drained: () => stream.resume(),
      closed: () => void stream.destroy(),
    },
    { signal: new AbortController().signal },
  );
  stream.on('data', (bytes: Uint8Array) => {
    if (wire.write(bytes) === 'full') stream.pause();
  });
  stream.on('close', () => void wire.close());
  return async () => {
    await wire.close();
    stream.destroy();
  };
}
