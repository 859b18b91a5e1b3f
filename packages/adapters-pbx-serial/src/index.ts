export { type ClockDrift, type ClockReading, clockDrift, READING_MS } from './clock/drift.js';
export * from './diagnosis/index.js';
export { createPbxSerialDriver, PbxSerialDriver } from './driver.js';
export * from './hotel/index.js';
export * from './link/index.js';
export type { PlacedRecord } from './map/records.js';
export {
  type PbxSerialOptions,
  type PbxSerialOptionsInput,
  pbxSerialOptions,
  type RecordSink,
} from './options.js';
export { type PbxSerialInput, pbxSerial } from './pbx-serial.js';
export * from './profile/index.js';
export * from './profile/ws824-keypad/index.js';
export * from './programming/index.js';
export * from './rating/index.js';
export { openRecordFolder } from './records/record-folder.js';
export * from './rooms/index.js';
export * from './smdr/index.js';
export * from './smdr-driver/index.js';
export * from './wire/index.js';
