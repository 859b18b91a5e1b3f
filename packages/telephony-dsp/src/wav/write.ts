import { encodeAlaw } from '../g711/alaw.js';
import { encodeUlaw } from '../g711/ulaw.js';
import { createWav49Encoder, WAV49_BLOCK_BYTES, WAV49_BLOCK_SAMPLES } from '../gsm/wav49.js';
import { TAGS, type WavEncoding } from './format.js';

/** What is written: 16-bit PCM, A-law, mu-law, or GSM 06.10 as WAV49 (1625 bytes a second). */
export type WavWriterEncoding = Extract<WavEncoding, 'pcm16' | 'alaw' | 'ulaw' | 'wav49'>;

/** What a writer is made of. */
export interface WavWriterOptions {
  readonly encoding: WavWriterEncoding;
  /** Samples a second, default 8000. WAV49 is speech at 8000 in every player. */
  readonly sampleRate?: number;
}

/** Bytes that belong over others in a file. */
export interface WavPatch {
  /** From the start of the file. */
  readonly position: number;
  readonly bytes: Uint8Array;
}

/**
 * Makes the bytes of a mono WAV file, and touches no file itself. Written in this order (`header`, what `push` gives, what `finish` gives,
 * its patches) a file that is cut off after any byte plays up to its last whole block: until the patches come, its sizes say "to the end".
 */
export interface WavWriter {
  /** The first bytes of the file. */
  readonly header: Uint8Array;
  /** Samples so far, without those that `finish` fills up with. */
  readonly samples: number;
  /** Codes samples. @returns the whole blocks that they made, in a buffer that the next call uses again */
  push(samples: Int16Array): Uint8Array;
  /** The end: what is left, filled up with silence to a whole block and the file to an even length, and the header's true sizes. */
  finish(): { readonly bytes: Uint8Array; readonly patches: readonly WavPatch[] };
}

/** Size of a chunk that is not known yet: sox's word for it, and to every other reader more than the file has. */
const OPEN = 0x7fff_f000;

interface Coder {
  readonly tag: number;
  readonly bits: number;
  readonly blockBytes: number;
  readonly blockSamples: number;
  readonly bytesPerSecond: (rate: number) => number;
  /** Codes whole blocks, from the start of `samples` to the start of `out`. */
  code(samples: Int16Array, out: Uint8Array): void;
}

const law = { bits: 8, blockBytes: 1, blockSamples: 1, bytesPerSecond: (rate: number): number => rate };

const coders: Readonly<Record<WavWriterEncoding, () => Coder>> = {
  pcm16: () => ({
    tag: TAGS.pcm,
    bits: 16,
    blockBytes: 2,
    blockSamples: 1,
    bytesPerSecond: (rate) => 2 * rate,
    code(samples, out) {
      for (let n = 0; n < samples.length; n += 1) {
        const sample = samples[n] as number;
        out[2 * n] = sample;
        out[2 * n + 1] = sample >> 8;
      }
    },
  }),
  alaw: () => ({ ...law, tag: TAGS.alaw, code: encodeAlaw }),
  ulaw: () => ({ ...law, tag: TAGS.ulaw, code: encodeUlaw }),
  wav49: () => {
    const encoder = createWav49Encoder();
    return {
      tag: TAGS.wav49,
      bits: 0,
      blockBytes: WAV49_BLOCK_BYTES,
      blockSamples: WAV49_BLOCK_SAMPLES,
      bytesPerSecond: (rate) => (rate * WAV49_BLOCK_BYTES) / WAV49_BLOCK_SAMPLES,
      code(samples, out) {
        for (let n = 0; n * WAV49_BLOCK_SAMPLES < samples.length; n += 1)
          encoder.encode(samples, n * WAV49_BLOCK_SAMPLES, out.subarray(n * WAV49_BLOCK_BYTES));
      },
    };
  },
};

interface Layout {
  readonly bytes: Uint8Array;
  /** Where the size of the data stands; the data follow it. */
  readonly dataSizeAt: number;
  /** Where the count of samples stands, in formats that have one. */
  readonly factAt?: number;
}

function layOut(coder: Coder, rate: number): Layout {
  const packed = coder.tag !== TAGS.pcm;
  const extra = coder.tag === TAGS.wav49 ? 4 : packed ? 2 : 0;
  const bytes = new Uint8Array(12 + 8 + 16 + extra + (packed ? 12 : 0) + 8);
  const view = new DataView(bytes.buffer);
  const name = (text: string, at: number): void => {
    for (let i = 0; i < 4; i += 1) bytes[at + i] = text.charCodeAt(i);
  };
  name('RIFF', 0);
  view.setUint32(4, OPEN, true);
  name('WAVE', 8);
  name('fmt ', 12);
  view.setUint32(16, 16 + extra, true);
  view.setUint16(20, coder.tag, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, coder.bytesPerSecond(rate), true);
  view.setUint16(32, coder.blockBytes, true);
  view.setUint16(34, coder.bits, true);
  if (coder.tag === TAGS.wav49) {
    view.setUint16(36, 2, true);
    view.setUint16(38, coder.blockSamples, true);
  }
  const dataAt = bytes.length - 8;
  const factAt = dataAt - 4;
  if (packed) {
    name('fact', dataAt - 12);
    view.setUint32(dataAt - 8, 4, true);
    view.setUint32(factAt, OPEN, true);
  }
  name('data', dataAt);
  view.setUint32(dataAt + 4, OPEN, true);
  return { bytes, dataSizeAt: dataAt + 4, ...(packed ? { factAt } : {}) };
}

function patch(position: number, size: number): WavPatch {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, Math.min(size, OPEN), true);
  return { position, bytes };
}

/**
 * A writer of one mono WAV file.
 *
 * @throws {RangeError} when `sampleRate` is no whole number from 1000 to 384000, or for WAV49 not 8000
 */
export function createWavWriter({ encoding, sampleRate = 8000 }: WavWriterOptions): WavWriter {
  if (!Number.isSafeInteger(sampleRate) || sampleRate < 1000 || sampleRate > 384_000)
    throw new RangeError('expected a whole number from 1000 to 384000 as sampleRate');
  if (encoding === 'wav49' && sampleRate !== 8000) throw new RangeError('expected 8000 as sampleRate of WAV49');
  const coder = coders[encoding]();
  const { blockBytes, blockSamples } = coder;
  const { bytes: header, dataSizeAt, factAt } = layOut(coder, sampleRate);
  const pending = new Int16Array(blockSamples);
  let held = 0;
  let samples = 0;
  let blocks = 0;
  let out = new Uint8Array(0);

  const push = (block: Int16Array): Uint8Array => {
    const room = Math.floor((held + block.length) / blockSamples) * blockBytes;
    if (out.length < room) out = new Uint8Array(room);
    let taken = 0;
    let made = 0;
    if (held > 0 && held + block.length >= blockSamples) {
      taken = blockSamples - held;
      pending.set(block.subarray(0, taken), held);
      coder.code(pending, out);
      made = blockBytes;
      held = 0;
    }
    const whole = held > 0 ? 0 : Math.floor((block.length - taken) / blockSamples);
    if (whole > 0) {
      coder.code(block.subarray(taken, taken + whole * blockSamples), out.subarray(made));
      taken += whole * blockSamples;
      made += whole * blockBytes;
    }
    pending.set(block.subarray(taken), held);
    held += block.length - taken;
    samples += block.length;
    blocks += made / blockBytes;
    return out.subarray(0, made);
  };

  return {
    header,
    get samples() {
      return samples;
    },
    push,
    finish() {
      const given = samples;
      const rest = held === 0 ? new Uint8Array(0) : push(new Int16Array(blockSamples - held)).slice();
      samples = given;
      const size = blocks * blockBytes;
      const odd = size & 1;
      const bytes = new Uint8Array(rest.length + odd);
      bytes.set(rest);
      const patches = [patch(4, header.length - 8 + size + odd)];
      if (factAt !== undefined) patches.push(patch(factAt, given));
      // Last: what stands in it makes the file a finished one.
      patches.push(patch(dataSizeAt, size));
      return { bytes, patches };
    },
  };
}
