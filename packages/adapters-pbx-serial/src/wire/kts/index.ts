export { crc16 } from './crc16.js';
export * from './fields.js';
export * from './message-table.js';
export * from './messages.js';
