import type { DeviceKind } from '../device/kinds.js';
import { V253Modem } from './v253/modem.js';
import { checkV253Options } from './v253/options.js';
import { serialPortOpener } from './v253/serial.js';

/**
 * Voice modems of V.253 and IS-101 on a serial port (`device: { kind: 'v253', path: '/dev/ttyACM0' }`). The tty is opened through npm's `serialport`,
 * which has to be installed; opening says `device.missing` where it is not. Never run on hardware.
 * @throws {CtiError} `config.invalid`
 */
export const v253: DeviceKind = (input, { clock, log }) => {
  const options = checkV253Options(input);
  const open =
    options.open ?? serialPortOpener({ path: options.path ?? '', baudRate: options.baudRate, flow: options.flow });
  return () => new V253Modem({ options, open, clock, log });
};
