/** How a WAV file holds its samples, of the formats that are read. */
export type WavEncoding = 'pcm8' | 'pcm16' | 'pcm24' | 'pcm32' | 'float32' | 'alaw' | 'ulaw' | 'wav49' | 'imaAdpcm';

/** Format tags of Microsoft's registry (mmreg.h). */
export const TAGS = { pcm: 1, float: 3, alaw: 6, ulaw: 7, imaAdpcm: 0x11, wav49: 0x31, extensible: 0xfffe } as const;

/** What the `fmt ` chunk says. */
export interface WavFormat {
  readonly encoding: WavEncoding;
  readonly channels: number;
  /** Samples a second of each channel. */
  readonly sampleRate: number;
  /** Bytes of a block: the least that can be read by itself. */
  readonly blockBytes: number;
  /** Samples of each channel in a block. */
  readonly blockSamples: number;
}

/** What is wrong with a file that cannot be read. */
export type WavProblem =
  /** It does not begin as a RIFF/WAVE file. */
  | 'notWav'
  /** No `fmt ` chunk before the data, or it is too short or contradicts itself. */
  | 'badFormat'
  /** A format that is not read here. */
  | 'unsupported'
  /** It ends before any data. */
  | 'noData';

const MOST_CHANNELS = 64;
const MOST_RATE = 768_000;

function linear(tag: number, bits: number): WavEncoding | undefined {
  if (tag === TAGS.float) return bits === 32 ? 'float32' : undefined;
  const encodings: Readonly<Record<number, WavEncoding>> = { 8: 'pcm8', 16: 'pcm16', 24: 'pcm24', 32: 'pcm32' };
  return encodings[bits];
}

/** Reads the content of a `fmt ` chunk. */
export function readFormat(chunk: DataView): WavFormat | 'badFormat' | 'unsupported' {
  if (chunk.byteLength < 14) return 'badFormat';
  let tag = chunk.getUint16(0, true);
  const channels = chunk.getUint16(2, true);
  const sampleRate = chunk.getUint32(4, true);
  const blockBytes = chunk.getUint16(12, true);
  const bits = chunk.byteLength >= 16 ? chunk.getUint16(14, true) : 8;
  if (channels < 1 || channels > MOST_CHANNELS || sampleRate < 1 || sampleRate > MOST_RATE) return 'badFormat';
  if (tag === TAGS.extensible) {
    if (chunk.byteLength < 26) return 'badFormat';
    // The first two bytes of the sub-format's GUID are the tag that it stands for.
    tag = chunk.getUint16(24, true);
  }
  const base = { channels, sampleRate };
  if (tag === TAGS.pcm || tag === TAGS.float) {
    const encoding = linear(tag, bits);
    // Many writers leave the block size wrong; for samples of whole bytes it follows from the rest.
    return encoding === undefined
      ? 'unsupported'
      : { ...base, encoding, blockBytes: (channels * bits) / 8, blockSamples: 1 };
  }
  if (tag === TAGS.alaw || tag === TAGS.ulaw)
    return { ...base, encoding: tag === TAGS.alaw ? 'alaw' : 'ulaw', blockBytes: channels, blockSamples: 1 };
  if (tag === TAGS.wav49)
    return channels === 1 ? { ...base, encoding: 'wav49', blockBytes: 65, blockSamples: 320 } : 'unsupported';
  if (tag !== TAGS.imaAdpcm) return 'unsupported';
  if (channels > 2 || bits !== 4) return 'unsupported';
  const packed = blockBytes - 4 * channels;
  // After the header of each channel, four bytes of each in turn.
  if (packed < 0 || packed % (4 * channels) !== 0) return 'badFormat';
  return { ...base, encoding: 'imaAdpcm', blockBytes, blockSamples: 1 + (packed * 2) / channels };
}
