export { KtsBinDecoder } from './decoder.js';
export { encodeKtsBin } from './encode.js';
export { MAX_FRAME_BYTES as KTS_BIN_MAX_FRAME_BYTES } from './format.js';
