/** Asterisk's manager protocol without a driver: bytes into messages and actions into bytes. */
export * from '../wire/ami-decoder.js';
export * from '../wire/ami-encoder.js';
export * from '../wire/ami-message.js';
