export { AmiDecoder, type AmiDecoderOptions } from '../wire/ami-decoder.js';
export { encodeAmiAction, MAX_LINE_BYTES } from '../wire/ami-encoder.js';
export { type AmiBanner, type AmiFrame, type AmiHeader, AmiMessage } from '../wire/ami-message.js';
