export { KtsAsciiDecoder } from './decoder.js';
export { encodeKtsAscii, type KtsAsciiEncodeOptions } from './encode.js';
export { MAX_LINE_BYTES as KTS_ASCII_MAX_LINE_BYTES } from './format.js';
