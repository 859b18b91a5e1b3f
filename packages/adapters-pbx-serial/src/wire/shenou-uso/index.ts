export { ShenouDecoder, type ShenouFrame } from './decoder.js';
export { encodeShenou, type ShenouCommand } from './encode.js';
