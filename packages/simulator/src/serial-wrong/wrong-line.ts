import { Duplex } from 'node:stream';
import { bytesRead, readBurst, type UartSettings } from './uart.js';

/** How both ends of a line are set: what the PBX is, and what the program at the other end has opened its port with, now. */
export interface WrongLineOptions {
  readonly pbx: UartSettings;
  readonly reader: () => UartSettings;
}

/**
 * The end of a line whose two ends are set as each pleases: what the PBX writes here comes out of `line` as the reader's UART would take it, and what comes in from
 * there reaches the PBX as its own UART would. Each piece that is written is a burst.
 */
export function wrongLine(line: Duplex, { pbx, reader }: WrongLineOptions): Duplex {
  const misread = (bytes: Uint8Array, ends: { readonly sent: UartSettings; readonly read: UartSettings }): Buffer =>
    Buffer.from(bytesRead(readBurst(bytes, ends)));
  const end = new Duplex({
    write(chunk: Buffer, _encoding, done) {
      const bytes = misread(chunk, { sent: pbx, read: reader() });
      if (bytes.length === 0) done();
      else line.write(bytes, done);
    },
    final(done) {
      line.end(done);
    },
    read() {
      line.resume();
    },
    destroy(error, done) {
      line.destroy();
      done(error);
    },
  });
  line.on('data', (chunk: Buffer) => {
    const bytes = misread(chunk, { sent: reader(), read: pbx });
    if (bytes.length > 0 && !end.push(bytes)) line.pause();
  });
  line.on('end', () => end.push(null));
  line.on('error', (error) => end.destroy(error));
  line.on('close', () => end.destroy());
  return end;
}
