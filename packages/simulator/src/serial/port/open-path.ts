import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import type { FaceSettings } from './face.js';

/**
 * Opens a serial port, or one end of a pair of ptys: by the package `serialport` where it is installed, else as a plain file (a pty that
 * its maker has set to raw).
 *
 * @throws what the system says of the path
 */
export async function openPath(path: string, settings: FaceSettings): Promise<Duplex> {
  const library = await serialport();
  if (library === undefined) return openFile(path);
  const port = new library.SerialPort({ path, ...settings, autoOpen: false, lock: false });
  // The package lets go of the tty on `close` alone, and streams are ended by `destroy`.
  port._destroy = (error, done) => {
    if (port.isOpen) port.close(() => done(error));
    else done(error);
  };
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

async function openFile(path: string): Promise<Duplex> {
  const handle = await open(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  const input = new ReadStream(handle.fd);
  input.setRawMode(true);
  return joined(input, handle);
}

function joined(input: ReadStream, handle: FileHandle): Duplex {
  const duplex = new Duplex({
    read: () => input.resume(),
    write: (chunk: Uint8Array, _, done) => {
      handle.write(chunk).then(
        () => done(),
        (error: Error) => done(error),
      );
    },
    destroy: (error, done) => {
      input.destroy();
      done(error);
    },
  });
  input.on('data', (chunk) => {
    if (!duplex.push(chunk)) input.pause();
  });
  input.once('end', () => duplex.push(null));
  input.once('error', (error) => duplex.destroy(error));
  return duplex;
}
