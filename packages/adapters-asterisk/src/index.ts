export { asterisk } from './driver.js';
export { type AsteriskOptions, type AsteriskOptionsInput, asteriskOptions } from './options.js';
