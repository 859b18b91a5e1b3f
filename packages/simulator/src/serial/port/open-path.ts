import { constants, open } from 'node:fs';
import type { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import type { FaceSettings } from './face.js';

const openAsync = promisify(open);

/**
 * Opens a serial port, or one end of a pair of ptys: by the package `serialport` where it is installed, else as a plain file (a pty that
 * its maker has set to raw).
 *
 * @throws what the system says of the path
 */
export async function openPath(path: string, settings: FaceSettings): Promise<Duplex> {
  const library = await serialport();
  if (library === undefined) return openTty(path);
  const port = new library.SerialPort({ path, ...settings, autoOpen: false, lock: false });
  // The package lets go of the tty on `close` alone, and streams are ended by `destroy`.
  port._destroy = (error, done) => {
    if (port.isOpen) port.close(() => done(error));
    else done(error);
  };
  hear(port);
  await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
  return port;
}

interface SerialLibrary {
  readonly SerialPort: new (
    options: FaceSettings & { readonly path: string; readonly autoOpen: false; readonly lock: boolean },
  ) => Duplex & {
    readonly isOpen: boolean;
    open(done: (error: Error | null) => void): void;
    close(done: () => void): void;
  };
}

async function serialport(): Promise<SerialLibrary | undefined> {
  const name = 'serialport';
  try {
    return (await import(name)) as SerialLibrary;
  } catch {
    // Optional: without it a pty is read as a file.
    return undefined;
  }
}

/** A tty by what Node itself has: read and written at the speed at which it is set already. @throws what the system says of the path */
export async function openTty(path: string): Promise<Duplex> {
  const fd = await openAsync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  // A terminal's read stream is a socket: both ways, and the owner of its descriptor.
  const tty = new ReadStream(fd);
  hear(tty);
  try {
    tty.setRawMode(true);
  } catch (error) {
    tty.destroy();
    throw error;
  }
  return tty;
}

/** What goes wrong on a port is told by `close` too; an error that nobody hears, of a cable that is pulled under a write, would end the process. */
function hear(port: Duplex): void {
  port.on('error', () => undefined);
}
