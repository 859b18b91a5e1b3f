import { type SerialSettings, serialLibrary } from '@cordboard/adapters-pbx-serial';
import type { Clock } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';

/** Lines of the other side that a port sees. */
export interface ModemLines {
  readonly cts: boolean;
  readonly dsr: boolean;
  readonly dcd: boolean;
}

/** A port that is open. */
export interface OpenPort {
  /** What comes in, in pieces. Set before the first byte is missed. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  write(bytes: Uint8Array): void;
  /** The lines of the other side; undefined where they cannot be looked at, as on a pty. */
  lines(): Promise<ModemLines | undefined>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** A port as the system lists it. */
export interface ListedPort {
  readonly path: string;
  /** What it is, where the system knows. */
  readonly about?: string;
}

/** Why a port could not be opened. `notSerial`: it is there and is no serial port. */
export type OpenFailure = 'missing' | 'forbidden' | 'busy' | 'notSerial' | 'settings' | 'other';

/** What a diagnosis needs of the machine. */
export interface SerialSystem {
  readonly clock: Clock;
  /** Is the library there that opens ports? */
  library(): Promise<'there' | 'missing'>;
  /** Ports of this machine; undefined where they cannot be listed. */
  list(): Promise<readonly ListedPort[] | undefined>;
  open(
    path: string,
    settings: SerialSettings,
  ): Promise<OpenPort | { readonly failure: OpenFailure; readonly text: string }>;
}

/** What the system's words mean, on Linux, macOS and Windows. */
export function failureOf(text: string): OpenFailure {
  if (/ENOENT|No such file|File not found|cannot find the file|ENXIO|ENODEV|No such device/iu.test(text))
    return 'missing';
  if (/EACCES|EPERM|Permission denied|Access denied|Operation not permitted/iu.test(text)) return 'forbidden';
  if (/EBUSY|busy|Cannot lock port|Resource temporarily unavailable|Access is denied/iu.test(text)) return 'busy';
  if (/ENOTTY|Inappropriate ioctl|not a serial|Is a directory|not a tty/iu.test(text)) return 'notSerial';
  return /EINVAL|Invalid argument|baud|setting/iu.test(text) ? 'settings' : 'other';
}

/** The machine that this runs on, by the package `serialport`. */
export const thisMachine: SerialSystem = {
  clock: systemClock,
  library: async () => ((await serialLibrary()) === undefined ? 'missing' : 'there'),
  async list() {
    const found = await serialLibrary();
    if (found === undefined) return undefined;
    try {
      const ports = await found.SerialPort.list();
      return ports.map(({ path, manufacturer, serialNumber }) => {
        const about = [manufacturer, serialNumber].filter((part) => part !== undefined && part !== '').join(' ');
        return { path, ...(about === '' ? {} : { about }) };
      });
    } catch {
      // Slim containers have no udevadm, by which serialport asks.
      return undefined;
    }
  },
  async open(path, settings) {
    const found = await serialLibrary();
    if (found === undefined) return { failure: 'other', text: 'the package serialport is not installed' };
    const { flow, ...line } = settings;
    const port = new found.SerialPort({ path, ...line, rtscts: flow === 'rtscts', autoOpen: false });
    const failed = await new Promise<Error | null>((resolve) => port.open((error) => resolve(error)));
    if (failed !== null) return { failure: failureOf(failed.message), text: failed.message };
    port.on('error', () => undefined);
    return {
      onBytes: (listener) => void port.on('data', (chunk: Uint8Array) => listener(chunk)),
      write: (bytes) => void port.write(bytes),
      lines: () =>
        new Promise((resolve) => {
          port.get((error, status) => {
            if (error !== null || status === undefined) return resolve(undefined);
            resolve({ cts: status.cts, dsr: status.dsr, dcd: status.dcd });
          });
        }),
      close: () =>
        new Promise((resolve) => {
          if (port.isOpen) port.close(() => resolve());
          else resolve();
        }),
    };
  },
};
