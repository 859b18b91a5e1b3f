/** Asterisk's REST interface without a driver: its WebSocket messages as typed events. */
export * from '../wire/ari-decoder.js';
export type * from '../wire/ari-messages.js';
