import { createGsmDecoder } from './decoder.js';
import { createGsmEncoder } from './encoder.js';
import { GSM_FRAME_SAMPLES, GSM_PARAMETERS, PARAMETER_BITS } from './frame.js';

/** Bytes of a WAV49 block: two frames of 260 bits, lowest bit first, the second from the middle of byte 32 on. */
export const WAV49_BLOCK_BYTES = 65;
/** Samples of a WAV49 block: 40 ms. */
export const WAV49_BLOCK_SAMPLES = 320;

/** Two frames, one after the other in `parameters`, into the 65 bytes of `out` from `at` on. */
export function packWav49(parameters: Uint8Array, out: Uint8Array, at: number): void {
  let held = 0;
  let bits = 0;
  let place = at;
  for (let i = 0; i < 2 * GSM_PARAMETERS; i += 1) {
    held |= (parameters[i] as number) << bits;
    bits += PARAMETER_BITS[i % GSM_PARAMETERS] as number;
    if (bits >= 8) {
      out[place] = held;
      place += 1;
      held >>= 8;
      bits -= 8;
    }
  }
}

/** The 65 bytes of `block` from `at` on into the parameters of two frames. Every block is one: no pattern of bits is wrong. */
export function unpackWav49(block: Uint8Array, at: number, parameters: Uint8Array): void {
  let held = 0;
  let bits = 0;
  let place = at;
  for (let i = 0; i < 2 * GSM_PARAMETERS; i += 1) {
    const width = PARAMETER_BITS[i % GSM_PARAMETERS] as number;
    if (bits < width) {
      held |= (block[place] as number) << bits;
      place += 1;
      bits += 8;
    }
    parameters[i] = held & ((1 << width) - 1);
    held >>= width;
    bits -= width;
  }
}

/** Codes whole WAV49 blocks. */
export interface Wav49Encoder {
  /**
   * 320 samples, `samples` from `from` on, into 65 bytes from the start of `out`.
   *
   * @throws {RangeError} when there are fewer samples, or there is less room
   */
  encode(samples: Int16Array, from: number, out: Uint8Array): void;
  /** Starts anew. */
  reset(): void;
}

/** An encoder of WAV49 blocks (format tag 0x31) with nothing behind it. */
export function createWav49Encoder(): Wav49Encoder {
  const gsm = createGsmEncoder();
  const parameters = new Uint8Array(2 * GSM_PARAMETERS);
  const second = parameters.subarray(GSM_PARAMETERS);
  return {
    encode(samples, from, out) {
      if (out.length < WAV49_BLOCK_BYTES) throw new RangeError('expected room for 65 bytes');
      gsm.encode(samples, from, parameters);
      gsm.encode(samples, from + GSM_FRAME_SAMPLES, second);
      packWav49(parameters, out, 0);
    },
    reset: () => gsm.reset(),
  };
}

/** Decodes whole WAV49 blocks. */
export interface Wav49Decoder {
  /**
   * 65 bytes, `bytes` from `from` on, into 320 samples from the start of `out`.
   *
   * @throws {RangeError} when there are fewer bytes, or there is less room
   */
  decode(bytes: Uint8Array, from: number, out: Int16Array): void;
  /** Starts anew. */
  reset(): void;
}

/** A decoder of WAV49 blocks with nothing behind it. */
export function createWav49Decoder(): Wav49Decoder {
  const gsm = createGsmDecoder();
  const parameters = new Uint8Array(2 * GSM_PARAMETERS);
  const second = parameters.subarray(GSM_PARAMETERS);
  return {
    decode(bytes, from, out) {
      if (from < 0 || from + WAV49_BLOCK_BYTES > bytes.length) throw new RangeError('expected 65 bytes a block');
      unpackWav49(bytes, from, parameters);
      gsm.decode(parameters, out, 0);
      gsm.decode(second, out, GSM_FRAME_SAMPLES);
    },
    reset: () => gsm.reset(),
  };
}
