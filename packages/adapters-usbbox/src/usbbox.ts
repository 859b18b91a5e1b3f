import type { DriverFactory } from '@cordboard/cti-core';
import { DEVICE_KINDS } from './devices/index.js';
import { createUsbBoxDriver } from './driver.js';
import type { UsbBoxOptions, UsbBoxOptionsInput } from './options.js';

/**
 * Analog lines with every kind of device that there is ({@link DEVICE_KINDS}), for the `switches` of a configuration.
 *
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 * @example
 * ```ts
 * switches: {
 *   box: {
 *     driver: usbbox({ lines: [{ name: 'one', ownNumber: '01065001000', device: { kind: 'simulated' }, phone: { extension: '8001' } }] }),
 *     defaultTrunk: 'line:one',
 *   },
 * }
 * ```
 */
export function usbbox(input: UsbBoxOptionsInput): DriverFactory & { readonly options: UsbBoxOptions } {
  return createUsbBoxDriver(input, { kinds: DEVICE_KINDS });
}
