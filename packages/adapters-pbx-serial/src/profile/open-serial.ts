import { CtiError } from '@cordboard/cti-core';
import { serialLibrary } from './serial-library.js';
import type { OpenTransport, SerialSettings } from './transport.js';

/**
 * Opens a serial port by the optional package `serialport`.
 *
 * The promise rejects with `device.missing` where that package is not installed, else with what the system says of the port.
 *
 * @param path - `/dev/ttyUSB0`, `COM3`
 */
export function openSerial(path: string, settings: SerialSettings): OpenTransport {
  return async (signal) => {
    const found = await serialLibrary();
    if (found === undefined) {
      throw new CtiError('device.missing', 'serial ports need the package serialport: npm install serialport');
    }
    const { SerialPort } = found;
    const { flow, ...line } = settings;
    const port = new SerialPort({
      path,
      ...line,
      rtscts: flow === 'rtscts',
      xon: flow === 'xonxoff',
      xoff: flow === 'xonxoff',
      autoOpen: false,
    });
    // The package lets go of the tty on `close` alone, and streams are ended by `destroy`: what is not closed stays locked, and cannot be opened again.
    port._destroy = (error, done) => {
      if (port.isOpen) port.close(() => done(error));
      else done(error);
    };
    signal.throwIfAborted();
    // A cable that is pulled under a write is told twice, as `error` and as `close`; unheard, the first would end the process, also after whoever opened the port has let go of it.
    port.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    if (signal.aborted) {
      port.destroy();
      signal.throwIfAborted();
    }
    return port;
  };
}
