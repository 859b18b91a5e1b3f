export * from './device/kinds.js';
export * from './device/port.js';
export { type BridgeOptions, type BridgeWorld, bridgeOptions, createBridgeKind } from './devices/bridge.js';
export { type Cm108World, createCm108Kind } from './devices/cm108.js';
export { type Cm108Options, cm108Options } from './devices/cm108-options.js';
export { DEVICE_KINDS } from './devices/index.js';
export { OPTIONAL_PACKAGES, type OptionalPackage, type PackageState, probePackage } from './devices/packages.js';
export { type SerialEvents, type SerialLink, type SerialOpener, serialOverDuplex } from './devices/v253/serial.js';
export { createWhozzKind, type WhozzOptions, whozzOptions } from './devices/whozz.js';
export { createUsbBoxDriver, UsbBoxDriver, type UsbBoxParts } from './driver.js';
export { LINE_MACHINE, type LineEvent, type LineState } from './line/machine.js';
export { USB_MODELS, type UsbModel, usbModel } from './map/usb-models.js';
export {
  DEFAULT_TIMING,
  type LineOptions,
  type LineTiming,
  type UsbBoxOptions,
  type UsbBoxOptionsInput,
  usbBoxOptions,
} from './options.js';
export { type OpenSerial, openSerial, type SerialSettings } from './serial/open-serial.js';
export { diskStorage, type Storage, type StoredFile } from './storage.js';
export { usbbox } from './usbbox.js';
