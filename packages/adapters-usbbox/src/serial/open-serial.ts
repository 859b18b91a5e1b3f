import type { Duplex } from 'node:stream';
import { CtiError } from '@cordboard/cti-core';

/** How a serial port is set. */
export interface SerialSettings {
  /** `/dev/ttyUSB0`, `/dev/serial/by-id/...`, `COM3`. */
  readonly path: string;
  /** Bits a second, 110 to 4,000,000. */
  readonly baudRate: number;
  /** Default 8. */
  readonly dataBits?: 7 | 8;
  /** Default `none`. */
  readonly parity?: 'none' | 'even' | 'odd';
  /** Default 1. */
  readonly stopBits?: 1 | 2;
  /** Default `none`. */
  readonly flow?: 'none' | 'rtscts' | 'xonxoff';
}

/**
 * Opens a serial port as a stream of bytes both ways; `destroy()` closes it. A port that is pulled out ends with `close`.
 * @throws {CtiError} `device.missing` when the package for it is not installed
 * @throws {CtiError} `device.lost` when the port is not there, is in use, or may not be opened
 * @throws {CtiError} `wait.aborted`
 */
export type OpenSerial = (settings: SerialSettings, options: { readonly signal: AbortSignal }) => Promise<Duplex>;

/** {@link OpenSerial} by the package `serialport`, which is loaded when the first port is opened. */
export const openSerial: OpenSerial = async (settings, { signal }) => {
  const { SerialPort } = await load();
  if (signal.aborted) throw new CtiError('wait.aborted', 'the serial port was not opened');
  const { path, baudRate, dataBits = 8, parity = 'none', stopBits = 1, flow = 'none' } = settings;
  const port = new SerialPort({
    path,
    baudRate,
    dataBits,
    parity,
    stopBits,
    rtscts: flow === 'rtscts',
    xon: flow === 'xonxoff',
    xoff: flow === 'xonxoff',
    autoOpen: false,
  });
  // The package lets go of the tty on `close` alone, and streams are ended by `destroy`.
  port._destroy = (error, done) => {
    if (port.isOpen) port.close(() => done(error));
    else done(error);
  };
  // A late error of the port is told by `close`; without a listener it would end the process.
  port.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error === null ? resolve() : reject(portError(error, path))));
  });
  if (signal.aborted) {
    port.destroy();
    throw new CtiError('wait.aborted', 'the serial port was closed again');
  }
  return port;
};

async function load(): Promise<typeof import('serialport')> {
  try {
    return await import('serialport');
  } catch (cause) {
    throw new CtiError('device.missing', 'serial ports need the package serialport: npm install serialport', {
      details: { package: 'serialport', linkDown: 'refused' },
      cause,
    });
  }
}

function portError(error: Error, path: string): CtiError {
  const why = /permission|access denied|EACCES/i.test(error.message)
    ? 'may not be opened: join the group that owns it (dialout or uucp on Linux)'
    : /lock|busy|in use|EBUSY/i.test(error.message)
      ? 'is in use by another program'
      : 'cannot be opened';
  return new CtiError('device.lost', `the serial port ${why}`, {
    details: { path, linkDown: 'refused' },
    cause: error,
  });
}
